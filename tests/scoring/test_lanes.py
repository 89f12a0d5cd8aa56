"""Lanes: the best in the middle."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring.lanes import centred, lanes


def test_lanes_of_the_pool() -> None:
    assert centred(8) == [4, 5, 3, 6, 2, 7, 1, 8]
    assert centred(6) == [3, 4, 2, 5, 1, 6]
    assert centred(5) == [3, 4, 2, 5, 1]
    assert centred(0) == []


@given(st.integers(0, 40))
def test_each_lane_once(count: int) -> None:
    assert sorted(centred(count)) == list(range(1, count + 1))


def test_the_best_get_the_middle() -> None:
    assert lanes(["first", "second", "third"], centred(8)) == [(3, "third"), (4, "first"), (5, "second")]


@pytest.mark.parametrize("wished", [[1], [1, 1, 2]])
def test_a_lane_for_each(wished: list[int]) -> None:
    with pytest.raises(ValueError, match="each lane once"):
        lanes(["a", "b"], wished)
