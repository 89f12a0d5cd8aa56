"""The scale of the whole board."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from itertools import pairwise
from statistics import median
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring import schemes
from scoring.scales import steps
from scoring.schemes import Scheme
from scoring.standings import measure

from .cases import Document, ground, minimal, node


def scheme(scaled: Document, **order: Any) -> Scheme:
    return schemes.parse(minimal(node("given", "score"), scaled=scaled, standings=order))


def scaled(rules: Scheme, scores: str, **known: Any) -> list[str]:
    entries = dict(zip("abcdefghij", scores.split(), strict=False))
    lines = {line.entry: line.scaled for line in ground(rules, entries, **known).board}
    return [str(lines[entry]) for entry in entries]


def plainly(scores: list[Fraction], score: Fraction) -> int:
    """round(700 + 30 (x - median) / (1.4826 MAD)), within 0..1000, a second time and slowly."""
    centre = median(scores)
    spread = median(abs(one - centre) for one in scores)
    if not spread:
        return 700
    exact = 700 + 30 * (score - centre) / (Fraction("1.4826") * spread)
    whole = int(exact + Fraction(1, 2)) if exact >= 0 else -int(-exact + Fraction(1, 2))
    return min(max(whole, 0), 1000)


values = st.lists(st.decimals(0, 100, places=2), min_size=1, max_size=12)


@given(values)
def test_the_scale_around_700(scores: list[Decimal]) -> None:
    exact = [Fraction(score) for score in scores]
    found = ground(scheme({}), {str(i): str(score) for i, score in enumerate(scores)})
    assert {line.entry: line.scaled for line in found.board} == {
        str(i): plainly(exact, score) for i, score in enumerate(exact)
    }


@given(values, st.sampled_from(["higher", "lower"]), st.integers(0, 2), st.sampled_from(["median", "mean", "50.5"]))
def test_its_order_never_contradicts_the_scores(scores: list[Decimal], better: str, digits: int, centre: str) -> None:
    rules = scheme({"round": digits, "centre": centre}, better=better)
    on = ground(rules, {str(i): str(score) for i, score in enumerate(scores)})
    found = [line.scaled or Decimal(0) for line in on.board]
    assert found == sorted(found, reverse=True)


@given(values, st.sampled_from(["higher", "lower"]), st.sampled_from(["mad", "7.25"]))
def test_its_explanation_ends_in_the_number(scores: list[Decimal], better: str, spread: str) -> None:
    rules = scheme({"spread": spread, "round": 1, "min": 650, "max": 720}, better=better)
    on = ground(rules, {str(i): str(score) for i, score in enumerate(scores)})
    stick = measure(rules, list(on.totals.values()))
    assert stick is not None
    for line in on.board:
        exact = on.totals[line.entry].exact
        assert isinstance(exact, Fraction)
        told = steps(stick, exact)
        assert told[-1].after == line.scaled
        assert all(b.before == a.after for a, b in pairwise(told))


@pytest.mark.parametrize(
    ("rules", "scores", "expected"),
    [
        ({}, "80 70 60", "720 700 680"),
        ({}, "70 70 70", "700 700 700"),
        ({"no_spread": 500}, "70 70 70", "500 500 500"),
        ({}, "70 70 70 99", "700 700 700 700"),
        ({"spread": 10, "factor": 1}, "90 80 70 60", "745 715 685 655"),
        ({"spread": 10, "factor": 1, "centre": 50, "at": 500, "per": 100}, "60 50 45", "600 500 450"),
        ({"factor": 1, "spread": 7, "round": {"digits": 1, "mode": "down"}}, "82 72 69 60", "749.2 706.4 693.5 655.0"),
        ({}, "1000000 3 2 1 0", "1000 720 700 680 660"),
        ({"min": 690, "max": 710}, "80 70 60", "710 700 690"),
        ({"centre": "mean", "spread": 3, "factor": 1}, "9 3 0", "750 690 660"),
    ],
)
def test_every_constant_is_a_parameter(rules: Document, scores: str, expected: str) -> None:
    assert scaled(scheme(rules), scores) == expected.split()


def test_smaller_may_be_better() -> None:
    assert scaled(scheme({}, better="lower"), "80 70 60") == ["680", "700", "720"]


def test_who_is_out_of_competition_or_has_a_status_does_not_count() -> None:
    assert scaled(scheme({}), "80 70 60 99 did_not_finish", unranked={"d"}) == ["720", "700", "680", "759", "None"]
    assert scaled(scheme({}, ranked_statuses=["did_not_finish"]), "80 70 60 did_not_finish") == [
        "720",
        "700",
        "680",
        "None",
    ]


@pytest.mark.parametrize(
    ("rules", "pointer", "code"),
    [
        ({"spread": 0}, "/scaled/spread", "not_positive"),
        ({"factor": -1}, "/scaled/factor", "not_positive"),
        ({"min": 5, "max": 4}, "/scaled/max", "least_above_most"),
        ({"centre": "middle"}, "/scaled/centre", "not_decimal"),
        ({"kind": "robust"}, "/scaled/kind", "unknown_field"),
    ],
)
def test_a_scale_that_cannot_be(rules: Document, pointer: str, code: str) -> None:
    with pytest.raises(schemes.SchemeError) as refused:
        scheme(rules)
    assert [(one.pointer, one.code) for one in refused.value.problems] == [(pointer, code)]
