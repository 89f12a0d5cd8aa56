"""Events in numbers: how many, in which cities, on which days."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from msgspec import Struct

from events import access, db
from events.access import Actor
from events.organising.forms import EventItem, EventQuery
from events.organising.lists import SELECT, item
from events.organising.wanted import selection

MOST = 20_000


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
    wanted, arguments = selection(actor, query, "event.id")
    found = await db.row(f"SELECT COUNT(*) AS n FROM ({wanted}) wanted", *arguments)  # noqa: S608
    return int(found["n"]) if found else 0


async def briefs(actor: Actor, query: EventQuery) -> list[Brief]:
    """The beginnings of up to 20,000 events, for calendars and maps of them, by time."""
    wanted, arguments = selection(actor, query, "event.id, event.starts_at, event.zone, event.city, event.kind")
    sql = f"SELECT * FROM ({wanted}) wanted ORDER BY starts_at, id LIMIT {MOST:d}"  # noqa: S608
    found = await db.rows(sql, *arguments)
    return [Brief(row["id"], row["starts_at"], row["zone"], row["city"], row["kind"]) for row in found]


async def some(actor: Actor, events: Collection[UUID]) -> dict[UUID, EventItem]:
    """Those of some events that the actor may see, by id."""
    if not events:
        return {}
    visible, arguments = access.seen_by(actor)
    clause, ids = db.one_of(events)
    rows = await db.rows(f"{SELECT} WHERE {visible} AND event.id {clause}", *arguments, *ids)
    return {row["id"]: item(row) for row in rows}


async def by_city(actor: Actor, query: EventQuery) -> dict[str, int]:
    """How many events each city has, of those that the actor may see and the query wants."""
    wanted, arguments = selection(actor, query, "event.city")
    rows = await db.rows(f"SELECT city, COUNT(*) AS n FROM ({wanted}) wanted GROUP BY city", *arguments)  # noqa: S608
    return {row["city"]: int(row["n"]) for row in rows}
