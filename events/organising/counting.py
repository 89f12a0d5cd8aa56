"""Events in numbers: how many, in which cities, on which days."""

from __future__ import annotations

from collections import Counter
from collections.abc import Awaitable, Callable, Collection, Sequence
from datetime import date, datetime
from typing import TypeVar
from uuid import UUID
from zoneinfo import ZoneInfo

from msgspec import Struct

from events import access, db, lasting
from events.access import Actor
from events.organising.forms import EventItem, EventQuery
from events.organising.lists import SELECT, item
from events.organising.wanted import selection

MOST = 20_000
BRIEF = "event.id, event.starts_at, event.zone, event.city, event.kind"
Found = TypeVar("Found")


class Brief(Struct, frozen=True):
    """When an event begins, and what filters ask of it."""

    id: UUID
    starts_at: datetime
    zone: str
    city: str
    kind: str

    def day(self) -> date:
        """The day of its beginning, where it takes place."""
        return self.starts_at.astimezone(ZoneInfo(self.zone)).date()


async def count(actor: Actor, query: EventQuery) -> int:
    """How many events the actor may see and the query wants."""
    return await _lasting(actor, query, "event.id", _count)


async def briefs(actor: Actor, query: EventQuery) -> list[Brief]:
    """The beginnings of up to 20,000 events, for calendars and maps of them, by time."""
    return await _lasting(actor, query, BRIEF, _briefs)


async def by_day(actor: Actor, query: EventQuery) -> Counter[date]:
    """How many of these events begin on each day, where they take place."""
    return await _lasting(actor, query, BRIEF, _by_day)


async def by_city(actor: Actor, query: EventQuery) -> dict[str, int]:
    """How many events each city has, of those that the actor may see and the query wants."""
    return await _lasting(actor, query, "event.city", _by_city)


async def some(actor: Actor, events: Collection[UUID]) -> dict[UUID, EventItem]:
    """Those of some events that the actor may see, by id."""
    if not events:
        return {}
    visible, arguments = access.seen_by(actor)
    clause, ids = db.one_of(events)
    rows = await db.rows(f"{SELECT} WHERE {visible} AND event.id {clause}", *arguments, *ids)
    return {row["id"]: item(row) for row in rows}


Find = Callable[[str, Sequence[object]], Awaitable[Found]]


async def _lasting(actor: Actor, query: EventQuery, columns: str, find: Find[Found]) -> Found:
    """What is found once for all who see the same, for each change of an event; but what hangs on the union tree."""
    wanted, arguments = await selection(actor, query, columns)
    if "unions." in wanted:
        return await find(wanted, arguments)
    key = find.__qualname__, wanted, *map(str, arguments)
    return await lasting.while_events_last(key, lambda: find(wanted, arguments))


async def _count(wanted: str, arguments: Sequence[object]) -> int:
    found = await db.row(f"SELECT COUNT(*) AS n FROM ({wanted}) wanted", *arguments)  # noqa: S608
    return int(found["n"]) if found else 0


async def _briefs(wanted: str, arguments: Sequence[object]) -> list[Brief]:
    sql = f"SELECT * FROM ({wanted}) wanted ORDER BY starts_at, id LIMIT {MOST:d}"  # noqa: S608
    found = await db.rows(sql, *arguments)
    return [Brief(row["id"], row["starts_at"], row["zone"], row["city"], row["kind"]) for row in found]


async def _by_day(wanted: str, arguments: Sequence[object]) -> Counter[date]:
    return Counter(brief.day() for brief in await _briefs(wanted, arguments))


async def _by_city(wanted: str, arguments: Sequence[object]) -> dict[str, int]:
    rows = await db.rows(f"SELECT city, COUNT(*) AS n FROM ({wanted}) wanted GROUP BY city", *arguments)  # noqa: S608
    return {row["city"]: int(row["n"]) for row in rows}
