"""Hearing what other processes commit: what both engines share."""

from __future__ import annotations

import asyncio
from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from contextlib import suppress
from uuid import UUID

import structlog

Entry = tuple[int, str, UUID | None, UUID | None]  # of the log of notices: its transaction, kind, event and subject
Tell = Callable[[Sequence[Entry]], None]
PATIENCE = 5.0  # seconds for what is still to be said when it ends
AGAIN = 0.25  # seconds until what failed is tried once more
log = structlog.get_logger()


class Ear(ABC):
    """Tells of each entry that another process commits, at least once; and lets others know what this one committed."""

    def __init__(self, tell: Tell) -> None:
        self._tell = tell
        self._wake = asyncio.Event()
        self._begun = asyncio.Event()
        self._over = self.is_deaf = False

    async def start(self) -> None:
        """Listen from now on; a database that is away is listened to once it is back."""
        self._task = asyncio.create_task(self._run())
        await self._begun.wait()

    async def stop(self) -> None:
        """End, after what is still to be said."""
        self._over = True
        self._wake.set()
        await asyncio.wait([self._task], timeout=PATIENCE)
        self._task.cancel()
        with suppress(asyncio.CancelledError):
            await self._task

    def said(self, entry: Entry) -> None:  # noqa: B027  # most need not do anything
        """Note what this process has committed."""

    @abstractmethod
    async def _listen(self) -> None:
        """Listen until it is over or something fails."""

    async def _run(self) -> None:
        while not self._over:
            try:
                await self._listen()
            except Exception as error:
                self._lost(error)
                await self._pause(AGAIN)

    def _listening(self) -> None:
        """To be called once nothing is missed any more."""
        self.is_deaf = False
        self._begun.set()

    def _lost(self, error: Exception) -> None:
        if not self.is_deaf:
            log.warning("other processes are not heard for a while", error=repr(error.__cause__ or error))
        self.is_deaf = True
        self._begun.set()

    async def _pause(self, seconds: float) -> None:
        """Wait until there is something to do, at most for some seconds."""
        with suppress(TimeoutError):
            await asyncio.wait_for(self._wake.wait(), seconds)
        self._wake.clear()
