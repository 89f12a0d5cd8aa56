"""Restating: live boards follow the marks, never inside a request, at most one run a stage at a time.

Of several processes one restates a stage while marks come in; the others hand over to it, and look after a while
whether it is still there.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import timedelta
from functools import partial
from typing import Any
from uuid import UUID

import msgspec
import structlog

from events import clock, db, ids, notices
from events.notices import Posted
from events.publishing import hot, reading
from events.publishing.boards import Ranks, ranks
from events.publishing.coalescing import Coalescer, Key
from events.publishing.hot import Made, Written
from events.publishing.structs import Board

OF_STAGE = frozenset({
    "marks.entered", "scheme.set", "draw.made", "draw.appended", "stage.changed", "judge.seated", "judge.left",
    "panel.changed", "sign_off.given", "sign_off.withdrawn", "board.provisional", "board.official", "stage.filled",
    "scheme.adopted",
})  # fmt: skip
OF_CONTEST = frozenset({"entry.added", "entry.changed", "entry.withdrawn", "contest.changed"})
UNSURE = timedelta(minutes=1)
HELD = 3  # seconds that a process restates a stage alone, counted from its last board
HOLDER = ids.new()
STANDING = """SELECT event_id, id, version, digest, made_at, holder <> {} AND held_until > SECONDS AS elsewhere
    FROM board WHERE event_id = {} AND stage_id = {} AND kind = 'live'"""
BEHIND = """SELECT 1 AS behind FROM board WHERE event_id = {} AND stage_id = {} AND kind = 'live' AND seen <
    (SELECT max(number) FROM notice WHERE event_id = board.event_id AND subject = board.stage_id
        AND kind = 'marks.entered')"""
HOLD = f"made_at = {{}}, seen = {{}}, holder = {{}}, held_until = SECONDS + {HELD}"
UNTOUCHED = "event_id = {} AND id = {} AND version = {} AND made_at = {}"  # nobody has looked at the facts since
log = structlog.get_logger()


async def restate(event_id: UUID, stage_id: UUID) -> int:
    """Bring the live board up to date and give its version (0 before there is one).

    At most one run a stage, late-comers share the next.
    """
    _wanted.add((event_id, stage_id))
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
        await _runs.ask((row["event_id"], row["id"]))
    return len(stale)


def start() -> Callable[[], None]:
    """Restate boards after every commit that changes them, from now on; returns what ends it."""
    silence, let_go = notices.listen(_follow), hot.listen()

    def stop() -> None:
        silence()
        let_go()
        for timer in _looking.values():
            timer.cancel()
        _looking.clear()

    return stop


async def settle() -> None:
    """Wait until every restating that was begun is over."""
    while unfinished := _runs.all() | _followed:
        await asyncio.wait(unfinished)


def _follow(posted: Posted) -> None:
    if posted.event_id is None or posted.subject is None:
        return
    if posted.kind in OF_STAGE:
        _in_background(_follow_up(posted, [posted.subject]))
    elif posted.kind in OF_CONTEST:
        _in_background(_follow_contest(posted))


def _in_background(work: Awaitable[None]) -> None:
    task = asyncio.ensure_future(_logged(work))
    _followed.add(task)
    task.add_done_callback(_followed.discard)


async def _follow_contest(posted: Posted) -> None:
    stages = await db.rows(
        "SELECT id FROM stage WHERE event_id = {} AND contest_id = {} AND drawn_at IS NOT NULL",
        posted.event_id, posted.subject,
    )  # fmt: skip
    await _follow_up(posted, [row["id"] for row in stages])


async def _follow_up(posted: Posted, stages: list[UUID]) -> None:
    """Restate what is ours to restate: what changed here, and of what changed elsewhere the boards that are kept."""
    assert posted.event_id is not None
    for stage_id in stages:
        key = (posted.event_id, stage_id)
        if posted.here and posted.kind != "marks.entered":
            _wanted.add(key)
        if posted.here or hot.kept(key):
            await _logged(asyncio.shield(_runs.ask(key)))


async def _logged(work: Awaitable[object]) -> None:
    try:
        await work
    except Exception:
        log.exception("board not restated")


async def _restate(key: Key) -> int:
    wanted = key in _wanted
    _wanted.discard(key)
    version = None
    while version is None:
        version = await _attempt(key, wanted=wanted)
    return version


async def _attempt(key: Key, *, wanted: bool) -> int | None:
    """The version under which the board now lies in the database; None when another process came between.

    A board takes the place of the one that was there before its facts were read, and of no other: so boards follow each
    other as their facts do, whatever the clocks of the processes say.
    """
    began = clock.now()
    old = await db.row(_by_their_clock(STANDING), HOLDER, *key)
    if old is not None and old["elsewhere"] and not wanted:
        _look_later(key)
        return int(old["version"])
    made = await hot.make(key, began)
    if made is None:
        return 0
    if old is None:
        written = await _insert(made)
    elif old["digest"] == made.board.digest:
        written = await _touch(old, made)
    else:
        written = await _replace(old, made)
    hot.keep(key, replace(made.hot, written=written))
    return written.version if written else None


async def _insert(made: Made) -> Written | None:
    board_id, new = ids.new(), await made.numbered(1, {})
    async with db.transaction() as transaction:
        inserted = await db.rows(
            "INSERT INTO board (event_id, id, stage_id, kind, version, scheme_id, body, digest, made_at, seen) "
            "VALUES ({}, {}, {}, {}, {}, {}, {}, {}, {}, {}) ON CONFLICT DO NOTHING RETURNING id",
            new.board.event_id, board_id, new.board.stage_id, "live", 1, new.board.scheme_id,
            new.body.decode(), new.board.digest, new.board.made_at, made.hot.seen,
        )  # fmt: skip
        if inserted:
            transaction.when_committed(partial(reading.remember, board_id, new.ready()))
            await _tell(new.board)
    return Written(board_id, 1, new.ranks) if inserted else None


async def _touch(old: db.Row, made: Made) -> Written | None:
    """Nothing has changed; note that it was looked at, unless it is another board by now."""
    touched = await db.rows(
        _by_their_clock(f"UPDATE board SET {HOLD} WHERE {UNTOUCHED} RETURNING id"),  # noqa: S608
        made.board.made_at, made.hot.seen, HOLDER, old["event_id"], old["id"], old["version"], old["made_at"],
    )  # fmt: skip
    return Written(old["id"], int(old["version"]), await _ranks(old, made)) if touched else None


async def _replace(old: db.Row, made: Made) -> Written | None:
    new = await made.numbered(old["version"] + 1, await _ranks(old, made))
    async with db.transaction() as transaction:
        changed = await db.rows(
            _by_their_clock(
                f"UPDATE board SET version = {{}}, scheme_id = {{}}, body = {{}}, digest = {{}}, {HOLD} "  # noqa: S608
                f"WHERE {UNTOUCHED} RETURNING id"
            ),
            new.board.version, new.board.scheme_id, new.body.decode(), new.board.digest, made.board.made_at,
            made.hot.seen, HOLDER, old["event_id"], old["id"], old["version"], old["made_at"],
        )  # fmt: skip
        if changed:
            transaction.when_committed(partial(reading.remember, old["id"], new.ready()))
            await _tell(new.board)
    return Written(old["id"], new.board.version, new.ranks) if changed else None


async def _ranks(old: db.Row, made: Made) -> Ranks:
    """The ranks on the board that is there: known, if it was written here."""
    known = made.hot.written
    if known is not None and (known.id, known.version) == (old["id"], old["version"]):
        return known.ranks
    found = await db.row("SELECT body FROM board WHERE event_id = {} AND id = {}", old["event_id"], old["id"])
    return ranks(msgspec.json.decode(found["body"], type=Board)) if found else {}


def _by_their_clock(sql: str) -> str:
    """A statement that asks the database for the time, which is one for all processes."""
    return sql.replace("SECONDS", db.engine().dialect("{seconds}"))


def _look_later(key: Key) -> None:
    """Another process restates this board; see after a while that it did, for it may be no more."""
    if key not in _looking:
        _looking[key] = asyncio.get_running_loop().call_later(HELD + 1, lambda: _in_background(_look(key)))


async def _look(key: Key) -> None:
    _looking.pop(key, None)
    if await db.row(BEHIND, *key):
        await asyncio.shield(_runs.ask(key))


async def _tell(board: Board) -> None:
    await notices.post(
        "board.restated", event=board.event_id, subject=board.stage_id, version=board.version, digest=board.digest
    )


_runs = Coalescer(_restate)
_followed: set[asyncio.Future[Any]] = set()
_wanted: set[Key] = set()  # boards that have to be restated here, whoever else does
_looking: dict[Key, asyncio.TimerHandle] = {}
