"""SQLite: one writer whose transactions share a commit, and readers beside it."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Collection, Sequence
from contextlib import asynccontextmanager, suppress
from functools import lru_cache, partial
from typing import Any, TypeVar

import msgspec
from piccolo.engine.sqlite import SQLiteEngine as StockEngine

from events.db import sqlite_connection
from events.db.engine import Read, Row, Transaction, active, shielded
from events.db.hearing import Ear, Tell
from events.db.sqlite_connection import Connection, TookLong, Work, query, settle
from events.db.sqlite_hearing import SqliteEar, last_number
from events.db.sqlite_queue import Queue
from events.errors import Unavailable

Result = TypeVar("Result")
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
    "seconds": "CAST(strftime('%s', 'now') AS integer)",
    "version": "SELECT 'SQLite' AS name, sqlite_version() AS version, '3.35' AS least",  # the first with RETURNING
    "after_bulk": "SELECT 1",  # it plans by the schema alone, and the same way for good
    "boards_unpacked": "SELECT 1",  # nothing is ever packed
    "count_on": "SELECT 1",  # it counts on by itself
}
READERS = 4  # threads at most, for what takes long
FEW = 8  # rows that are quickly written
LARGEST_BATCH = 500
LONGEST_BATCH = 0.05  # seconds after which a batch takes nobody in: other processes want to write too
KNOWN = 4096  # statements known to be quick, at most
BREATH = 16  # quick statements after which others of this process have their turn


class Batch:
    """Transactions that share one commit."""

    def __init__(self) -> None:
        loop = asyncio.get_running_loop()
        self.flushed: asyncio.Future[None] = loop.create_future()
        self.until = loop.time() + LONGEST_BATCH
        self.members = 0
        self.begun = self.divided = False

    def takes_more(self) -> bool:
        """Whether there is room and time for another."""
        return self.members < LARGEST_BATCH and asyncio.get_running_loop().time() < self.until


class SqliteTransaction(Transaction["SqliteEngine"]):
    """A savepoint in the writer's present batch; it is acknowledged when the batch is on disk.

    Transactions that wait while one is at work join its batch, so that a crowd pays for one flush instead of many.
    """

    opened = False

    async def begin(self) -> None:
        """Wait for the writer; its batch is opened by the first statement."""
        self.batch = await self.engine.take_turn()

    async def commit(self) -> None:
        """Keep this part; return when the batch is on disk."""
        await self.engine.end_turn(keep=self.opened)
        if self.opened:
            await self.batch.flushed

    async def rollback(self) -> None:
        """Undo this part alone."""
        try:
            await self.engine.write(self._undo, quick=True)
        finally:
            await self.engine.end_turn(keep=False)

    async def execute(self, *statements: str) -> None:
        """Run statements on the writer."""
        for sql in statements:
            await self.run(query(sql), quick=True)

    async def run(self, work: Work[Result], *, quick: bool) -> Result:
        """Do something as part of it."""
        await self.ready()
        return await self.engine.write(work, quick=quick)

    async def ready(self) -> None:
        """Open it, unless it is; at once if no other process is writing."""
        writer = self.engine.writer
        if not self.opened and not writer.waiting:
            with suppress(Unavailable):
                writer.now(partial(self._open, patience=0))
        if not self.opened:
            await writer.call(partial(self._open, patience=sqlite_connection.PATIENCE))
        if not writer.in_transaction:  # the database has undone it: the disk is full
            raise Unavailable

    def _open(self, connection: sqlite3.Connection, patience: float) -> None:
        if not self.batch.begun:
            self.engine.begin(self.batch, connection, patience)
        elif not connection.in_transaction:
            raise Unavailable
        if self.batch.divided:
            connection.execute("RELEASE SAVEPOINT batch_part")
        connection.execute("SAVEPOINT batch_part")
        self.opened = self.batch.divided = True

    def _undo(self, connection: sqlite3.Connection) -> None:
        if self.opened and connection.in_transaction:
            connection.execute("ROLLBACK TO SAVEPOINT batch_part")


class SqliteEngine(StockEngine):
    """Piccolo's query builder over one writer and some readers."""

    embedded = True
    settled_notices = "1 = 1"  # one writer: what has a number is committed in that order

    def __init__(self, path: str) -> None:
        super().__init__(path)
        self.running = False
        self._started: asyncio.Future[None] | None = None
        self._ear: SqliteEar | None = None
        self._quick: set[str] = set()  # what to do at once, having been quick the last time
        self._statements = 0

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
        self._batch: Batch | None = None
        self._queue = Queue(f"{self.path}-queue")
        self.writer = Connection(self.path, read_only=False)
        await self.writer.call(query("SELECT 1"))
        self._reader = Connection(self.path, read_only=True)
        await self._reader.call(query("PRAGMA busy_timeout = 0"))  # it keeps the loop waiting for nothing
        self._readers: list[Connection] = []
        self.running = True

    async def close_connection_pool(self, **_: Any) -> None:
        """Close every connection; the next query opens them again."""
        if self.running:
            self.running, self._started = False, None
            for connection in (self.writer, self._reader, *self._readers):
                connection.close()
            self._queue.close()

    async def run(self, sql: str, arguments: Sequence[object]) -> list[Row]:
        """Rows of one statement, on the transaction's connection or on a reader."""
        return await self._run(placed(sql, len(arguments)), arguments)

    async def run_querystring(self, querystring: Any, in_pool: bool = True) -> list[Row]:
        """Rows of one statement of Piccolo's."""
        return await self._run(*querystring.compile_string("sqlite"))

    async def run_ddl(self, ddl: str, in_pool: bool = True) -> list[Row]:
        """Run one data definition."""
        return await self._run(ddl, [])

    async def insert(self, table: str, columns: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
        """Write rows by one statement that is run for each."""
        names, marks = ", ".join(f'"{column}"' for column in columns), ", ".join("?" * len(columns))
        sql = f"INSERT INTO {table} ({names}) VALUES ({marks})"  # noqa: S608
        async with self.transaction() as transaction:
            await _root(transaction).run(lambda connection: connection.executemany(sql, rows), quick=len(rows) <= FEW)

    def one_of(self, values: Collection[object]) -> tuple[str, list[object]]:
        """Padded to a power of two, so that a handful of statements is prepared and not one for each length."""
        listed = list(values) or [None]
        padded = listed + listed[-1:] * ((1 << (len(listed) - 1).bit_length()) - len(listed))
        return f"IN ({', '.join(['{}'] * len(padded))})", padded

    def among(self, columns: str, rows: Sequence[Sequence[object]]) -> tuple[str, list[object]]:
        """One argument: the rows as JSON, which ids, texts and whole numbers go through as they are stored."""
        taken = ", ".join(f"json_extract(value, '$[{place}]')" for place in range(len(columns.split(", "))))
        return f"({columns}) IN (SELECT {taken} FROM json_each({{}}))", [msgspec.json.encode(rows).decode()]  # noqa: S608

    def transaction(self, *_: Any, **__: Any) -> SqliteTransaction:  # type: ignore[override]  # ours, not Piccolo's
        """A write transaction."""
        return SqliteTransaction(self)

    @asynccontextmanager
    async def snapshot(self) -> AsyncIterator[Read]:
        """Everything as it is now, on a connection of its own: nobody is kept waiting."""
        connection = Connection(self.path, read_only=True)

        async def read(sql: str, *arguments: object) -> list[Row]:
            return await connection.call(query(placed(sql, len(arguments)), arguments))

        try:
            await connection.call(query("BEGIN"))
            yield read
        finally:
            connection.close()

    def ear(self, tell: Tell) -> Ear:
        """What hears other processes that write to the same file."""
        return SqliteEar(self, tell)

    async def attend(self, ear: SqliteEar | None) -> None:
        """Let an ear see every commit, from now on; none, when it has heard enough."""
        if not self.running:
            await self.start_connection_pool()
        self._ear = ear
        if ear:
            await self.writer.call(ear.begin)

    def look(self) -> None:
        """Let the ear see what others have committed, unless this process is writing, when it sees it anyway."""
        if self._ear and not self._batch and not self._turn.locked() and not self.writer.waiting:
            self.writer.now(self._ear.look)

    async def _run(self, sql: str, arguments: Sequence[object]) -> list[Row]:
        if not self.running:
            await self.start_connection_pool()
        work, within = query(sql, arguments), active(self)
        if within is not None:
            return await self._run_within(_root(within), sql, work)
        if sql.startswith("SELECT"):
            return await self.read(work)
        async with self.transaction() as transaction:
            return await self._run_within(_root(transaction), sql, work)

    async def _run_within(self, transaction: SqliteTransaction, sql: str, work: Work[Result]) -> Result:
        result = await transaction.run(work, quick=sql in self._quick)
        if not self.writer.was_quick or len(self._quick) > KNOWN:
            self._quick.discard(sql)
        else:
            self._quick.add(sql)
        return result

    async def read(self, work: Work[Result]) -> Result:
        """Read at once; what turns out to take long, in a thread."""
        await self._breathe()
        try:
            return self._reader.now(work, limited=True)
        except (TookLong, Unavailable):
            return await self._free_reader().call(work)

    async def write(self, work: Work[Result], *, quick: bool) -> Result:
        """Do something with the writer, which must be this task's: at once if it is quick, in the thread else."""
        if self.writer.waiting or not quick:
            return await self.writer.call(work)
        await self._breathe()
        return self.writer.now(work)

    def _free_reader(self) -> Connection:
        free = min(self._readers, key=lambda reader: reader.waiting, default=None)
        if free is None or (free.waiting and len(self._readers) < READERS):
            free = Connection(self.path, read_only=True)
            self._readers.append(free)
        return free

    async def _breathe(self) -> None:
        self._statements += 1
        if self._statements % BREATH == 0:
            await asyncio.sleep(0)

    async def take_turn(self) -> Batch:
        """Wait for the writer."""
        if not self.running:
            await self.start_connection_pool()
        self._waiting += 1
        try:
            await self._turn.acquire()
        except asyncio.CancelledError:
            if self._batch and self._waiting == 1:
                await shielded(self._close_deserted_batch())
            raise
        finally:
            self._waiting -= 1
        self._batch = self._batch or Batch()
        return self._batch

    def begin(self, batch: Batch, connection: sqlite3.Connection, patience: float) -> None:
        """Begin a batch once no other process is writing; Unavailable after so many seconds."""
        self._queue.enter(patience)
        try:
            connection.execute(f"PRAGMA busy_timeout = {round(1000 * patience)}")
            connection.execute("BEGIN IMMEDIATE")
        except BaseException:
            self._queue.leave()
            raise
        batch.begun = True
        if self._ear:
            self._ear.look(connection)

    async def end_turn(self, *, keep: bool) -> None:
        """Pass the writer on; the last of a batch commits it for all."""
        batch = self._batch
        assert batch is not None
        batch.members += keep
        try:
            if not self._waiting or not batch.takes_more() or (batch.begun and not self.writer.in_transaction):
                await self._close_batch(batch)
        finally:
            self._turn.release()

    async def _close_batch(self, batch: Batch) -> None:
        self._batch, error = None, None
        try:
            if batch.begun:
                await (self.writer.call(self._commit) if batch.members else self.write(self._abandon, quick=True))
        except Exception as failure:
            error = failure
            await self.writer.call(self._abandon)
        settle(batch.flushed, None, error)
        batch.flushed.exception()  # every member awaits it; with no member left nobody need hear of it

    def _commit(self, connection: sqlite3.Connection) -> None:
        if not connection.in_transaction:
            raise Unavailable
        last = last_number(connection) if self._ear else 0
        connection.execute("COMMIT")
        self._queue.leave()
        if self._ear:
            self._ear.committed(last)

    def _abandon(self, connection: sqlite3.Connection) -> None:
        connection.rollback()
        self._queue.leave()

    async def _close_deserted_batch(self) -> None:
        async with self._turn:
            if self._batch:
                await self._close_batch(self._batch)


@lru_cache(4096)
def placed(sql: str, count: int) -> str:
    """The text of a statement with SQLite's marks for its arguments."""
    return sql.format(*["?"] * count)


def _root(transaction: Transaction[Any]) -> SqliteTransaction:
    root = transaction.root
    assert isinstance(root, SqliteTransaction)
    return root
