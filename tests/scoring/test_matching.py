"""The cheapest pairs: right against every other way for a few, proved by prices for many."""

from __future__ import annotations

import random
from collections.abc import Iterator
from functools import cache

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring.matching import Matching, Node, cheapest


@st.composite
def tables(draw: st.DrawFn) -> list[list[int]]:
    size = 2 * draw(st.integers(0, 5))
    largest = draw(st.sampled_from([1, 2, 5, 1000]))
    table = [[0] * size for _ in range(size)]
    for x in range(size):
        for y in range(x):
            table[x][y] = table[y][x] = draw(st.integers(0, largest))
    return table


def by_hand(costs: list[list[int]]) -> int:
    @cache
    def least(left: int) -> int:
        if not left:
            return 0
        x = left.bit_length() - 1
        others = (y for y in range(x) if left >> y & 1)
        return min(costs[x][y] + least(left ^ 1 << x ^ 1 << y) for y in others)

    return least((1 << len(costs)) - 1)


def total(costs: list[list[int]], mates: list[int]) -> int:
    assert all(mates[mates[x]] == x != mates[x] for x in range(len(mates)))
    return sum(costs[x][y] for x, y in enumerate(mates)) // 2


@given(tables())
def test_nothing_is_cheaper(costs: list[list[int]]) -> None:
    assert total(costs, cheapest(costs)) == by_hand(costs)


def clusters(size: int, rng: random.Random) -> list[list[int]]:
    """Points in odd clusters of odd clusters, so that blossoms grow inside blossoms."""
    where = [(x // 9 * 1000 + x // 3 % 3 * 60 + rng.randint(0, 9), rng.randint(0, 9)) for x in range(size)]
    return [[abs(a - c) + abs(b - d) for c, d in where] for a, b in where]


def blossoms(node: Node) -> Iterator[Node]:
    if node.children:
        yield node
        for child in node.children:
            yield from blossoms(child)


@pytest.mark.parametrize("size", [18, 54, 90])
def test_prices_prove_it(size: int) -> None:
    for turn in range(10):
        rng = random.Random(turn)
        costs = clusters(size, rng) if turn % 2 else [[rng.randint(0, 50)] * size for _ in range(size)]
        costs = [[costs[min(x, y)][max(x, y)] for y in range(size)] for x in range(size)]
        matching = Matching(costs)
        for vertex in range(size):
            if matching.mate[vertex] < 0:
                matching.grow(vertex)
        found = [b for node in {id(n): n for n in matching.outer}.values() for b in blossoms(node)]
        extra = {(x, y): 0 for x in range(size) for y in range(size)}
        for blossom in found:
            assert blossom.price >= 0
            for pair in ((x, y) for x in blossom.leaves for y in blossom.leaves):
                extra[pair] += blossom.price
        # what two vertices pay beyond their cost is made good by the blossoms that hold both
        assert all(matching.slack(x, y) + extra[x, y] >= 0 for x in range(size) for y in range(size) if x != y)
        paid = sum(matching.price) - sum(b.price * (len(b.leaves) // 2) for b in found)
        assert paid == 2 * total(costs, matching.mate)


def test_blossoms_lie_in_blossoms() -> None:
    matching = Matching(clusters(54, random.Random(1)))
    for vertex in range(54):
        if matching.mate[vertex] < 0:
            matching.grow(vertex)
    assert any(child.children for node in matching.outer for child in node.children)


def test_an_odd_number_is_refused() -> None:
    with pytest.raises(ValueError, match="odd"):
        cheapest([[0]])
