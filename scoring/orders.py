"""Totals -> an order, from the whole numbers that are kept of each: for one board, or for those of a whole year."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import compress, count
from operator import ne, sub

from scoring.gathering import all_numbers
from scoring.plans import plan
from scoring.ranks import Rank, rank_of, twice_ranks
from scoring.rows import Number
from scoring.schemes import Scheme
from scoring.schemes.after import Standings, Tolerance
from scoring.schemes.model import Better


class Nothing:
    """What has no value: it comes after every number."""

    def __lt__(self, other: object) -> bool:
        return False

    def __gt__(self, other: object) -> bool:
        return other is not self


NOTHING = Nothing()
Key = int | Nothing
Keys = tuple[Key, ...]


@dataclass(frozen=True, slots=True)
class Stored:
    """What has to be kept of the totals of a contest to rank them, entry by entry, in the order in which equals stand.

    `scores`: the exact integers over the denominator of the scheme's root, or the status, or None. `breaks`: for each
    tie-break the numbers of its node, or the drawn lots.
    """

    scores: Sequence[Number]
    breaks: Sequence[Sequence[Number]] = ()

    def only(self, positions: Sequence[int]) -> Stored:
        """The same of some entries."""
        return Stored(picked(self.scores, positions), [picked(numbers, positions) for numbers in self.breaks])


def picked(numbers: Sequence[Number], positions: Sequence[int]) -> list[Number]:
    """Some of a column."""
    return [numbers[position] for position in positions]


@dataclass(frozen=True, slots=True)
class Order:
    """Positions of entries, the best first, and by what each was compared: a smaller key is better, the same is a tie.

    First comes the score, or the group of its score, then the tie-breaks.
    """

    positions: list[int]
    keys: list[Keys]


def ranks(scheme: Scheme, stored: Stored) -> list[Rank | None]:
    """The rank of each entry; None for those that have no place. The same as on the board of `standings.rank`."""
    found: list[Rank | None] = [None] * len(stored.scores)
    inside = [position for position, score in enumerate(stored.scores) if has_place(scheme.standings, score)]
    order = ordered(scheme, stored if len(inside) == len(found) else stored.only(inside))
    for position, twice in zip(order.positions, twice_ranks(sizes(order.keys), scheme.standings.style), strict=True):
        found[inside[position]] = rank_of(twice)
    return found


def has_place(rules: Standings, score: Number) -> bool:
    """Whether an entry is ranked: it has a score, or a status that the scheme ranks after all scores."""
    return isinstance(score, int) or score in rules.ranked_statuses


def ordered(scheme: Scheme, stored: Stored) -> Order:
    """Entries that have a place in their order. Equals stand by the exact score, then as they were given."""
    rules = scheme.standings
    scores = column(stored.scores, rules.better)
    steps = zip(rules.tie_breaks, stored.breaks, strict=True)
    breaks = [column(numbers, step.better if step.node else "lower") for step, numbers in steps]
    first = scores if rules.tolerance is None else grouped(rules.tolerance, scores, plan(scheme).tops[0].denominator)
    keys = list(zip(first, *breaks, strict=True))
    positions = sorted(range(len(keys)), key=scores.__getitem__)
    positions.sort(key=keys.__getitem__)
    return Order(positions, [keys[position] for position in positions])


def column(numbers: Sequence[Number], better: Better) -> list[Key]:
    """The keys of one number of each entry: smaller is better, a status or nothing after all numbers."""
    sign = -1 if better == "higher" else 1
    if all_numbers(numbers):
        return [sign * number for number in numbers]
    return [sign * number if isinstance(number, int) else NOTHING for number in numbers]


def grouped(tolerance: Tolerance, scores: Sequence[Key], denominator: int) -> list[Key]:
    """Each score's group: itself, or the first score that it is within tolerance of."""
    reach = Fraction(tolerance.value) * denominator
    groups: dict[Key, Key] = {NOTHING: NOTHING}
    numbers = sorted({score for score in scores if isinstance(score, int)})
    first = near = numbers[0] if numbers else 0
    for score in numbers:
        if score - near > reach:
            first = near = score
        groups[score] = first
        near = score if tolerance.mode == "chained" else first
    return [groups[score] for score in scores]


def sizes(keys: Sequence[Keys]) -> list[int]:
    """How many each group of equals has, of keys in order."""
    ends = [*compress(count(1), map(ne, keys, keys[1:])), len(keys)] if keys else []
    return list(map(sub, ends, [0, *ends]))
