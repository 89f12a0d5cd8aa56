"""Rank styles: what positions in an order are called when some are equal."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from decimal import Decimal
from itertools import accumulate, chain, count, repeat

from scoring.schemes.model import RankStyle

Rank = Decimal | int

# The rank of a group of equals from: entries before it, groups before it, its size. Doubled, so that halves stay whole.
TWICE: dict[RankStyle, Callable[[int, int, int], int]] = {
    "1224": lambda before, groups, size: 2 * (before + 1),
    "1334": lambda before, groups, size: 2 * (before + size),
    "1223": lambda before, groups, size: 2 * (groups + 1),
    "1234": lambda before, groups, size: 2 * (before + 1),
    "1 2.5 2.5 4": lambda before, groups, size: 2 * before + 1 + size,
}


def twice_ranks(sizes: Sequence[int], style: RankStyle, before: int = 0, earlier: int = 0) -> Iterator[int]:
    """Twice the rank of every place, for groups of equals given by size in order, the best first.

    `before`: places that are taken already, by `earlier` groups.
    """
    groups = [1] * sum(sizes) if style == "1234" else sizes
    twice = map(TWICE[style], accumulate(groups, initial=before), count(earlier), groups)
    return chain.from_iterable(map(repeat, twice, groups))


def rank_of(twice: int) -> Rank:
    """A rank from its double: an int, or a Decimal that ends in .5."""
    return Decimal(twice) / 2 if twice % 2 else twice // 2
