"""Boards that marks come in for: what was made of them is kept, so that a run reads and makes anew what has changed.

What has changed is told by the notices of marks, which name the entries. A stage is held while marks are taken, so the
numbers of these notices rise in the order in which they become durable: who has seen one has seen all before it.
Whatever else changes, the board is made from scratch.
"""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from itertools import count
from typing import NamedTuple, TypeVar
from uuid import UUID

import msgspec

from events import db, notices
from events.contests.facts import marks_of
from events.notices import Posted
from events.publishing.boards import Making, Ranks, begin, board_of, body_of, by_entry, go_on, ranks
from events.publishing.coalescing import Key
from events.publishing.gathering import Frame, facts_within, frame_of
from events.publishing.reading import opened
from events.publishing.structs import Board, ReadyBoard
from events.terms import BoardKind
from scoring.marks import Mark
from scoring.schemes import is_relative

Result = TypeVar("Result")
# What may change a board beside marks, and beside what stands in its frame. Of unions it is all boards.
OTHER_FACTS = frozenset({
    "draw.made", "draw.appended", "stage.changed", "stage.filled", "stage.emptied", "scheme.set", "scheme.adopted",
    "entry.added", "entry.changed", "entry.withdrawn", "contest.changed",
})  # fmt: skip
OF_UNIONS = "union."
MOST_ENTRIES = 12_000  # on all boards that are kept together
FEW_ENTRIES = 200  # a board of so few is made while everybody waits
MOST_NEWS = 10_000
AT_ONCE = 100
NEWS = (
    "SELECT number, data FROM notice WHERE event_id = {} AND subject = {} AND kind = 'marks.entered' "  # noqa: S608
    f"AND number > {{}} ORDER BY number LIMIT {MOST_NEWS}"
)
LATEST = "SELECT max(number) AS number FROM notice WHERE event_id = {} AND subject = {} AND kind = 'marks.entered'"


class Written(NamedTuple):
    """A version of a board that lies in the database."""

    id: UUID
    version: int
    ranks: Ranks


@dataclass(frozen=True)
class Hot:
    """What a board was made of: `seen`, the last notice of marks in it; `moment`, when its other facts were read.

    `written`: the board that it became in the database.
    """

    frame: Frame
    seen: int
    moment: int
    making: Making
    written: Written | None = None


class Numbered(NamedTuple):
    """A board that has its version, with its ranks and as it is stored."""

    board: Board
    ranks: Ranks
    body: bytes

    def ready(self) -> ReadyBoard:
        """The board as it is read."""
        board = self.board
        return opened(board.kind, board.version, board.digest, made_at=board.made_at, body=self.body)


class Made(NamedTuple):
    """A board that was made, and what is kept of it."""

    hot: Hot
    board: Board

    async def numbered(self, version: int, before: Ranks) -> Numbered:
        """The board as a version; `before`, the ranks that there were."""
        return await _aside(len(self.board.rows), partial(_numbered, self, version, before))


class News(msgspec.Struct):
    """What a notice of marks says; without entries, they were too many."""

    entries: list[str] | None = None


_hot: OrderedDict[Key, Hot] = OrderedDict()
_changed: dict[UUID | None, int] = {}  # when something else than marks has changed, by event; None: everywhere
_moments = count(1)
_ears: list[Callable[[], None]] = []


def listen() -> Callable[[], None]:
    """Keep what boards are made of, for from now on it is heard when their facts change; returns what ends it."""
    silence = notices.listen(_hear)
    _ears.append(silence)

    def stop() -> None:
        silence()
        _ears.remove(silence)
        if not _ears:
            _hot.clear()

    return stop


def _hear(posted: Posted) -> None:
    """Note that the facts of boards have changed, whoever changed them."""
    if posted.kind in OTHER_FACTS or posted.kind.startswith(OF_UNIONS):
        _changed[posted.event_id] = next(_moments)


def kept(key: Key) -> Hot | None:
    """What this process keeps of a stage's board."""
    return _hot.get(key)


def keep(key: Key, made: Hot) -> None:
    """Keep what a board was made of, if somebody listens; of those that were not asked for longest, let go."""
    if not _ears:
        return
    _hot[key] = made
    _hot.move_to_end(key)
    while sum(len(one.making.entrants) for one in _hot.values()) > MOST_ENTRIES and len(_hot) > 1:
        _hot.popitem(last=False)


async def make(key: Key, began: datetime) -> Made | None:
    """The live board of a stage as it is now, not numbered yet; None before it is drawn."""
    moment = next(_moments)
    frame = await frame_of(*key)
    if frame is None:
        _hot.pop(key, None)
        return None
    hot = await _from_what_was(key, frame) or await _from_scratch(key, frame, moment)
    board, making = await _aside(len(hot.making.entrants), partial(board_of, hot.making, BoardKind.LIVE, began))
    return Made(replace(hot, making=making), board)


async def _from_what_was(key: Key, frame: Frame) -> Hot | None:
    """What was kept, with what has changed; None where all has to be made from scratch."""
    was = _hot.get(key)
    if was is None or was.frame != frame or _is_outdated(key, was) or is_relative(was.making.rules):
        return None
    news = await db.rows(NEWS, *key, was.seen)
    told = [msgspec.json.decode(one["data"], type=News).entries for one in news]
    if None in told or len(told) == MOST_NEWS:
        return None
    entries = sorted({entry for some in told for entry in some or ()} & was.making.entrants.keys())
    changed = by_entry([mark async for mark in _marks_of(key, entries)], entries)
    making = await _aside(len(entries), partial(go_on, was.making, changed)) if entries else was.making
    return replace(was, making=making, seen=news[-1]["number"] if news else was.seen)


async def _from_scratch(key: Key, frame: Frame, moment: int) -> Hot:
    latest = await db.row(LATEST, *key)
    facts = await facts_within(frame)
    making = await _aside(len(facts.entrants), partial(begin, facts))
    was = _hot.get(key)
    return Hot(frame, (latest and latest["number"]) or 0, moment, making, was.written if was else None)


def _numbered(made: Made, version: int, before: Ranks) -> Numbered:
    new = msgspec.structs.replace(made.board, version=version)
    return Numbered(new, ranks(new), body_of(made.hot.making, new, before))


def _is_outdated(key: Key, was: Hot) -> bool:
    return max(_changed.get(key[0], 0), _changed.get(None, 0)) > was.moment


async def _marks_of(key: Key, entries: Sequence[str]) -> AsyncIterator[Mark]:
    for start in range(0, len(entries), AT_ONCE):
        for mark in await marks_of(*key, entries[start : start + AT_ONCE]):
            yield mark


async def _aside(size: int, work: Callable[[], Result]) -> Result:
    """Do some work for so many entries; for many in a thread, so that others are served meanwhile."""
    return work() if size <= FEW_ENTRIES else await asyncio.to_thread(work)
