"""Who has a place and who waits: every way into an event goes through here, inside the caller's transaction."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any
from uuid import UUID

from events import clock, contests, db, messages, notices, places
from events.tables import Event, Registration
from events.terms import OVER, Approval, RegistrationState
from events.text import Bilingual

HOLDS_A_PLACE = (RegistrationState.PENDING, RegistrationState.CONFIRMED)
ACTIVE = (*HOLDS_A_PLACE, RegistrationState.WAITING)
BATCH = 100


def limits_of(registration: Registration) -> tuple[UUID, ...]:
    """The limits within which a registration needs a place, besides the event's own."""
    return (registration.contest_id,) if registration.contest_id else ()


def with_a_place(event: Event) -> RegistrationState:
    """What a registration becomes when it gets a place: confirmed, or pending where somebody reviews it first."""
    return RegistrationState.PENDING if event.approval == Approval.REVIEW else RegistrationState.CONFIRMED


async def seat(event: Event, registration: Registration) -> None:
    """Give a new registration a place, or the next number of the wait-list; sets its state and tells the person."""
    limits, by = limits_of(registration), registration.registered_by
    if await places.take(event.id, limits):
        await set_state(registration, with_a_place(event), by=by)
        return
    turn = await places.queue(event.id)
    if await places.take(event.id, limits):  # somebody left between the two
        await places.leave_queue(event.id)
        await set_state(registration, with_a_place(event), by=by)
    else:
        await set_state(registration, RegistrationState.WAITING, by=by, turn=turn)


async def release(event: Event, registration: Registration) -> None:
    """Take the place, or the place on the wait-list, away from a registration that ends; whoever is next moves up."""
    if registration.state in HOLDS_A_PLACE:
        await places.give_back(event.id, limits_of(registration))
        await contests.withdraw_entry(event.id, registration.id)
    elif registration.state == RegistrationState.WAITING:
        await places.leave_queue(event.id)


async def end_for_contest(event: Event, contest_id: UUID, title: Bilingual, *, by: UUID | None) -> int:
    """End every registration for a contest that will not take place, and tell each; they may register anew."""
    found = await Registration.objects().where(
        Registration.event_id == event.id, Registration.contest_id == contest_id, Registration.state.is_in([*ACTIVE])
    ).order_by(Registration.id)  # fmt: skip
    for one in found:
        await release(event, one)
        await set_state(one, RegistrationState.WITHDRAWN, by=by, without=title)
    return len(found)


async def promote(event: Event) -> int:
    """Give free places to those who wait, in their order; gives how many moved up; nobody once the event is over.

    Who waits for a contest that is full is passed over and keeps the number.
    """
    if event.state in OVER:
        return 0
    await places.hold_still(event.id)
    promoted = 0
    async for waiting in _queue(event.id):
        if not await places.take(event.id, limits_of(waiting)):
            if await _event_is_full(event.id):
                break
            continue
        await places.leave_queue(event.id)
        await set_state(waiting, with_a_place(event), promoted=True)
        promoted += 1
    return promoted


async def set_state(
    registration: Registration,
    state: RegistrationState,
    *,
    by: UUID | None = None,
    turn: places.Turn | None = None,
    reason: str | None = None,
    promoted: bool = False,
    without: Bilingual | None = None,
) -> None:
    """Write a registration's new state with everything that follows: its entry, the notice and the message.

    `without` names the contest that is taken out of the event.
    """
    registration.state = state
    registration.version += 1
    await db.rows(
        "UPDATE registration SET state = {}, queue_number = {}, reason = {}, version = {}, updated_at = {}"
        " WHERE event_id = {} AND id = {}",
        state, turn.number if turn else None, reason, registration.version, clock.now(),
        registration.event_id, registration.id,
    )  # fmt: skip
    if state == RegistrationState.CONFIRMED and registration.contest_id:
        await contests.add_entry(registration.event_id, registration.contest_id, registration)
    kind = "promoted" if promoted else str(state)
    await notices.post(f"registration.{kind}", event=registration.event_id, subject=registration.id, by=by)
    if state != RegistrationState.PENDING:
        said: dict[str, Any] = {"position": turn.position} if turn else {"reason": reason} if reason else {}
        await messages.send(
            "contest.removed" if without else f"registration.{kind}",
            person=registration.person,
            event=registration.event_id,
            reference=registration.reference,
            contest=without,
            **said,
        )


async def _queue(event_id: UUID) -> AsyncIterator[Registration]:
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
        for registration in found:
            yield registration
        if len(found) < BATCH:
            return
        last = found[-1].queue_number or last


async def _event_is_full(event_id: UUID) -> bool:
    found = await db.row(
        "SELECT used >= places AS is_full FROM capacity WHERE event_id = {} AND id = {}", event_id, event_id
    )
    return bool(found and found["is_full"])
