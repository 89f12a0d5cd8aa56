"""The one guard of every limit: stored counters changed by conditional updates, in the caller's transaction.

The event's own counter is always changed first, so that whatever competes for places of an event comes one after the
other and nobody can wait for each other in a circle (what else is locked, and when: events/db/again.py). Who finds no
place gets the next number of the event's queue.
"""

from __future__ import annotations

from collections.abc import Mapping
from math import inf
from typing import NamedTuple
from uuid import UUID

from events import access, db
from events.errors import conflict
from events.tables import Capacity

TAKE = """UPDATE capacity SET used = used + {}
    WHERE event_id = {} AND id = {} AND (places IS NULL OR used + {} <= places) RETURNING used"""
GIVE_BACK = "UPDATE capacity SET used = used - {} WHERE event_id = {} AND id = {} RETURNING used"
LOOK = "SELECT places, used, waiting FROM capacity WHERE event_id = {} AND id = {}"
HOLD = "UPDATE capacity SET used = used WHERE event_id = {} AND id = {} RETURNING places, used, waiting"
QUEUE = """UPDATE capacity SET waiting = waiting + {}, queued = queued + {}
    WHERE event_id = {} AND id = {} RETURNING queued, waiting"""
LEAVE_QUEUE = "UPDATE capacity SET waiting = waiting - {} WHERE event_id = {} AND id = {}"
RESIZE = """UPDATE capacity SET places = {} WHERE event_id = {} AND id = {}
    AND (CAST({} AS BIGINT) IS NULL OR used <= CAST({} AS BIGINT)) RETURNING used"""


async def create(event_id: UUID, limit: UUID, places: int | None) -> None:
    """A counter for a new limit; no number of places means without limit."""
    await Capacity.insert(Capacity(event_id=event_id, id=limit, places=places, used=0, waiting=0, queued=0))


class Counter(NamedTuple):
    """How many places are left in an event, and how many wait."""

    left: float
    waiting: int


class Overtaken(Exception):
    """Somebody else was quicker: what was decided without holding the event still has to be decided again."""


async def hold_still(event_id: UUID) -> Counter:
    """From here to the end of the transaction nobody else changes who has a place in the event."""
    return await _counter(HOLD, event_id)


async def look(event_id: UUID) -> Counter:
    """How it is just now, for who finds out in the end by `take_all` whether it still was so."""
    return await _counter(LOOK, event_id)


async def _counter(sql: str, event_id: UUID) -> Counter:
    found = await db.row(sql, event_id, event_id)
    if found is None:
        raise access.not_found()
    return Counter(_left(found), found["waiting"])


async def left(event_id: UUID) -> dict[UUID, float]:
    """How many places are left within each limit of an event; for who holds it still, until the next is taken."""
    found = await db.rows("SELECT id, places, used FROM capacity WHERE event_id = {}", event_id)
    return {row["id"]: _left(row) for row in found}


def _left(row: db.Row) -> float:
    return inf if row["places"] is None else row["places"] - row["used"]


async def take_all(event_id: UUID, counts: Mapping[UUID, int]) -> None:
    """Take so many places within each of these limits, the event's own first; Overtaken when they are not left.

    From here to the end of the transaction nobody else changes who has a place in the event.
    """
    for limit, count in counts.items():
        if not await db.rows(TAKE, count, event_id, limit, count):
            raise Overtaken


async def give_back_all(event_id: UUID, counts: Mapping[UUID, int]) -> None:
    """Give so many places back within each of these limits, the event's own first."""
    for limit, count in counts.items():
        await db.rows(GIVE_BACK, count, event_id, limit)


class Turn(NamedTuple):
    """A turn in a queue: the number, which only rises, and the position among those who wait now."""

    number: int
    position: int


async def queue(event_id: UUID, count: int) -> list[Turn]:
    """Stand in the event's queue, so many one behind the other."""
    found = await db.row(QUEUE, count, count, event_id, event_id) if count else None
    if found is None:
        return []
    return [Turn(found["queued"] - behind, found["waiting"] - behind) for behind in reversed(range(count))]


async def leave_queue(event_id: UUID, count: int = 1) -> None:
    """So many fewer wait."""
    await db.rows(LEAVE_QUEUE, count, event_id, event_id)


async def resize(event_id: UUID, limit: UUID, places: int | None, *, pointer: str = "/places") -> None:
    """Change a limit; Conflict when more places than that are taken already."""
    if await db.rows(RESIZE, places, event_id, limit, places, places):
        return
    found = await Capacity.select(Capacity.used).where(Capacity.event_id == event_id, Capacity.id == limit).first()
    if found is None:
        await create(event_id, limit, places)
    else:
        conflict("places_below_used", pointer, used=found["used"], places=places)
