"""Whether live boards are what their facts come to: each is made from scratch and compared by its fingerprint."""

from __future__ import annotations

import asyncio
from uuid import UUID

import msgspec

from events import clock, db
from events.publishing.boards import compose
from events.publishing.gathering import facts_of
from events.terms import BoardKind

MOST_MARKS = 300_000
NEWEST = "SELECT event_id, stage_id FROM board WHERE kind = 'live' ORDER BY made_at DESC, id"
STANDING = """SELECT digest, version, seen < (SELECT max(number) FROM notice WHERE event_id = board.event_id
        AND subject = board.stage_id AND kind = 'marks.entered') AS behind
    FROM board WHERE event_id = {} AND stage_id = {} AND kind = 'live'"""


class Proof(msgspec.Struct, frozen=True, kw_only=True):
    """How many boards were looked at, and of which events and stages they are wrong or behind their marks."""

    looked_at: int
    wrong: list[tuple[UUID, UUID]]
    behind: list[tuple[UUID, UUID]]


async def prove(most: int | None = MOST_MARKS) -> Proof:
    """Look at live boards, those made last first, until they have so many marks together (none: at all there are)."""
    looked_at, marks = 0, 0
    wrong: list[tuple[UUID, UUID]] = []
    behind: list[tuple[UUID, UUID]] = []
    for row in await db.rows(NEWEST):
        if most is not None and marks >= most:
            break
        key = (row["event_id"], row["stage_id"])
        looked_at += 1
        marks += await _look(key, wrong, behind)
    return Proof(looked_at=looked_at, wrong=wrong, behind=behind)


async def _look(key: tuple[UUID, UUID], wrong: list[tuple[UUID, UUID]], behind: list[tuple[UUID, UUID]]) -> int:
    """One board, and how many marks it has; while it is being restated nothing can be said of it, so look again."""
    while True:
        before = await db.row(STANDING, *key)
        facts = await facts_of(*key)
        if before is None or facts is None:
            return 0
        made = await asyncio.to_thread(compose, facts, BoardKind.LIVE, clock.now())
        after = await db.row(STANDING, *key)
        if made.digest == before["digest"]:
            return len(facts.marks)
        if after == before:
            (behind if before["behind"] else wrong).append(key)
            return len(facts.marks)
