"""Reading everything as it was at one moment, while others go on writing."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

from piccolo.querystring import QueryString

from events import db
from events.db.engine import Row
from events.db.sqlite import SqliteEngine
from events.db.sqlite_thread import Connection, query

Read = Callable[..., Awaitable[list[Row]]]


@asynccontextmanager
async def snapshot() -> AsyncIterator[Read]:
    """Something like `db.rows` of which every answer is of the same moment."""
    engine = db.engine()
    if isinstance(engine, SqliteEngine):
        async with _of_sqlite(engine) as read:
            yield read
    else:
        async with engine.transaction() as transaction:
            await transaction.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
            yield db.rows


@asynccontextmanager
async def _of_sqlite(engine: SqliteEngine) -> AsyncIterator[Read]:
    connection = Connection(engine.path, read_only=True)  # of its own: it keeps nobody else waiting

    async def read(sql: str, *arguments: object) -> list[Row]:
        found: list[Row] = await connection.call(query(*QueryString(sql, *arguments).compile_string("sqlite")))
        return found

    try:
        await connection.call(query("BEGIN"))
        yield read
    finally:
        connection.close()
