"""Whether a session can be as a form says: plain decisions, and what has to be looked up for them."""

from __future__ import annotations

from collections import Counter
from collections.abc import AsyncIterator, Iterator
from uuid import UUID

from events import calendars, db
from events.access import Actor, Right, event_for
from events.errors import Conflict, Reason, conflict, refuse
from events.scheduling.clashing import clashes_of, reasons
from events.scheduling.forms import OfficialForm, SessionForm
from events.tables import Event
from events.terms import OVER


async def event_to_schedule(actor: Actor, event_id: UUID) -> Event:
    """Within a transaction: an event whose sessions the actor may change, held until the transaction ends.

    Conflict schedule_closed when the event is finished or cancelled.
    """
    await event_for(actor, Right.ORGANISE, event_id)
    await calendars.hold(event_id)
    event = await event_for(actor, Right.ORGANISE, event_id)
    if event.state in OVER:
        conflict("schedule_closed")
    return event


async def check(event: Event, form: SessionForm) -> None:
    """Raise Invalid with everything that is wrong in the form."""
    officials = form.officials or ()
    refuse(
        [
            *form.flaws({"starts_at": form.starts_at, "ends_at": form.ends_at}),
            *twice(officials),
            *[reason async for reason in _unknown(event, form)],
        ]
    )


async def refuse_clashes(actor: Actor, event_id: UUID, session_id: UUID, venue: UUID | None) -> None:
    """Raise Conflict with every clash of a session as it has been stored in this transaction."""
    if venue is not None:  # whoever saves a session at the same venue meanwhile waits, and then sees this one
        await db.rows("UPDATE venue SET created_at = created_at WHERE id = {}", venue)
    if found := await clashes_of(actor, event_id, session_id):
        raise Conflict(*reasons(found))


def twice(officials: tuple[OfficialForm, ...]) -> Iterator[Reason]:
    """Accounts that are named more than once."""
    count = Counter(official.account for official in officials)
    for number, official in enumerate(officials):
        if count[official.account] > 1:
            yield Reason("official_twice", f"/officials/{number}/account")


async def unknown_officials(officials: tuple[OfficialForm, ...], pointer: str) -> AsyncIterator[Reason]:
    """Accounts that there are not; `pointer` has a place for the number."""
    for number, official in enumerate(officials):
        if not await db.row("SELECT id FROM account WHERE id = {} AND disabled_at IS NULL", official.account):
            yield Reason("unknown_account", pointer.format(number))


async def _unknown(event: Event, form: SessionForm) -> AsyncIterator[Reason]:
    if form.venue and not await db.row("SELECT id FROM venue WHERE id = {}", form.venue):
        yield Reason("unknown_venue", "/venue")
    contest = "SELECT id FROM contest WHERE event_id = {} AND id = {}"
    if form.contest_id and not await db.row(contest, event.id, form.contest_id):
        yield Reason("unknown_contest", "/contest_id")
    async for reason in unknown_officials(form.officials or (), "/officials/{}/account"):
        yield reason
