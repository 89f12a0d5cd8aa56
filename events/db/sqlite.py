"""SQLite: one writer thread whose transactions share a commit, and reader threads beside it."""

from __future__ import annotations

import asyncio
import itertools
import sqlite3
from collections.abc import Collection, Sequence
from typing import Any

from piccolo.engine.sqlite import SQLiteEngine as StockEngine

from events.db.engine import Row, Transaction, active, shielded
from events.db.hearing import Ear, Tell
from events.db.sqlite_hearing import SqliteEar, last_number
from events.db.sqlite_thread import Connection, query, settle

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
        self._ear: SqliteEar | None = None

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

    def ear(self, tell: Tell) -> Ear:
        """What hears other processes that write to the same file."""
        return SqliteEar(self, tell)

    async def attend(self, ear: SqliteEar | None) -> None:
        """Let an ear see every commit, from now on; none, when it has heard enough."""
        if not self.running:
            await self.start_connection_pool()
        self._ear = ear
        self.writer.watch = ear.look if ear else None
        if ear:
            await self.writer.call(ear.begin)

    async def read(self, sql: str, arguments: Sequence[object]) -> list[Any]:
        """Plain rows of a statement in SQLite's own words."""
        return await next(self._next_reader).call(lambda connection: connection.execute(sql, arguments).fetchall())  # type: ignore[no-any-return]

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
            await self.writer.call(self._begin)
        except BaseException:
            self._turn.release()
            raise
        self.flushed = asyncio.get_running_loop().create_future()
        self._in_batch = True

    async def _close_batch(self) -> None:
        try:
            await self.writer.call(self._commit if self._members else query("ROLLBACK"))
            self._settle_batch(None)
        except Exception as error:
            self._settle_batch(error)
            await self.writer.call(lambda connection: connection.rollback())

    def _begin(self, connection: sqlite3.Connection) -> None:
        connection.execute("BEGIN IMMEDIATE")
        if self._ear:
            self._ear.look(connection)

    def _commit(self, connection: sqlite3.Connection) -> None:
        last = last_number(connection) if self._ear else 0
        connection.execute("COMMIT")
        if self._ear:
            self._ear.committed(last)

    def _settle_batch(self, error: BaseException | None) -> None:
        self._in_batch, self._members = False, 0
        settle(self.flushed, None, error)
        self.flushed.exception()  # every member awaits it; with no member left nobody need hear of it

    async def _close_deserted_batch(self) -> None:
        async with self._turn:
            if self._in_batch:
                await self._close_batch()
