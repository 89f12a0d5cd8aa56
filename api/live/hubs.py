"""Hubs: what the watchers of one stage share. A hub hears of boards and rights, looks once, and tells everybody.

What another process made is heard of by its notices, and seen by a look every second in any case.
"""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from uuid import UUID

import structlog
from litestar.types import Send

from api import ending
from api.live.watchers import Channel, Made, View, Watcher, each
from events import notices, publishing
from events.notices import Posted

LOOK = 1.0
HEARTBEAT = 15.0
Key = tuple[UUID, UUID]
log = structlog.get_logger()


class Hub:
    """The watchers of one stage, by what they see."""

    def __init__(self, key: Key) -> None:
        self.key = key
        self.channels: dict[View, Channel] = {}
        self.heard = asyncio.Event()
        self.tasks = [asyncio.create_task(self._follow()), asyncio.create_task(self._end())]

    def channel(self, view: View) -> Channel:
        """Those who see the same; for a new one, the hub looks at once."""
        if view not in self.channels:
            self.channels[view] = Channel(view)
            self.heard.set()
        return self.channels[view]

    def leave(self, watcher: Watcher) -> None:
        """A channel goes with its last watcher, and the hub with its last channel."""
        channel = watcher.channel
        channel.watchers.discard(watcher)
        if not channel.watchers and self.channels.get(channel.view) is channel:
            del self.channels[channel.view]
        if not self.channels and hubs.get(self.key) is self:
            del hubs[self.key]
            for task in self.tasks:
                task.cancel()

    async def _follow(self) -> None:
        loop, silence = asyncio.get_running_loop(), notices.listen(self._hear)
        try:
            while True:
                began = loop.time()
                self.heard.clear()
                await self._look()
                await self._ping()
                await asyncio.sleep(loop.time() - began)  # half of the time is for others
                await notices.wait_for(self.heard, LOOK)
        finally:
            silence()

    def _hear(self, posted: Posted) -> None:
        if posted.kind.startswith("board."):
            concerns = (posted.event_id, posted.subject) == self.key
        else:
            concerns = posted.kind.startswith("account.") and any(v.account == posted.subject for v in self.channels)
        if concerns:
            self.heard.set()

    async def _look(self) -> None:
        channels = tuple(self.channels.values())
        made: Made = {}
        try:
            boards = await publishing.boards_for({channel.view.account for channel in channels}, *self.key)
            for channel in channels:
                await channel.show(boards[channel.view.account], made)
        except Exception as error:  # the database is away for a while: watchers wait
            log.warning("board not read", stage=str(self.key[1]), exc_info=error)

    async def _ping(self) -> None:
        now = asyncio.get_running_loop().time()
        for channel in tuple(self.channels.values()):
            if now - channel.told > HEARTBEAT:
                channel.told = now
                await each(channel.watchers, Watcher.ping)

    async def _end(self) -> None:
        await ending.event().wait()
        for channel in tuple(self.channels.values()):
            await each(channel.watchers, Watcher.end)


hubs: dict[Key, Hub] = {}


def is_shown(key: Key) -> bool:
    """Whether everybody is being shown a board of this stage."""
    channels = hubs[key].channels.values() if key in hubs else ()
    return any(channel.shown and channel.view.account is None for channel in channels)


@contextmanager
def watching(key: Key, view: View, send: Send, *, known: str, packed: bool) -> Iterator[None]:
    """Somebody watches a stage; all that there is to be sent is sent meanwhile."""
    hub = hubs.get(key) or hubs.setdefault(key, Hub(key))
    channel = hub.channel(view)
    watcher = Watcher(channel, send, known, packed=packed)
    channel.watchers.add(watcher)
    if ending.event().is_set():
        watcher.end()
    else:
        watcher.tell()
    try:
        yield
    finally:
        hub.leave(watcher)
