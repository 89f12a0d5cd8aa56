"""Everything of an event lies with it: keys begin with the event's id, and no hot statement reads other events.

What may differ is written in docs/decisions/009-keys-begin-with-the-event.md. The plans are those among a thousand
copies of one event, whose things bear the same ids: what forgets to name the event finds a thousand rows for one.
"""

import json
import re
from collections.abc import Iterator, Sequence
from datetime import timedelta
from typing import Any, NamedTuple, cast
from uuid import UUID

import pytest

from events import (
    calendars,
    contests,
    db,
    drawing,
    ids,
    marking,
    notices,
    organising,
    publishing,
    registering,
    scheduling,
)
from events.access import ANONYMOUS, Actor
from events.calendars import FeedQuery
from events.organising import EventChange, EventQuery
from events.registering import RegistrationForm, RegistrationQuery, ReviewForm
from events.tables import ALL
from events.terms import RegistrationState
from tests.code import ROOT
from tests.events.contest_factory import Arena, make_arena, mark
from tests.events.factory import START, make_participant
from tests.events.test_constraints import ROWS, fill, one

DECISION = (ROOT / "docs/decisions/009-keys-begin-with-the-event.md").read_text("utf-8")
ACROSS = set(re.findall(r"\w+_by_\w+", DECISION))
FEDERATION = set(" ".join(re.findall(r"^\| (?:whoever|and) [^|]+\| (.+) \|$", DECISION, re.MULTILINE)).split())
TABLES = {table._meta.tablename: table for table in ALL}
OF_EVENTS = [name for name in ROWS if name not in FEDERATION]  # in an order in which rows can be inserted
HOT = {"registration", "capacity", "mark", "board", "entry", "stage", "contest", "session", "slot", "panel", "event"}
COPIES = 300
PLANNED = ("SELECT", "INSERT", "UPDATE", "DELETE", "WITH")


class Index(NamedTuple):
    """An index of a table, and its first column."""

    table: str
    name: str
    first: str


class Reference(NamedTuple):
    """A column of a foreign key."""

    table: str
    name: str
    to: str
    column: str


INDEXES = {
    "sqlite": """SELECT m.name AS "table", l.name AS name, i.name AS first FROM sqlite_master m,
        pragma_index_list(m.name) l, pragma_index_info(l.name) i WHERE m.type = 'table' AND i.seqno = 0""",
    "postgresql": """SELECT i.indrelid::regclass::text AS "table", i.indexrelid::regclass::text AS name,
        a.attname AS first FROM pg_index i JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = i.indkey[0]
        WHERE i.indrelid IN (SELECT oid FROM pg_class WHERE relnamespace = 'public'::regnamespace)""",
}
REFERENCES = {
    "sqlite": """SELECT m.name AS "table", m.name || f.id AS name, f."table" AS "to", f."from" AS "column"
        FROM sqlite_master m, pragma_foreign_key_list(m.name) f WHERE m.type = 'table'""",
    "postgresql": """SELECT c.conrelid::regclass::text AS "table", c.conname AS name,
        c.confrelid::regclass::text AS "to", a.attname AS "column" FROM pg_constraint c
        JOIN pg_attribute a ON a.attrelid = c.conrelid
        AND a.attnum = ANY(c.conkey) WHERE c.contype = 'f'""",
}


async def indexes(kind: str) -> list[Index]:
    return [Index(**row) for row in await db.rows(INDEXES[kind]) if row["table"] in TABLES]


def key(table: str) -> str:
    """The column by which a table of events would be laid out over several databases."""
    return "id" if table == "event" else "event_id"


def kind_of(url: str) -> str:
    return url.partition(":")[0]


async def test_keys_and_references_of_what_belongs_to_an_event_begin_with_it(database: str) -> None:
    kind = kind_of(database)
    found = await indexes(kind)
    other = {index.name for index in found if index.table in OF_EVENTS and index.first != key(index.table)}
    assert other == ACROSS, "every index that serves reading across events is in the decision, and none is missing"
    assert {index.table for index in found if index.first == key(index.table)} >= set(OF_EVENTS)
    columns = [Reference(**row) for row in await db.rows(REFERENCES[kind])]
    whole = {one.name for one in columns if one.column == key(one.table) and one.table in OF_EVENTS}
    assert [one for one in columns if {one.table, one.to} <= set(OF_EVENTS) and one.name not in whole] == []


@pytest.fixture
def sent(database: str, monkeypatch: pytest.MonkeyPatch) -> dict[str, Sequence[object]]:
    """The statements that were sent to the database, by their text, with what they were given."""
    found: dict[str, Sequence[object]] = {}
    engine: Any = db.engine()
    run = engine._run

    async def running(sql: str, arguments: Sequence[object]) -> list[db.Row]:
        found.setdefault(sql, arguments)
        return cast("list[db.Row]", await run(sql, arguments))

    monkeypatch.setattr(engine, "_run", running)
    return found


async def test_hot_statements_read_by_the_event(database: str, sent: dict[str, Sequence[object]]) -> None:
    await fill()  # something in every table
    await db.rows("UPDATE unions SET path = 'js.', code = 'js'")
    arena = await make_arena()
    people = [await make_participant(arena.union) for _ in range(6)]
    for person in people[:4]:
        await registering.register(person, arena.event, RegistrationForm(contest_id=arena.contest))
    await arena.enter_all(arena.codes[0])
    await publishing.restate(arena.event, arena.stage)
    for event in (arena.event, one("event")):
        await copy(event)
    await db.rows("ANALYZE")
    sent.clear()
    await hot(arena, people)
    known = {index.name: index for index in await indexes(kind_of(database))}
    statements = {sql: statement for sql, statement in sent.items() if sql.split()[0] in PLANNED}
    assert {table for table in HOT if any(re.search(rf"\b{table}\b", sql) for sql in statements)} == HOT
    found = {sql: await flaws(kind_of(database), sql, statement, known) for sql, statement in statements.items()}
    assert [f"{said} {sql}" for sql, said in found.items() if said] == []


async def copy(event: UUID) -> None:
    """Copies of an event with all that is in it, under the same ids but for other accounts."""
    accounts = [ids.new() for _ in range(COPIES)]
    many = [(account, str(account), "zh", START) for account in accounts]
    await db.insert("account (id, name, language, created_at)", many)
    twins = [ids.new() for _ in range(COPIES)]
    for table in OF_EVENTS[OF_EVENTS.index("event") :]:
        rows = await TABLES[table].select().where(getattr(TABLES[table], key(table)) == event)
        if rows:
            copies = [_copied(row, event, twin, number) for number, twin in enumerate(twins) for row in rows]
            for number, row in enumerate(copies):
                row |= {name: accounts[number % COPIES] for name in ("account", "leader") if name in row}
            columns = ", ".join(f'"{name}"' for name in copies[0])
            await db.insert(f"{table} ({columns})", [tuple(row.values()) for row in copies])


def _copied(row: db.Row, event: UUID, twin: UUID, number: int) -> db.Row:
    named = {name: twin if value == event else value for name, value in row.items()}
    later = {name: row[name] + timedelta(days=number + 1) for name in ("starts_at", "ends_at") if name in row}
    return named | later


async def hot(arena: Arena, people: list[Actor]) -> None:
    """What crowds ask for on the day."""
    event, organiser = arena.event, arena.organiser
    await organising.change(organiser, event, EventChange(places=5))
    form = RegistrationForm(contest_id=arena.contest)
    late, last = [await registering.register(one, event, form) for one in people[4:]]
    await registering.may_register(people[5], event)
    await registering.withdraw(people[4], event, late.id)
    await registering.review(organiser, event, ReviewForm(registrations=[last.id], confirm=True))
    await registering.check_in(organiser, event, last.reference)
    await registering.ticket(people[5], event, last.reference)
    await registering.own(people[5], event_id=event)
    await registering.standings(people[5], [event])
    await registering.list_registrations(organiser, event, RegistrationQuery(state=RegistrationState.CONFIRMED))
    await registering.list_registrations(organiser, event, RegistrationQuery())
    await registering.how_many(organiser, event, RegistrationQuery(q="a"))
    await registering.counts(organiser, event)
    await registering.presence(organiser, event)
    await marked(arena)
    await read(arena)


async def marked(arena: Arena) -> None:
    """What judges do."""
    judge, (event, stage) = arena.judges[0], (arena.event, arena.stage)
    await marking.duties(judge)
    await marking.sheet(judge, event, stage)
    await arena.enter(judge, mark(arena.codes[1], "style", "5"), mark(arena.codes[1], "care", "2"))
    await arena.enter(judge, mark(arena.codes[1], "style", "6", reason="again"))
    await marking.list_marks(arena.chief, event, stage)
    await marking.progress(arena.chief, event, stage)
    await publishing.restate(event, stage)


async def read(arena: Arena) -> None:
    """What everybody looks at."""
    event, stage = arena.event, arena.stage
    await organising.event(ANONYMOUS, event)
    await organising.some(ANONYMOUS, [event])
    await contests.list_contests(ANONYMOUS, event)
    await contests.list_entries(arena.organiser, event, arena.contest)
    await scheduling.sessions(ANONYMOUS, event)
    await calendars.feed(FeedQuery(event=event, days=None), name="x")
    await publishing.board(arena.chief, event, stage)
    await publishing.results(arena.chief, event)
    await publishing.own_results(arena.judges[0])
    await drawing.drawn(arena.organiser, event, stage)
    await notices.read(event=event)
    await organising.list_events(ANONYMOUS, EventQuery(first=START.date()), limit=10)


async def flaws(kind: str, sql: str, given: Sequence[object], known: dict[str, Index]) -> list[str]:
    """Where the plan of a statement reads things of events by anything but the event or an index of the decision."""
    prefix = "EXPLAIN QUERY PLAN" if kind == "sqlite" else "EXPLAIN (FORMAT JSON)"
    engine: Any = db.engine()
    rows = await engine._run(f"{prefix} {sql}", given)
    if kind == "sqlite":
        return [f"{step}" for step in sqlite_steps(rows, sql) if is_flaw(step, known)]
    plan = json.loads(rows[0]["QUERY PLAN"])[0]["Plan"]
    return [f"{step}" for step in postgres_steps(plan) if is_flaw(step, known)]


class Step(NamedTuple):
    """How a plan reads a table: by an index, with conditions on it, or from end to end."""

    table: str
    by: str
    condition: str


def is_flaw(step: Step, known: dict[str, Index]) -> bool:
    table = known[step.by].table if step.by in known else step.table
    if table not in OF_EVENTS or step.by in ACROSS:
        return False
    return not step.by or not re.search(rf"\b{key(table)}\b", step.condition)


READING = re.compile(r"(?:SCAN|SEARCH) (\w+)(?: USING (?:COVERING )?INDEX (\w+))?(?: \((.*)\))?")


def sqlite_steps(rows: list[db.Row], sql: str) -> Iterator[Step]:
    for row in rows:
        if found := READING.match(row["detail"]):
            alias, index, condition = found.groups(default="")
            named = re.search(rf'(?:FROM|JOIN|,)\s+"?(\w+)"?\s+(?:AS\s+)?"?{alias}\b', sql)
            yield Step(named[1] if named else alias, index, condition)


def postgres_steps(plan: dict[str, Any]) -> Iterator[Step]:
    if "Scan" in plan["Node Type"] and plan["Node Type"] != "Bitmap Heap Scan":
        yield Step(plan.get("Relation Name", ""), plan.get("Index Name", ""), plan.get("Index Cond", ""))
    for below in plan.get("Plans", ()):
        yield from postgres_steps(below)
