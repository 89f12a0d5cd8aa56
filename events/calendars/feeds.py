"""Feeds: stored VEVENTs joined, in an order and with bytes that depend on nothing but the data."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from functools import partial
from typing import NamedTuple
from uuid import UUID

from msgspec import Struct

from events import access, clock, db
from events.access import Actor
from events.calendars import kept
from events.calendars.joining import Feed, joined
from events.calendars.kept import DAY, PLACE, Days, Shelf
from events.calendars.personal import personal_entries
from events.calendars.words import Language
from events.errors import invalid
from events.terms import Kind
from events.text import Bilingual, bilingual

DRAFTS = "SELECT id FROM event WHERE state = 'draft'"
TEMPLATES = "SELECT id FROM event WHERE is_template"
CANCELLED = "SELECT id FROM event WHERE state = 'cancelled'"
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
    shelf = kept.shelf((db.engine(), query, name, today), lambda: Shelf(name, partial(_read, query, today)))
    return await shelf.feed()


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


async def _read(query: FeedQuery, today: datetime, days: Days) -> list[db.Row]:
    conditions = [*_conditions(query, today), *_within(days)]
    column = "vevent_en" if query.language == "en" else "vevent"
    sql = (
        f"SELECT {PLACE} AS place, {DAY} AS day, session.{column} AS text FROM session "  # noqa: S608
        f"WHERE {' AND '.join(condition for condition, _ in conditions)} ORDER BY session.ends_at, session.id"
    )
    return await db.rows(sql, *(argument for _, arguments in conditions for argument in arguments))


def _within(days: Days) -> Iterable[tuple[str, list[object]]]:
    if days is not None:
        begins = [datetime.fromisoformat(f"{day}T00:00+00:00") for day in sorted(days)]
        one = "session.ends_at >= {} AND session.ends_at < {}"
        yield (
            f"({' OR '.join([one] * len(begins)) or '1 = 0'})",
            [moment for begin in begins for moment in (begin, begin + timedelta(days=1))],
        )


def _conditions(query: FeedQuery, today: datetime) -> Iterable[tuple[str, list[object]]]:
    """Pieces of a condition, each with its arguments; the widest feed reads sessions from an index by their end.

    Events are left out, or chosen, as sets: there are fewer of them than sessions.
    """
    yield f"session.event_id NOT IN ({DRAFTS}) AND session.event_id NOT IN ({TEMPLATES})", []
    planned = f"session.state = 'planned' AND session.event_id NOT IN ({CANCELLED})"
    yield f"(session.ends_at >= {{}} OR {planned})", [_kept_until(today)]
    if query.days is not None:
        yield "session.ends_at >= {}", [today - timedelta(days=query.days)]
    if query.event is not None:
        yield "session.event_id = {}", [query.event]
    if query.kind or query.city or query.union:
        yield _of_events(query)


def _of_events(query: FeedQuery) -> tuple[str, list[object]]:
    wanted = {"event.kind": query.kind, "event.city": query.city}
    pieces = [(f"{column} = {{}}", list[object]([value])) for column, value in wanted.items() if value]
    pieces += [access.below(query.union)] if query.union else []
    where = " AND ".join(clause for clause, _ in pieces)
    events = f'SELECT event.id FROM event JOIN unions ON unions.id = event."union" WHERE {where}'  # noqa: S608
    return f"session.event_id IN ({events})", [value for _, values in pieces for value in values]
