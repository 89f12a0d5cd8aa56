"""Thousands of watchers of one live board, in one process: when each change reached the first of them, and the last.

`python -m benchmarks.watchers --url http://127.0.0.1:8000/api/v1/events/E/stages/S/board/live --count 5000` prints a
line of JSON when all are there, and one at the end. It looks at the chunks of the answers as they come (what is sent to
many is the same bytes for all) and reads what was in them at the end, so that it takes little time itself.
"""

from __future__ import annotations

import argparse
import json
import re
import resource
import select
import socket
import sys
import time
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from statistics import quantiles
from urllib.parse import urlsplit

WAVE = 100
READ = 1 << 18
REQUEST = "GET {path} HTTP/1.1\r\nHost: {host}\r\nAccept: text/event-stream\r\nAccept-Encoding: gzip\r\n\r\n"


@dataclass
class Seen:
    """One piece of the stream, the same for many: when it came to whom."""

    times: list[float] = field(default_factory=list)


class Watcher:
    """A connection, and what of its answer has not been taken apart yet."""

    __slots__ = ("began", "buffer", "socket")

    def __init__(self, address: tuple[str, int], request: bytes) -> None:
        self.socket = socket.create_connection(address)
        self.socket.sendall(request)
        self.socket.setblocking(False)
        self.buffer = b""
        self.began = False

    def pieces(self, data: bytes) -> Iterator[bytes]:
        """The chunks that are whole by now."""
        self.buffer += data
        if not self.began:
            head, end, rest = self.buffer.partition(b"\r\n\r\n")
            if not end:
                return
            if b" 200 " not in head.split(b"\r\n")[0]:
                raise SystemExit(head.decode("latin-1"))
            self.began, self.buffer = True, rest
        while (end_of_size := self.buffer.find(b"\r\n")) > 0:
            size, start = int(self.buffer[:end_of_size], 16), end_of_size + 2
            if len(self.buffer) < start + size + 2:
                return
            yield self.buffer[start : start + size]
            self.buffer = self.buffer[start + size + 2 :]


class Crowd:
    """All watchers, and all that they have seen."""

    def __init__(self, url: str, count: int) -> None:
        parts = urlsplit(url)
        self.address = (parts.hostname or "127.0.0.1", parts.port or 80)
        path = f"{parts.path}?{parts.query}" if parts.query else parts.path
        self.request = REQUEST.format(path=path, host=parts.netloc).encode()
        self.epoll = select.epoll()
        self.watchers: dict[int, Watcher] = {}
        self.seen: dict[bytes, Seen] = {}
        self.bytes = 0
        self.began = 0.0
        while len(self.watchers) < count:
            self._connect(min(WAVE, count - len(self.watchers)))

    def _connect(self, count: int) -> None:
        """Some more, whose answers have begun when this is over."""
        fresh = [Watcher(self.address, self.request) for _ in range(count)]
        for watcher in fresh:
            self.watchers[watcher.socket.fileno()] = watcher
            self.epoll.register(watcher.socket, select.EPOLLIN)
        while not all(watcher.began for watcher in fresh):
            self.read(1)

    def watch(self, seconds: float) -> None:
        """Read for so long."""
        self.seen.clear()
        self.bytes, self.began = 0, time.time()
        end = time.monotonic() + seconds
        while (left := end - time.monotonic()) > 0:
            self.read(left)

    def read(self, seconds: float) -> None:
        """Take what has come, or will within so many seconds."""
        for number, _ in self.epoll.poll(seconds):
            data = self.watchers[number].socket.recv(READ)
            now = time.time()
            if not data:
                raise SystemExit("the server has ended a stream")
            self.bytes += len(data)
            for piece in self.watchers[number].pieces(data):
                self.seen.setdefault(piece, Seen()).times.append(now)


@dataclass
class Change:
    """A board that was told of: when it was made, and when it reached whom."""

    made: float
    times: list[float] = field(default_factory=list)


def changes(seen: dict[bytes, Seen]) -> dict[str, Change]:
    """What was told, by the tag of the board after it; whether as a change or whole."""
    found: dict[str, Change] = {}
    for piece, when in seen.items():
        text = _unpacked(piece)
        tag = re.match(r"event: (?:change|board)\nid: (\S+)", text)
        made = re.search(r'"made_at":"([^"]+)"', text)
        if tag and made:
            moment = datetime.fromisoformat(made[1]).timestamp()
            found.setdefault(tag[1], Change(moment)).times.extend(when.times)
    return found


def _unpacked(piece: bytes) -> str:
    """The text in a piece: it is packed so that it can be read alone, or, of a large one, its beginning."""
    try:
        return zlib.decompressobj(-zlib.MAX_WBITS).decompress(piece).decode(errors="replace")
    except zlib.error:
        return piece.decode(errors="replace")


def report(crowd: Crowd, seconds: float) -> dict[str, float]:
    """Figures, times in milliseconds. `spread`: from the first watcher to the last; `age`: since the board was made."""
    found = [change for change in changes(crowd.seen).values() if change.made >= crowd.began]
    whole = [change for change in found if len(change.times) == len(crowd.watchers)]
    spreads = [1000 * (max(change.times) - min(change.times)) for change in whole]
    ages = [1000 * (moment - change.made) for change in found for moment in change.times]
    received = sum(len(change.times) for change in found)
    return {
        "watchers": len(crowd.watchers), "seconds": seconds, "changes": len(found), "reached_all": len(whole),
        "received": received, "bytes": crowd.bytes, "bytes_each": round(crowd.bytes / max(received, 1), 1),
        **_spread("spread", spreads), **_spread("age", ages),
    }  # fmt: skip


def _spread(name: str, numbers: list[float]) -> dict[str, float]:
    if len(numbers) < 2:
        return {f"{name}_max": round(max(numbers), 2)} if numbers else {}
    cuts = quantiles(numbers, n=100, method="inclusive")
    return {f"{name}_{part}": round(value, 2) for part, value in
            (("p50", cuts[49]), ("p99", cuts[98]), ("max", max(numbers)))}  # fmt: skip


def main() -> None:
    """Connect, say so, watch, and say what was seen."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--url", required=True)
    parser.add_argument("--count", type=int, default=1000)
    parser.add_argument("--seconds", type=float, default=10.0)
    given = parser.parse_args()
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    began = time.monotonic()
    crowd = Crowd(given.url, given.count)
    _say({"connected": given.count, "took": round(time.monotonic() - began, 2)})
    crowd.watch(given.seconds)
    _say(report(crowd, given.seconds))


def _say(what: Mapping[str, float]) -> None:
    sys.stdout.write(f"{json.dumps(what)}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
