"""A pool of connections to PostgreSQL of which taking and giving back costs no round trip and no task.

asyncpg's own resets a connection each time it is given back; ours are never left in a state that needs it.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from typing import Any

from events.db.postgres_errors import AWAY

LONGEST_IDLE = 300.0  # seconds after which something on the way may have forgotten a connection


class Pool:
    """Up to `size` connections, opened as they are needed; the one used last is used next."""

    def __init__(self, size: int, connect: Callable[[], Awaitable[Any]]) -> None:
        self._connect = connect
        self._free_places = size
        self._idle: list[tuple[Any, float]] = []
        self._waiting: deque[asyncio.Future[Any]] = deque()
        self._closed = False

    async def take(self) -> Any:
        """A connection, to be given back in any case."""
        while self._idle:
            connection, since = self._idle.pop()
            if not connection.is_closed() and asyncio.get_running_loop().time() - since < LONGEST_IDLE:
                return connection
            self._drop(connection)
        if self._free_places:
            self._free_places -= 1
            return await self._open()
        return await self._wait() or await self._open()

    def give(self, connection: Any) -> None:
        """Give a connection back; one that is broken, or left in a transaction, is not used again."""
        if self._closed or connection.is_closed() or connection.is_in_transaction():
            self._drop(connection)
        elif not self._hand_on(connection):
            self._idle.append((connection, asyncio.get_running_loop().time()))

    async def close(self) -> None:
        """Close what is idle now, and what is in use when it is given back."""
        self._closed = True
        while self._idle:
            connection, _ = self._idle.pop()
            await connection.close()

    async def _open(self) -> Any:
        try:
            return await self._connect()
        except BaseException:
            self._free_place()
            raise

    async def _wait(self) -> Any:
        """A connection that is given back, or nothing when there is room for a new one."""
        future = asyncio.get_running_loop().create_future()
        self._waiting.append(future)
        try:
            return await future
        except asyncio.CancelledError:
            if future.done() and not future.cancelled():  # it came at the same moment
                self._free_place() if future.result() is None else self.give(future.result())
            raise

    def _drop(self, connection: Any) -> None:
        connection.terminate()
        self._free_place()

    def _free_place(self) -> None:
        if not self._hand_on(None):
            self._free_places += 1

    def _hand_on(self, connection: Any) -> bool:
        while self._waiting:
            future = self._waiting.popleft()
            if not future.done():
                future.set_result(connection)
                return True
        return False


@contextmanager
def given_back(pool: Pool, connection: Any) -> Iterator[None]:
    """Gives a connection back in any case; one on which anything but a statement failed is not used again."""
    try:
        yield
    except AWAY:
        connection.terminate()
        raise
    finally:
        pool.give(connection)
