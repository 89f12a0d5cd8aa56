"""Feeds: stored VEVENTs joined, in an order and with bytes that depend on nothing but the data."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from msgspec import Struct

from events import access, clock, db
from events.access import Actor
from events.calendars import kept
from events.calendars.joining import Feed, joined
from events.calendars.personal import personal_entries
from events.calendars.words import Language
from events.errors import invalid
from events.terms import Kind
from events.text import Bilingual, bilingual

CANCELLED_DAYS = 30
PERSONAL_DAYS = 366


class FeedQuery(Struct, frozen=True, kw_only=True):
    """A public feed: sessions of announced events, narrowed by what is given; `union` is a path ("ah.hf.").

    `days` is how long a session is kept after its end (None: always); a cancelled one 30 days at most.
    """

    language: Language = "zh"
    union: str = ""
    kind: Kind | None = None
    city: str = ""
    event: UUID | None = None
    days: int | None = 30


class Union(NamedTuple):
    """A part of the union tree that a feed is of."""

    path: str
    name: Bilingual


async def feed(query: FeedQuery, *, name: str) -> Feed:
    """A public calendar called `name`; NotFound when it is an event's that the public may not see."""
    if query.event is not None:
        await access.event_to_see(access.ANONYMOUS, query.event)
    today = clock.now().replace(hour=0, minute=0, second=0, microsecond=0)
    changed = await kept.last_change()
    key = (db.engine(), query, name, today)
    if (found := kept.get(key, changed)) is not None:
        return found
    sql, arguments = _public(query, today)
    made = await joined(name, (row["text"] for row in await db.rows(sql, *arguments)), changed)
    kept.put(key, changed, made)
    return made


async def private_feed(actor: Actor, *, language: Language, name: str) -> Feed:
    """A person's own calendar, with alarms: registrations, duties, events organised; the past year and all to come."""
    today = clock.now().replace(hour=0, minute=0, second=0, microsecond=0)
    since = today - timedelta(days=PERSONAL_DAYS)
    entries = await personal_entries(actor, language, since=since, cancelled_since=_kept_until(today))
    changed = [moment for moment in (await kept.last_change(), entries.changed) if moment]
    return await joined(name, entries.texts, max(changed, default=None))


async def union_of(text: str) -> Union:
    """The path and name of the union with this id or path ("ah.hf"); Invalid with unknown_union when there is none."""
    try:
        found = await db.row("SELECT path, name FROM unions WHERE id = {}", UUID(text))
    except ValueError:
        found = await db.row("SELECT path, name FROM unions WHERE path = {}", f"{text.rstrip('.')}.")
    return Union(found["path"], bilingual(found["name"])) if found else invalid("unknown_union", "/union")


def _kept_until(today: datetime) -> datetime:
    return today - timedelta(days=CANCELLED_DAYS)


def _public(query: FeedQuery, today: datetime) -> tuple[str, list[object]]:
    conditions = list(_conditions(query, today))
    unions = 'JOIN unions ON unions.id = event."union"' if query.union else ""
    column = "vevent_en" if query.language == "en" else "vevent"
    sql = (
        f"SELECT session.{column} AS text FROM session JOIN event ON event.id = session.event_id {unions} "  # noqa: S608
        f"WHERE {' AND '.join(condition for condition, _ in conditions)} ORDER BY session.ends_at, session.id"
    )
    return sql, [argument for _, arguments in conditions for argument in arguments]


def _conditions(query: FeedQuery, today: datetime) -> Iterable[tuple[str, list[object]]]:
    """Pieces of a condition, each with its arguments; the widest feed reads sessions from an index by their end."""
    yield "event.state <> 'draft' AND NOT event.is_template", []
    yield "(session.state = 'planned' AND event.state <> 'cancelled' OR session.ends_at >= {})", [_kept_until(today)]
    if query.days is not None:
        yield "session.ends_at >= {}", [today - timedelta(days=query.days)]
    if query.event is not None:
        yield "session.event_id = {}", [query.event]
    if query.kind is not None:
        yield "event.kind = {}", [query.kind.value]
    if query.city:
        yield "event.city = {}", [query.city]
    if query.union:
        yield "substr(unions.path, 1, {}) = {}", [len(query.union), query.union]
