"""What is asked while one batch is at work is done together by the next."""

import asyncio
from collections.abc import Sequence

import pytest

from events import db
from events.together import Together
from tests.events.contest_factory import make_arena

pytestmark = pytest.mark.anyio


class Gate:
    """Work that waits to be let through, and notes its batches."""

    def __init__(self) -> None:
        self.batches: list[list[int]] = []
        self.open = asyncio.Event()

    async def double(self, asked: Sequence[int]) -> list[int | Exception]:
        self.batches.append(list(asked))
        await self.open.wait()
        return [ValueError(str(one)) if one < 0 else 2 * one for one in asked]


async def turns() -> None:
    for _ in range(5):
        await asyncio.sleep(0)


async def test_one_alone_does_not_wait_for_others() -> None:
    gate = Gate()
    gate.open.set()
    assert await Together(gate.double).ask("key", 1) == 2
    assert gate.batches == [[1]]


async def test_those_who_come_while_a_batch_is_at_work_share_the_next() -> None:
    gate = Gate()
    group = Together(gate.double, largest=3)
    first = asyncio.create_task(group.ask("key", 1))
    await turns()
    others = [asyncio.create_task(group.ask("key", number)) for number in range(2, 7)]
    await turns()
    gate.open.set()
    assert [*await asyncio.gather(first, *others)] == [2, 4, 6, 8, 10, 12]
    assert gate.batches == [[1], [2, 3, 4], [5, 6]]


async def test_keys_do_not_wait_for_each_other() -> None:
    gate = Gate()
    group = Together(gate.double)
    both = [asyncio.create_task(group.ask(key, 1)) for key in ("one", "other")]
    await turns()
    assert gate.batches == [[1], [1]]
    gate.open.set()
    await asyncio.gather(*both)


async def test_a_refusal_is_for_the_one_it_is_for() -> None:
    gate = Gate()
    gate.open.set()
    group = Together(gate.double)
    good, bad = await asyncio.gather(group.ask("key", 1), group.ask("key", -1), return_exceptions=True)
    assert good == 2
    assert isinstance(bad, ValueError)


async def test_what_the_work_raises_all_of_the_batch_get_and_the_next_batch_goes_on() -> None:
    async def fail(_: Sequence[int]) -> list[int | Exception]:
        raise LookupError

    group = Together(fail)
    found = await asyncio.gather(group.ask("key", 1), group.ask("key", 2), return_exceptions=True)
    assert [type(one) for one in found] == [LookupError, LookupError]
    with pytest.raises(LookupError):
        await group.ask("key", 3)


async def test_whoever_goes_away_is_not_worked_for() -> None:
    gate = Gate()
    group = Together(gate.double)
    first = asyncio.create_task(group.ask("key", 1))
    await turns()
    gone, stays = (asyncio.create_task(group.ask("key", number)) for number in (2, 3))
    await turns()
    gone.cancel()
    await turns()
    gate.open.set()
    assert [*await asyncio.gather(first, stays)] == [2, 6]
    assert gate.batches == [[1], [3]]


async def test_columns_are_one_of_these_rows_on_either_engine(database: str) -> None:
    stage = await make_arena()
    found = await db.rows(
        "SELECT stage_id, position, code FROM slot WHERE event_id = {} ORDER BY position", stage.event
    )
    first, second, third = (tuple(row.values()) for row in found)
    other = (first[0], second[1], third[2])
    here, arguments = db.among("stage_id, position, code", [third, other, first, first])
    sql = f"SELECT code FROM slot WHERE event_id = {{}} AND {here} ORDER BY position"
    assert [row["code"] for row in await db.rows(sql, stage.event, *arguments)] == [first[2], third[2]]
    nothing, arguments = db.among("stage_id, position, code", [])
    assert await db.rows(f"SELECT code FROM slot WHERE {nothing}", *arguments) == []
