"""Background work: enqueued in the transaction that calls for it, claimed by a lease, retried, given up in the end."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from contextvars import ContextVar
from datetime import datetime, timedelta
from typing import TypeVar
from uuid import NAMESPACE_OID, UUID, uuid5

import msgspec

from events import clock, db, ids, notices
from events.errors import Unavailable

LEASE = 60
LONGEST_RUN = 55  # the lease must outlast it, or another worker would take the task for abandoned
MOST_ATTEMPTS = 8
FIRST_RETRY = 10
AT_ONCE = 4
KEPT_DAYS = 7
DUE = "state = 'waiting' AND attempts < 8 AND due_at <= {} AND (leased_until IS NULL OR leased_until <= {})"

Handler = TypeVar("Handler", bound=Callable[..., Awaitable[None]])
_handlers: dict[str, Callable[..., Awaitable[None]]] = {}
_duties: dict[str, int] = {}
_workers: set[asyncio.Event] = set()
_running: ContextVar[db.Row] = ContextVar("task")
_log = logging.getLogger("magpie.tasks")


class LeaseLost(Exception):
    """Another worker has the task by now."""


def runs(kind: str) -> Callable[[Handler], Handler]:
    """Have the decorated function run the tasks of a kind; it is called with their payload (ids as text) as keywords.

    At least once: a crash in the middle runs it again after the lease, so let it look first whether it is done, or say
    `finish` in the transaction of what it does.
    """

    def keep(handler: Handler) -> Handler:
        _handlers[kind] = handler
        return handler

    return keep


def every(seconds: int) -> Callable[[Handler], Handler]:
    """Have the decorated function run every so often, by one worker at a time: a task that is never done."""

    def keep(handler: Handler) -> Handler:
        kind = f"every {handler.__module__}.{handler.__qualname__}"
        _duties[kind] = seconds
        return runs(kind)(handler)

    return keep


async def enqueue(kind: str, /, *, due_at: datetime | None = None, **payload: object) -> UUID:
    """Append a task to the running transaction: now, or at a time; `payload` is stored as JSON."""
    task = ids.new()
    await _insert(task, kind, due_at, msgspec.json.encode(payload).decode())
    within = db.active_transaction()
    if within is None:
        _wake()
    else:
        within.when_committed(_wake)
    return task


async def enqueue_all(kind: str, payloads: Sequence[dict[str, object]]) -> None:
    """Append a task for each of these payloads to the running transaction, due now."""
    if not payloads:
        return
    now = clock.now()
    rows = [(ids.new(), kind, msgspec.json.encode(one).decode(), now, 0, "waiting", now) for one in payloads]
    await db.insert("task (id, kind, payload, due_at, attempts, state, created_at)", rows)
    within = db.active_transaction()
    if within is None:
        _wake()
    else:
        within.when_committed(_wake)


async def finish() -> None:
    """Have the running task be done with the running transaction, so that it is never done twice.

    Raises LeaseLost, which undoes it, when another worker has taken the task meanwhile.
    """
    task = _running.get()
    done = await db.rows(
        "UPDATE task SET state = 'done', leased_until = NULL WHERE id = {} AND leased_until = {} RETURNING id",
        task["id"], task["leased_until"],
    )  # fmt: skip
    if not done:
        raise LeaseLost


async def run_due() -> int:
    """Run what is due now, and what that makes due, until nothing is; gives how many."""
    count = 0
    while (task := await _claim()) is not None:
        await _run(task)
        count += 1
    return count


async def work(stop: asyncio.Event) -> None:
    """Run tasks and duties until `stop` is set: woken by commits here, looking once a second for those elsewhere."""
    for kind in _duties:
        await _insert(uuid5(NAMESPACE_OID, kind), kind, None, "{}")
    async with asyncio.TaskGroup() as group:
        for _ in range(AT_ONCE):
            group.create_task(_work(stop))


async def _work(stop: asyncio.Event) -> None:
    heard = asyncio.Event()
    _workers.add(heard)
    try:
        while not stop.is_set():
            heard.clear()
            if not await _run_next():
                await notices.wait_for(heard, 1)
    finally:
        _workers.discard(heard)


async def _run_next() -> bool:
    """Run one task; a database that is away for a while stops no worker."""
    try:
        task = await _claim()
        if task is not None:
            await _run(task)
    except Unavailable as away:
        _log.warning("cannot reach the tasks: %s", away.__cause__ or away)
        return False
    except Exception:
        _log.exception("cannot reach the tasks")
        return False
    return task is not None


def _wake() -> None:
    for heard in _workers:
        heard.set()


async def _insert(task: UUID, kind: str, due_at: datetime | None, payload: str) -> None:
    """A new task; one that is there already is a duty, which begins again even if it was given up."""
    now = clock.now()
    await db.rows(
        "INSERT INTO task (id, kind, payload, due_at, attempts, state, created_at) "
        "VALUES ({}, {}, {}, {}, 0, 'waiting', {}) "
        "ON CONFLICT (id) DO UPDATE SET state = 'waiting', attempts = 0 WHERE task.attempts >= {}",
        task, kind, payload, due_at or now, now, MOST_ATTEMPTS,
    )  # fmt: skip


async def _claim() -> db.Row | None:
    """Take the task that has been due longest; looking first costs a reader, claiming in vain would cost the writer."""
    now = clock.now()
    if await db.row(f"SELECT id FROM task WHERE {DUE} LIMIT 1", now, now) is None:  # noqa: S608
        return None
    first = f"SELECT id FROM task WHERE {DUE} ORDER BY due_at LIMIT 1 {db.engine().dialect('{skip_locked}')}"  # noqa: S608
    return await db.row(
        f"UPDATE task SET leased_until = {{}}, attempts = attempts + 1 WHERE id = ({first}) AND {DUE} RETURNING *",  # noqa: S608
        now + timedelta(seconds=LEASE), now, now, now, now,
    )  # fmt: skip


async def _run(task: db.Row) -> None:
    try:
        await _carry_out(task)
    except Exception as error:
        _log.warning("task %s (%s) failed", task["id"], task["kind"], exc_info=error)
        await _settle(task, failure=f"{type(error).__name__}: {error}"[:500])
    else:
        await _settle(task, failure=None)


async def _carry_out(task: db.Row) -> None:
    _running.set(task)
    async with asyncio.timeout(LONGEST_RUN):
        await _handlers[task["kind"]](**msgspec.json.decode(task["payload"]))


async def _settle(task: db.Row, *, failure: str | None) -> None:
    """Write down how it went, unless it has finished, or the lease has passed to another meanwhile."""
    state, due_at, attempts = _afterwards(task, failed=failure is not None)
    await db.rows(
        "UPDATE task SET state = {}, due_at = {}, attempts = {}, failure = {}, leased_until = NULL "
        "WHERE id = {} AND leased_until = {}",
        state, due_at, attempts, failure, task["id"], task["leased_until"],
    )  # fmt: skip


def _afterwards(task: db.Row, *, failed: bool) -> tuple[str, datetime, int]:
    """State, time and attempts of a task that has run: duties come again, failures too, until it is enough."""
    now, attempts, duty = clock.now(), task["attempts"], _duties.get(task["kind"])
    if not failed:
        return ("waiting", now + timedelta(seconds=duty), 0) if duty else ("done", task["due_at"], attempts)
    if attempts >= MOST_ATTEMPTS:
        return ("waiting", now + _pause(attempts), attempts - 1) if duty else ("given_up", task["due_at"], attempts)
    return "waiting", now + _pause(attempts), attempts


def _pause(attempts: int) -> timedelta:
    return timedelta(seconds=FIRST_RETRY * 2 ** (attempts - 1))


@every(60)
async def give_up_what_kills_its_worker() -> None:
    """A task whose worker died each time is never settled: give it up, too."""
    await db.rows(
        "UPDATE task SET state = 'given_up', failure = 'interrupted each time', leased_until = NULL "
        "WHERE state = 'waiting' AND attempts >= {} AND leased_until <= {}",
        MOST_ATTEMPTS, clock.now(),
    )  # fmt: skip


@every(3600)
async def forget_what_is_done() -> None:
    """Done tasks are kept for a week, for whoever looks into what happened."""
    week_ago = clock.now() - timedelta(days=KEPT_DAYS)
    await db.rows("DELETE FROM task WHERE state = 'done' AND due_at < {}", week_ago)
