"""Sorts marks into rows: numbers into cells, statuses beside them; marks that count as ranks are ranked here."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import groupby

from scoring.facts import JUDGE_STATUSES, Mark, Status, gravest
from scoring.marks import MarksError
from scoring.members import Leaf, status_of
from scoring.plans import Plan
from scoring.problems import Param, Problem
from scoring.ranks import twice_ranks
from scoring.rows import Cell, Row


def enter(plan: Plan, rows: Mapping[str, Row], marks: Iterable[Mark]) -> None:
    """Every mark into the row of its entry; marks of entries without a row are left aside. Raises MarksError.

    A value that was seen before needs no more than its place: `enter_one`, which does all others, would do the same.
    """
    places = {key: (leaf.slot, leaf.span, leaf.numbers) for key, leaf in plan.leaves.items() if not leaf.raw_limits}
    for mark in marks:
        try:
            cells = rows[mark.entry].cells
            slot, span, numbers = places[mark.aspect]
            number = numbers[mark.value]
        except KeyError:
            enter_one(plan, rows, mark)
            continue
        attempt, judge = mark.attempt, mark.judge
        if mark.status is not None or not 0 < attempt <= span:
            enter_one(plan, rows, mark)
        elif (cell := cells[slot + attempt]) is None:
            cells[slot + attempt] = {judge: number}
        elif judge in cell:
            refuse("mark_twice", mark)
        else:
            cell[judge] = number


def enter_one(plan: Plan, rows: Mapping[str, Row], mark: Mark) -> None:
    """One mark of any kind."""
    row, leaf, value = rows.get(mark.entry), plan.leaves.get(mark.aspect), mark.value
    if row is None:
        return
    if value is None or leaf is None or mark.status is not None:
        enter_status(plan, row, mark)
        return
    if not 0 < mark.attempt <= leaf.span:
        refuse("attempt_out_of_range", mark, least=1, most=leaf.span)
    number = leaf.number(value)
    if leaf.raw_limits and (status := status_of(leaf.raw_limits, value)):
        note_status(row, mark, status)
    cell = row.cells[leaf.slot + mark.attempt]
    if cell is None:
        cell = row.cells[leaf.slot + mark.attempt] = {}
    elif mark.judge in cell:
        refuse("mark_twice", mark)
    cell[mark.judge] = number


def refuse(code: str, mark: Mark, **params: Param) -> None:
    """Raises what is wrong with one mark."""
    named: dict[str, Param] = {"entry": mark.entry, "aspect": mark.aspect, "attempt": mark.attempt}
    raise MarksError([Problem("", code, {**named, "judge": mark.judge or "", **params})])


def enter_status(plan: Plan, row: Row, mark: Mark) -> None:
    """A status: of a judge, who is then not waited for, or of the entry at a node."""
    member = plan.members.get(mark.aspect)
    if member is None:
        refuse("unknown_aspect", mark)
    elif mark.status is None or mark.value is not None:
        refuse("value_or_status", mark)
    elif not 0 < mark.attempt <= (member.times or member.within or 1):
        refuse("attempt_out_of_range", mark, least=1, most=member.times or member.within or 1)
    elif mark.status in JUDGE_STATUSES and isinstance(member, Leaf):
        row.excused.setdefault(member.slot + mark.attempt, set()).add(mark.judge)
    else:
        note_status(row, mark, mark.status)


def note_status(row: Row, mark: Mark, status: Status) -> None:
    """The gravest status said of a place stays."""
    place = (mark.aspect, mark.attempt)
    row.statuses[place] = gravest([status, row.statuses.get(place, status)])


def rank_marks(plan: Plan, rows: Iterable[Row]) -> None:
    """Where an aspect takes ranks, each judge's marks become that judge's ranks over all rows."""
    relative = [leaf for leaf in plan.leaves.values() if leaf.aspect.as_ranks]
    for leaf in relative:
        for attempt in range(1, leaf.span + 1):
            rank_place(leaf, [cell for row in rows if (cell := row.cells[leaf.slot + attempt])])


def rank_place(leaf: Leaf, cells: list[Cell]) -> None:
    """The marks of each judge in one place."""
    for judge in {judge for cell in cells for judge in cell if judge is not None}:
        rank_judge(leaf, judge, [cell for cell in cells if judge in cell])


def rank_judge(leaf: Leaf, judge: str, cells: list[Cell]) -> None:
    """One judge's marks as ranks, over the leaf's own denominator."""
    assert leaf.aspect.as_ranks
    ordered = sorted(cells, key=lambda cell: cell[judge], reverse=leaf.aspect.as_ranks.better == "higher")
    sizes = [len(list(group)) for _, group in groupby(ordered, key=lambda cell: cell[judge])]
    for cell, twice in zip(ordered, twice_ranks(sizes, leaf.aspect.as_ranks.style), strict=True):
        cell[judge] = twice * leaf.entered // 2
