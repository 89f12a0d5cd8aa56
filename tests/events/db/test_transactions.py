"""The engines: the same conformance tests on SQLite and on PostgreSQL."""

import asyncio
import sqlite3
from contextlib import suppress
from uuid import UUID

import pytest

from events import clock, db, idempotency, ids, notices
from events.db import sqlite_connection
from events.db.sqlite import SqliteEngine
from events.errors import Interrupted, Unavailable
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


async def write_two(name: str) -> None:
    async with db.transaction():
        await Union.insert(a_union(f"{name}.a."))
        async with db.transaction():
            await notices.post(name)
            await Union.insert(a_union(f"{name}.b."))
        async with db.transaction():
            await db.rows("UPDATE unions SET city = 'c' WHERE path = {}", f"{name}.b.")


async def test_cancelled_at_any_moment_all_is_there_or_nothing(database: str) -> None:
    await write_two("first")
    for moment in range(60):
        task = asyncio.create_task(write_two(f"n{moment}"))
        for _ in range(moment):
            await asyncio.sleep(0)
        task.cancel()
        (result,) = await asyncio.gather(task, return_exceptions=True)
        found = await db.rows("SELECT city FROM unions WHERE path LIKE {} ORDER BY path", f"n{moment}.%")
        assert found in ([], [{"city": ""}, {"city": "c"}])
        assert found or result  # what was not cancelled is there
    await write_two("last")
    assert await Union.count().where(Union.path.like("last.%")) == 2


LATE = [  # refused by the commit alone
    "CREATE TABLE parent (id {integer} PRIMARY KEY)",
    "CREATE TABLE child (parent {integer} REFERENCES parent (id) DEFERRABLE INITIALLY DEFERRED)",
]


async def test_a_commit_that_fails_leaves_nothing_and_gives_the_connection_back(database: str) -> None:
    heard: list[str] = []
    silence = notices.listen(lambda posted: heard.append(posted.kind))
    await db.run_script(LATE)
    for _ in range(12):  # more than there are connections
        with pytest.raises(db.ConstraintViolated) as refused:
            async with db.transaction():
                await notices.post("refused")
                await db.rows("INSERT INTO child VALUES (1)")
        assert refused.value.kind == "foreign_key"
    async with db.transaction():
        await notices.post("kept")
    silence()
    assert heard == ["kept"]
    assert await db.rows("SELECT kind FROM notice") == [{"kind": "kept"}]
    assert await db.rows("SELECT * FROM child") == []


async def test_a_savepoint_within_another_and_beside_it(database: str) -> None:
    async with db.transaction():
        with suppress(RuntimeError):
            async with db.transaction():
                async with db.transaction():
                    await Union.insert(a_union("deep."))
                async with db.transaction():
                    await Union.insert(a_union("deeper."))
                raise RuntimeError
        async with db.transaction():
            await Union.insert(a_union("beside."))
            with suppress(RuntimeError):
                async with db.transaction():
                    await Union.insert(a_union("undone."))
                    raise RuntimeError
        with suppress(RuntimeError):
            async with db.transaction():
                raise RuntimeError
        await Union.insert(a_union("after."))
    assert {row["path"] for row in await Union.select(Union.path)} == {"beside.", "after."}


async def test_of_two_that_wait_for_each_other_one_is_done_again(postgres_url: str) -> None:
    db.connect(postgres_url)
    await Union.insert(a_union("a."), a_union("b."))
    unions = [row["id"] for row in await Union.select(Union.id)]
    both = asyncio.Barrier(2)
    tries = 0

    @db.persistent
    async def lengthen(first: UUID, second: UUID) -> None:
        nonlocal tries
        tries += 1
        async with db.transaction():
            await db.rows("UPDATE unions SET city = city || '.' WHERE id = {}", first)
            if tries <= 2:
                await both.wait()
            await db.rows("UPDATE unions SET city = city || '.' WHERE id = {}", second)

    await db.rows("UPDATE unions SET city = ''")
    await asyncio.gather(lengthen(*unions), lengthen(*reversed(unions)))
    assert tries == 3
    assert await db.rows("SELECT city FROM unions") == [{"city": ".."}] * 2
    await db.close()


async def test_connections_that_the_server_cut_are_replaced(postgres_url: str) -> None:
    db.connect(postgres_url)
    await asyncio.gather(*(db.rows("SELECT 1") for _ in range(30)))
    cut = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'magpie'"
    with pytest.raises(Unavailable):
        async with db.transaction():
            await db.rows(cut + " ORDER BY pid = pg_backend_pid()")
            await db.rows("SELECT 1")
    for _ in range(12):  # some may not have noticed yet
        with suppress(Unavailable):
            await db.rows("SELECT 1")
    async with db.transaction():
        await Union.insert(a_union("kept."))
    assert await Union.count() == 1
    await db.close()


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


async def test_a_beginning_that_fails_while_it_is_cancelled_passes_the_turn_on_once(
    sqlite_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sqlite_connection, "PATIENCE", 0.05)
    engine = db.connect(sqlite_url)
    assert isinstance(engine, SqliteEngine)
    await db.rows("SELECT 1")
    other = sqlite3.connect(sqlite_url.removeprefix("sqlite:"), isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    begun = asyncio.create_task(Union.insert(a_union("cancelled.")).run())
    await asyncio.sleep(0)
    assert engine.writer.waiting
    begun.cancel()
    with pytest.raises(asyncio.CancelledError):
        await begun
    with pytest.raises(Unavailable):
        await Union.insert(a_union("refused."))
    other.rollback()
    other.close()
    await Union.insert(a_union("kept."))
    assert await Union.count() == 1
    await db.close()
