"""Tasks: enqueued with a change, run once, tried again, given up, taken over after a crash."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest
import time_machine

from events import clock, db, notices, tasks
from events.tables import Task

pytestmark = pytest.mark.usefixtures("database")


@pytest.fixture
def ran(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What tasks of the kind `noted` were given; `broken` ones fail."""
    found: list[str] = []
    monkeypatch.setattr(tasks, "_handlers", dict(tasks._handlers))
    monkeypatch.setattr(tasks, "_duties", {})

    @tasks.runs("noted")
    async def note(word: str) -> None:
        found.append(word)

    @tasks.runs("broken")
    async def fail() -> None:
        raise RuntimeError("it does not work")

    return found


async def state_of(task: Any) -> dict[str, Any]:
    found = await db.row("SELECT * FROM task WHERE id = {}", task)
    assert found is not None
    return found


async def test_a_task_runs_once_when_its_transaction_is_durable(ran: list[str]) -> None:
    async with db.transaction():
        task = await tasks.enqueue("noted", word="a")
    assert await tasks.run_due() == 1
    assert await tasks.run_due() == 0
    assert ran == ["a"]
    assert (await state_of(task))["state"] == "done"


async def test_a_task_of_a_rolled_back_transaction_never_was(ran: list[str]) -> None:
    with pytest.raises(RuntimeError):
        async with db.transaction():
            await tasks.enqueue("noted", word="a")
            raise RuntimeError
    assert await tasks.run_due() == 0


async def test_a_task_waits_for_its_time(ran: list[str]) -> None:
    now = clock.now()
    await tasks.enqueue("noted", due_at=now + timedelta(hours=1), word="later")
    assert await tasks.run_due() == 0
    with time_machine.travel(now + timedelta(hours=1), tick=False):
        assert await tasks.run_due() == 1


async def test_a_failing_task_is_tried_eight_times_ever_later(ran: list[str]) -> None:
    task = await tasks.enqueue("broken")
    pauses = []
    with time_machine.travel(clock.now(), tick=False) as traveller:
        while await tasks.run_due():
            found = await state_of(task)
            pauses.append(int((found["due_at"] - clock.now()).total_seconds()))
            traveller.move_to(max(found["due_at"], clock.now()))
    assert pauses[:-1] == [10, 20, 40, 80, 160, 320, 640]
    assert (found["state"], found["attempts"], found["failure"]) == ("given_up", 8, "RuntimeError: it does not work")


async def test_a_task_without_a_handler_fails_and_says_so(ran: list[str]) -> None:
    task = await tasks.enqueue("unheard of")
    await tasks.run_due()
    assert (await state_of(task))["failure"] == "KeyError: 'unheard of'"


async def test_a_task_whose_worker_died_runs_again_after_its_lease(ran: list[str]) -> None:
    await tasks.enqueue("noted", word="again")
    assert await tasks._claim() is not None  # and then the power fails
    assert await tasks.run_due() == 0
    with time_machine.travel(clock.now() + timedelta(seconds=61)):
        assert await tasks.run_due() == 1
    assert ran == ["again"]


async def test_a_task_that_kills_its_workers_is_given_up(ran: list[str]) -> None:
    task = await tasks.enqueue("noted", word="deadly")
    with time_machine.travel(clock.now(), tick=False) as traveller:
        while await tasks._claim() is not None:
            traveller.shift(timedelta(seconds=61))
        await tasks.give_up_what_kills_its_worker()
    found = await state_of(task)
    assert (found["state"], found["attempts"]) == ("given_up", 8)


async def test_a_worker_that_lost_its_lease_does_not_settle_the_task(ran: list[str]) -> None:
    task = await tasks.enqueue("noted", word="slow")
    slow = await tasks._claim()
    with time_machine.travel(clock.now() + timedelta(seconds=61)):
        other = await tasks._claim()
        assert slow is not None
        assert other is not None
        await tasks._settle(slow, failure=None)
        assert (await state_of(task))["state"] == "waiting"
        await tasks._settle(other, failure=None)
    assert (await state_of(task))["state"] == "done"


async def test_what_a_task_did_in_the_transaction_that_finished_it_is_done_once(ran: list[str]) -> None:
    @tasks.runs("posted")
    async def post() -> None:
        async with db.transaction():
            await tasks.finish()
            await notices.post("done")

    await tasks.enqueue("posted")
    died = await tasks._claim()
    assert died is not None
    await tasks._carry_out(died)  # and then the power fails, before anything else is written down
    with time_machine.travel(clock.now() + timedelta(seconds=61)):
        assert await tasks.run_due() == 0
        with pytest.raises(tasks.LeaseLost):
            await tasks._carry_out(died)
    assert [row["kind"] for row in await db.rows("SELECT kind FROM notice")] == ["done"]


async def test_a_duty_that_was_given_up_begins_again_with_the_next_worker(ran: list[str]) -> None:
    turns = asyncio.Event()

    @tasks.every(60)
    async def turn() -> None:
        turns.set()

    async def work() -> None:
        stop.set()
        await tasks.work(stop)  # only enters its duties

    stop = asyncio.Event()
    await work()
    with time_machine.travel(clock.now(), tick=False) as traveller:
        while await tasks._claim() is not None:
            traveller.shift(timedelta(seconds=61))
        await tasks.give_up_what_kills_its_worker()
    assert await tasks.run_due() == 0
    await work()
    with time_machine.travel(clock.now() + timedelta(seconds=600)):
        assert await tasks.run_due() == 1
    assert turns.is_set()


async def test_many_workers_share_the_tasks_and_none_runs_twice(ran: list[str]) -> None:
    async with db.transaction():
        for number in range(50):
            await tasks.enqueue("noted", word=str(number))
    await asyncio.gather(*(tasks.run_due() for _ in range(5)))
    while await tasks.run_due():
        pass
    assert sorted(ran, key=int) == [str(number) for number in range(50)]


async def test_work_is_woken_by_commits_and_runs_duties(ran: list[str]) -> None:
    stop, turns = asyncio.Event(), asyncio.Event()

    @tasks.every(60)
    async def turn() -> None:
        turns.set()

    @tasks.runs("last")
    async def last() -> None:
        stop.set()

    worker = asyncio.create_task(tasks.work(stop))
    await asyncio.wait_for(turns.wait(), 10)
    await tasks.enqueue("last")
    await asyncio.wait_for(worker, 10)
    duty = await Task.objects().get(Task.kind.like("every %"))
    assert duty is not None
    assert (duty.state, duty.attempts) == ("waiting", 0)
    assert duty.due_at > clock.now()


async def test_done_tasks_are_forgotten_after_a_week(ran: list[str]) -> None:
    await tasks.enqueue("noted", word="old")
    await tasks.run_due()
    await tasks.forget_what_is_done()
    assert await Task.count() == 1
    with time_machine.travel(clock.now() + timedelta(days=8)):
        await tasks.forget_what_is_done()
    assert await Task.count() == 0
