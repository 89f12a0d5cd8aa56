"""One watcher of a live board that keeps the board: made anew by `board`, brought up to date by `change`."""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass, field
from typing import Any

import msgspec

from benchmarks.places import WEB

REQUEST = "GET {path} HTTP/1.1\r\nHost: localhost\r\nAccept: text/event-stream\r\n\r\n"
Row = dict[str, Any]


def changed(rows: list[Row], parts: list[Any]) -> list[Row]:
    """The rows after a change: pieces `[start, count]` of the old ones, `[index, members]`, and whole new ones."""
    found: list[Row] = []
    for part in parts:
        if isinstance(part, dict):
            found.append(part)
        elif isinstance(part[1], dict):
            found.append(rows[part[0]] | part[1])
        else:
            found += rows[part[0] : part[0] + part[1]]
    return found


@dataclass
class Follower:
    """The rows as they are known, and when the last news of them came (by the clock of `time.monotonic`)."""

    path: str
    rows: list[Row] = field(default_factory=list)
    at: float = 0
    news: asyncio.Event = field(default_factory=asyncio.Event)

    async def follow(self) -> None:
        """Read the stream until cancelled."""
        reader, writer = await asyncio.open_connection("127.0.0.1", WEB, limit=1 << 24)
        try:
            writer.write(REQUEST.format(path=self.path).encode())
            await reader.readuntil(b"\r\n\r\n")
            waiting = b""
            while size := int(await reader.readline(), 16):
                waiting += (await reader.readexactly(size + 2))[:-2]
                *whole, waiting = waiting.split(b"\n\n")
                for event in whole:
                    self._take(event, time.monotonic())
        finally:
            writer.close()

    def _take(self, event: bytes, now: float) -> None:
        fields = dict(line.split(b": ", 1) for line in event.split(b"\n") if b": " in line)
        if fields.get(b"event") == b"board":
            self.rows = msgspec.json.decode(fields[b"data"])["rows"]
        elif fields.get(b"event") == b"change":
            self.rows = changed(self.rows, msgspec.json.decode(fields[b"data"])["rows"])
        else:
            return
        self.at = now
        self.news.set()

    async def until(self, code: str, marks: int) -> float:
        """When it was known that an entry has so many marks."""
        while not any(row["code"] == code and row["marks_in"] >= marks for row in self.rows):
            self.news.clear()
            await self.news.wait()
        return self.at
