"""Hearing other processes that write to the same SQLite file: by the number that it changes with each of their commits.

`PRAGMA data_version` costs next to nothing and is always right, so nothing need be said and nothing else be looked at.
"""

from __future__ import annotations

import asyncio
import sqlite3
from collections import deque
from functools import partial
from typing import TYPE_CHECKING

from events.db.hearing import Ear, Entry, Tell

if TYPE_CHECKING:
    from events.db.sqlite import SqliteEngine

EVERY = 0.025  # seconds
BETWEEN = "SELECT txid, kind, event_id, subject FROM notice WHERE number > ? AND number <= ? ORDER BY number"


class SqliteEar(Ear):
    """Knows which numbers of the log others gave; the writer looks when it begins to write, and when it is idle."""

    def __init__(self, engine: SqliteEngine, tell: Tell) -> None:
        super().__init__(tell)
        self._engine = engine
        self._version = self._last = 0
        self._missed: deque[tuple[int, int]] = deque()

    def look(self, connection: sqlite3.Connection) -> None:
        """Find out whether others have committed since the writer last looked; only they change this number."""
        (version,) = connection.execute("PRAGMA data_version").fetchone()
        if version != self._version:
            last = last_number(connection)
            self._version, since, self._last = version, self._last, last
            if last > since:
                self._missed.append((since, last))

    def committed(self, last: int) -> None:
        """Pass over what this process has committed itself."""
        self._last = last

    async def _listen(self) -> None:
        await self._engine.attend(self)
        self._listening()
        while not self._over:
            await asyncio.sleep(EVERY)
            self._engine.look()
            while self._missed:
                self._tell(await self._engine.read(partial(_between, numbers=self._missed[0])))
                self._missed.popleft()
        await self._engine.attend(None)

    def begin(self, connection: sqlite3.Connection) -> None:
        """Begin with what is there now, or go on after what was told last."""
        if not self._version:
            (self._version,) = connection.execute("PRAGMA data_version").fetchone()
            self._last = last_number(connection)


def _between(connection: sqlite3.Connection, numbers: tuple[int, int]) -> list[Entry]:
    return connection.execute(BETWEEN, numbers).fetchall()


def last_number(connection: sqlite3.Connection) -> int:
    """The newest number of the log."""
    return connection.execute("SELECT coalesce(max(number), 0) FROM notice").fetchone()[0]  # type: ignore[no-any-return]
