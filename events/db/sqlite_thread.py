"""A connection to SQLite in a thread of its own."""

from __future__ import annotations

import asyncio
import queue
import sqlite3
import threading
from collections.abc import Callable, Sequence
from typing import Any

from events.db.engine import ConstraintViolated, Row
from events.errors import Unavailable

WRITING = ("busy_timeout = 30000", "journal_mode = WAL", "synchronous = FULL")
READING = ("busy_timeout = 30000", "query_only = ON")
BOTH = (
    "foreign_keys = ON",
    "temp_store = MEMORY",
    "cache_size = -65536",
)
WATCHED_EVERY = 0.04  # seconds
KINDS = {"UNIQUE": "unique", "CHECK": "check", "FOREIGN": "foreign_key", "NOT": "not_null"}
AWAY = (
    sqlite3.SQLITE_BUSY, sqlite3.SQLITE_READONLY, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_FULL, sqlite3.SQLITE_CANTOPEN
)  # fmt: skip


class Connection:
    """One sqlite3 connection owned by one thread; `call` hands it a function and awaits the answer."""

    def __init__(self, path: str, *, read_only: bool) -> None:
        self._path, self._read_only = path, read_only
        self._calls: queue.SimpleQueue[Any] = queue.SimpleQueue()
        self.watch: Callable[[sqlite3.Connection], object] | None = None  # done when nobody calls
        self._thread = threading.Thread(target=self._work, name="sqlite", daemon=True)
        self._thread.start()

    def call(self, function: Callable[[sqlite3.Connection], Any]) -> asyncio.Future[Any]:
        """Run `function` with the connection in its thread."""
        loop = asyncio.get_running_loop()
        future = loop.create_future()
        self._calls.put((function, future, loop))
        return future

    def close(self) -> None:
        """Close after what is already queued."""
        self._calls.put(None)
        self._thread.join()

    def _work(self) -> None:
        connection, failure = _attempt(lambda _: self._open(), None)
        while (call := self._next(connection)) is not None:
            function, future, loop = call
            answer, error = (None, failure) if failure else _attempt(function, connection)
            try:
                loop.call_soon_threadsafe(settle, future, answer, error)
            except RuntimeError:  # the loop is gone, and with it whoever asked
                continue
        if connection is not None:
            connection.close()

    def _next(self, connection: sqlite3.Connection | None) -> Any:
        while self.watch is not None and connection is not None:
            try:
                return self._calls.get(timeout=WATCHED_EVERY)
            except queue.Empty:
                _attempt(self.watch, connection)
        return self._calls.get()

    def _open(self) -> sqlite3.Connection:
        connection = sqlite3.connect(
            self._path,
            detect_types=sqlite3.PARSE_DECLTYPES,
            isolation_level=None,
            cached_statements=512,
            check_same_thread=False,
        )
        for pragma in (*(READING if self._read_only else WRITING), *BOTH):
            connection.execute(f"PRAGMA {pragma}")
        return connection


def _attempt(function: Callable[[Any], Any], connection: sqlite3.Connection | None) -> tuple[Any, Any]:
    try:
        return function(connection), None
    except sqlite3.IntegrityError as error:
        kind, _, name = str(error).partition(" constraint failed")
        return None, ConstraintViolated(KINDS.get(kind.split()[0], "check"), name.removeprefix(": "))
    except sqlite3.OperationalError as error:
        return None, _away(error) if error.sqlite_errorcode & 0xFF in AWAY else error
    except Exception as error:
        return None, error


def _away(error: sqlite3.OperationalError) -> Unavailable:
    away = Unavailable()
    away.__cause__ = error
    return away


def settle(future: asyncio.Future[Any], answer: object, error: BaseException | None) -> None:
    """Give whoever waits the answer or the error, unless he has gone away."""
    if future.cancelled():
        return
    if error is None:
        future.set_result(answer)
    else:
        future.set_exception(error)


def query(sql: str, arguments: Sequence[object] = ()) -> Callable[[sqlite3.Connection], list[Row]]:
    """What a connection is to be called with to run one statement."""

    def run(connection: sqlite3.Connection) -> list[Row]:
        cursor = connection.execute(sql, arguments)
        if cursor.description is None:
            return []
        names = [column[0] for column in cursor.description]
        return [dict(zip(names, values, strict=True)) for values in cursor]

    return run
