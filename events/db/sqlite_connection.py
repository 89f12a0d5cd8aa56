"""A connection to SQLite: what is quick is done at once, what takes long in a thread beside the loop."""

from __future__ import annotations

import asyncio
import queue
import sqlite3
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, TypeVar

from events.db.engine import ConstraintViolated, Row, SchemaMismatch
from events.errors import Unavailable

Result = TypeVar("Result")
Work = Callable[[sqlite3.Connection], Result]
WRITING = ("journal_mode = WAL", "synchronous = FULL")
READING = ("query_only = ON",)
BOTH = ("foreign_keys = ON", "temp_store = MEMORY", "cache_size = -65536")
PATIENCE = 30  # seconds to wait for a lock
STEPS, QUICK = 2000, 5  # of the virtual machine between two ticks; how many ticks are quick, well below a millisecond
KINDS = {"UNIQUE": "unique", "CHECK": "check", "FOREIGN": "foreign_key", "NOT": "not_null"}
AWAY = (
    sqlite3.SQLITE_BUSY, sqlite3.SQLITE_READONLY, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_FULL, sqlite3.SQLITE_CANTOPEN,
    sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_CORRUPT,
)  # fmt: skip


class TookLong(Exception):
    """What was to be quick was not, and has been undone: another takes its time over it."""


class Connection:
    """One sqlite3 connection and a thread that works for it: either is at work, never both."""

    def __init__(self, path: str, *, read_only: bool) -> None:
        self._path, self._read_only = path, read_only
        self._calls: queue.SimpleQueue[Any] = queue.SimpleQueue()
        self._raw: sqlite3.Connection | None = None
        self._ticks, self._limit = 0, 0
        self.waiting = 0
        self._thread = threading.Thread(target=self._work, name="sqlite", daemon=True)
        self._thread.start()

    @property
    def in_transaction(self) -> bool:
        """Whether one is open; the database undoes one by itself when the disk is full."""
        return self._raw is not None and self._raw.in_transaction

    @property
    def was_quick(self) -> bool:
        """Whether what was done last took few steps."""
        return self._ticks <= QUICK

    def now(self, work: Work[Result], *, limited: bool = False) -> Result:
        """Do it here; if it is `limited`, TookLong after some thousand steps. Only reading is undone alone by that."""
        assert self._raw is not None
        assert not self.waiting
        self._limit = QUICK if limited else 0
        try:
            return self._counted(work)
        finally:
            self._limit = 0

    async def call(self, work: Work[Result]) -> Result:
        """Do it in the thread, after what was asked before."""
        loop = asyncio.get_running_loop()
        future: asyncio.Future[Result] = loop.create_future()
        self.waiting += 1
        self._calls.put((work, future, loop))
        return await future

    def close(self) -> None:
        """Close after what is already asked."""
        self._calls.put(None)
        self._thread.join()

    def _work(self) -> None:
        while (call := self._calls.get()) is not None:
            work, future, loop = call
            answer, error = self._attempt(work)
            try:
                loop.call_soon_threadsafe(self._answer, future, answer, error)
            except RuntimeError:  # the loop is gone, and with it whoever asked
                continue
        if self._raw is not None:
            self._raw.close()

    def _attempt(self, work: Work[Any]) -> tuple[Any, Exception | None]:
        try:
            self._raw = self._raw or self._open()
            return self._counted(work), None
        except Exception as error:
            return None, error

    def _answer(self, future: asyncio.Future[Any], answer: object, error: BaseException | None) -> None:
        self.waiting -= 1
        settle(future, answer, error)

    def _counted(self, work: Work[Result]) -> Result:
        assert self._raw is not None
        self._ticks = 0
        with translated():
            return work(self._raw)

    def _tick(self) -> bool:
        self._ticks += 1
        return bool(self._limit) and self._ticks > self._limit

    def _open(self) -> sqlite3.Connection:
        with translated():
            raw = sqlite3.connect(
                self._path,
                timeout=PATIENCE,
                detect_types=sqlite3.PARSE_DECLTYPES,
                isolation_level=None,
                cached_statements=512,
                check_same_thread=False,
            )
            for pragma in (*(READING if self._read_only else WRITING), *BOTH):
                raw.execute(f"PRAGMA {pragma}")
            raw.set_progress_handler(self._tick, STEPS)
            return raw


@contextmanager
def translated() -> Iterator[None]:
    """Turns those errors of the driver that somebody can do something about into ours."""
    try:
        yield
    except sqlite3.IntegrityError as error:
        kind, _, name = str(error).partition(" constraint failed")
        raise ConstraintViolated(KINDS.get(kind.split()[0], "check"), name.removeprefix(": ")) from error
    except sqlite3.DatabaseError as error:
        code = getattr(error, "sqlite_errorcode", -1) & 0xFF
        if code == sqlite3.SQLITE_INTERRUPT:
            raise TookLong from error
        if code in AWAY:
            raise Unavailable from error
        if code == sqlite3.SQLITE_ERROR:
            raise SchemaMismatch(str(error)) from error
        raise


def settle(future: asyncio.Future[Any], answer: object, error: BaseException | None) -> None:
    """Give whoever waits the answer or the error, unless he has gone away."""
    if future.cancelled():
        return
    if error is None:
        future.set_result(answer)
    else:
        future.set_exception(error)


def query(sql: str, arguments: Sequence[object] = ()) -> Work[list[Row]]:
    """What a connection is to do to run one statement."""

    def run(connection: sqlite3.Connection) -> list[Row]:
        cursor = connection.execute(sql, arguments)
        if cursor.description is None:
            return []
        names = [column[0] for column in cursor.description]
        return [dict(zip(names, values, strict=True)) for values in cursor]

    return run
