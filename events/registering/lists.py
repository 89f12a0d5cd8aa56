"""Registrations as they are read: one's own, an event's list, the place on the wait-list."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from events import access, clock, db, paging, people
from events.access import Actor, Right
from events.registering.forms import Presence, RegistrationQuery, RegistrationView
from events.tables import Registration
from events.terms import RegistrationState
from events.text import bilingual

DAYS = 28
MOST_COUNTED = 50_000

SELECT = """SELECT registration.*, person.name AS person_name, person.sort_name AS sort_name, unions.name AS union_name,
        event.title AS event_title, contest.title AS contest_title, division.title AS division_title,
        capacity.waiting AS waiting
    FROM registration JOIN person ON person.id = registration.person
    JOIN event ON event.id = registration.event_id
    JOIN capacity ON capacity.event_id = registration.event_id AND capacity.id = registration.event_id
    LEFT JOIN unions ON unions.id = registration."union"
    LEFT JOIN contest ON contest.event_id = registration.event_id AND contest.id = registration.contest_id
    LEFT JOIN division ON division.event_id = registration.event_id AND division.id = registration.division_id"""

IN_EVENTS = 'SELECT event.id FROM event JOIN unions ON unions.id = event."union"'
POSITION = """SELECT COUNT(*) AS before FROM registration
    WHERE event_id = {} AND state = 'waiting' AND queue_number <= {}"""


async def registration(actor: Actor, event_id: UUID, registration_id: UUID) -> RegistrationView:
    """One registration: for its person, for whoever made it, and for the event's registrars."""
    access.signed_in(actor)
    row = await db.row(
        f"{SELECT} WHERE registration.event_id = {{}} AND registration.id = {{}}", event_id, registration_id
    )
    if row is None or not await _may_see(actor, row):
        raise access.not_found()
    return await view(row)


async def ticket(actor: Actor, event_id: UUID, reference: str) -> RegistrationView:
    """The registration with this reference: for its person, for whoever made it, and for the event's registrars."""
    access.signed_in(actor)
    row = await db.row(
        f"{SELECT} WHERE registration.event_id = {{}} AND registration.reference = {{}}", event_id, reference.upper()
    )
    if row is None or not await _may_see(actor, row):
        raise access.not_found()
    return await view(row)


async def own(
    actor: Actor, *, event_id: UUID | None = None, cursor: str = "", limit: int = 50
) -> paging.Page[RegistrationView]:
    """The actor's own registrations, newest first."""
    access.signed_in(actor)
    conditions: list[str] = ["registration.person = {}"]
    arguments: list[object] = [actor.person]
    if event_id:
        conditions.append("registration.event_id = {}")
        arguments.append(event_id)
    return await _page(conditions, arguments, cursor=cursor, limit=limit)


async def of_person(actor: Actor, person: UUID, *, cursor: str = "", limit: int = 50) -> paging.Page[RegistrationView]:
    """A person's registrations (Right KEEP_PEOPLE), newest first: those that the actor reviews, made, or has."""
    await people.look(actor, person)
    reviewed, arguments = access.within(actor, Right.REVIEW)
    seen = f"registration.event_id IN ({IN_EVENTS} WHERE {reviewed})"
    conditions = ["registration.person = {}", f"({seen} OR registration.registered_by = {{}} OR person.id = {{}})"]
    return await _page(conditions, [person, *arguments, actor.account, actor.person], cursor=cursor, limit=limit)


async def list_registrations(
    actor: Actor, event_id: UUID, query: RegistrationQuery, *, cursor: str = "", limit: int = 50
) -> paging.Page[RegistrationView]:
    """The registrations of an event, newest first (Right REVIEW)."""
    await access.event_for(actor, Right.REVIEW, event_id)
    conditions: list[str] = ["registration.event_id = {}"]
    arguments: list[object] = [event_id]
    for clause, *values in _filters(query):
        conditions.append(clause)
        arguments += values
    return await _page(conditions, arguments, cursor=cursor, limit=limit)


async def counts(actor: Actor, event_id: UUID) -> dict[RegistrationState, int]:
    """How many registrations of an event are in each state (Right REVIEW)."""
    await access.event_for(actor, Right.REVIEW, event_id)
    rows = await db.rows("SELECT state, COUNT(*) AS n FROM registration WHERE event_id = {} GROUP BY state", event_id)
    found = {RegistrationState(row["state"]): int(row["n"]) for row in rows}
    return {state: found.get(state, 0) for state in RegistrationState}


async def presence(actor: Actor, event_id: UUID) -> Presence:
    """How many of those who are confirmed have come (Right CHECK_IN)."""
    await access.event_for(actor, Right.CHECK_IN, event_id)
    found = await db.row(
        "SELECT COUNT(*) AS expected, COUNT(checked_in_at) AS here FROM registration"
        " WHERE event_id = {} AND state = 'confirmed'",
        event_id,
    )
    assert found is not None
    return Presence(int(found["here"]), int(found["expected"]))


async def by_day(actor: Actor, event_id: UUID) -> dict[date, int]:
    """How many registrations came on each of the last 28 days (Right REVIEW), days being those of the event's zone."""
    event = await access.event_for(actor, Right.REVIEW, event_id)
    zone = ZoneInfo(event.zone)
    today = clock.now().astimezone(zone).date()
    days = {today - timedelta(days=before): 0 for before in reversed(range(DAYS))}
    first = datetime.combine(min(days), time(), zone)
    since = (Registration.event_id == event_id) & (Registration.created_at >= first)
    rows = await Registration.select(Registration.created_at).where(since).limit(MOST_COUNTED)
    for row in rows:
        days[row["created_at"].astimezone(zone).date()] += 1
    return days


async def view(row: db.Row) -> RegistrationView:
    """A row of `SELECT` as it is shown."""
    return RegistrationView(
        event_id=row["event_id"], id=row["id"], event_title=bilingual(row["event_title"]),
        person=row["person"], person_name=row["person_name"],
        union_name=bilingual(row["union_name"]) if row["union_name"] else None,
        contest_id=row["contest_id"], contest_title=bilingual(row["contest_title"]) if row["contest_title"] else None,
        division_id=row["division_id"],
        division_title=bilingual(row["division_title"]) if row["division_title"] else None,
        state=RegistrationState(row["state"]), reference=row["reference"], note=row["note"], reason=row["reason"],
        position=await _position(row), waiting=row["waiting"], checked_in_at=row["checked_in_at"],
        version=row["version"], created_at=row["created_at"], updated_at=row["updated_at"],
    )  # fmt: skip


def _filters(query: RegistrationQuery) -> Iterator[tuple[Any, ...]]:
    if query.state:
        yield "registration.state = {}", query.state
    if query.contest_id:
        yield "registration.contest_id = {}", query.contest_id
    if query.q:
        yield "(person.name LIKE {} OR registration.reference = {})", f"%{query.q}%", query.q.upper()


async def _page(
    conditions: list[str], arguments: list[object], *, cursor: str, limit: int
) -> paging.Page[RegistrationView]:
    values = [*arguments]
    if cursor:
        conditions = [*conditions, "(registration.created_at, registration.id) < ({}, {})"]
        values += paging.key_of(cursor, tuple[datetime, UUID])
    rows = await db.rows(
        f"{SELECT} WHERE {' AND '.join(conditions)}"
        f" ORDER BY registration.created_at DESC, registration.id DESC LIMIT {limit + 1:d}",
        *values,
    )
    views = [await view(row) for row in rows]
    return paging.page(views, limit, lambda item: item, lambda item: (item.created_at, item.id))


async def _position(row: db.Row) -> int | None:
    if row["state"] != RegistrationState.WAITING:
        return None
    found = await db.row(POSITION, row["event_id"], row["queue_number"])
    return int(found["before"]) if found else None


async def _may_see(actor: Actor, row: db.Row) -> bool:
    if actor.person == row["person"] or actor.account == row["registered_by"]:
        return True
    event = await access.event_to_see(actor, row["event_id"])
    return await access.may_in_event(actor, Right.REVIEW, event)
