"""Events as they are read: one, and lists by time with the query's filters."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from events import access, db, eligibility, paging
from events.access import Actor
from events.organising.forms import EventItem, EventQuery, EventView, PlacesView, SeriesView, UnionBrief, VenueBrief
from events.organising.wanted import Beyond, selection
from events.tables import Series, Venue
from events.terms import Approval, EventState, Kind
from events.text import bilingual, prose

LAST_ID = UUID(int=2**128 - 1)
# What lists show: all but the long description. The event's own counter is asked for by a range of one, for by two
# equalities PostgreSQL takes the row for rare among counters, and reads all of them to find it.
OF_LISTS = """event.id, event.kind, event.state, event.title, event.summary, event."union", event.city, event.venue,
    event.zone, event.starts_at, event.ends_at, event.opens_at, event.closes_at, event.postponed,
    event.previous_starts_at, event.is_template, event.version"""
AROUND = """unions.name AS union_name, unions.path AS union_path,
        venue.name AS venue_name, venue.address AS venue_address,
        venue.latitude_e6 AS venue_latitude, venue.longitude_e6 AS venue_longitude,
        capacity.places AS places, capacity.used AS used, capacity.waiting AS waiting
    FROM event JOIN unions ON unions.id = event."union"
    JOIN capacity ON capacity.event_id = event.id AND capacity.id BETWEEN event.id AND event.id
    LEFT JOIN venue ON venue.id = event.venue"""
SELECT, WHOLE = f"SELECT {OF_LISTS}, {AROUND}", f"SELECT event.*, {AROUND}"


async def event(actor: Actor, event_id: UUID) -> EventView:
    """One event, if the actor may see it."""
    await access.event_to_see(actor, event_id)
    return await load(event_id)


async def load(event_id: UUID) -> EventView:
    """One event, for those who have seen to the right already."""
    row = await db.row(f"{WHOLE} WHERE event.id = {{}}", event_id)
    if row is None:
        raise access.not_found()
    return _view(row, await _venue(row["previous_venue"]))


async def list_events(
    actor: Actor, query: EventQuery, *, cursor: str = "", limit: int = 50, newest_first: bool = False
) -> paging.Page[EventItem]:
    """The events that the actor may see and the query wants, by their beginning."""
    after = paging.key_of(cursor, tuple[datetime, UUID]) if cursor else None
    way = " DESC" if newest_first else ""
    order = f"ORDER BY event.starts_at{way}, event.id{way} LIMIT {limit + 1:d}"
    wanted, arguments = await selection(actor, query, "event.id", beyond=Beyond(after, newest_first), order=order)
    rows = await db.rows(f"{SELECT} WHERE event.id IN ({wanted}) {order}", *arguments)
    return paging.page(rows, limit, item, lambda row: (row["starts_at"], row["id"]))


async def list_series(actor: Actor, *, cursor: str = "", limit: int = 50) -> paging.Page[SeriesView]:
    """Every series, newest first; a series is no secret, what is in it may be."""
    access.signed_in(actor)
    before = paging.key_of(cursor, tuple[UUID])[0] if cursor else LAST_ID
    rows = await Series.select().where(Series.id < before).order_by(Series.id, ascending=False).limit(limit + 1)
    return paging.page(rows, limit, series_view, lambda row: (row["id"],))


async def series(actor: Actor, series_id: UUID) -> SeriesView:
    """One series; NotFound when there is none."""
    access.signed_in(actor)
    row = await Series.select().where(Series.id == series_id).first()
    if row is None:
        raise access.not_found()
    return series_view(row)


def series_view(row: db.Row) -> SeriesView:
    """A row of `series` as it is shown."""
    return SeriesView(id=row["id"], title=bilingual(row["title"]), union=row["union"], created_at=row["created_at"])


def item(row: db.Row) -> EventItem:
    """A row of `SELECT` as lists show it."""
    return EventItem(**_brief(row))


def _view(row: db.Row, previous_venue: VenueBrief | None) -> EventView:
    return EventView(
        **_brief(row),
        description=prose(row["description"]),
        series=row["series"],
        approval=Approval(row["approval"]),
        eligibility=eligibility.eligibility(row["eligibility"]),
        reason=row["reason"],
        previous_venue=previous_venue,
        copied_from=row["copied_from"],
        created_at=row["created_at"],
        updated_at=row["updated_at"],
    )


SAME = (
    "id", "city", "zone", "starts_at", "ends_at", "opens_at", "closes_at", "postponed", "previous_starts_at",
    "is_template", "version",
)  # fmt: skip


def _brief(row: db.Row) -> dict[str, Any]:
    free = None if row["places"] is None else row["places"] - row["used"]
    return {
        **{name: row[name] for name in SAME},
        "kind": Kind(row["kind"]),
        "state": EventState(row["state"]),
        "title": bilingual(row["title"]),
        "summary": bilingual(row["summary"]),
        "union": UnionBrief(row["union"], bilingual(row["union_name"]), row["union_path"]),
        "venue": _venue_brief(row) if row["venue"] else None,
        "places": PlacesView(row["places"], row["used"], row["waiting"], free),
    }


def _venue_brief(row: db.Row) -> VenueBrief:
    return VenueBrief(
        row["venue"],
        bilingual(row["venue_name"]),
        row["venue_address"],
        degrees(row["venue_latitude"]),
        degrees(row["venue_longitude"]),
    )


def degrees(millionths: int | None) -> str | None:
    """Millionths of a degree as a decimal."""
    if millionths is None:
        return None
    whole, rest = divmod(abs(millionths), 10**6)
    return f"{'-' if millionths < 0 else ''}{whole}.{rest:06}"


async def _venue(venue: UUID | None) -> VenueBrief | None:
    row = await Venue.select().where(Venue.id == venue).first() if venue else None
    if row is None:
        return None
    return VenueBrief(row["id"], bilingual(row["name"]), row["address"], None, None)
