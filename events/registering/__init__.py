"""Registering: somebody asks to take part; the verdict, a place or the wait-list, the review, and the way out."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from events import access, clock, db, notices, places
from events.access import Actor, Right
from events.errors import Invalid, Reason, Stale, conflict
from events.idempotency import Remembering
from events.registering import joining, knowing, lists, seating, verdicts
from events.registering.finding import MOST_FOUND, find_people
from events.registering.forms import (
    FindForm,
    Presence,
    RegistrationForm,
    RegistrationQuery,
    RegistrationsForm,
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
from events.tables import Event, Registration
from events.terms import OVER, RegistrationState

__all__ = [
    "MOST_FOUND",
    "FindForm",
    "Presence",
    "RegistrationForm",
    "RegistrationQuery",
    "RegistrationView",
    "RegistrationsForm",
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
    "register_many",
    "registration",
    "review",
    "standings",
    "tell_all",
    "ticket",
    "withdraw",
]  # fmt: skip

ENDED = (RegistrationState.WITHDRAWN, RegistrationState.REFUSED)


async def may_register(actor: Actor, event_id: UUID, form: RegistrationForm | None = None) -> Verdict:
    """The verdict before anything is filled in: whether the actor may register, or every reason why not."""
    grounds = await knowing.grounds(event_id)
    if not grounds.is_seen_by(actor):
        raise access.not_found()
    choice = grounds.choice(form or RegistrationForm(), strict=form is not None)
    known = (await knowing.persons([actor.person])).get(actor.person) if actor.person else None
    held = (await knowing.held(grounds.event, [known.id]))[known.id] if known else []
    left = await places.left(event_id)
    full = any(left.get(limit, 1) <= 0 for limit in (event_id, choice.contest_id) if limit)
    candidate = known.candidate if known else None
    return verdicts.verdict(verdicts.Facts(grounds.event, clock.now(), candidate, held, choice.eligibility, full))


async def register(
    actor: Actor,
    event_id: UUID,
    form: RegistrationForm,
    *,
    remembering: Remembering[RegistrationView] | None = None,
) -> RegistrationView:
    """Take a registration: confirmed, pending a review, or waiting; Conflict with every reason when refused.

    All who ask for the same event at once are served together. With `remembering` the answer is remembered with it:
    Recalled when it was given before.
    """
    access.signed_in(actor)
    return await joining.join(joining.Ask(actor, event_id, form, remembering))


async def register_many(actor: Actor, event_id: UUID, form: RegistrationsForm) -> list[RegistrationView]:
    """Take up to 500 registrations, all or none: everything that is wrong at once, each by its pointer."""
    access.signed_in(actor)
    return await joining.join_all([joining.Ask(actor, event_id, one) for one in form.registrations])


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


def _fresh(found: Registration, version: int | None) -> None:
    if version is not None and version != found.version:
        raise Stale(Reason("stale"))
