"""What a published board gives to what comes after it: its lines as they were published, with the exact totals."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from events import db
from events.contests.facts import marks_that_counted
from events.contests.looking import rules_of
from events.publishing.reading import HEAD, ready
from events.publishing.structs import Board, Row
from scoring.grants import Ground
from scoring.standings import Standing
from scoring.totals import evaluate

PUBLISHED_OF = (
    f"SELECT {HEAD}, stage.number AS stage_number FROM board "  # noqa: S608
    "JOIN stage ON stage.event_id = board.event_id AND stage.id = board.stage_id "
    "WHERE board.event_id = {} AND stage.contest_id = {} AND board.kind IN ('provisional', 'official') "
    "ORDER BY stage.number, board.version"
)


@dataclass(frozen=True)
class Source:
    """A published board and the ground that it is for others."""

    board: Board
    ground: Ground


async def published_boards(event_id: UUID, contest_id: UUID) -> dict[int, Board]:
    """The newest published board of each stage of a contest, by the number that the stage has now."""
    heads = {row["stage_id"]: row for row in await db.rows(PUBLISHED_OF, event_id, contest_id)}
    return {head["stage_number"]: (await ready(head, blind=False)).board() for head in heads.values()}


async def source_of(board: Board) -> Source:
    """The ground of a published board, from the marks that counted when it was made."""
    rules = await rules_of(board.event_id, board.scheme_id)
    entries = [str(row.entry_id) for row in board.rows]
    known = set(entries)
    marks = await marks_that_counted(board.event_id, board.stage_id, board.made_at)
    totals = await asyncio.to_thread(evaluate, rules, [mark for mark in marks if mark.entry in known], entries)
    return Source(board, Ground([_standing(row) for row in board.rows], totals, entries=len(entries)))


def _standing(row: Row) -> Standing:
    return Standing(
        entry=str(row.entry_id),
        rank=number_of(row.rank),
        score=number_of(row.score),
        status=row.status,
        tied=row.tied,
        decided_by=row.decided_by,
        points=number_of(row.points),
        scaled=number_of(row.scaled),
    )


def number_of(text: str | None) -> Decimal | None:
    """A number of a board read back."""
    return None if text is None else Decimal(text)
