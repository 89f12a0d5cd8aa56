"""Registrations as they are read: one's own, an event's list, the place on the wait-list."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from events import access, clock, crypto, db, paging, people
from events.access import Actor, Right
from events.registering.forms import Presence, RegistrationQuery, RegistrationView, Sort
from events.tables import Registration
from events.terms import RegistrationState
from events.text import bilingual, holds

DAYS = 28
MOST_COUNTED = 50_000

FROM = """FROM registration JOIN person ON person.id = registration.person
    LEFT JOIN unions ON unions.id = registration."union"
    LEFT JOIN contest ON contest.event_id = registration.event_id AND contest.id = registration.contest_id"""
COLUMNS = f"""registration.*, person.name AS person_name, unions.name AS union_name,
        event.title AS event_title, contest.title AS contest_title, division.title AS division_title,
        capacity.waiting AS waiting,
        CASE WHEN registration.state = 'waiting' THEN (SELECT COUNT(*) FROM registration before
            WHERE before.event_id = registration.event_id AND before.state = 'waiting'
            AND before.queue_number <= registration.queue_number) END AS position
    {FROM} JOIN event ON event.id = registration.event_id
    JOIN capacity ON capacity.event_id = registration.event_id AND capacity.id = registration.event_id
    LEFT JOIN division ON division.event_id = registration.event_id AND division.id = registration.division_id"""  # noqa: S608
SELECT = f"SELECT {COLUMNS}"

# What is sorted by, before the time and the id that make every order a total one. The default has an index; the others
# sort an event's registrations in one pass, and an expression keeps PostgreSQL from walking all people by name instead.
KEYS = {
    "name": "(person.sort_name || '')",
    "union": "COALESCE(unions.path, '')",
    "contest": "COALESCE(contest.number, 0)",
    "state": "CASE registration.state WHEN 'pending' THEN 1 WHEN 'waiting' THEN 2 WHEN 'confirmed' THEN 3"
    " WHEN 'refused' THEN 4 ELSE 5 END",
}
IN_EVENTS = 'SELECT event.id FROM event JOIN unions ON unions.id = event."union"'
TIME = ("registration.created_at", "registration.id")


async def registration(actor: Actor, event_id: UUID, registration_id: UUID) -> RegistrationView:
    """One registration: for its person, for whoever made it, and for the event's registrars."""
    access.signed_in(actor)
    row = await db.row(
        f"{SELECT} WHERE registration.event_id = {{}} AND registration.id = {{}}", event_id, registration_id
    )
    if row is None or not await _may_see(actor, row):
        raise access.not_found()
    return view(row)


async def some(actor: Actor, event_id: UUID, registrations: Sequence[UUID]) -> list[RegistrationView]:
    """These registrations of an event in this order (Right REVIEW)."""
    await access.event_for(actor, Right.REVIEW, event_id)
    these, ids = db.one_of(registrations)
    found = await db.rows(f"{SELECT} WHERE registration.event_id = {{}} AND registration.id {these}", event_id, *ids)
    known = {row["id"]: view(row) for row in found}
    return [known[one] for one in registrations]


async def ticket(actor: Actor, event_id: UUID, reference: str) -> RegistrationView:
    """The registration with this reference: for its person, for whoever made it, and for the event's registrars."""
    access.signed_in(actor)
    row = await db.row(
        f"{SELECT} WHERE registration.event_id = {{}} AND registration.reference = {{}}", event_id, reference.upper()
    )
    if row is None or not await _may_see(actor, row):
        raise access.not_found()
    return view(row)


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
    found = await _rows(conditions, arguments, Sort.NEWEST, cursor=cursor, limit=limit)
    return _page(found, limit)


async def of_person(actor: Actor, person: UUID, *, cursor: str = "", limit: int = 50) -> paging.Page[RegistrationView]:
    """A person's registrations (Right KEEP_PEOPLE), newest first: those that the actor reviews, made, or has."""
    await people.look(actor, person)
    reviewed, arguments = access.within(actor, Right.REVIEW)
    seen = f"registration.event_id IN ({IN_EVENTS} WHERE {reviewed})"
    conditions = ["registration.person = {}", f"({seen} OR registration.registered_by = {{}} OR person.id = {{}})"]
    given = [person, *arguments, actor.account, actor.person]
    return _page(await _rows(conditions, given, Sort.NEWEST, cursor=cursor, limit=limit), limit)


async def list_registrations(
    actor: Actor, event_id: UUID, query: RegistrationQuery, *, cursor: str = "", limit: int = 50
) -> paging.Page[RegistrationView]:
    """The registrations of an event, newest first unless sorted otherwise (Right REVIEW)."""
    await access.event_for(actor, Right.REVIEW, event_id)
    conditions, arguments = within(event_id, query)
    found = await _rows(conditions, arguments, query.sort, cursor=cursor, limit=limit)
    return _page(found, limit)


def within(event_id: UUID, query: RegistrationQuery) -> tuple[list[str], list[object]]:
    """Conditions on `FROM`, and their arguments: the registrations of an event that a query wants."""
    pieces = [("registration.event_id = {}", event_id), *_filters(query)]
    return [clause for clause, *_ in pieces], [value for _, *values in pieces for value in values]


async def how_many(actor: Actor, event_id: UUID, query: RegistrationQuery) -> int:
    """How many registrations of an event a query wants (Right REVIEW)."""
    await access.event_for(actor, Right.REVIEW, event_id)
    conditions, arguments = within(event_id, query)
    found = await db.row(f"SELECT COUNT(*) AS n {FROM} WHERE {' AND '.join(conditions)}", *arguments)
    return int(found["n"]) if found else 0


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


def view(row: db.Row) -> RegistrationView:
    """A row of `SELECT` as it is shown."""
    return RegistrationView(
        event_id=row["event_id"], id=row["id"], event_title=bilingual(row["event_title"]),
        person=row["person"], person_name=row["person_name"],
        union_name=bilingual(row["union_name"]) if row["union_name"] else None,
        contest_id=row["contest_id"], contest_title=bilingual(row["contest_title"]) if row["contest_title"] else None,
        division_id=row["division_id"],
        division_title=bilingual(row["division_title"]) if row["division_title"] else None,
        state=RegistrationState(row["state"]), reference=row["reference"], note=row["note"], reason=row["reason"],
        position=row["position"], waiting=row["waiting"], checked_in_at=row["checked_in_at"],
        version=row["version"], created_at=row["created_at"], updated_at=row["updated_at"],
    )  # fmt: skip


def _filters(query: RegistrationQuery) -> Iterator[tuple[Any, ...]]:
    if query.state:
        yield "registration.state = {}", query.state
    if query.contest_id:
        yield "registration.contest_id = {}", query.contest_id
    if query.phone:
        yield "person.phone_index = {}", crypto.blind_index(query.phone, of="phone")
    if query.q:
        clause, names = holds("person.name", query.q)
        yield f"({clause} OR registration.reference = {{}})", *names, query.q.strip().upper()


async def _rows(
    conditions: Iterable[str], arguments: Sequence[object], sort: Sort, *, cursor: str, limit: int
) -> list[db.Row]:
    """One row more than `limit`, each with its `sort_key`; what is shown of them is looked up once they are found."""
    key = KEYS.get(sort.lstrip("-"), "")
    order = [one for one in (key, *TIME) if one]
    clauses, values, (compare, way) = [*conditions], [*arguments], ("<", "DESC") if sort[0] == "-" else (">", "ASC")
    if cursor:
        clauses.append(f"({', '.join(order)}) {compare} ({', '.join(['{}'] * len(order))})")
        values += paging.key_of(cursor, tuple[str | int, datetime, UUID] if key else tuple[datetime, UUID])
    ordered = f"ORDER BY {', '.join(f'{one} {way}' for one in order)}"
    found = f"SELECT registration.event_id, registration.id {FROM} WHERE {' AND '.join(clauses)} {ordered}"
    whole = f"SELECT {key or 'NULL'} AS sort_key, {COLUMNS} WHERE (registration.event_id, registration.id) IN"
    return await db.rows(f"{whole} ({found} LIMIT {limit + 1:d}) {ordered}", *values)


def _page(rows: list[db.Row], limit: int) -> paging.Page[RegistrationView]:
    return paging.page(rows, limit, view, _key)


def _key(row: db.Row) -> tuple[object, ...]:
    key, time = row["sort_key"], (row["created_at"], row["id"])
    return time if key is None else (key, *time)


async def _may_see(actor: Actor, row: db.Row) -> bool:
    if actor.person == row["person"] or actor.account == row["registered_by"]:
        return True
    event = await access.event_to_see(actor, row["event_id"])
    return await access.may_in_event(actor, Right.REVIEW, event)
