"""Events as they are read: one, and lists by time with the query's filters."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from events import access, db, eligibility, paging, settings
from events.access import Actor, Right
from events.organising.forms import EventItem, EventQuery, EventView, PlacesView, SeriesView, UnionBrief, VenueBrief
from events.tables import Series, Venue
from events.terms import Approval, EventState, Kind
from events.text import bilingual, either_holds, prose

LAST_ID = UUID(int=2**128 - 1)
SELECT = """SELECT event.*, unions.name AS union_name, unions.path AS union_path,
        venue.name AS venue_name, venue.address AS venue_address,
        venue.latitude_e6 AS venue_latitude, venue.longitude_e6 AS venue_longitude,
        capacity.places AS places, capacity.used AS used, capacity.waiting AS waiting
    FROM event JOIN unions ON unions.id = event."union"
    JOIN capacity ON capacity.event_id = event.id AND capacity.id = event.id
    LEFT JOIN venue ON venue.id = event.venue"""


async def event(actor: Actor, event_id: UUID) -> EventView:
    """One event, if the actor may see it."""
    await access.event_to_see(actor, event_id)
    return await load(event_id)


async def load(event_id: UUID) -> EventView:
    """One event, for those who have seen to the right already."""
    row = await db.row(f"{SELECT} WHERE event.id = {{}}", event_id)
    if row is None:
        raise access.not_found()
    return _view(row, await _venue(row["previous_venue"]))


async def list_events(
    actor: Actor, query: EventQuery, *, cursor: str = "", limit: int = 50, newest_first: bool = False
) -> paging.Page[EventItem]:
    """The events that the actor may see and the query wants, by their beginning."""
    where, arguments = conditions_of(actor, query)
    conditions = [where]
    if cursor:
        conditions.append(f"(event.starts_at, event.id) {'<' if newest_first else '>'} ({{}}, {{}})")
        arguments += paging.key_of(cursor, tuple[datetime, UUID])
    direction = " DESC" if newest_first else ""
    sql = (
        f"{SELECT} WHERE {' AND '.join(conditions)}"
        f" ORDER BY event.starts_at{direction}, event.id{direction} LIMIT {limit + 1:d}"
    )
    return paging.page(await db.rows(sql, *arguments), limit, item, lambda row: (row["starts_at"], row["id"]))


def conditions_of(actor: Actor, query: EventQuery) -> tuple[str, list[object]]:
    """What holds for the events that the actor may see and the query wants, as a condition with its arguments."""
    visible, arguments = access.seen_by(actor)
    conditions = [visible]
    for clause, *values in _filters(actor, query):
        conditions.append(clause)
        arguments += values
    return " AND ".join(conditions), arguments


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


def _filters(actor: Actor, query: EventQuery) -> Iterator[tuple[Any, ...]]:
    yield "event.is_template = {}", query.templates
    for column in ("kind", "state", "city", "series"):
        if wanted := getattr(query, column):
            yield f"event.{column} = {{}}", wanted
    if query.union:
        yield "unions.path LIKE {}", f"{query.union}%"
    if query.first:
        yield "event.ends_at >= {}", midnight(query.first)
    if query.last:
        yield "event.starts_at < {}", midnight(query.last + timedelta(days=1))
    if query.over:
        yield "event.ends_at < {}", midnight(query.over)
    if query.q.strip():
        clause, texts = either_holds("event.title", query.q)
        yield clause, *texts
    if query.organised or query.official:
        condition, arguments = access.within(actor, Right.ORGANISE if query.organised else Right.SEE)
        yield condition, *arguments


def midnight(day: date) -> datetime:
    """The beginning of a day in the federation's zone."""
    return datetime.combine(day, time(), ZoneInfo(settings.current().zone))
