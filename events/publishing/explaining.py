"""Why an entry has its place: its row, its neighbours, and the way from marks to score; judges are seats, not names."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from uuid import UUID

from events import access
from events.access import Actor
from events.contests.facts import marks_that_count, marks_that_counted
from events.contests.looking import rules_of
from events.marking.completeness import whole
from events.marking.seats import seats_now, seats_of
from events.publishing.boards import blinded, text
from events.publishing.reading import PUBLISHED, STORED, may_read, newest, reader_of, ready
from events.publishing.structs import Board, Explanation, Row, StepView, TraceView, UsedMark
from events.terms import BoardKind
from events.text import Bilingual
from scoring.marks import Mark, Status
from scoring.schemes import Scheme, nodes
from scoring.totals import explain
from scoring.traces import Shown, Step, Trace, Used


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
    trace = await _trace(board, str(entry_id))
    return _view(blinded(board) if reader.blind_to(showing, board.kind) else board, place, trace)


def _view(board: Board, place: int, trace: TraceView) -> Explanation:
    return Explanation(
        kind=board.kind,
        version=board.version,
        columns=board.columns,
        row=board.rows[place],
        above=_row(board.rows, place - 1),
        below=_row(board.rows, place + 1),
        trace=trace,
    )


def _row(rows: Sequence[Row], place: int) -> Row | None:
    return rows[place] if 0 <= place < len(rows) else None


async def _trace(board: Board, entry: str) -> TraceView:
    rules = await rules_of(board.event_id, board.scheme_id)
    competing = {str(row.entry_id) for row in board.rows}
    marks = [mark for mark in await _marks(board, rules) if mark.entry in competing]
    titles = {key: Bilingual(zh=node.title.zh, en=node.title.en) for key, node in nodes(rules).items()}
    return _node(explain(rules, marks, entry), titles)


async def _marks(board: Board, rules: Scheme) -> Sequence[Mark]:
    """The marks that the board was made of: those that counted when it was made."""
    if board.kind != BoardKind.LIVE:
        found = await marks_that_counted(board.event_id, board.stage_id, board.made_at)
    else:
        found = await marks_that_count(board.event_id, board.stage_id)
    if board.kind in PUBLISHED:
        return found
    return whole(rules, found, seats_of(await seats_now(board.event_id, board.stage_id), rules))


def _node(trace: Trace, titles: dict[str, Bilingual]) -> TraceView:
    return TraceView(
        node=trace.node,
        title=titles.get(trace.node, Bilingual()),
        attempt=trace.attempt,
        result=_text(trace.result),
        status=_status(trace.result),
        used=[_used(used) for used in trace.used],
        steps=[_step(step) for step in trace.steps],
        children=[_node(child, titles) for child in trace.children],
    )


def _used(used: Used) -> UsedMark:
    return UsedMark(
        source=used.source,
        value=_text(used.value),
        status=_status(used.value),
        fate=used.fate,
        counted=_text(used.counted),
    )


def _step(step: Step) -> StepView:
    params = {name: text(value) if isinstance(value, Decimal) else str(value) for name, value in step.params.items()}
    return StepView(
        code=step.code,
        before=_text(step.before),
        after=_text(step.after) or "",
        params={name: value or "" for name, value in params.items()},
    )


def _text(shown: Shown) -> str | None:
    """A value as people read it: without zeros that say nothing."""
    plain = text(shown)
    return plain.rstrip("0").rstrip(".") if plain and "." in plain else plain


def _status(shown: Shown) -> Status | None:
    return shown if isinstance(shown, Status) else None
