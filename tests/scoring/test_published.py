"""Eurovision juries of 2016 and 2017, and a World Cube Association final, from documents alone."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from decimal import Decimal
from itertools import permutations
from pathlib import Path

from scoring import standings, totals
from scoring.marks import Mark
from scoring.standings import Standing

from .cases import GOLDEN, ORACLES, Row, mark, needs_oracles, scheme, table

JURIES = ORACLES / "scoring" / "eurovision_jury_2016_17"
CUBES = ORACLES / "scoring" / "wca_average_of_5"


def panels(folder: Path, name: str) -> dict[tuple[str, ...], list[Row]]:
    found: dict[tuple[str, ...], list[Row]] = defaultdict(list)
    for row in table(folder / name):
        found[row["year"], row["round"], row["panel"]].append(row)
    return found


def jury_board(rows: list[Row]) -> dict[str, Standing]:
    rules = scheme("rank_sum_jury")
    marks = [mark(row["entry"], "ranks", row[juror], judge=juror) for row in rows for juror in "abcde"]
    found = totals.evaluate(rules, marks, [row["entry"] for row in rows])
    return {line.entry: line for line in standings.rank(rules, found)}


def agreement(folder: Path) -> tuple[int, int]:
    """Ordered pairs with different rank sums whose points agree, and whole panels without ties that match."""
    pairs = whole = 0
    official = panels(folder, "official_points.csv")
    for panel, rows in panels(folder, "juror_ranks.csv").items():
        points = {row["entry"]: Decimal(row["jury_points"]) for row in official[panel]}
        board = jury_board(rows)
        ours = {entry: line.score for entry, line in board.items() if line.score is not None}
        better = [(a, b) for a, b in permutations(ours, 2) if ours[a] < ours[b]]
        assert all(points[a] >= points[b] for a, b in better)
        assert all(board[a].rank < board[b].rank for a, b in better)  # type: ignore[operator]  # every entry has a rank
        pairs += len(better)
        whole += matches(board.values(), points)
    return pairs, whole


def matches(board: Iterable[Standing], points: dict[str, Decimal]) -> bool:
    return not any(line.tied for line in board) and all(line.points == points[line.entry] for line in board)


def test_jury_excerpt() -> None:
    _, whole = agreement(GOLDEN / "eurovision")
    assert whole == 1


@needs_oracles
def test_juries() -> None:
    assert agreement(JURIES) == (37_130, 25)


def verify_cubes(folder: Path) -> int:
    rules, rows = scheme("wca_average_of_5"), table(folder / "attempts.csv")
    marks = [cube_mark(row) for row in rows]
    official = table(folder / "official_totals.csv")
    board = {
        line.entry: line
        for line in standings.rank(rules, totals.evaluate(rules, marks, [r["competitor"] for r in official]))
    }
    for row in official:
        line = board[row["competitor"]]
        assert line.rank == int(row["rank"])
        assert line.score == Decimal(row["average"]) / 100
    return len(official)


def cube_mark(row: Row) -> Mark:
    raw = row["centiseconds"]
    value = "did_not_finish" if raw == "DNF" else str(Decimal(raw) / 100)
    return mark(row["competitor"], "attempt", value, attempt=int(row["attempt"]))


def test_cubes_excerpt() -> None:
    assert verify_cubes(GOLDEN / "wca") == 6


@needs_oracles
def test_cubes() -> None:
    assert verify_cubes(CUBES) == 29
