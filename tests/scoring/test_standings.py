"""Scores -> ranks: styles, tie-breaks, tolerance, points, who has no rank."""

from __future__ import annotations

import itertools
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import rankdata

from scoring import schemes, standings, totals
from scoring.marks import Mark
from scoring.schemes import Scheme
from scoring.standings import Standing

from .cases import mark, minimal, node

D = Decimal
ROOT = node("criterion", "all", children=[node("given", "score")])
ASIDE = [node("given", "second", needed=0), node("time", "seconds", needed=0)]
STYLES = {"1224": "min", "1334": "max", "1223": "dense", "1234": "ordinal", "1 2.5 2.5 4": "average"}


def rules(**order: object) -> Scheme:
    return schemes.parse(minimal(ROOT, aside=ASIDE, standings=order))


def board(scheme: Scheme, scores: dict[str, str], *more: Mark, **kept: Any) -> list[Standing]:
    marks = [mark(entry, "score", score) for entry, score in scores.items()]
    return standings.rank(scheme, totals.evaluate(scheme, [*marks, *more], list(scores)), **kept)


def ranks(lines: list[Standing]) -> dict[str, object]:
    return {line.entry: line.rank for line in lines}


@given(st.lists(st.integers(-3, 3), max_size=12), st.sampled_from(sorted(STYLES)), st.booleans())
def test_styles_equal_scipy(scores: list[int], style: str, lower: bool) -> None:
    found = board(
        rules(style=style, better="lower" if lower else "higher"), {f"{i:02}": str(s) for i, s in enumerate(scores)}
    )
    expected = rankdata([s if lower else -s for s in scores], method=STYLES[style]) if scores else []
    ours = {line.entry: line.rank for line in found}
    assert [float(ours[f"{i:02}"] or 0) for i in range(len(scores))] == [float(rank) for rank in expected]


@given(st.dictionaries(st.text("abc", min_size=1, max_size=3), st.integers(-9, 9).map(str), max_size=9), st.booleans())
def test_ranks_never_contradict_totals(scores: dict[str, str], lower: bool) -> None:
    found = board(rules(better="lower" if lower else "higher"), scores)
    values = [line.score for line in found if line.score is not None]
    assert values == sorted(values, reverse=not lower)
    assert [line.rank for line in found] == sorted(int(line.rank or 0) for line in found)
    for one, other in itertools.pairwise(found):
        assert (one.rank == other.rank) == (one.score == other.score)
        assert one.score != other.score or (one.tied and other.tied and one.entry < other.entry)


def test_the_chain_goes_as_far_as_it_must() -> None:
    chain = [{"node": "second"}, {"node": "seconds", "better": "lower"}]
    second = [mark(entry, "second", value) for entry, value in {"a": "5", "b": "5", "c": "7", "d": "1"}.items()]
    times = [mark("a", "seconds", "61.5"), mark("b", "seconds", "61.2")]
    found = board(rules(tie_breaks=chain), dict.fromkeys("abc", "10") | {"d": "11"}, *second, *times)
    assert [(line.entry, line.rank, line.decided_by) for line in found] == [
        ("d", 1, None),
        ("c", 2, "second"),
        ("b", 3, "seconds"),
        ("a", 4, "seconds"),
    ]


def test_who_has_no_value_loses_the_tie() -> None:
    found = board(rules(tie_breaks=[{"node": "second"}]), {"a": "1", "b": "1"}, mark("b", "second", "-3"))
    assert ranks(found) == {"b": 1, "a": 2}


def test_lots_come_last() -> None:
    scheme = rules(tie_breaks=[{"node": "second"}, {"lot": True}])
    scores = {"a": "1", "b": "1", "c": "1"}
    found = board(scheme, scores, lots={"a": 3, "b": 1, "c": 2})
    assert [(line.entry, line.decided_by) for line in found] == [("b", "lot"), ("c", "lot"), ("a", "lot")]
    assert all(line.tied for line in board(scheme, scores))


@pytest.mark.parametrize(("mode", "expected"), [("first", [1, 1, 3, 3]), ("chained", [1, 1, 1, 4])])
def test_tolerance(mode: str, expected: list[int]) -> None:
    scheme = rules(tolerance={"value": "2", "mode": mode})
    found = board(scheme, {"a": "100", "b": "98", "c": "96", "d": "93.9"})
    first = board(scheme, {"a": "100", "b": "98", "c": "96", "d": "94"})
    assert [line.rank for line in (first if mode == "first" else found)] == expected


@pytest.mark.parametrize(("when", "expected"), [("same", [12, 10, 10, 0]), ("mean", [12, 9, 9, 0])])
def test_points(when: str, expected: list[int]) -> None:
    found = board(rules(points=["12", "10", "8"], points_when_tied=when), {"a": "9", "b": "5", "c": "5", "d": "1"})
    assert [line.points for line in found] == expected


def test_entries_without_a_rank_come_last() -> None:
    scheme = rules()
    scores = {"z": "did_not_finish", "y": "3", "x": "9", "w": "disqualified"}
    found = board(scheme, scores, unranked={"x"})
    assert [(line.entry, line.rank, line.score) for line in found] == [
        ("y", 1, D(3)),
        ("w", None, None),
        ("x", None, D(9)),
        ("z", None, None),
    ]


def test_a_status_may_rank_after_all_scores() -> None:
    scheme = rules(ranked_statuses=["did_not_finish"], better="lower", tie_breaks=[{"node": "second"}])
    more = [mark("b", "second", "4")]
    found = board(scheme, {"a": "did_not_finish", "b": "did_not_finish", "c": "7", "d": "disqualified"}, *more)
    assert ranks(found) == {"c": 1, "a": 3, "b": 2, "d": None}
    assert found[0].entry == "c"


def test_no_entries() -> None:
    assert board(rules(), {}) == []
