"""Work that many ask for at once is done once for all of them."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any
from uuid import UUID

Key = tuple[UUID, UUID]
REST = 1.5  # as long as a run took, so many times over nothing is run again: others have to live, too
LONGEST_REST = 0.1


class Coalescer:
    """Runs work by key, at most one run a key at a time; whoever asks while one is at work shares the next.

    Whoever asks after a while is served at once; under a storm there is a rest between two runs.
    """

    def __init__(self, work: Callable[[Key], Awaitable[int]]) -> None:
        self._work = work
        self._running: dict[Key, asyncio.Task[int]] = {}
        self._waiting: dict[Key, asyncio.Task[int]] = {}
        self._free: dict[Key, float] = {}

    def ask(self, key: Key) -> asyncio.Task[int]:
        """The run that begins after now."""
        if key not in self._waiting:
            self._waiting[key] = asyncio.create_task(self._next(key))
        return self._waiting[key]

    def all(self) -> set[asyncio.Future[Any]]:
        """Every run that is not over."""
        return {*self._running.values(), *self._waiting.values()}

    async def _next(self, key: Key) -> int:
        now = asyncio.get_running_loop().time
        while (running := self._running.get(key)) is not None:
            await asyncio.wait([running])
        await asyncio.sleep(self._free.pop(key, 0.0) - now())
        task = self._running[key] = self._waiting.pop(key)
        began = now()
        try:
            return await self._work(key)
        finally:
            self._rest(key, now() - began)
            if self._running.get(key) is task:
                del self._running[key]

    def _rest(self, key: Key, took: float) -> None:
        loop, rest = asyncio.get_running_loop(), min(took * REST, LONGEST_REST)
        self._free[key] = loop.time() + rest
        loop.call_later(rest, self._rested, key)

    def _rested(self, key: Key) -> None:
        if self._free.get(key, 0.0) <= asyncio.get_running_loop().time():
            self._free.pop(key, None)
