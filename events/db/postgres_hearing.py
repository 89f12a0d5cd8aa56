"""Hearing other processes on PostgreSQL: by NOTIFY at once, and by the log once a second, which is always right.

NOTIFY makes commits wait for one another, so it is sent after them, on a connection of its own; what comes while one
is under way goes with the next. A process that dies in between has said nothing, but the log tells what it committed.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

import msgspec

from events.db.hearing import PATIENCE, Ear, Entry, Tell
from events.db.postgres_errors import translated

CHANNEL = "magpie"
PIECE = 50  # entries that are shorter than the 8,000 bytes of a message in any case
SENDING = "SELECT pg_notify('magpie', piece) FROM unnest($1::text[]) AS piece"
LOOK = 1.0  # seconds between two looks at the log
BREATH = 0.005  # seconds between two messages
HORIZON = "SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint"  # older transactions are all over
MISSED = """SELECT txid, kind, event_id, subject FROM notice
    WHERE txid >= $1 AND txid < $2 AND txid <> ALL($3::bigint[]) ORDER BY txid, number"""


class PostgresEar(Ear):
    """One connection that listens, says and looks."""

    def __init__(self, connect: Callable[[], Awaitable[Any]], tell: Tell) -> None:
        super().__init__(tell)
        self._connect = connect
        self._unsaid: list[Entry] = []
        self._known: set[int] = set()  # transactions that need not be told of: our own, and those heard of
        self._horizon: int | None = None

    def said(self, entry: Entry) -> None:
        """Say it to the others, soon."""
        self._known.add(entry[0])
        self._unsaid.append(entry)
        self._wake.set()

    async def _listen(self) -> None:
        with translated():
            async with self._connection() as connection:
                await self._look(connection)
                self._listening()
                while not self._over:
                    await self._until_next_look(connection)
                    await self._look(connection)
                await self._say(connection)

    @asynccontextmanager
    async def _connection(self) -> AsyncIterator[Any]:
        connection = await self._connect()
        try:
            connection.add_termination_listener(lambda _: self._wake.set())
            await connection.add_listener(CHANNEL, self._hear)
            self._known.clear()  # of one of them a part may have been lost with the last connection
            yield connection
            await connection.close(timeout=PATIENCE)
        finally:
            connection.terminate()

    async def _until_next_look(self, connection: Any) -> None:
        loop = asyncio.get_running_loop()
        until = loop.time() + LOOK
        while (left := until - loop.time()) > 0 and not self._over:
            await self._pause(left)
            if connection.is_closed():
                raise ConnectionResetError
            await self._say(connection)

    async def _say(self, connection: Any) -> None:
        if not self._unsaid:
            return
        entries = self._unsaid.copy()
        pieces = [msgspec.json.encode(entries[at : at + PIECE]).decode() for at in range(0, len(entries), PIECE)]
        await connection.fetch(SENDING, pieces, timeout=PATIENCE)
        del self._unsaid[: len(entries)]
        await asyncio.sleep(BREATH)

    def _hear(self, connection: Any, sender: int, _: str, message: str) -> None:
        if sender != connection.get_server_pid():
            entries = msgspec.json.decode(message, type=list[Entry])
            self._known.update(entry[0] for entry in entries)
            self._tell(entries)

    async def _look(self, connection: Any) -> None:
        """Tell of what has been committed meanwhile by who did not say it."""
        old, new = self._horizon, await connection.fetchval(HORIZON, timeout=PATIENCE)
        if old is not None and new > old:
            self._tell(
                [tuple(row) for row in await connection.fetch(MISSED, old, new, [*self._known], timeout=PATIENCE)]
            )
        self._known = {one for one in self._known if one >= new}
        self._horizon = new
