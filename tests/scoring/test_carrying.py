"""Values carried over: from stage to stage, from members to their team."""

from __future__ import annotations

from decimal import Decimal
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring import schemes, standings, totals
from scoring.carrying import carry, of_teams, stages, team_marks
from scoring.grants import Ground
from scoring.marks import Mark, Status, check
from scoring.schemes import Scheme

from .cases import Document, ground, mark, minimal, node, scheme

FIRST = schemes.parse(
    minimal(
        node("criterion", "all", children=[node("given", "score")]),
        scaled={},
        standings={"points": ["9", "7"]},
        aside=[node("given", "theory", needed=0)],
    )
)


def second(**carried: object) -> Scheme:
    return schemes.parse(minimal(node("given", "before", carried={"stage": 1, **carried})))


def carried_over(rules: Scheme, on: Ground, entries: str = "abcd") -> dict[str, object]:
    found = carry(rules, {1: on}, list(entries))
    assert not [problem for one in found for problem in check(rules, one)]
    return {one.entry: one.value if one.status is None else one.status for one in found}


@pytest.mark.parametrize(
    ("what", "expected"),
    [
        ({}, {"a": Decimal("81.25"), "b": Decimal(70), "c": Status.DID_NOT_START}),
        ({"take": "score", "round": 1}, {"a": Decimal("81.3"), "b": Decimal("70.0"), "c": Status.DID_NOT_START}),
        ({"take": "scaled"}, {"a": Decimal(720), "b": Decimal(680), "c": Status.DID_NOT_START}),
        ({"take": "points"}, {"a": Decimal(9), "b": Decimal(7), "c": Status.DID_NOT_START}),
        ({"take": "rank"}, {"a": Decimal(1), "b": Decimal(2), "c": Status.DID_NOT_START}),
        ({"node": "theory"}, {"c": Status.DID_NOT_START}),
        (
            {"absent": "did_not_start"},
            {"a": Decimal("81.25"), "b": Decimal(70), "c": Status.DID_NOT_START, "d": Status.DID_NOT_START},
        ),
    ],
)
def test_what_a_stage_gives(what: Document, expected: dict[str, object]) -> None:
    on = ground(FIRST, {"a": "81.25", "b": "70", "c": "did_not_start"})
    assert carried_over(second(**what), on) == expected
    assert stages(second()) == {1}
    assert not of_teams(second())


def test_a_score_without_end_is_rounded_to_what_a_mark_may_have() -> None:
    third = schemes.parse(minimal(node("panel", "score", judges=3, scale={"min": 0, "max": 10})))
    marks = [mark("a", "score", value, judge=value) for value in "122"[:2] + "4"]
    found = totals.evaluate(third, marks, ["a"])
    on = Ground(standings.rank(third, found), found)
    assert carried_over(second(), on, "a") == {"a": Decimal("2.333333")}


def test_stages_with_weights() -> None:
    rules = scheme("piano_competition")
    rounds = {stage: ground(FIRST, {"a": str(20 + stage)}) for stage in (1, 2, 3)}
    marks = [*carry(rules, rounds, ["a"]), *(mark("a", "final", "24", judge=f"J{i}") for i in range(9))]
    total = totals.evaluate(rules, marks, ["a"])["a"]
    assert total.complete
    assert total.value == Decimal("0.1") * 21 + Decimal("0.2") * 22 + Decimal("0.35") * 23 + Decimal("0.35") * 24


TEAM = scheme("team_of_three")
PERSONS = schemes.parse(
    minimal(
        node("criterion", "all", children=[node("given", "score")]),
        aside=[node("time", "time", needed=0)],
    )
)


def people(scores: dict[str, str], times: dict[str, str]) -> Ground:
    marks = [mark(entry, "score", value) for entry, value in scores.items()]
    marks += [mark(entry, "time", value) for entry, value in times.items()]
    found = totals.evaluate(PERSONS, marks, list(scores))
    return Ground(standings.rank(PERSONS, found), found)


def test_a_team_of_three() -> None:
    scores = dict(zip("abcdefgh", ["90", "80", "70", "85", "85", "70", "99", "98"], strict=True))
    times = dict(zip("abcdef", ["100", "100", "100", "90", "100", "100"], strict=True))
    teams = {"x": list("abc"), "y": list("def"), "z": list("gh")}
    marks = team_marks(TEAM, people(scores, times), teams)
    found = totals.evaluate(TEAM, marks, list(teams))
    board = standings.rank(TEAM, found)
    assert [(line.entry, line.rank, line.score, line.decided_by) for line in board] == [
        ("y", 1, Decimal(240), "times"),
        ("x", 2, Decimal(240), "times"),
        ("z", None, None, None),
    ]
    assert board[-1].status == Status.DID_NOT_START
    assert found["x"].attempts("member") == (Decimal(90), Decimal(80), Decimal(70))


def best_two(**repeat: object) -> Scheme:
    rule = {"times": 4, "needed": 0, "best": 2, "statuses": "worst", **repeat}
    carried = {"members": True, "absent": "did_not_start"}
    member = node("given", "member", carried=carried, repeat=rule)
    return schemes.parse(minimal(node("criterion", "team", children=[member])))


@pytest.mark.parametrize(
    ("repeat", "members", "expected"),
    [
        ({}, "abc", "17"),
        ({"combine": "mean"}, "abc", "8.5"),
        ({}, "ab", "17"),
        ({}, "a", "did_not_start"),
        ({}, "aaf", "did_not_start"),
        ({}, "abcdef", "17"),
    ],
)
def test_the_best_of_a_team_count(repeat: Document, members: str, expected: str) -> None:
    rules = best_two(**repeat)
    on = ground(FIRST, {"a": "9", "b": "8", "c": "7", "d": "6", "e": "5"})
    total = totals.evaluate(rules, team_marks(rules, on, {"t": list(members)}), ["t"])["t"]
    assert str(total.status or total.value) == expected
    assert of_teams(rules)


@given(st.lists(st.integers(0, 9), min_size=3, max_size=3))
def test_the_order_of_members_is_irrelevant(scores: list[int]) -> None:
    on = ground(FIRST, {name: str(score) for name, score in zip("abc", scores, strict=True)})
    rules = best_two()
    found: list[list[Mark]] = [team_marks(rules, on, {"t": list(order)}) for order in permutations("abc")]
    assert all(one == found[0] for one in found)
