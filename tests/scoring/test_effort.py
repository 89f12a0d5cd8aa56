"""What strangers send must not cost what nobody wants to pay: numbers, depths and sizes are bounded before any work."""

from __future__ import annotations

from decimal import Decimal

import pytest

from scoring import schemes
from scoring.effort import effort, nodes
from scoring.marks import Mark, check, checker, crowded
from scoring.problems import ProblemError

from .cases import judged, library, minimal, node, scheme


def codes(document: object) -> set[tuple[str, str]]:
    with pytest.raises(ProblemError) as refused:
        schemes.parse(document)  # type: ignore[arg-type]
    return {(problem.pointer, problem.code) for problem in refused.value.problems}


@pytest.mark.parametrize("number", ["1E999999999", "1E5", "-1E-999999999", "NaN", "Infinity", "9" * 13])
def test_numbers_without_bounds_are_no_decimals(number: str) -> None:
    assert codes(minimal(judged(weight=Decimal(number)))) == {("/root/weight", "not_decimal")}
    assert codes(minimal(judged(weight=number))) == {("/root/weight", "not_decimal")}


def test_integers_of_any_length_are_no_decimals() -> None:
    assert codes(minimal(judged(weight=10**10_000))) == {("/root/weight", "not_decimal")}


def test_a_scheme_has_so_many_nodes_at_the_most() -> None:
    groups = [node("criterion", f"c{i}", children=[node("given", f"n{i}.{j}") for j in range(200)]) for i in range(11)]
    assert codes(minimal(node("criterion", "all", children=groups))) == {("/root", "too_many_nodes")}


def test_effort_grows_with_entries_attempts_and_what_is_used_again() -> None:
    plain = schemes.parse(minimal(node("criterion", "all", children=[node("given", "a"), node("given", "b")])))
    assert nodes(plain) == 3
    assert effort(plain, 10) == 30
    repeated = node("criterion", "all", children=[node("given", "a", repeat={"times": 200})])
    assert nodes(schemes.parse(minimal(repeated))) == 201
    again = node("again", "more", of="all")
    assert nodes(schemes.parse(minimal(repeated, aside=[again]))) == 201 + 1 + 201
    awards = [{"key": "a", "title": {"zh": "奖", "en": "Award"}, "places": 1, "each": "delegation"}]
    crowded_board = schemes.parse(minimal(node("given", "score"), awards=awards))
    assert effort(crowded_board, 2000) > 100 * effort(crowded_board, 20)


def test_ready_schemes_are_no_effort() -> None:
    assert max(effort(scheme(name), 1000) for name in library()) < 100_000


def test_many_marks_are_checked_as_one_is() -> None:
    rules = schemes.parse(minimal(node("criterion", "all", children=[judged(), node("given", "base")])))
    marks = [
        Mark("1", "score", 1, "J1", Decimal("7.5")),
        Mark("1", "score", 1, None, Decimal("7.3")),
        Mark("1", "base", 2, "J1", Decimal("1E99")),
        Mark("1", "none", 1, None, Decimal(1)),
    ]
    every = checker(rules)
    assert [every(mark) for mark in marks] == [check(rules, mark) for mark in marks]
    assert [len(every(mark)) for mark in marks] == [0, 0, 3, 1]


def test_marks_that_are_there_twice_or_too_many_are_named() -> None:
    rules = schemes.parse(minimal(judged(judges=2)))
    marks = [Mark("1", "score", 1, judge, Decimal(7)) for judge in ("J1", "J2", "J1", "J3", None, None)]
    assert [(number, problem.code, problem.params.get("first")) for number, problem in crowded(rules, marks)] == [
        (2, "mark_twice", 0),
        (3, "too_many_marks", None),
        (5, "mark_twice", 4),
    ]
