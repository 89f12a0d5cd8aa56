"""Registering: somebody asks to take part; the verdict, a place or the wait-list, the review, and the way out."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from events import access, clock, db, ids, notices, places
from events.access import Actor, Right
from events.errors import Conflict, Invalid, Reason, Stale, conflict
from events.registering import lists, seating, verdicts
from events.registering.finding import MOST_FOUND, find_people
from events.registering.forms import (
    FindForm,
    Presence,
    RegistrationForm,
    RegistrationQuery,
    RegistrationView,
    ReviewForm,
    Sort,
    Verdict,
)
from events.registering.lists import (
    by_day,
    counts,
    how_many,
    list_registrations,
    of_person,
    own,
    presence,
    registration,
    ticket,
)
from events.registering.seating import end_for_contest, promote
from events.registering.standing import Standing, standings
from events.registering.telling import tell_all
from events.tables import Contest, Division, Event, Registration
from events.terms import OVER, RegistrationState

__all__ = [
    "MOST_FOUND",
    "FindForm",
    "Presence",
    "RegistrationForm",
    "RegistrationQuery",
    "RegistrationView",
    "ReviewForm",
    "Sort",
    "Standing",
    "Verdict",
    "by_day",
    "check_in",
    "counts",
    "end_for_contest",
    "find_people",
    "how_many",
    "list_registrations",
    "may_register",
    "of_person",
    "own",
    "presence",
    "promote",
    "register",
    "registration",
    "review",
    "standings",
    "tell_all",
    "ticket",
    "withdraw",
]  # fmt: skip

ENDED = (RegistrationState.WITHDRAWN, RegistrationState.REFUSED)
KEPT = "SELECT COALESCE(merged_into, id) AS id FROM person WHERE id = {}"
MEMBERSHIP = """SELECT member."union" AS id, unions.path AS path FROM member JOIN unions ON unions.id = member."union"
    WHERE member.person = {} AND member.left_on IS NULL"""


async def may_register(actor: Actor, event_id: UUID, form: RegistrationForm | None = None) -> Verdict:
    """The verdict before anything is filled in: whether the actor may register, or every reason why not."""
    event = await access.event_to_see(actor, event_id)
    contest, division = await _contest_and_division(event_id, form or RegistrationForm(), strict=form is not None)
    return verdicts.verdict(await verdicts.facts(event, actor.person, contest=contest, division=division))


@db.persistent
async def register(actor: Actor, event_id: UUID, form: RegistrationForm) -> RegistrationView:
    """Take a registration: confirmed, pending a review, or waiting; Conflict with every reason when refused."""
    access.signed_in(actor)
    async with db.transaction():
        event = await access.event_to_see(actor, event_id)
        person = await _whom(actor, event, form)
        contest, division = await _contest_and_division(event_id, form, strict=True)
        verdict = verdicts.verdict(await verdicts.facts(event, person, contest=contest, division=division))
        if not verdict.accepted:
            raise Conflict(*verdict.reasons, until=verdict.until)
        taken = await _insert_within(actor, event_id, person, form=form)
        await seating.seat(event, taken)
        await _unless_closed_meanwhile(event)
    return await lists.registration(actor, event_id, taken.id)


@db.persistent
async def withdraw(
    actor: Actor, event_id: UUID, registration_id: UUID, *, version: int | None = None
) -> RegistrationView:
    """End a registration, one's own or as a registrar; the next on the wait-list moves up. Twice is as good as once.

    Conflict event_ended, already_checked_in.
    """
    await lists.registration(actor, event_id, registration_id)
    async with db.transaction():
        event, found = await _held_still(event_id, registration_id)
        _fresh(found, version)
        if found.state not in ENDED:
            _unless_over(event)
            if found.checked_in_at:
                conflict("already_checked_in", at=found.checked_in_at)
            await seating.release(event, [found])
            await seating.set_states([found], RegistrationState.WITHDRAWN, by=actor.account)
            await seating.promote(event)
    return await lists.registration(actor, event_id, registration_id)


@db.persistent
async def review(actor: Actor, event_id: UUID, form: ReviewForm) -> list[RegistrationView]:
    """Confirm or refuse pending registrations (a refusal also ends confirmed and waiting ones), all of them or none."""
    await access.event_for(actor, Right.REVIEW, event_id)
    if not form.confirm and not form.reason.strip():
        raise Invalid(Reason("reason_needed", "/reason"))
    async with db.transaction():
        event, found = await _all_held_still(event_id, form.registrations)
        _unless_over(event)
        await _decide(event, found, form, by=actor.account)
        await seating.promote(event)
    return await lists.some(actor, event_id, form.registrations)


@db.persistent
async def check_in(actor: Actor, event_id: UUID, reference: str) -> RegistrationView:
    """Confirm that somebody is there, by the reference on the ticket; a second time says when the first was."""
    await access.event_for(actor, Right.CHECK_IN, event_id)
    async with db.transaction():
        await places.hold_still(event_id)
        found = await Registration.objects().get(
            (Registration.event_id == event_id) & (Registration.reference == reference.strip().upper())
        )
        if found is None:
            raise access.not_found()
        if found.state != RegistrationState.CONFIRMED:
            conflict("not_confirmed", state=found.state)
        if found.checked_in_at:
            conflict("already_checked_in", at=found.checked_in_at)
        await db.rows(
            "UPDATE registration SET checked_in_at = {}, checked_in_by = {}, version = version + 1"
            " WHERE event_id = {} AND id = {}",
            clock.now(), actor.account, event_id, found.id,
        )  # fmt: skip
        await notices.post("registration.checked_in", event=event_id, subject=found.id, by=actor.account)
    return await lists.registration(actor, event_id, found.id)


async def _decide(event: Event, found: Sequence[Registration], form: ReviewForm, *, by: UUID | None) -> None:
    if form.confirm:
        for number, one in enumerate(found):
            if one.state not in seating.HOLDS_A_PLACE:
                conflict("not_pending", f"/registrations/{number}", state=one.state)
        pending = [one for one in _each_once(found) if one.state == RegistrationState.PENDING]
        await seating.set_states(pending, RegistrationState.CONFIRMED, by=by)
    else:
        going = [one for one in _each_once(found) if one.state not in ENDED]
        await seating.release(event, going)
        await seating.set_states(going, RegistrationState.REFUSED, by=by, reason=form.reason)


def _each_once(found: Sequence[Registration]) -> list[Registration]:
    return list({one.id: one for one in found}.values())


async def _held_still(event_id: UUID, registration_id: UUID) -> tuple[Event, Registration]:
    event, (found,) = await _all_held_still(event_id, [registration_id])
    return event, found


async def _all_held_still(event_id: UUID, registrations: Sequence[UUID]) -> tuple[Event, list[Registration]]:
    """The event, of which nobody else changes who has a place from now on, and these registrations in this order."""
    await places.hold_still(event_id)
    event = await Event.objects().get(Event.id == event_id)
    found = await Registration.objects().where(
        Registration.event_id == event_id, Registration.id.is_in([*registrations])
    )
    known = {one.id: one for one in found}
    if event is None or not known.keys() >= {*registrations}:
        raise access.not_found()
    return event, [known[one] for one in registrations]


def _unless_over(event: Event) -> None:
    if event.state in OVER:
        conflict("event_ended")


async def _unless_closed_meanwhile(event: Event) -> None:
    """Who closes or cancels an event holds its counter: now that we hold it, the event stays as it is."""
    now_is = await Event.objects().get(Event.id == event.id)
    assert now_is is not None
    if reasons := tuple(verdicts.of_time(now_is, clock.now())):
        raise Conflict(*reasons)


def _fresh(found: Registration, version: int | None) -> None:
    if version is not None and version != found.version:
        raise Stale(Reason("stale"))


async def _whom(actor: Actor, event: Event, form: RegistrationForm) -> UUID | None:
    """The person to register, whom nobody merges into another meanwhile; of one merged before, that other."""
    hold = db.engine().dialect("{for_share}")
    found = await db.row(f"{KEPT} {hold}", form.person or actor.person)
    person: UUID | None = found["id"] if found else None
    if form.person is None or form.person == actor.person:
        return person
    member = await db.row(MEMBERSHIP, person)
    path = member["path"] if member else None
    if actor.may(Right.REGISTER_OTHERS, union_path=path) or await access.may_in_event(
        actor, Right.REGISTER_OTHERS, event
    ):
        return person
    raise Invalid(Reason("unknown_person", "/person"))


async def _contest_and_division(
    event_id: UUID, form: RegistrationForm, *, strict: bool
) -> tuple[Contest | None, Division | None]:
    if form.contest_id is None:
        if strict and await Contest.exists().where(Contest.event_id == event_id):
            raise Invalid(Reason("contest_needed", "/contest_id"))
        return None, None
    contest = await Contest.objects().get((Contest.event_id == event_id) & (Contest.id == form.contest_id))
    if contest is None:
        raise Invalid(Reason("unknown_contest", "/contest_id"))
    return contest, await _division(event_id, form, strict=strict)


async def _division(event_id: UUID, form: RegistrationForm, *, strict: bool) -> Division | None:
    of_contest = (Division.event_id == event_id) & (Division.contest_id == form.contest_id)
    if form.division_id is None:
        if strict and await Division.exists().where(of_contest):
            raise Invalid(Reason("division_needed", "/division_id"))
        return None
    division = await Division.objects().get(of_contest & (Division.id == form.division_id))
    if division is None:
        raise Invalid(Reason("unknown_division", "/division_id"))
    return division


INSERT = """INSERT INTO registration (event_id, id, person, "union", contest_id, division_id, state, reference, note,
        registered_by, version, created_at, updated_at)
    VALUES ({}, {}, {}, {}, {}, {}, 'pending', {}, {}, {}, 1, {}, {})
    ON CONFLICT (event_id, person) DO UPDATE SET contest_id = excluded.contest_id, division_id = excluded.division_id,
        state = 'pending', note = excluded.note, registered_by = excluded.registered_by, reason = NULL,
        checked_in_at = NULL, checked_in_by = NULL, version = registration.version + 1, updated_at = excluded.updated_at
        WHERE registration.state = 'withdrawn'
    RETURNING id"""


async def _insert_within(actor: Actor, event_id: UUID, person: UUID | None, *, form: RegistrationForm) -> Registration:
    if form.division_id:  # before the row that points to the division, as whoever takes one away does
        await places.hold_still(event_id)
    try:
        return await _insert(actor, event_id, person, form=form)
    except db.ConstraintViolated as error:  # the division was taken away meanwhile
        if error.kind != "foreign_key":
            raise
        raise Invalid(Reason("unknown_division", "/division_id")) from error


async def _insert(actor: Actor, event_id: UUID, person: UUID | None, *, form: RegistrationForm) -> Registration:
    """A new registration, or one that was withdrawn taken up again; the unique key decides when two come at once."""
    assert person is not None, "the verdict refuses those who are nobody"
    member, now = await db.row(MEMBERSHIP, person), clock.now()
    done = await db.row(
        INSERT, event_id, ids.new(), person, member["id"] if member else None, form.contest_id, form.division_id,
        ids.reference(), form.note, actor.account, now, now,
    )  # fmt: skip
    if done is None:
        conflict("already_registered")
    found = await Registration.objects().get((Registration.event_id == event_id) & (Registration.id == done["id"]))
    assert found is not None
    return found
