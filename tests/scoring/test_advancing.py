"""Who goes on."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring import schemes
from scoring.advancing import advance, going, undecided

from .cases import Document, ground, minimal, node

SCHEME = schemes.parse(minimal(node("given", "score")))


def inside(scores: str, *steps: Document, groups: str = "", entries: int | None = None) -> str:
    on = ground(
        SCHEME,
        dict(zip("abcdefghijkl", scores.split(), strict=False)),
        groups=dict(zip("abcdefghijkl", groups, strict=False)),
        entries=entries,
    )
    return "".join(going(advance(schemes.steps(list(steps)), on), on.board))


@pytest.mark.parametrize(
    ("step", "expected"),
    [
        ({"places": 2}, "abc"),
        ({"places": 2, "ties": "none"}, "a"),
        ({"places": 2, "ties": "order"}, "ab"),
        ({"places": 2, "ties": "decide"}, "a"),
        ({"places": 3, "ties": "none"}, "abc"),
        ({"places": 0}, ""),
        ({"places": 9}, "abcd"),
        ({"share": "0.25"}, "a"),
        ({"share": "0.3", "mode": "up", "ties": "none"}, "a"),
        ({"share": "0.3", "mode": "down"}, "a"),
        ({"share": "0.3", "mode": "up"}, "abc"),
        ({"share": "0.3", "mode": "up", "of": "entries", "ties": "order"}, "ab"),
        ({"share": "0.1", "mode": "down", "least": 1}, "a"),
        ({"share": "1", "most": 3}, "abc"),
        ({"needs": [{"take": "score", "least": "8"}]}, "abc"),
        ({"needs": [{"take": "rank", "most": 1}]}, "a"),
    ],
)
def test_cuts(step: Document, expected: str) -> None:
    assert inside("9 8 8 7 did_not_finish", step) == expected


HEATS = "20 19 18 17 16 15 14 13 12"
GROUPS = "112212333"


@pytest.mark.parametrize(
    ("steps", "expected"),
    [
        ([{"each": "group", "places": 1}], "acg"),
        ([{"each": "group", "places": 1}, {"places": 2}], "abcdg"),
        ([{"each": "group", "places": 1}, {"places": 4, "counted": "top"}], "abcg"),
        ([{"places": 2}, {"each": "group", "places": 1}], "abceg"),
        ([{"places": 2}, {"each": "group", "places": 1, "counted": "top"}], "abcg"),
        ([{"each": "group", "share": "0.5", "mode": "up"}], "abcdgh"),
    ],
)
def test_the_best_of_each_group_and_the_best_others(steps: list[Document], expected: str) -> None:
    assert inside(HEATS, *steps, groups=GROUPS) == expected


def test_who_has_no_group_is_not_the_best_of_one() -> None:
    on = ground(SCHEME, {"a": "3", "b": "2"}, groups={"b": "1"})
    found = advance(schemes.steps([{"each": "group", "places": 1}]), on)
    assert [(one.entry, one.given, one.code) for one in found] == [("a", False, "no_group"), ("b", True, "place")]


def test_what_people_decide() -> None:
    on = ground(SCHEME, {"a": "9", "b": "8", "c": "8"})
    found = advance(schemes.steps([{"places": 2, "ties": "decide"}]), on)
    assert undecided(found) == ["b", "c"]
    assert going(found, on.board) == ["a"]


@given(
    st.lists(st.integers(0, 3), min_size=1, max_size=8), st.integers(0, 8), st.sampled_from(["all", "none", "order"])
)
def test_nobody_goes_on_before_a_better_one(scores: list[int], places: int, ties: str) -> None:
    found = {f"{i}": str(score) for i, score in enumerate(scores)}
    on = ground(SCHEME, found)
    ahead = going(advance(schemes.steps([{"places": places, "ties": ties}]), on), on.board)
    assert ahead == [line.entry for line in on.board[: len(ahead)]]
    assert (len(ahead) >= min(places, len(scores))) or ties == "none"
    assert (len(ahead) <= places) or ties == "all"


@pytest.mark.parametrize(
    ("step", "pointer", "code"),
    [
        ({}, "/advance/0", "one_of_needed"),
        ({"places": 1, "share": "0.5"}, "/advance/0/share", "places_or_share"),
        ({"share": "1.5"}, "/advance/0/share", "share_above_one"),
        ({"key": "x", "places": 1}, "/advance/0/key", "unknown_field"),
        ({"places": 1, "when_taken": "within"}, "/advance/0/when_taken", "tolerance_needed"),
        ({"needs": [{"take": "rank", "most": 3}], "mode": "up"}, "/advance/0/mode", "without_number"),
    ],
)
def test_a_step_that_makes_no_sense(step: Document, pointer: str, code: str) -> None:
    with pytest.raises(schemes.SchemeError) as refused:
        schemes.steps([step])
    assert (pointer, code) in {(one.pointer, one.code) for one in refused.value.problems}
