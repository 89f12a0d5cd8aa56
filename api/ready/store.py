"""Where ready answers lie: each until something happens that may change it, and all of them within some bytes.

Who asks before a change may get the answer from before; who asks after it never does. One making an answer at a time,
shared by all who asked before it began; a change meanwhile has the next ones wait for the next.
"""

import asyncio
import time
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID
from weakref import WeakSet

from api.answers import Whole
from api.ready.words import Of, Ready
from events import clock, notices
from events.notices import Posted

Key = tuple[str | bytes, ...]
OVERHEAD = 2048  # about what an answer takes beside its bytes
REST = 3  # so many times as long as a making takes, the next one of the same waits: a quarter of the time at most


class Subject(NamedTuple):
    """What an answer is about; the stage only for what follows a board."""

    ready: Ready
    event: UUID | None = None
    stage: UUID | None = None


class Changes:
    """How often what an answer depends on has changed so far: shared by the answers that depend on the same."""

    def __init__(self, subject: Subject) -> None:
        self.subject = subject
        self.count = 0


class Made(NamedTuple):
    """An answer fresh from its route, and when the clock alone ends it."""

    whole: Whole
    until: datetime


class Entry:
    """An answer that lies ready."""

    def __init__(self, made: Made, changes: Changes, count: int, took: float) -> None:
        self.whole, self.until = made
        self.changes, self.count = changes, count
        self.size = 0
        self.took, self.at = took, time.monotonic()

    @property
    def fresh(self) -> bool:
        """Whether nothing can have changed since its making began."""
        return self.count == self.changes.count and clock.now() < self.until


class Making:
    """The making of an answer, which begins once the one before is over."""

    def __init__(self, changes: Changes, before: "Making | None") -> None:
        self.changes, self.before = changes, before
        self.count: int | None = None
        self.task: asyncio.Task[Whole | None]

    @property
    def is_late(self) -> bool:
        """Whether something has changed since it began."""
        return self.count not in (None, self.changes.count)


class Store:
    """The ready answers of a process."""

    def __init__(self, most: int) -> None:
        self.most = most
        self.size = 0
        self._listening = False
        self._entries: OrderedDict[Key, Entry] = OrderedDict()
        self._making: dict[Key, Making] = {}
        self._changes: dict[UUID | None, WeakSet[Changes]] = {}

    def hear(self, posted: Posted) -> None:
        """Count a change: of one event, and of what tells of all of them; without an event it is one of everything."""
        for event in tuple(self._changes) if posted.event_id is None else (posted.event_id, None):
            for changes in self._changes.get(event, ()):
                changes.count += changes.subject.ready.is_moved(posted, changes.subject.stage)
            if not self._changes.get(event, True):
                del self._changes[event]

    @contextmanager
    def listening(self) -> Iterator[None]:
        """Keep answers within it; outside of it nobody would know when they are no longer true."""
        silence = notices.listen(self.hear)
        self._listening = True
        try:
            yield
        finally:
            self._listening = False
            silence()
            self._entries.clear()
            self.size = 0

    def keeps(self, ready: Ready) -> bool:
        """Whether such answers are kept now: only while changes are heard of."""
        return self.most > 0 and (ready.of is Of.PROGRAM or (self._listening and not notices.is_deaf()))

    def at_once(self, key: Key) -> Whole | None:
        """What lies ready and is fresh."""
        entry = self._entries.get(key)
        if entry is None or not entry.fresh or not self.keeps(entry.changes.subject.ready):
            return None
        self._entries.move_to_end(key)
        return entry.whole

    async def get(self, key: Key, subject: Subject, make: Callable[[], Awaitable[Made | None]]) -> Whole | None:
        """What lies ready, or what `make` gives: None for what is not to be kept, which each asker asks for alone."""
        if (found := self.at_once(key)) is not None:
            return found
        making = self._making.get(key)
        if making is None or making.is_late:
            making = self._making[key] = Making(self._changes_of(subject), making)
            making.task = asyncio.create_task(self._make(key, making, make))
            making.task.add_done_callback(_looked_at)
        return await asyncio.shield(making.task)

    def weigh(self, key: Key) -> None:
        """Take account of what an answer has grown by, and let go of what was asked for the longest ago."""
        entry = self._entries.get(key)
        if entry is not None:
            size = OVERHEAD + sum(map(len, key)) + entry.whole.size
            self.size, entry.size = self.size + size - entry.size, size
        while self.size > self.most:
            self.size -= self._entries.popitem(last=False)[1].size

    async def _make(self, key: Key, making: Making, make: Callable[[], Awaitable[Made | None]]) -> Whole | None:
        if making.before is not None:
            await asyncio.wait((making.before.task,))
            making.before = None
        if not making.changes.subject.ready.follows_boards:  # those come no faster than they are restated
            await self._rest(key)
        making.count, began = making.changes.count, time.monotonic()
        try:
            made = await make()
        finally:
            if self._making.get(key) is making:
                del self._making[key]
        return self._keep(key, making, made, time.monotonic() - began) if made else None

    async def _rest(self, key: Key) -> None:
        if (last := self._entries.get(key)) is not None:
            await asyncio.sleep(max(0.0, REST * last.took - (time.monotonic() - last.at)))

    def _keep(self, key: Key, making: Making, made: Made, took: float) -> Whole:
        """The answer, or the one before when it is the same, for that is packed already."""
        assert making.count is not None
        if not self.keeps(making.changes.subject.ready):
            return made.whole
        entry, old = Entry(made, making.changes, making.count, took), self._entries.pop(key, None)
        if old is not None:
            self.size -= old.size
            entry.whole = old.whole if old.whole.is_same(made.whole) else made.whole
        self._entries[key] = entry
        self.weigh(key)
        return entry.whole

    def _changes_of(self, subject: Subject) -> Changes:
        known = self._changes.setdefault(subject.event, WeakSet())
        found = next((changes for changes in known if changes.subject == subject), None) or Changes(subject)
        known.add(found)
        return found


def _looked_at(task: asyncio.Task[Any]) -> None:
    """Whoever waited may be gone: nobody is to be warned of an error that nobody saw."""
    with suppress(asyncio.CancelledError):
        task.exception()
