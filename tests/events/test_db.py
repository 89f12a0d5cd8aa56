"""The engines: the same conformance tests on SQLite and on PostgreSQL."""

import asyncio
import sqlite3
from contextlib import suppress

import pytest

from events import clock, db, idempotency, ids, notices
from events.db.sqlite import SqliteEngine
from events.errors import Interrupted
from events.tables import Union
from tests.events.factory import make_union


def a_union(path: str) -> Union:
    return Union(id=ids.new(), path=path, code=path, name="{}", level="city", city="", created_at=clock.now())


async def test_what_fails_leaves_nothing(database: str) -> None:
    with pytest.raises(RuntimeError):
        async with db.transaction():
            await Union.insert(a_union("a."))
            raise RuntimeError
    assert await Union.count() == 0


async def test_a_nested_transaction_is_a_savepoint(database: str) -> None:
    async with db.transaction():
        await Union.insert(a_union("kept."))
        with pytest.raises(db.ConstraintViolated):
            async with db.transaction():
                await Union.insert(a_union("undone."))
                await Union.insert(a_union("kept."))
        await Union.insert(a_union("after."))
    assert {row["path"] for row in await Union.select(Union.path)} == {"kept.", "after."}


async def test_a_crowd_of_writers_waits_its_turn(database: str) -> None:
    union = await make_union()
    await db.rows("UPDATE unions SET city = '' WHERE id = {}", union)

    async def lengthen() -> None:
        async with db.transaction():
            await db.rows("UPDATE unions SET city = city || '.' WHERE id = {}", union)

    await asyncio.gather(*(lengthen() for _ in range(200)))
    found = await db.row("SELECT city FROM unions WHERE id = {}", union)
    assert found == {"city": "." * 200}


async def test_a_cancelled_transaction_gives_the_connection_back(database: str) -> None:
    async def never_ends() -> None:
        async with db.transaction():
            await Union.insert(a_union("lost."))
            await asyncio.get_running_loop().create_future()

    for _ in range(30):
        task = asyncio.create_task(never_ends())
        while not task.done() and not (await asyncio.wait([task], timeout=0.001))[0]:
            task.cancel()
        await asyncio.gather(task, return_exceptions=True)
    await Union.insert(a_union("kept."))
    assert [row["path"] for row in await Union.select(Union.path)] == ["kept."]


async def test_a_task_started_within_a_transaction_is_outside_it(database: str) -> None:
    async def count() -> int:
        return int(await Union.count())

    async with db.transaction():
        await Union.insert(a_union("a."))
        seen = await asyncio.create_task(count())
    assert seen == 0
    assert await Union.count() == 1


async def test_listeners_hear_only_what_became_durable(database: str) -> None:
    heard: list[str] = []
    silence = notices.listen(lambda posted: heard.append(posted.kind))
    async with db.transaction():
        await notices.post("first")
        with pytest.raises(RuntimeError):
            async with db.transaction():
                await notices.post("undone")
                raise RuntimeError
        assert heard == []
    silence()
    assert heard == ["first"]


async def test_listeners_hear_all_that_became_durable_also_of_who_was_cancelled(database: str) -> None:
    heard: list[str] = []
    silence = notices.listen(lambda posted: heard.append(posted.kind))

    async def write(number: int) -> None:
        async with db.transaction():
            await notices.post(f"n{number}")

    for number in range(60):
        task = asyncio.create_task(write(number))
        for _ in range(10 * number):
            await asyncio.sleep(0)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
    silence()
    assert heard == [row["kind"] for row in await db.rows("SELECT kind FROM notice ORDER BY number")]


async def test_the_feed_misses_nothing_while_many_write(database: str) -> None:
    read: list[str] = []

    async def write(number: int) -> None:
        async with db.transaction():
            await notices.post(f"n{number}")

    async def follow() -> None:
        async for notice in notices.follow(public_only=False):
            read.append(notice.kind)
            if len(read) == 300:
                return

    following = asyncio.create_task(follow())
    await asyncio.gather(*(write(number) for number in range(300)))
    await asyncio.wait_for(following, 30)
    assert sorted(read) == sorted(f"n{number}" for number in range(300))


DEADLOCK = "DO $$ BEGIN RAISE EXCEPTION 'interrupted' USING ERRCODE = '40P01'; END $$"


async def test_a_request_that_is_interrupted_is_carried_out_again_and_but_once(postgres_url: str) -> None:
    db.connect(postgres_url)
    tries = 0

    async def request() -> None:
        nonlocal tries
        async with idempotency.attempt() as attempt:
            tries += 1
            await Union.insert(a_union(f"try {tries}."))
            with suppress(Interrupted):  # a route makes an answer of it
                if tries < 3:
                    await db.rows(DEADLOCK)
                attempt.keep = True

    await idempotency.again(request)
    assert [row["path"] for row in await Union.select(Union.path)] == ["try 3."]
    tries = -5
    with pytest.raises(Interrupted):  # in the end it is said
        await idempotency.again(request)
    await db.close()


async def test_times_come_back_aware_and_in_utc(database: str) -> None:
    union = await make_union()
    found = await Union.select(Union.created_at).where(Union.id == union).first()
    assert found is not None
    assert found["created_at"].utcoffset().total_seconds() == 0


async def test_connections_open_again_after_closing(database: str) -> None:
    await Union.insert(a_union("a."))
    await db.close()
    assert await Union.count() == 1


async def test_a_beginning_that_fails_while_it_is_cancelled_passes_the_turn_on_once(sqlite_url: str) -> None:
    engine = db.connect(sqlite_url)
    assert isinstance(engine, SqliteEngine)
    await db.rows("SELECT 1")
    await engine.writer.call(lambda connection: connection.execute("PRAGMA busy_timeout = 50"))
    other = sqlite3.connect(sqlite_url.removeprefix("sqlite:"), isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    begun = asyncio.create_task(Union.insert(a_union("cancelled.")).run())
    await asyncio.sleep(0)
    assert engine._turn.locked()
    begun.cancel()
    with pytest.raises(asyncio.CancelledError):
        await begun
    other.rollback()
    other.close()
    await Union.insert(a_union("kept."))
    assert await Union.count() == 1
    await db.close()
