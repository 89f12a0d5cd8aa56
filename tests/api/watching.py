"""Watchers for tests: they read events as a browser does, and keep a board by them as docs/live.md tells."""

import asyncio
import re
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

import httpx
import msgspec

from events import db, notices
from events.publishing import Board
from tests.code import ROOT
from tests.events.contest_factory import Arena

WAIT = 20.0
PROGRAM = re.findall(r"^```python\n(.*?)^```", (ROOT / "docs/live.md").read_text("utf-8"), flags=re.M | re.S)[0]
EXAMPLE: dict[str, Any] = {"__name__": "example"}
exec(PROGRAM, EXAMPLE)  # what the document shows is what is tried
BOARDS: dict[str, Callable[[Any, Any], Any]] = {"board": lambda _, data: data, "change": EXAMPLE["changed"]}


class Watcher:
    """Reads server-sent events; `kinds` are those that came so far."""

    def __init__(self, lines: AsyncIterator[str]) -> None:
        self.lines = lines
        self.id = ""
        self.retry = 0
        self.board: Any = None
        self.kinds: list[str] = []

    async def next(self) -> Any:
        """The board after the next event that is about it."""
        while True:
            kind, data = await self.event()
            if kind in BOARDS:
                self.board = BOARDS[kind](self.board, data)
                return self.board

    async def until(self, tag: str) -> Any:
        """The board once it has this tag."""
        while self.id != tag:
            await self.next()
        return self.board

    async def event(self) -> tuple[str, Any]:
        """The next event and its data."""
        kind, data = "", ""
        async with asyncio.timeout(WAIT):
            async for line in self.lines:
                key, _, value = line.partition(": ")
                if key == "event":
                    kind = value
                elif key == "data":
                    data += value
                elif key == "id":
                    self.id = value
                elif key == "retry":
                    self.retry = int(value)
                elif line == "" and data:
                    self.kinds.append(kind)
                    return kind, msgspec.json.decode(data)
        raise EOFError


def board_of(arena: Arena) -> str:
    """Where the board of a stage is."""
    return f"/api/v1/events/{arena.event}/stages/{arena.stage}/board"


@asynccontextmanager
async def watching(address: str, arena: Arena, *, query: str = "", **headers: str) -> AsyncIterator[Watcher]:
    """Somebody who watches the board of a stage; header names are given with underscores."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    path = f"{address}{board_of(arena)}/live{query}"
    async with httpx.AsyncClient(timeout=WAIT) as client, client.stream("GET", path, headers=named) as answer:
        assert answer.status_code == 200
        assert answer.headers["content-type"].startswith("text/event-stream")
        yield Watcher(answer.aiter_lines())


async def put(board: Board) -> None:
    """Make this the live board of its stage, as restating does."""
    async with db.transaction():
        await db.rows(
            "UPDATE board SET version = {}, digest = {}, body = {} WHERE event_id = {} AND stage_id = {} "
            "AND kind = 'live'",
            board.version, board.digest, msgspec.json.encode(board).decode(), board.event_id, board.stage_id,
        )  # fmt: skip
        await notices.post("board.restated", event=board.event_id, subject=board.stage_id)
