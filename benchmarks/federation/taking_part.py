"""Registrations in bulk, with all that the verbs would have left: counters, entries, notices and messages."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from random import Random
from typing import NamedTuple
from uuid import UUID

import msgspec

from benchmarks.federation.plan import Happening
from events import clock, db, ids
from events.terms import EntryState, RegistrationState

R = RegistrationState
Notice = tuple[UUID, str, UUID | None, bool, UUID | None, datetime, str]
MEMBERS = """SELECT m.person AS person, m."union" AS union_id, p.name AS name
    FROM member m JOIN person p ON p.id = m.person WHERE m.left_on IS NULL AND"""
COUNT = "UPDATE capacity SET used = {}, waiting = {}, queued = {} WHERE event_id = {} AND id = {}"
NUMBERED = "UPDATE contest SET last_number = {} WHERE event_id = {} AND id = {}"
REGISTRATION = (
    'registration (event_id, id, person, "union", contest_id, state, reference, note, reason, queue_number, '
    "checked_in_at, checked_in_by, version, created_at, updated_at)"
)
ENTRY = 'entry (event_id, id, contest_id, registration_id, person, "union", number, name, state, created_at)'
NOTICE = 'notice (event_id, kind, subject, "public", account, at, data)'
MESSAGE = "message (id, person, event_id, kind, language, params, created_at)"
MORE = 1.1  # so many more ask than there are places
REFUSAL = "材料不齐"
PRESENT = 0.94


class Where(NamedTuple):
    """What people register for; `until` is when the last of them did, `desk` checks them in."""

    event: UUID
    contest: UUID | None
    starts: datetime
    until: datetime
    desk: UUID | None


class Made(NamedTuple):
    """A registration, when it was made, and when somebody came."""

    id: UUID
    person: UUID
    union: UUID
    name: str
    at: datetime
    state: RegistrationState
    reference: str
    turn: int | None
    came: datetime | None


async def register(one: Happening, where: Where, unions: Sequence[UUID], luck: Random) -> int:
    """Have people register, within the running transaction; gives how many did."""
    these, arguments = db.one_of(unions)
    rows = await db.rows(f'{MEMBERS} m."union" {these} ORDER BY p.name, p.born, p.id', *arguments)
    made = list(_made(one, where, luck.sample(rows, min(len(rows), round(one.people * MORE))), luck))
    await db.insert(REGISTRATION, [_registration(where, row) for row in made])
    await _count(where, made)
    entered = await _enter(where, [row for row in made if row.state == R.CONFIRMED]) if where.contest else []
    notices = sorted([*_notices(where, made), *entered], key=lambda notice: notice[5])
    await db.insert(NOTICE, notices)
    await db.insert(MESSAGE, [_message(where, row) for row in made])
    return len(made)


def _made(one: Happening, where: Where, people: Sequence[db.Row], luck: Random) -> Iterator[Made]:
    """In the order in which they came: those who come when all places are taken wait."""
    opens = where.starts - timedelta(days=30)
    last = max(min(where.starts - timedelta(days=2), where.until), opens)
    moments = sorted(opens + (last - opens) * luck.random() for _ in people)
    left, waiting = one.people, 0
    for human, at in zip(people, moments, strict=True):
        state = _state(luck, full=left <= 0)
        left, waiting = left - (state == R.CONFIRMED), waiting + (state == R.WAITING)
        came = state == R.CONFIRMED and one.day < 0 and luck.random() < PRESENT
        with clock.at(at):
            yield Made(
                ids.new(), human["person"], human["union_id"], human["name"], at, state,
                "".join(luck.choices(ids.REFERENCE_LETTERS, k=8)), waiting if state == R.WAITING else None,
                where.starts - timedelta(minutes=luck.randrange(1, 60)) if came else None,
            )  # fmt: skip


def _state(luck: Random, *, full: bool) -> RegistrationState:
    chance = luck.random()
    if chance < 0.07:
        return R.WITHDRAWN if chance < 0.05 else R.REFUSED
    return R.WAITING if full else R.CONFIRMED


def _registration(where: Where, row: Made) -> tuple[object, ...]:
    reason, desk = REFUSAL if row.state == R.REFUSED else None, where.desk if row.came else None
    return (
        where.event, row.id, row.person, row.union, where.contest, row.state, row.reference, "", reason, row.turn,
        row.came, desk, 2 + (row.came is not None), row.at, row.at,
    )  # fmt: skip


async def _count(where: Where, made: Sequence[Made]) -> None:
    states = Counter(row.state for row in made)
    waiting = states[R.WAITING]
    await db.rows(COUNT, states[R.CONFIRMED], waiting, waiting, where.event, where.event)
    if where.contest:
        await db.rows(COUNT, states[R.CONFIRMED], 0, 0, where.event, where.contest)


async def _enter(where: Where, confirmed: Sequence[Made]) -> list[Notice]:
    """Their entries; gives the notices of them."""
    entries = [
        (where.event, ids.new(), where.contest, row.id, row.person, row.union, number, row.name, EntryState.COMPETING,
         row.at)
        for number, row in enumerate(confirmed, 1)
    ]  # fmt: skip
    await db.insert(ENTRY, entries)
    await db.rows(NUMBERED, len(entries), where.event, where.contest)
    return [
        (where.event, "entry.added", where.contest, False, None, row.at, _json({"entry": str(entry[1])}))
        for entry, row in zip(entries, confirmed, strict=True)
    ]


def _notices(where: Where, made: Sequence[Made]) -> Iterator[Notice]:
    for row in made:
        first = R.CONFIRMED if row.state in (R.WITHDRAWN, R.REFUSED) else row.state
        yield where.event, f"registration.{first}", row.id, False, None, row.at, "{}"
        if first != row.state:
            yield where.event, f"registration.{row.state}", row.id, False, None, row.at, "{}"
        if row.came:
            yield where.event, "registration.checked_in", row.id, False, where.desk, row.came, "{}"


def _message(where: Where, row: Made) -> tuple[object, ...]:
    said = {"reference": row.reference, "position": row.turn, "reason": REFUSAL if row.state == R.REFUSED else None}
    kept = {name: value for name, value in said.items() if value is not None}
    return ids.new(), row.person, where.event, f"registration.{row.state}", "zh", _json(kept), row.at


def _json(data: Mapping[str, object]) -> str:
    return msgspec.json.encode(data).decode()
