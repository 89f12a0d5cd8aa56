"""SQLite: one writer thread whose transactions share a commit, and reader threads beside it."""

from __future__ import annotations

import asyncio
import itertools
import queue
import sqlite3
import threading
from collections.abc import Callable, Collection, Sequence
from typing import Any

from piccolo.engine.sqlite import SQLiteEngine as StockEngine

from events.db.engine import ConstraintViolated, Row, Transaction, active, shielded
from events.errors import Unavailable

WRITING = ("busy_timeout = 30000", "journal_mode = WAL", "synchronous = FULL")
READING = ("busy_timeout = 30000", "query_only = ON")
BOTH = (
    "foreign_keys = ON",
    "temp_store = MEMORY",
    "cache_size = -65536",
)
TYPES = {
    "uuid": "UUID",
    "time": "TIMESTAMPTZ",
    "date": "DATE",
    "bytes": "BLOB",
    "text": "TEXT",
    "integer": "INTEGER",
    "boolean": "BOOLEAN",
    "counter": "INTEGER PRIMARY KEY AUTOINCREMENT",
    "txid": "INTEGER NOT NULL DEFAULT 0",
    "long": "BOOLEAN GENERATED ALWAYS AS (julianday(ends_at) - julianday(starts_at) > 1.875) STORED",
    "for_share": "",  # one writer: a transaction holds everything
    "for_update": "",
    "skip_locked": "",
    "version": "SELECT 'SQLite' AS name, sqlite_version() AS version, '3.35' AS least",  # the first with RETURNING
    "count_on": "SELECT 1",  # it counts on by itself
}
READERS = 2
LARGEST_BATCH = 500
KINDS = {"UNIQUE": "unique", "CHECK": "check", "FOREIGN": "foreign_key", "NOT": "not_null"}


AWAY = (
    sqlite3.SQLITE_BUSY, sqlite3.SQLITE_READONLY, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_FULL, sqlite3.SQLITE_CANTOPEN
)  # fmt: skip


class Connection:
    """One sqlite3 connection owned by one thread; `call` hands it a function and awaits the answer."""

    def __init__(self, path: str, *, read_only: bool) -> None:
        self._path, self._read_only = path, read_only
        self._calls: queue.SimpleQueue[Any] = queue.SimpleQueue()
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
        while (call := self._calls.get()) is not None:
            function, future, loop = call
            answer, error = (None, failure) if failure else _attempt(function, connection)
            try:
                loop.call_soon_threadsafe(_settle, future, answer, error)
            except RuntimeError:  # the loop is gone, and with it whoever asked
                continue
        if connection is not None:
            connection.close()

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


def _settle(future: asyncio.Future[Any], answer: object, error: BaseException | None) -> None:
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


class SqliteTransaction(Transaction["SqliteEngine"]):
    """A savepoint in the writer's present batch; it is acknowledged when the batch is on disk.

    Transactions that wait while one is at work join its batch, so that a crowd pays for one flush instead of many.
    """

    async def begin(self) -> None:
        """Wait for the writer and open a part of its batch."""
        await self.engine.take_turn()
        self.opened = False
        try:
            await shielded(self._open())
        except asyncio.CancelledError:
            if self.opened:  # otherwise whatever failed has passed the turn on already
                await shielded(self.rollback())
            raise

    async def commit(self) -> None:
        """Keep this part; return when the batch is on disk."""
        flushed = self.engine.flushed
        await self._or_give_up("RELEASE SAVEPOINT batch_part")
        await self.engine.end_turn(worth_keeping=True)
        await flushed

    async def rollback(self) -> None:
        """Undo this part alone."""
        await self._or_give_up("ROLLBACK TO SAVEPOINT batch_part")
        await self._or_give_up("RELEASE SAVEPOINT batch_part")
        await self.engine.end_turn(worth_keeping=False)

    async def _open(self) -> None:
        await self.engine.open_batch()
        await self._or_give_up("SAVEPOINT batch_part")
        self.opened = True

    async def execute(self, sql: str) -> None:
        """Run one statement on the writer."""
        await self.engine.writer.call(query(sql))

    async def _or_give_up(self, sql: str) -> None:
        try:
            await self.execute(sql)
        except BaseException as error:
            await self.engine.abandon_batch(error)
            raise


class SqliteEngine(StockEngine):
    """Piccolo's query builder over one writer and some readers."""

    settled_notices = "1 = 1"  # one writer: what has a number is committed in that order

    def __init__(self, path: str) -> None:
        super().__init__(path)
        self.running = False
        self._started: asyncio.Future[None] | None = None
        self.flushed: asyncio.Future[None]

    def dialect(self, definition: str) -> str:
        """SQLite's type names in a data definition."""
        return definition.format_map(TYPES)

    async def start_connection_pool(self, **_: Any) -> None:
        """Open the writer, which makes the file what it has to be, then the readers."""
        if self._started is None or (self._started.done() and not self.running):
            self._started = asyncio.ensure_future(self._start())
        await asyncio.shield(self._started)

    async def _start(self) -> None:
        self._turn = asyncio.Lock()
        self._waiting = 0
        self._members = 0
        self._in_batch = False
        self.writer = Connection(self.path, read_only=False)
        await self.writer.call(query("SELECT 1"))
        self._readers = [Connection(self.path, read_only=True) for _ in range(READERS)]
        self._next_reader = itertools.cycle(self._readers)
        self.running = True

    async def close_connection_pool(self, **_: Any) -> None:
        """Close every connection; the next query opens them again."""
        if self.running:
            self.running, self._started = False, None
            for connection in (self.writer, *self._readers):
                connection.close()

    async def run_querystring(self, querystring: Any, in_pool: bool = True) -> list[Row]:
        """Rows of one statement, on the transaction's connection or on a reader."""
        return await self._run(*querystring.compile_string("sqlite"))

    async def run_ddl(self, ddl: str, in_pool: bool = True) -> list[Row]:
        """Run one data definition."""
        return await self._run(ddl, [])

    async def insert(self, table: str, columns: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
        """Write rows by one statement that is run for each."""
        names, marks = ", ".join(f'"{column}"' for column in columns), ", ".join("?" * len(columns))
        sql = f"INSERT INTO {table} ({names}) VALUES ({marks})"  # noqa: S608
        async with self.transaction():
            await self.writer.call(lambda connection: connection.executemany(sql, rows))

    def one_of(self, values: Collection[object]) -> tuple[str, list[object]]:
        """Padded to a power of two, so that a handful of statements is prepared and not one for each length."""
        listed = list(values) or [None]
        padded = listed + listed[-1:] * ((1 << (len(listed) - 1).bit_length()) - len(listed))
        return f"IN ({', '.join(['{}'] * len(padded))})", padded

    def transaction(self, *_: Any, **__: Any) -> SqliteTransaction:  # type: ignore[override]  # ours, not Piccolo's
        """A write transaction."""
        return SqliteTransaction(self)

    async def _run(self, sql: str, arguments: Sequence[object]) -> list[Row]:
        if not self.running:
            await self.start_connection_pool()
        statement = query(sql, arguments)
        if active(self) is not None:
            return await self.writer.call(statement)  # type: ignore[no-any-return]
        if sql.startswith("SELECT"):
            return await next(self._next_reader).call(statement)  # type: ignore[no-any-return]
        async with self.transaction():
            return await self.writer.call(statement)  # type: ignore[no-any-return]

    async def take_turn(self) -> None:
        """Wait for the writer."""
        if not self.running:
            await self.start_connection_pool()
        self._waiting += 1
        try:
            await self._turn.acquire()
        except asyncio.CancelledError:
            if self._in_batch and self._waiting == 1:
                await shielded(self._close_deserted_batch())
            raise
        finally:
            self._waiting -= 1

    async def end_turn(self, *, worth_keeping: bool) -> None:
        """Pass the writer on; the last of a batch commits it for all."""
        self._members += worth_keeping
        try:
            if not self._waiting or self._members >= LARGEST_BATCH:
                await self._close_batch()
        finally:
            self._turn.release()

    async def abandon_batch(self, error: BaseException) -> None:
        """The connection itself failed: nothing of this batch is acknowledged."""
        self._settle_batch(error)
        try:
            await self.writer.call(lambda connection: connection.rollback())
        finally:
            self._turn.release()

    async def open_batch(self) -> None:
        """Begin a batch unless one is open."""
        if self._in_batch:
            return
        try:
            await self.writer.call(query("BEGIN IMMEDIATE"))
        except BaseException:
            self._turn.release()
            raise
        self.flushed = asyncio.get_running_loop().create_future()
        self._in_batch = True

    async def _close_batch(self) -> None:
        try:
            await self.writer.call(query("COMMIT" if self._members else "ROLLBACK"))
            self._settle_batch(None)
        except Exception as error:
            self._settle_batch(error)
            await self.writer.call(lambda connection: connection.rollback())

    def _settle_batch(self, error: BaseException | None) -> None:
        self._in_batch, self._members = False, 0
        _settle(self.flushed, None, error)
        self.flushed.exception()  # every member awaits it; with no member left nobody need hear of it

    async def _close_deserted_batch(self) -> None:
        async with self._turn:
            if self._in_batch:
                await self._close_batch()
