"""How far judges rank alike: Kendall's W (Kendall 1948, Rank Correlation Methods) and Spearman's rank correlation.

All in whole numbers and fractions: ranks are doubled, so that shared ranks stay whole. Only a square root is rounded,
to 6 digits, half away from zero, by comparing squares. No probability is given: it is not a fraction. For the usual
test compare chi_square with that distribution's table at `freedom` (good from about 8 entries on).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from itertools import groupby
from math import isqrt

from scoring.arithmetic import written
from scoring.ranks import twice_ranks

DIGITS = 6


@dataclass(frozen=True, slots=True)
class Concordance:
    """Kendall's W of so many judges and entries: 0 no agreement, 1 the same order by all.

    `w` and `chi_square` are None where W is not defined: fewer than two judges or entries, or all marks equal by every
    judge. chi_square is that of the Friedman test, judges x freedom x W.
    """

    judges: int
    entries: int
    w: Fraction | None
    chi_square: Fraction | None
    freedom: int


def concordance(rows: Sequence[Sequence[Fraction]]) -> Concordance:
    """Kendall's W, ties corrected; a row holds one judge's marks of all entries, in the same order.

    W = 12 S / (m^2 (n^3 - n) - m T): S is the sum of squares of rank sums about their mean, T the sum of t^3 - t for
    every t marks that a judge gave alike.
    """
    judges, entries = len(rows), len(rows[0]) if rows else 0
    ranks = [ranked(row) for row in rows]
    sums = [sum(column) - judges * (entries + 1) for column in zip(*ranks, strict=True)]
    ties = sum(t**3 - t for row in rows for t in Counter(row).values())
    bottom = judges**2 * (entries**3 - entries) - judges * ties
    freedom = max(entries - 1, 0)
    if judges < 2 or not bottom:
        return Concordance(judges, entries, None, None, freedom)
    w = Fraction(3 * sum(deviation**2 for deviation in sums), bottom)  # 12 / 4, for ranks are doubled
    return Concordance(judges, entries, w, judges * freedom * w, freedom)


def ranked(values: Sequence[Fraction]) -> list[int]:
    """Twice the rank of each value, the least first; equals share the mean of their ranks."""
    order = sorted(range(len(values)), key=values.__getitem__)
    sizes = [len(list(equals)) for _, equals in groupby(order, key=values.__getitem__)]
    ranks = dict(zip(order, twice_ranks(sizes, "1 2.5 2.5 4"), strict=True))
    return [ranks[index] for index in range(len(values))]


def correlation(one: Sequence[Fraction], other: Sequence[Fraction]) -> Decimal | None:
    """Spearman's rank correlation, ties as mean ranks, rounded to 6 digits; None if either has all values equal."""
    middle = len(one) + 1
    pairs = [(a - middle, b - middle) for a, b in zip(ranked(one), ranked(other), strict=True)]
    both = sum(a * b for a, b in pairs)
    squares = sum(a * a for a, _ in pairs) * sum(b * b for _, b in pairs)
    return written(over_root(both, squares), DIGITS) if squares else None


def over_root(top: int, squares: int) -> int:
    """top / sqrt(squares) in units of the last digit, to the nearest, the middle away from zero."""
    # n is the largest with (n - 1/2)^2 squares <= (top 10^6)^2, so 2 n - 1 the largest odd number under twice the root
    twice = isqrt(4 * (top * 10**DIGITS) ** 2 // squares)
    nearest = (twice + 1) // 2
    return nearest if top >= 0 else -nearest
