"""Who goes on."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring import schemes, standings, totals
from scoring.advancing import Cut, Ties, advance
from scoring.standings import Standing

from .cases import mark, minimal, node

SCHEME = schemes.parse(minimal(node("given", "score")))


def board(scores: str) -> list[Standing]:
    marks = [mark(entry, "score", score) for entry, score in zip("abcdefgh", scores.split(), strict=False)]
    return standings.rank(SCHEME, totals.evaluate(SCHEME, marks, [one.entry for one in marks]))


@pytest.mark.parametrize(
    ("cut", "expected"),
    [
        (Cut(places=2), "abc"),
        (Cut(places=2, ties="none"), "a"),
        (Cut(places=2, ties="order"), "ab"),
        (Cut(places=3, ties="none"), "abc"),
        (Cut(places=0), ""),
        (Cut(places=9), "abcd"),
        (Cut(share=Decimal("0.25")), "a"),
        (Cut(share=Decimal("0.3"), mode="up", ties="none"), "a"),
        (Cut(share=Decimal("0.3"), mode="down"), "a"),
        (Cut(share=Decimal("0.3"), mode="up"), "abc"),
    ],
)
def test_cuts(cut: Cut, expected: str) -> None:
    assert "".join(advance(board("9 8 8 7 did_not_finish"), cut)) == expected


@given(
    st.lists(st.integers(0, 3), min_size=1, max_size=8), st.integers(0, 8), st.sampled_from(["all", "none", "order"])
)
def test_nobody_goes_on_before_a_better_one(scores: list[int], places: int, ties: Ties) -> None:
    lines = board(" ".join(map(str, scores)))
    inside = advance(lines, Cut(places=places, ties=ties))
    assert inside == [line.entry for line in lines[: len(inside)]]
    assert (len(inside) >= min(places, len(scores))) or ties == "none"
    assert (len(inside) <= places) or ties == "all"


@pytest.mark.parametrize("cut", [Cut(), Cut(places=1, share=Decimal(1))])
def test_a_cut_is_one_thing(cut: Cut) -> None:
    with pytest.raises(ValueError, match="either"):
        advance([], cut)
