"""Start orders: a union's entries keep apart whenever it is possible at all, and the draw decides the rest."""

from __future__ import annotations

import itertools
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring import starting

Unions = dict[str, str]
few = st.lists(st.sampled_from(["u", "v", "w", ""]), max_size=7)
many = st.lists(st.sampled_from(["u", "v", "w", "x", "y", ""]), max_size=40)


def named(given: list[str]) -> tuple[list[str], Unions]:
    return [f"e{i}" for i in range(len(given))], {f"e{i}": union for i, union in enumerate(given) if union}


def gap_of(order: list[str], unions: Unions) -> int:
    """The least distance of two of a union; the number of entries if there are no two."""
    pairs = itertools.combinations(enumerate(order), 2)
    return min((j - i for (i, a), (j, b) in pairs if a in unions and unions[a] == unions.get(b)), default=len(order))


def sizes(order: list[str], unions: Unions) -> list[int]:
    return list(Counter(unions.get(entry, entry) for entry in order).values())


@given(few, st.integers(1, 7))
def test_the_first_of_the_best_orders(given: list[str], gap: int) -> None:
    drawn, unions = named(given)
    every = [list(order) for order in itertools.permutations(drawn)]  # in order of the draw
    reached = min(gap, max(gap_of(order, unions) for order in every))
    assert reached == min(gap, starting.widest(sizes(drawn, unions))) or not drawn
    best = [order for order in every if gap_of(order, unions) >= reached]
    if gap > 1:
        least = min(starting.neighbours(order, unions) for order in best)
        best = [order for order in best if starting.neighbours(order, unions) == least]
    assert starting.apart(drawn, unions, gap) == best[0]


@given(many)
def test_neighbours_only_where_a_union_has_more_than_half(given: list[str]) -> None:
    drawn, unions = named(given)
    order = starting.apart(drawn, unions)
    assert sorted(order) == sorted(drawn)
    most = max(sizes(drawn, unions), default=0)
    assert starting.neighbours(order, unions) == max(0, 2 * most - len(drawn) - 1)


@given(many, st.integers(3, 9))
def test_a_wider_gap(given: list[str], gap: int) -> None:
    drawn, unions = named(given)
    order = starting.apart(drawn, unions, gap)
    assert sorted(order) == sorted(drawn)
    assert gap_of(order, unions) >= min(gap, starting.widest(sizes(drawn, unions)))


def test_the_draw_stays_where_it_is_good() -> None:
    unions = {"a": "u", "b": "u", "c": "v", "d": "w"}
    assert starting.apart(["a", "c", "b", "d"], unions) == ["a", "c", "b", "d"]
    assert starting.apart(["a", "b", "c", "d"], unions) == ["a", "c", "b", "d"]
    assert starting.apart(["a", "b", "c", "d"], unions, 9) == ["a", "c", "d", "b"]


def test_a_union_may_be_called_anything() -> None:
    """Loners are nobody's neighbours, even where a union bears the name of an entry."""
    assert starting.apart(["a", "b"], {"b": "a"}) == ["a", "b"]
    assert starting.neighbours(["a", "b"], {}) == 0


def test_a_gap_is_at_least_one() -> None:
    with pytest.raises(ValueError, match="at least 1"):
        starting.apart(["a"], {}, 0)
