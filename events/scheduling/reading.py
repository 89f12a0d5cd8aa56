"""Sessions as they are read: those of one event, and the programme of all."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from events import access, db, settings
from events.access import Actor, Right
from events.errors import Reason, refuse
from events.paging import LARGEST, Page, key_of, page
from events.scheduling import whole
from events.scheduling.forms import Aware, ProgrammeQuery, SessionView, out_of_range
from events.terms import SessionState
from events.text import bilingual

SESSIONS = """SELECT session.event_id, session.id, session.contest_id, session.title, session.venue, session.starts_at,
    session.ends_at, session.state, session.automatic, session.previous_starts_at, session.previous_venue,
    session.sequence, session.version, event.title AS event_title, event.zone, venue.name AS venue_name,
    previous.name AS previous_venue_name
FROM session JOIN event ON event.id = session.event_id JOIN unions ON unions.id = event."union"
    LEFT JOIN venue ON venue.id = session.venue LEFT JOIN venue previous ON previous.id = session.previous_venue"""
CHOICE = """SELECT session.event_id, session.id, session.starts_at FROM session
    JOIN event ON event.id = session.event_id JOIN unions ON unions.id = event."union\""""
Clause = tuple[str, list[object]]
SHORT = timedelta(days=2)  # whatever lasts longer is marked in the database (session.long: from 45 hours on)
IN_ORDER = "ORDER BY session.starts_at, session.id"


async def session(actor: Actor, event_id: UUID, session_id: UUID) -> SessionView:
    """One session of an event that the actor may see."""
    await access.event_to_see(actor, event_id)
    return await stored(event_id, session_id)


async def stored(event_id: UUID, session_id: UUID) -> SessionView:
    """One session, for whoever has already been let in; NotFound when it is none of this event."""
    row = await db.row(f"{SESSIONS} WHERE session.event_id = {{}} AND session.id = {{}}", event_id, session_id)
    if row is None:
        raise access.not_found()
    return _view(row)


async def sessions(actor: Actor, event_id: UUID) -> list[SessionView]:
    """Every session of an event that the actor may see, cancelled ones too, in the order of time."""
    await access.event_to_see(actor, event_id)
    return [_view(row) for row in await db.rows(f"{SESSIONS} WHERE session.event_id = {{}} {IN_ORDER}", event_id)]


async def gives_way(actor: Actor, event_id: UUID) -> bool:
    """Whether the first session that is added will take the place of the automatic one (Right.ORGANISE)."""
    await access.event_for(actor, Right.ORGANISE, event_id)
    return await whole.giving_way(event_id) is not None


async def programme(actor: Actor, query: ProgrammeQuery, *, cursor: str = "", limit: int = 50) -> Page[SessionView]:
    """A page of the sessions of all events that the actor may see, in the order of time; templates are left out."""
    refuse(_wrong_days(query))
    limit = max(1, min(limit, LARGEST))
    chosen, arguments = _chosen(actor, query, cursor, order=f"{IN_ORDER} LIMIT {limit + 1:d}")
    these = f"JOIN ({chosen}) chosen ON chosen.event_id = session.event_id AND chosen.id = session.id"
    sql = f"{SESSIONS} {these} ORDER BY chosen.starts_at, chosen.id LIMIT {limit + 1:d}"
    return page(await db.rows(sql, *arguments), limit, _view, lambda row: (row["starts_at"], row["id"]))


def _chosen(actor: Actor, query: ProgrammeQuery, cursor: str, *, order: str) -> tuple[str, list[object]]:
    """A select of the wanted sessions, in parts of which none reads all that was before, with its arguments."""
    after = key_of(cursor, tuple[Aware, UUID]) if cursor else None
    common = [("NOT event.is_template", []), access.seen_by(actor), *_conditions(query)]
    common += [("(session.starts_at, session.id) > ({}, {})", [*after])] if after else []
    selects, arguments = list[str](), list[object]()
    for part in _parts(query, after[0] if after else None):
        pieces = [*part, *common]
        where = " AND ".join(condition for condition, _ in pieces)
        selects.append(f"SELECT * FROM ({CHOICE} WHERE {where} {order}) part")  # noqa: S608
        arguments += [argument for _, values in pieces for argument in values]
    return " UNION ALL ".join(selects), arguments


def _parts(query: ProgrammeQuery, behind: datetime | None) -> Iterator[list[Clause]]:
    """What ends after the days begin: what began shortly before them or begins then, and the few long ones."""
    if query.day is None and query.since is None:
        yield []
        return
    begin = max(_midnight(day) for day in (query.day, query.since) if day is not None)
    since = max(begin - SHORT, behind or begin - SHORT)
    yield [("session.starts_at >= {} AND session.ends_at > {}", [since, begin])]
    yield [("session.long AND session.ends_at > {} AND session.starts_at < {}", [begin, begin - SHORT])]


def _wrong_days(query: ProgrammeQuery) -> Iterator[Reason]:
    for name, day in (("day", query.day), ("since", query.since)):
        if day is not None:
            yield from out_of_range(day, f"/{name}")


def _conditions(query: ProgrammeQuery) -> Iterator[Clause]:
    if query.day is not None:
        yield "session.starts_at < {}", [_midnight(query.day + timedelta(days=1))]
    if query.venue is not None:
        yield "session.venue = {}", [query.venue]
    if query.city:
        yield "event.city = {}", [query.city]
    if query.kind is not None:
        yield "event.kind = {}", [query.kind.value]
    if query.union:
        yield access.below(query.union)


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), ZoneInfo(settings.current().zone))


def _view(row: db.Row) -> SessionView:
    event_title = bilingual(row["event_title"])
    return SessionView(
        event_id=row["event_id"],
        id=row["id"],
        contest_id=row["contest_id"],
        title=bilingual(row["title"]) or event_title,
        event_title=event_title,
        venue=row["venue"],
        venue_name=bilingual(row["venue_name"]) if row["venue_name"] else None,
        starts_at=row["starts_at"],
        ends_at=row["ends_at"],
        zone=row["zone"],
        state=SessionState(row["state"]),
        automatic=bool(row["automatic"]),
        previous_starts_at=row["previous_starts_at"],
        previous_venue=row["previous_venue"],
        previous_venue_name=bilingual(row["previous_venue_name"]) if row["previous_venue_name"] else None,
        sequence=row["sequence"],
        version=row["version"],
    )
