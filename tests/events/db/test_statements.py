"""What statements give and take: every type there and back, many rows or none, one of many values."""

import asyncio
import sqlite3
import threading
from datetime import UTC, date, datetime
from uuid import UUID

import pytest

from events import db, ids
from events.db.sqlite import SqliteEngine
from events.db.sqlite_connection import TookLong

TABLE = """CREATE TABLE everything (number {integer} NOT NULL UNIQUE, id {uuid}, at {time}, day {date}, digest {bytes},
    name {text}, done {boolean})"""
NAMES = "everything (number, id, at, day, digest, name, done)"
AT = datetime(2026, 5, 1, 8, 30, 0, 123456, tzinfo=UTC)
RARE = "工会𠮷🏸 \"q\" 'a' \\N \\ tab\t line\n {} $1 ? % 'é'"
LONG = "SELECT count(*) AS n FROM (WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 100000) \
SELECT i FROM n) AS counted"
FEW, MANY = 3, 40


def a_row(number: int) -> tuple[object, ...]:
    if number % 3 == 2:
        return (number, None, None, None, None, None, None)
    return (number, ids.new(), AT, date(2026, 5, 1), bytes([0, 255, number]), RARE * (number % 2), number % 2 == 0)


@pytest.fixture
async def everything(database: str) -> str:
    """A database with a table that has a column of every type."""
    await db.run_script([TABLE])
    return database


@pytest.mark.parametrize("size", [0, 1, FEW, MANY])
async def test_rows_of_every_type_come_back_as_they_were(everything: str, size: int) -> None:
    many = [a_row(number) for number in range(size)]
    await db.insert(NAMES, many)
    async with db.transaction():
        await db.insert(NAMES, [(size + number, *row[1:]) for number, row in enumerate(many)])
    found = [tuple(row.values()) for row in await db.rows("SELECT * FROM everything ORDER BY number")]
    assert found[:size] == many
    assert [row[1:] for row in found[size:]] == [row[1:] for row in many]
    assert all(isinstance(value, str | UUID | bytes | datetime | date | int | None) for row in found for value in row)


@pytest.mark.parametrize("size", [FEW, MANY])
async def test_rows_are_written_all_or_none(everything: str, size: int) -> None:
    await db.insert(NAMES, [a_row(size - 1)])
    with pytest.raises(db.ConstraintViolated) as refused:
        await db.insert(NAMES, [a_row(number) for number in range(size)])
    assert refused.value.kind == "unique"
    async with db.transaction():
        with pytest.raises(db.ConstraintViolated):
            async with db.transaction():
                await db.insert(NAMES, [a_row(number) for number in range(size)])
        await db.insert(NAMES, [a_row(size)])
    assert [row["number"] for row in await db.rows("SELECT number FROM everything ORDER BY number")] == [size - 1, size]


@pytest.mark.parametrize("column", ["number", "id", "digest", "name"])
async def test_one_of_any_number_of_values(everything: str, column: str) -> None:
    rows = [(number, ids.new(), None, None, bytes([number]), f"{number}号", None) for number in range(MANY)]
    await db.insert(NAMES, rows)
    place = ["number", "id", "", "", "digest", "name"].index(column)
    for size in (0, 1, 2, 3, MANY):
        which, values = db.one_of([row[place] for row in rows[:size]])
        found = await db.rows(f"SELECT number FROM everything WHERE {column} {which} ORDER BY number", *values)
        assert [row["number"] for row in found] == list(range(size))


async def test_nothing_is_one_of_none(everything: str) -> None:
    await db.insert(NAMES, [a_row(2)])  # of nulls
    which, values = db.one_of([])
    assert await db.rows(f"SELECT number FROM everything WHERE name {which}", *values) == []


async def test_what_reads_long_keeps_nobody_waiting(sqlite_url: str) -> None:
    engine, gate = db.connect(sqlite_url), threading.Event()
    assert isinstance(engine, SqliteEngine)
    await db.run_script([TABLE])
    await db.insert(NAMES, [a_row(1)])

    def read_long(_: sqlite3.Connection) -> None:
        if threading.current_thread() is threading.main_thread():
            raise TookLong
        gate.wait()

    long = [asyncio.create_task(engine.read(read_long)) for _ in range(6)]
    await asyncio.sleep(0)
    async with db.transaction():
        await db.rows("UPDATE everything SET number = 2")
        inside = await db.row("SELECT number FROM everything")
    assert await db.row("SELECT number FROM everything") == inside == {"number": 2}
    assert not any(task.done() for task in long)
    gate.set()
    await asyncio.gather(*long)
    await db.close()


async def test_what_takes_long_is_right(everything: str) -> None:
    assert await asyncio.gather(*(db.rows(LONG) for _ in range(3))) == [[{"n": 100_000}]] * 3


async def test_long_statements_within_a_transaction_belong_to_it(everything: str) -> None:
    async with db.transaction():
        await db.insert(NAMES, [a_row(number) for number in range(MANY)])
        assert await db.rows(LONG) == [{"n": 100_000}]
        for _ in range(3):  # known to be slow from the first on
            await db.rows(f"UPDATE everything SET number = number + {MANY} WHERE 0 < ({LONG})")
        assert await db.row("SELECT min(number) AS least FROM everything") == {"least": 3 * MANY}
    assert await db.row("SELECT min(number) AS least FROM everything") == {"least": 3 * MANY}


async def test_what_names_an_unknown_table_says_so(database: str) -> None:
    with pytest.raises(db.SchemaMismatch):
        await db.rows("SELECT * FROM nowhere")
    async with db.transaction():
        with pytest.raises(db.SchemaMismatch):
            async with db.transaction():
                await db.rows("UPDATE nowhere SET a = 1")
        await db.run_script([TABLE])
    assert await db.rows("SELECT * FROM everything") == []
