"""Restating: live boards follow the marks, never inside a request, at most one run a stage at a time."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import msgspec
import structlog

from events import clock, db, ids, notices
from events.notices import Posted
from events.publishing.boards import compose, numbered
from events.publishing.gathering import facts_of
from events.publishing.structs import Board
from events.tables import Board as BoardRow
from events.terms import BoardKind

Key = tuple[UUID, UUID]
MANY = 2000
OF_STAGE = frozenset({
    "marks.entered", "scheme.set", "draw.made", "draw.appended", "stage.changed", "judge.seated", "judge.left",
    "panel.changed", "sign_off.given", "sign_off.withdrawn", "board.provisional", "board.official", "stage.filled",
    "scheme.adopted",
})  # fmt: skip
OF_CONTEST = frozenset({"entry.added", "entry.changed", "entry.withdrawn", "contest.changed"})
UNSURE = timedelta(minutes=1)
UNTOUCHED = "event_id = {} AND id = {} AND version = {} AND made_at = {}"  # nobody has looked at the facts since
log = structlog.get_logger()


class Coalescer:
    """Runs work by key, at most one run a key at a time; whoever asks while one is at work shares the next."""

    def __init__(self, work: Callable[[Key], Awaitable[int]]) -> None:
        self._work = work
        self._running: dict[Key, asyncio.Task[int]] = {}
        self._waiting: dict[Key, asyncio.Task[int]] = {}

    def ask(self, key: Key) -> asyncio.Task[int]:
        """The run that begins after now."""
        if key not in self._waiting:
            self._waiting[key] = asyncio.create_task(self._next(key))
        return self._waiting[key]

    def all(self) -> set[asyncio.Future[Any]]:
        """Every run that is not over."""
        return {*self._running.values(), *self._waiting.values()}

    async def _next(self, key: Key) -> int:
        while (running := self._running.get(key)) is not None:
            await asyncio.wait([running])
        task = self._running[key] = self._waiting.pop(key)
        try:
            return await self._work(key)
        finally:
            if self._running.get(key) is task:
                del self._running[key]


async def restate(event_id: UUID, stage_id: UUID) -> int:
    """Bring the live board up to date and give its version (0 before there is one).

    At most one run a stage, late-comers share the next.
    """
    return await asyncio.shield(_runs.ask((event_id, stage_id)))


async def repair() -> int:
    """Restate every stage whose live board may lack something that was committed (after a crash); gives how many."""
    which, kinds = db.one_of(sorted(OF_STAGE | OF_CONTEST))
    stale = await db.rows(
        "SELECT stage.event_id, stage.id FROM stage JOIN event ON event.id = stage.event_id "  # noqa: S608
        "LEFT JOIN board ON board.event_id = stage.event_id AND board.stage_id = stage.id AND board.kind = 'live' "
        "WHERE stage.drawn_at IS NOT NULL AND stage.scheme_id IS NOT NULL "
        "AND (board.id IS NULL OR (event.state NOT IN ('finished', 'cancelled') "
        "AND EXISTS (SELECT 1 FROM notice WHERE notice.event_id = stage.event_id "
        f"AND notice.subject IN (stage.id, stage.contest_id) AND notice.kind {which} "
        "AND (notice.at > board.made_at OR notice.at > {})))) ORDER BY stage.id",
        *kinds, clock.now() - UNSURE,
    )  # fmt: skip
    for row in stale:
        await restate(row["event_id"], row["id"])
    return len(stale)


def start() -> Callable[[], None]:
    """Restate boards after every commit that changes them, from now on; returns what ends it."""
    return notices.listen(_follow)


async def settle() -> None:
    """Wait until every restating that was begun is over."""
    while unfinished := _runs.all() | _followed:
        await asyncio.wait(unfinished)


def _follow(posted: Posted) -> None:
    if not posted.here or posted.event_id is None or posted.subject is None:
        return  # where it was written it is followed
    if posted.kind in OF_STAGE:
        _in_background(_logged(posted.event_id, [posted.subject]))
    elif posted.kind in OF_CONTEST:
        _in_background(_restate_contest(posted.event_id, posted.subject))


def _in_background(work: Awaitable[None]) -> None:
    task = asyncio.ensure_future(work)
    _followed.add(task)
    task.add_done_callback(_followed.discard)


async def _restate_contest(event_id: UUID, contest_id: UUID) -> None:
    stages = await db.rows(
        "SELECT id FROM stage WHERE event_id = {} AND contest_id = {} AND drawn_at IS NOT NULL", event_id, contest_id
    )
    await _logged(event_id, [row["id"] for row in stages])


async def _logged(event_id: UUID, stages: list[UUID]) -> None:
    for stage_id in stages:
        try:
            await restate(event_id, stage_id)
        except Exception:
            log.exception("board not restated", event_id=str(event_id), stage_id=str(stage_id))


async def _restate(key: Key) -> int:
    version = None
    while version is None:
        version = await _attempt(*key)
    return version


async def _attempt(event_id: UUID, stage_id: UUID) -> int | None:
    """The version under which the board now lies in the database; None when another process came between.

    A board takes the place of the one that was there before its facts were read, and of no other: so boards follow each
    other as their facts do, whatever the clocks of the processes say.
    """
    here = (BoardRow.event_id == event_id) & (BoardRow.stage_id == stage_id) & (BoardRow.kind == "live")
    old = await BoardRow.objects().get(here)
    board = await _composed(event_id, stage_id)
    if board is None:
        return 0
    async with db.transaction():
        if old is None:
            return await _insert(board)
        if old.digest == board.digest:
            return await _touch(old, board.made_at)
        return await _replace(old, board)


async def _composed(event_id: UUID, stage_id: UUID) -> Board | None:
    began = clock.now()
    facts = await facts_of(event_id, stage_id)
    if facts is None:
        return None
    if len(facts.marks) > MANY:
        return await asyncio.to_thread(compose, facts, BoardKind.LIVE, began)
    return compose(facts, BoardKind.LIVE, began)


async def _insert(board: Board) -> int | None:
    first = numbered(board, 1, None)
    made = await db.rows(
        "INSERT INTO board (event_id, id, stage_id, kind, version, scheme_id, body, digest, made_at) "
        "VALUES ({}, {}, {}, {}, {}, {}, {}, {}, {}) ON CONFLICT DO NOTHING RETURNING id",
        board.event_id, ids.new(), board.stage_id, "live", 1, board.scheme_id,
        msgspec.json.encode(first).decode(), board.digest, board.made_at,
    )  # fmt: skip
    if not made:
        return None
    await _tell(first)
    return 1


async def _touch(old: BoardRow, began: datetime) -> int | None:
    """Nothing has changed; note that it was looked at, unless it is another board by now."""
    touched = await db.rows(
        f"UPDATE board SET made_at = {{}} WHERE {UNTOUCHED} RETURNING id",  # noqa: S608
        began, old.event_id, old.id, old.version, old.made_at,
    )  # fmt: skip
    return int(old.version) if touched else None


async def _replace(old: BoardRow, board: Board) -> int | None:
    new = numbered(board, old.version + 1, msgspec.json.decode(old.body, type=Board))
    changed = await db.rows(
        "UPDATE board SET version = {}, scheme_id = {}, body = {}, digest = {}, made_at = {} "  # noqa: S608
        f"WHERE {UNTOUCHED} RETURNING id",
        new.version, new.scheme_id, msgspec.json.encode(new).decode(), new.digest, new.made_at,
        old.event_id, old.id, old.version, old.made_at,
    )  # fmt: skip
    if not changed:
        return None
    await _tell(new)
    return new.version


async def _tell(board: Board) -> None:
    await notices.post(
        "board.restated", event=board.event_id, subject=board.stage_id, version=board.version, digest=board.digest
    )


_runs = Coalescer(_restate)
_followed: set[asyncio.Future[Any]] = set()
