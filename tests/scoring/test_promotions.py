"""Proposals for a promotion of level."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from scoring import schemes
from scoring.awards import awards
from scoring.promotions import Register, propose
from scoring.schemes import Scheme

from .cases import Document, ground, minimal, node


def scheme(*listed: Document, **rest: Any) -> Scheme:
    named = [{"key": f"k{i}", "title": {"zh": "级", "en": "Level"}, **one} for i, one in enumerate(listed)]
    return schemes.parse(minimal(node("given", "score"), promotions=named, **rest))


def listed(rules: Scheme, scores: str, register: Register | None = None) -> list[tuple[str, str, str]]:
    """Person, level if proposed, and why."""
    on = ground(rules, dict(zip("abcdefghij", scores.split(), strict=False)))
    found = propose(rules, on, register or Register(), awards(rules, on))
    return [(one.person, one.level if one.proposed else "", one.code) for one in found]


def test_the_best_ten_and_a_share() -> None:
    rules = scheme({"places": 2}, {"share": "0.3", "mode": "down"})
    found = listed(rules, "9 8 7 6 5 4 3 2 1 0")
    assert [(person, level) for person, level, _ in found] == [
        ("a", "k0"),
        ("b", "k0"),
        ("c", "k1"),
        ("d", "k1"),
        ("e", "k1"),
    ]


def test_by_award_and_by_score() -> None:
    title = {"zh": "奖", "en": "Award"}
    prizes = [{"key": "gold", "title": title, "places": 1}, {"key": "silver", "title": title, "places": 1}]
    rules = scheme({"with_award": ["gold"]}, {"needs": [{"take": "score", "least": 7}]}, awards=prizes)
    assert listed(rules, "9 8 7 6") == [
        ("a", "k0", "qualified"),
        ("b", "", "no_award"),
        ("c", "", "no_award"),
        ("d", "", "no_award"),
        ("b", "k1", "qualified"),
        ("c", "k1", "qualified"),
        ("d", "", "need"),
    ]


def test_one_promotion_a_person_and_a_year() -> None:
    rules = scheme({"places": 2})
    register = Register(promoted={"a": "technician"})
    assert listed(rules, "9 8 7 6", register) == [("a", "", "promoted"), ("b", "k0", "place"), ("c", "k0", "place")]
    lapsing = scheme({"places": 2, "vacant": "lapse"})
    assert listed(lapsing, "9 8 7 6", register) == [("a", "", "promoted"), ("b", "k0", "place")]


def test_only_from_some_levels() -> None:
    rules = scheme({"places": 2, "for_levels": ["senior"]})
    register = Register(levels={"a": "technician", "b": "senior", "d": "senior"})
    assert listed(rules, "9 8 7 6", register) == [
        ("a", "", "level"),
        ("b", "k0", "place"),
        ("c", "", "level"),
        ("d", "k0", "place"),
    ]


def test_every_member_of_a_team_by_themselves() -> None:
    rules = scheme({"places": 1})
    register = Register(persons={"a": ["ann", "bob"], "b": ["cy"]}, promoted={"bob": "technician"})
    assert listed(rules, "9 8", register) == [("ann", "k0", "place"), ("bob", "", "promoted")]
    both = Register(persons={"a": ["ann", "bob"], "b": ["cy"]}, promoted={"bob": "x", "ann": "x"})
    assert listed(rules, "9 8", both) == [("ann", "", "promoted"), ("bob", "", "promoted"), ("cy", "k0", "place")]


def test_a_person_with_two_entries_is_listed_once() -> None:
    rules = scheme({"places": 3})
    register = Register(persons={"a": ["ann"], "b": ["ann"], "c": ["cy"]})
    assert listed(rules, "9 8 7", register) == [("ann", "k0", "place"), ("ann", "", "listed"), ("cy", "k0", "place")]


@given(
    st.lists(st.integers(0, 5), max_size=9),
    st.lists(st.integers(0, 3), min_size=9, max_size=9),
    st.sets(st.sampled_from("0123")),
)
def test_nobody_is_proposed_twice_or_after_a_promotion(scores: list[int], people: list[int], done: set[str]) -> None:
    rules = scheme({"places": 3}, {"share": "0.5"})
    on = ground(rules, {f"e{i}": str(score) for i, score in enumerate(scores)})
    persons = {f"e{i}": [str(person)] for i, person in enumerate(people)}
    found = propose(rules, on, Register(persons=persons, promoted=dict.fromkeys(done, "x")))
    proposed = [one.person for one in found if one.proposed]
    assert len(proposed) == len(set(proposed))
    assert not done & set(proposed)
