"""May somebody register? Decided by plain functions of plain values, with every reason at once."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import datetime
from itertools import accumulate
from uuid import UUID
from zoneinfo import ZoneInfo

from msgspec import Struct

from events import clock, db, eligibility
from events.eligibility import Candidate
from events.errors import Reason
from events.registering.forms import Verdict
from events.tables import Capacity, Contest, Division, Event, Union
from events.terms import EventState, RegistrationState
from events.text import bilingual

LATER = (EventState.DRAFT, EventState.ANNOUNCED)
SHUT = (EventState.CLOSED, EventState.UNDER_WAY, EventState.FINISHED)


class Held(Struct, frozen=True):
    """A registration that the person already holds, here or in another event at the same time."""

    event_id: UUID
    state: str
    title: str


class Facts(Struct, frozen=True):
    """All that the verdict depends on."""

    event: Event
    now: datetime
    candidate: Candidate | None
    held: Sequence[Held] = ()
    division: Division | None = None
    full: bool = False


def verdict(facts: Facts) -> Verdict:
    """Accepted, or refused with every reason; `until` is the opening when waiting for it is all that is needed."""
    reasons = (*of_time(facts.event, facts.now), *_of_person(facts), *_of_registrations(facts))
    codes = {reason.code for reason in reasons}
    until = facts.event.opens_at if codes == {"not_open_yet"} else None
    return Verdict(not reasons, reasons, until, facts.full and not reasons)


def of_time(event: Event, now: datetime) -> Iterator[Reason]:
    """Why it is not the time to register, whoever asks."""
    if event.state == EventState.CANCELLED:
        yield Reason("cancelled", params={"why": event.reason or ""})
    elif event.state in SHUT or (event.closes_at and now >= event.closes_at):
        yield Reason("closed", params={"at": event.closes_at} if event.closes_at else {})
    elif event.state in LATER or (event.opens_at and now < event.opens_at):
        yield Reason("not_open_yet", params={"at": event.opens_at} if event.opens_at else {})


def _of_person(facts: Facts) -> Iterator[Reason]:
    if facts.candidate is None:
        yield Reason("not_linked")
        return
    day = facts.event.starts_at.astimezone(ZoneInfo(facts.event.zone)).date()
    yield from eligibility.unmet(eligibility.eligibility(facts.event.eligibility), facts.candidate, day)
    if facts.division:
        yield from eligibility.unmet(eligibility.eligibility(facts.division.eligibility), facts.candidate, day)


def _of_registrations(facts: Facts) -> Iterator[Reason]:
    for held in facts.held:
        if held.event_id != facts.event.id:
            yield Reason("clash", params={"event": bilingual(held.title)})
        elif held.state == RegistrationState.REFUSED:
            yield Reason("refused_before")
        elif held.state != RegistrationState.WITHDRAWN:
            yield Reason("already_registered")


HELD = """SELECT registration.event_id AS event_id, registration.state AS state, event.title AS title
    FROM registration JOIN event ON event.id = registration.event_id
    WHERE registration.person = {} AND (event.id = {}
        OR (registration.state IN ('pending', 'confirmed') AND event.state NOT IN ('cancelled', 'finished')
            AND event.starts_at < {} AND event.ends_at > {}))
    ORDER BY event.starts_at, event.id"""

PERSON = """SELECT person.sex AS sex, person.born AS born, unions.path AS path FROM person
    LEFT JOIN member ON member.person = person.id AND member.left_on IS NULL
    LEFT JOIN unions ON unions.id = member."union" WHERE person.id = {}"""


async def facts(event: Event, person: UUID | None, *, contest: Contest | None, division: Division | None) -> Facts:
    """Load what the verdict on a person (or on nobody known) depends on."""
    candidate = await candidate_of(person) if person else None
    rows = await db.rows(HELD, person, event.id, event.ends_at, event.starts_at) if person else []
    held = [Held(row["event_id"], row["state"], row["title"]) for row in rows]
    full = await _full(event.id, (event.id, contest.id) if contest else (event.id,))
    return Facts(event, clock.now(), candidate, held, division, full)


async def candidate_of(person: UUID) -> Candidate | None:
    """What the rules may know of a person."""
    found = await db.row(PERSON, person)
    if found is None:
        return None
    paths = list(accumulate(re.findall(r"[^.]+[.]", found["path"] or "")))  # of every union from the top down
    unions = await Union.select(Union.id).where(Union.path.is_in(paths)) if paths else []
    return Candidate(found["sex"], found["born"], frozenset(row["id"] for row in unions))


async def _full(event_id: UUID, limits: tuple[UUID, ...]) -> bool:
    counters = await Capacity.select().where(Capacity.event_id == event_id)
    return any(row["places"] is not None and row["used"] >= row["places"] for row in counters if row["id"] in limits)
