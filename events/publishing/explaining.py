"""Why an entry has its place: its row, its neighbours, and the way from marks to score; judges are seats, not names."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from uuid import UUID

from events import access
from events.access import Actor
from events.contests.facts import marks_that_count, marks_that_counted
from events.contests.looking import rules_of
from events.marking.completeness import whole
from events.marking.seats import seats_now, seats_of
from events.publishing.boards import blinded
from events.publishing.reading import PUBLISHED, STORED, may_read, newest, reader_of, ready
from events.publishing.structs import Board, Explanation, Row, StepView
from events.publishing.traces import step_view, trace_view
from events.terms import BoardKind
from scoring import scales
from scoring.marks import Mark
from scoring.schemes import Scheme
from scoring.standings import measure
from scoring.totals import evaluate, explain


@dataclass(frozen=True)
class Basis:
    """What a board was made of."""

    rules: Scheme
    marks: Sequence[Mark]
    ranked: frozenset[str]


async def explanation(
    actor: Actor, event_id: UUID, stage_id: UUID, entry_id: UUID, *, version: int | None = None
) -> Explanation:
    """Why an entry has its place on a provisional or official board (officials: also on the live one)."""
    reader, showing = await reader_of(actor, event_id, stage_id)
    if version is not None:
        head = await newest(event_id, stage_id, STORED, version=version)
    else:
        head = await newest(event_id, stage_id, [BoardKind.LIVE] if reader.official else PUBLISHED)
    if not may_read(reader, showing, head):
        raise access.not_found()
    board = (await ready(head, blind=False)).board()
    place = next((index for index, row in enumerate(board.rows) if row.entry_id == entry_id), None)
    if place is None:
        raise access.not_found()
    basis = await _basis(board)
    shown = blinded(board) if reader.blind_to(showing, board.kind) else board
    return await asyncio.to_thread(_view, shown, place, basis, str(entry_id))


def _view(board: Board, place: int, basis: Basis, entry: str) -> Explanation:
    return Explanation(
        kind=board.kind,
        version=board.version,
        columns=board.columns,
        awards=board.awards,
        row=board.rows[place],
        above=_row(board.rows, place - 1),
        below=_row(board.rows, place + 1),
        trace=trace_view(explain(basis.rules, basis.marks, entry), basis.rules),
        scale=_scale(basis, entry) if board.scaled else [],
    )


def _row(rows: Sequence[Row], place: int) -> Row | None:
    return rows[place] if 0 <= place < len(rows) else None


async def _basis(board: Board) -> Basis:
    rules = await rules_of(board.event_id, board.scheme_id)
    competing = {str(row.entry_id) for row in board.rows}
    marks = [mark for mark in await _marks(board, rules) if mark.entry in competing]
    return Basis(rules, marks, frozenset(str(row.entry_id) for row in board.rows if row.rank))


def _scale(basis: Basis, entry: str) -> list[StepView]:
    """How a score came to its place on the scale of the board, measured by those who are ranked."""
    totals = evaluate(basis.rules, basis.marks, list(dict.fromkeys(mark.entry for mark in basis.marks)))
    stick = measure(basis.rules, [total for key, total in totals.items() if key in basis.ranked])
    score = totals[entry].exact if entry in totals else None
    return [step_view(step) for step in scales.steps(stick, score)] if stick and isinstance(score, Fraction) else []


async def _marks(board: Board, rules: Scheme) -> Sequence[Mark]:
    """The marks that the board was made of: those that counted when it was made."""
    if board.kind != BoardKind.LIVE:
        found = await marks_that_counted(board.event_id, board.stage_id, board.made_at)
    else:
        found = await marks_that_count(board.event_id, board.stage_id)
    if board.kind in PUBLISHED:
        return found
    return whole(rules, found, seats_of(await seats_now(board.event_id, board.stage_id), rules))
