"""Who has a place and who waits: every way into an event goes through here, inside the caller's transaction."""

from __future__ import annotations

from collections import Counter
from collections.abc import AsyncIterator, Collection, Sequence
from datetime import datetime
from typing import Any, NamedTuple, cast
from uuid import UUID

from msgspec import Struct

from events import clock, contests, db, messages, notices, places
from events.messages import Letter, Recipient
from events.notices import Post
from events.tables import Event, Registration
from events.terms import OVER, Approval, RegistrationState
from events.text import Bilingual

HOLDS_A_PLACE = (RegistrationState.PENDING, RegistrationState.CONFIRMED)
ACTIVE = (*HOLDS_A_PLACE, RegistrationState.WAITING)
BATCH = 500


class Newcomer(Struct, kw_only=True):
    """A registration that is being made, or (not `is_new`) taken up again; `turn` of who has to wait."""

    event_id: UUID
    id: UUID
    person: UUID
    union: UUID | None
    contest_id: UUID | None
    division_id: UUID | None
    state: RegistrationState = RegistrationState.PENDING
    turn: places.Turn | None = None
    is_new: bool
    reference: str
    note: str
    registered_by: UUID | None
    version: int = 1
    created_at: datetime
    updated_at: datetime


def limits_of(registration: Newcomer | Registration) -> tuple[UUID, ...]:
    """The limits within which a registration needs a place, besides the event's own."""
    return (registration.contest_id,) if registration.contest_id else ()


def with_a_place(event: Event) -> RegistrationState:
    """What a registration becomes when it gets a place: confirmed, or pending where somebody reviews it first."""
    return RegistrationState.PENDING if event.approval == Approval.REVIEW else RegistrationState.CONFIRMED


async def seat(event: Event, newcomers: Sequence[Newcomer], left: dict[UUID, float]) -> None:
    """Give newcomers, in their order, a place or a turn on the wait-list, for who holds the event still.

    `left` are the places within each limit. Sets their states and turns; to write them and to take the places
    (`take`) is left to the caller.
    """
    for one in newcomers:
        seated = _fits(left, (event.id, *limits_of(one)))
        one.state = with_a_place(event) if seated else RegistrationState.WAITING
    waiting = [one for one in newcomers if one.state == RegistrationState.WAITING]
    turns = await places.queue(event.id, len(waiting))
    for one, turn in zip(waiting, turns, strict=True):
        one.turn = turn


async def take(event: Event, newcomers: Sequence[Newcomer], limits: Collection[UUID]) -> None:
    """Take the places of those who were seated, within these limits; raises Overtaken when they are not left."""
    needed = _needed(event, [one for one in newcomers if one.state in HOLDS_A_PLACE])
    await places.take_all(event.id, {limit: n for limit, n in needed.items() if n and limit in limits})


async def release(event: Event, registrations: Sequence[Registration]) -> None:
    """Take the places, or those on the wait-list, away from registrations that end; whoever is next moves up."""
    holding = [one for one in registrations if one.state in HOLDS_A_PLACE]
    if holding:
        await places.give_back_all(event.id, _needed(event, holding))
        await contests.withdraw_entries(event.id, [one.id for one in holding])
    if waiting := sum(one.state == RegistrationState.WAITING for one in registrations):
        await places.leave_queue(event.id, waiting)


async def end_for_contest(event: Event, contest_id: UUID, title: Bilingual, *, by: UUID | None) -> int:
    """End every registration for a contest that will not take place, and tell each; they may register anew."""
    found = await Registration.objects().where(
        Registration.event_id == event.id, Registration.contest_id == contest_id, Registration.state.is_in([*ACTIVE])
    ).order_by(Registration.id)  # fmt: skip
    await release(event, found)
    await set_states(found, RegistrationState.WITHDRAWN, by=by, without=title)
    return len(found)


async def promote(event: Event) -> int:
    """Give free places to those who wait, in their order; gives how many moved up; nobody once the event is over.

    Who waits for a contest that is full is passed over and keeps the number.
    """
    if event.state in OVER:
        return 0
    await places.hold_still(event.id)
    left, promoted = await places.left(event.id), 0
    if left[event.id] <= 0:
        return 0
    async for waiting in _queue(event.id):
        moving = [one for one in waiting if _fits(left, (event.id, *limits_of(one)))]
        if moving:
            await places.take_all(event.id, {limit: n for limit, n in _needed(event, moving).items() if limit in left})
            await places.leave_queue(event.id, len(moving))
            await set_states(moving, with_a_place(event), promoted=True)
        promoted += len(moving)
        if left[event.id] <= 0:
            break
    return promoted


def _needed(event: Event, registrations: Sequence[Newcomer | Registration]) -> dict[UUID, int]:
    """How many places these take within each limit, the event's own first."""
    return {event.id: len(registrations), **Counter(limit for one in registrations for limit in limits_of(one))}


def _fits(left: dict[UUID, float], limits: Sequence[UUID]) -> bool:
    """Whether there is a place within every limit, which is then no longer left."""
    known = [limit for limit in limits if limit in left]
    if any(left[limit] <= 0 for limit in known):
        return False
    for limit in known:
        left[limit] -= 1
    return True


async def set_states(
    registrations: Sequence[Registration],
    state: RegistrationState,
    *,
    by: UUID | None = None,
    reason: str | None = None,
    promoted: bool = False,
    without: Bilingual | None = None,
) -> None:
    """Write the new state of an event's registrations with all that follows: entries, notices and messages.

    `without` names the contest that is taken out of the event.
    """
    if not registrations:
        return
    event, (these, ids) = registrations[0].event_id, db.one_of([one.id for one in registrations])
    await db.rows(
        "UPDATE registration SET state = {}, queue_number = NULL, reason = {}, version = version + 1, updated_at = {}"  # noqa: S608
        f" WHERE event_id = {{}} AND id {these}",
        state, reason, clock.now(), event, *ids,
    )  # fmt: skip
    for one in registrations:
        one.state, one.version = state, one.version + 1
    kind = f"registration.{'promoted' if promoted else state}"
    said: dict[str, Any] = {"reason": reason} if reason else {}
    said |= {"contest": without} if without else {}
    await follow(event, [News(one, kind, by, said, "contest.removed" if without else "") for one in registrations])


class News(NamedTuple):
    """What became of a registration, and by whom; `message` where the person is told of it in other words.

    `to` spares looking up where the person is reached.
    """

    registration: Newcomer | Registration
    kind: str
    by: UUID | None
    said: dict[str, Any]
    message: str = ""
    to: Recipient | None = None


async def follow(event: UUID, news: Sequence[News]) -> None:
    """Write what follows when registrations of an event have new states: entries, notices and messages."""
    told = [one for one in news if one.registration.state != RegistrationState.PENDING]
    confirmed = [one.registration for one in told if one.registration.state == RegistrationState.CONFIRMED]
    await contests.add_registered(event, cast("list[Registration]", confirmed))  # newcomers have all that it takes
    await notices.post_all([Post(one.kind, one.registration.id, {}, one.by) for one in news], event=event)
    letters = [
        Letter(
            one.message or one.kind,
            one.registration.person,
            {"reference": one.registration.reference, **one.said},
            one.to,
        )
        for one in told
    ]
    await messages.send_all(letters, event=event)


async def _queue(event_id: UUID) -> AsyncIterator[Sequence[Registration]]:
    last = 0
    while True:
        found = (
            await Registration.objects()
            .where(
                Registration.event_id == event_id,
                Registration.state == RegistrationState.WAITING,
                Registration.queue_number > last,
            )
            .order_by(Registration.queue_number)
            .limit(BATCH)
        )
        if found:
            yield found
        if len(found) < BATCH:
            return
        last = found[-1].queue_number or last
