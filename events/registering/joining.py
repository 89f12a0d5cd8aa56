"""Registering one or a crowd: all who ask for an event at a time are decided and written in one transaction.

One alone is a crowd of one. While there is room for all, the event is held still only in the end, when the places are
taken: so crowds of several processes keep each other waiting for the flush alone. Whatever may have changed meanwhile
(places, the event itself) is looked at then, and if anything has, all is decided again while the event is held still.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from datetime import datetime
from functools import partial
from typing import NamedTuple
from uuid import UUID

from events import access, clock, db, idempotency, ids, places
from events.access import Actor, Right
from events.errors import Conflict, Interrupted, Invalid, NotFound, Reason, Refusal
from events.idempotency import Remembering
from events.registering import knowing, seating, verdicts
from events.registering.forms import RegistrationForm, RegistrationView
from events.registering.knowing import Choice, Grounds, Held, Known
from events.registering.seating import Newcomer, News
from events.tables import Event
from events.terms import RegistrationState
from events.text import Bilingual, bilingual
from events.together import Together

NEW = """registration (event_id, id, person, "union", contest_id, division_id, state, reference, note, queue_number,
 registered_by, version, created_at, updated_at)""".replace("\n", "")
WITHDRAWN = "SELECT id, reference, version, created_at FROM registration WHERE event_id = {} AND id"
TAKE_UP_AGAIN = """UPDATE registration SET "union" = {}, contest_id = {}, division_id = {}, state = {}, note = {},
        queue_number = {}, registered_by = {}, version = {}, updated_at = {}, reason = NULL, checked_in_at = NULL,
        checked_in_by = NULL
    WHERE event_id = {} AND id = {}"""


class Ask(NamedTuple):
    """Somebody asks to take part, or for another to do."""

    actor: Actor
    event_id: UUID
    form: RegistrationForm
    remembering: Remembering[RegistrationView] | None = None

    @property
    def person(self) -> UUID | None:
        """Who is to take part."""
        return self.form.person or self.actor.person


class Scene(NamedTuple):
    """All that the decisions on a crowd depend on; `known` by whom was asked for; `still`: nothing of it can change."""

    still: bool
    grounds: Grounds
    now: datetime
    waiting: int
    left: dict[UUID, float]
    known: Mapping[UUID, Known]
    held: dict[UUID, list[Held]]


class Accepted(NamedTuple):
    """Somebody who takes part from now on."""

    ask: Ask
    person: Known
    choice: Choice
    newcomer: Newcomer


Outcome = RegistrationView | Exception


async def join(ask: Ask) -> RegistrationView:
    """Take a registration, together with all who ask for the same event just now; within a transaction, in that."""
    if db.active_transaction() is None:
        return await _crowds.ask(ask.event_id, ask)
    async with db.transaction():
        [outcome] = await enrol([ask])
    if isinstance(outcome, Exception):
        raise outcome
    return outcome


@db.persistent
async def join_all(asks: Sequence[Ask]) -> list[RegistrationView]:
    """Take registrations for one event, all or none; the reasons against them point at each by its number."""
    async with db.transaction():
        outcomes = await enrol(asks)
        refused = {number: one for number, one in enumerate(outcomes) if isinstance(one, Refusal)}
        if refused:
            raise _all_of(refused)
    return [one for one in outcomes if isinstance(one, RegistrationView)]


def _all_of(refused: Mapping[int, Refusal]) -> Refusal:
    reasons = [
        Reason(reason.code, f"/registrations/{number}{reason.pointer}", reason.params)
        for number, refusal in refused.items()
        for reason in refusal.reasons
    ]
    kinds = {type(refusal) for refusal in refused.values()}
    if NotFound in kinds:  # the event itself, for who may not know of it
        return access.not_found()
    return Invalid(*reasons) if Invalid in kinds else Conflict(*reasons)


async def carry_out(asks: Sequence[Ask]) -> Sequence[Outcome]:
    """What becomes of each who asks for one event; what fails for another reason than a refusal fails alone."""
    try:
        return await _seeing_what_came_meanwhile(asks)
    except Exception as error:
        concerns_all = isinstance(error, Refusal) and not isinstance(error, Interrupted)
        if len(asks) == 1 or concerns_all:
            return [error] * len(asks)
    return [(await carry_out([ask]))[0] for ask in asks]


_crowds = Together(carry_out)


async def _seeing_what_came_meanwhile(asks: Sequence[Ask]) -> list[Outcome]:
    """Once more, when another has remembered one of the answers meanwhile: it is found the second time."""
    try:
        return await db.again(partial(_in_a_transaction, asks))
    except db.ConstraintViolated:
        return await db.again(partial(_in_a_transaction, asks))


async def _in_a_transaction(asks: Sequence[Ask]) -> list[Outcome]:
    with suppress(places.Overtaken):
        async with db.transaction():
            return await enrol(asks, still=False)
    async with db.transaction():
        return await enrol(asks)


async def enrol(asks: Sequence[Ask], *, still: bool = True) -> list[Outcome]:
    """What becomes of each who asks for one event, in the running transaction; who is refused disturbs nobody.

    Unless the event is held `still` from the beginning, it may raise Overtaken: then nothing of it is to be kept.
    """
    scene = await (_scene(asks) if still else _scene_in_passing(asks))
    recalled = await idempotency.recall_all([ask.remembering for ask in asks if ask.remembering])
    decided: list[Accepted | Exception] = []
    for ask in asks:
        known = recalled.get((ask.remembering.account, ask.remembering.key)) if ask.remembering else None
        decided.append(known or _decided(ask, scene))
    accepted = [one for one in decided if isinstance(one, Accepted)]
    views = iter(await _write(scene, accepted) if accepted else ())
    return [one if isinstance(one, Exception) else next(views) for one in decided]


async def _scene(asks: Sequence[Ask]) -> Scene:
    """Locks first, in the one order that there is: the persons, then the event."""
    event_id = asks[0].event_id
    known = await knowing.persons({ask.person for ask in asks if ask.person}, hold=True)
    counter = await places.hold_still(event_id)
    grounds = await knowing.grounds(event_id)
    left = await places.left(event_id) if grounds.choices else {event_id: counter.left}
    held = await knowing.held(grounds.event, {person.id for person in known.values()})
    return Scene(True, grounds, clock.now(), counter.waiting, left, known, held)


async def _scene_in_passing(asks: Sequence[Ask]) -> Scene:
    """The same without a lock on the event, where there is room for all and nothing else to choose."""
    event_id = asks[0].event_id
    counter, grounds = await places.look(event_id), await knowing.grounds(event_id)
    if counter.left < len(asks) or counter.waiting or grounds.choices:
        raise places.Overtaken
    known = await knowing.persons({ask.person for ask in asks if ask.person}, hold=True)
    held = await knowing.held(grounds.event, {person.id for person in known.values()})
    return Scene(False, grounds, clock.now(), 0, {event_id: counter.left}, known, held)


def _decided(ask: Ask, scene: Scene) -> Accepted | Refusal:
    try:
        return _accepted(ask, scene)
    except Refusal as refusal:
        return refusal


def _accepted(ask: Ask, scene: Scene) -> Accepted:
    """The registration of somebody, who holds it from now on; raises every reason against it."""
    grounds = scene.grounds
    if not grounds.is_seen_by(ask.actor):
        raise access.not_found()
    person, event = _whom(ask, scene), grounds.event
    choice = grounds.choice(ask.form, strict=True)
    held = scene.held[person.id] if person else []
    candidate = person.candidate if person else None
    verdict = verdicts.verdict(verdicts.Facts(event, scene.now, candidate, held, choice.eligibility))
    if not verdict.accepted:
        raise Conflict(*verdict.reasons, until=verdict.until)
    assert person is not None, "the verdict refuses those who are nobody"
    before = next((one.id for one in held if one.event_id == event.id), None)
    held[:] = [Held(event.id, RegistrationState.PENDING, event.title)]
    return Accepted(ask, person, choice, _newcomer(ask, scene, person, choice, before=before))


def _whom(ask: Ask, scene: Scene) -> Known | None:
    asked, actor = ask.form.person, ask.actor
    person = scene.known.get(ask.person) if ask.person else None
    if asked is None or asked == actor.person:
        return person
    path = person.path if person else None
    if actor.may(Right.REGISTER_OTHERS, union_path=path) or scene.grounds.may(actor, Right.REGISTER_OTHERS):
        return person
    raise Invalid(Reason("unknown_person", "/person"))


def _newcomer(ask: Ask, scene: Scene, person: Known, choice: Choice, *, before: UUID | None) -> Newcomer:
    return Newcomer(
        event_id=ask.event_id, id=before or ids.new(), person=person.id, union=person.union,
        contest_id=choice.contest_id, division_id=choice.division_id, reference=ids.reference(), note=ask.form.note,
        registered_by=ask.actor.account, is_new=before is None, created_at=scene.now, updated_at=scene.now,
    )  # fmt: skip


async def _write(scene: Scene, accepted: Sequence[Accepted]) -> list[RegistrationView]:
    event = scene.grounds.event
    newcomers = [one.newcomer for one in accepted]
    again = [one for one in newcomers if not one.is_new]
    await _look_up(again)
    await seating.seat(event, newcomers, scene.left)
    await db.insert(NEW, [_row(one) for one in newcomers if one.is_new])
    for one in again:
        await _take_up(one)
    await seating.follow(event.id, [_news(one) for one in accepted])
    views = list(_views(scene, accepted))
    kept = [(one.ask.remembering, view) for one, view in zip(accepted, views, strict=True) if one.ask.remembering]
    await idempotency.remember_all(kept)
    await seating.take(event, newcomers, scene.left)
    if not scene.still:
        await _unless_changed(event)
    return views


async def _unless_changed(event: Event) -> None:
    """Who closes or cancels an event holds its counter: now that we do, what it was like then is as it is."""
    now_is = await db.row("SELECT version FROM event WHERE id = {}", event.id)
    if now_is is None or now_is["version"] != event.version:
        raise places.Overtaken


async def _look_up(withdrawn: Sequence[Newcomer]) -> None:
    """What stays of registrations that are taken up again: the reference, and since when."""
    if not withdrawn:
        return
    these, wanted = db.one_of([one.id for one in withdrawn])
    rows = await db.rows(f"{WITHDRAWN} {these}", withdrawn[0].event_id, *wanted)
    known = {row["id"]: row for row in rows}
    for one in withdrawn:
        row = known[one.id]
        one.reference, one.version, one.created_at = row["reference"], row["version"] + 1, row["created_at"]


def _row(one: Newcomer) -> tuple[object, ...]:
    return (
        one.event_id, one.id, one.person, one.union, one.contest_id, one.division_id, one.state, one.reference,
        one.note, one.turn.number if one.turn else None, one.registered_by, one.version, one.created_at, one.updated_at,
    )  # fmt: skip


async def _take_up(one: Newcomer) -> None:
    await db.rows(
        TAKE_UP_AGAIN, one.union, one.contest_id, one.division_id, one.state, one.note,
        one.turn.number if one.turn else None, one.registered_by, one.version, one.updated_at, one.event_id, one.id,
    )  # fmt: skip


def _news(one: Accepted) -> News:
    made, said = one.newcomer, {"position": one.newcomer.turn.position} if one.newcomer.turn else {}
    return News(made, f"registration.{made.state.value}", made.registered_by, said, to=one.person.recipient)


def _views(scene: Scene, accepted: Iterable[Accepted]) -> Iterable[RegistrationView]:
    """The registrations as they are read; what stands in many is read once."""
    title, waiting = bilingual(scene.grounds.event.title), scene.waiting
    texts: dict[str | None, Bilingual | None] = {None: None}
    for one in accepted:
        made, choice, turn = one.newcomer, one.choice, one.newcomer.turn
        for stored in (one.person.union_name, choice.contest_title, choice.division_title):
            if stored not in texts:
                texts[stored] = bilingual(stored)
        waiting = turn.position if turn else waiting
        yield RegistrationView(
            event_id=made.event_id, id=made.id, event_title=title, person=made.person, person_name=one.person.name,
            union_name=texts[one.person.union_name], contest_id=made.contest_id,
            contest_title=texts[choice.contest_title], division_id=made.division_id,
            division_title=texts[choice.division_title], state=made.state, reference=made.reference, note=made.note,
            reason=None, position=turn.position if turn else None, waiting=waiting, checked_in_at=None,
            version=made.version, created_at=made.created_at, updated_at=made.updated_at,
        )  # fmt: skip
