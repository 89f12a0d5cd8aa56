"""Rank styles: what positions in an order are called when some are equal."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from decimal import Decimal

from scoring.schemes.model import RankStyle

# Ranks of a group of equals from: entries before it, groups before it, its size. Doubled, so that halves stay whole.
TWICE: dict[RankStyle, Callable[[int, int, int], list[int]]] = {
    "1224": lambda before, groups, size: [2 * (before + 1)] * size,
    "1334": lambda before, groups, size: [2 * (before + size)] * size,
    "1223": lambda before, groups, size: [2 * (groups + 1)] * size,
    "1234": lambda before, groups, size: [2 * (before + i + 1) for i in range(size)],
    "1 2.5 2.5 4": lambda before, groups, size: [2 * before + 1 + size] * size,
}


def twice_ranks(sizes: Sequence[int], style: RankStyle) -> Iterator[int]:
    """Twice the rank of every place, for groups of equals given by size in order, the best first."""
    before = 0
    for groups, size in enumerate(sizes):
        yield from TWICE[style](before, groups, size)
        before += size


def rank_of(twice: int) -> Decimal | int:
    """A rank from its double: an int, or a Decimal that ends in .5."""
    return Decimal(twice) / 2 if twice % 2 else twice // 2
