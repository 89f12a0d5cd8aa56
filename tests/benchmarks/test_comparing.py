"""What the benchmark compares is the same: a plain program and ours agree on a small contest."""

from __future__ import annotations

import pytest

from benchmarks import scoring, year
from benchmarks.contests import contest, sizes
from scoring.restating import state


@pytest.mark.parametrize("seed", range(5))
def test_a_plain_program_and_ours_agree(seed: int) -> None:
    measured = contest(40, 5, 3, seed)
    stated = state(measured.scheme, scoring.by_entry(measured, measured.marks()))
    board = [(line.entry, line.score, line.rank) for line in stated.board]
    assert board == year.board(measured) == year.plainly(measured)


def test_a_year_is_spread_over_its_contests() -> None:
    assert sizes(1_140, 14) == [82] * 6 + [81] * 8
