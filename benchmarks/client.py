"""A small client of our own that notes what was acknowledged, for servers that are killed in the middle."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

import msgspec

from benchmarks.places import WEB


@dataclass(frozen=True)
class Asked:
    """A request with a key."""

    path: str
    token: str
    key: str
    body: str

    def bytes(self) -> bytes:
        """As it goes over the wire."""
        return (
            f"POST {self.path} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
            f"Authorization: Bearer {self.token}\r\nIdempotency-Key: {self.key}\r\n"
            f"Content-Length: {len(self.body.encode())}\r\n\r\n{self.body}"
        ).encode()


@dataclass(frozen=True)
class Given:
    """An answer that arrived whole."""

    status: int
    replayed: bool
    body: Any


@dataclass
class Crowd:
    """Some connections, each asking one thing after the other; `given` is what was acknowledged, by key."""

    asked: Iterator[Asked]
    given: dict[str, Given] = field(default_factory=dict)
    sent: int = 0

    async def ask(self, connections: int) -> dict[str, Given]:
        """Ask until there is nothing more to ask, or the server is gone."""
        await asyncio.gather(*(self._serve() for _ in range(connections)))
        return self.given

    async def _serve(self) -> None:
        try:
            reader, writer = await asyncio.open_connection("127.0.0.1", WEB)
        except OSError:
            return
        try:
            for one in self.asked:
                writer.write(one.bytes())
                self.sent += 1
                self.given[one.key] = await read(reader)
        except (OSError, asyncio.IncompleteReadError):
            return
        finally:
            writer.close()


async def read(reader: asyncio.StreamReader) -> Given:
    """One answer; IncompleteReadError when the server died before its end."""
    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").lower().split("\r\n")
    headers = dict(line.split(": ", 1) for line in head[1:] if line)
    body = await reader.readexactly(int(headers["content-length"]))
    return Given(int(head[0].split()[1]), headers.get("idempotent-replayed") == "true", msgspec.json.decode(body))


async def once(asked: Asked) -> Given:
    """One request on a connection of its own."""
    reader, writer = await asyncio.open_connection("127.0.0.1", WEB)
    try:
        writer.write(asked.bytes())
        return await read(reader)
    finally:
        writer.close()


def again(asked: Iterable[Asked]) -> dict[str, Given]:
    """The same requests once more, one after the other."""
    return asyncio.run(Crowd(iter(asked)).ask(1))
