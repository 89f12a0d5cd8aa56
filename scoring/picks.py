"""Several values become one: outliers, drops, the best n, and what combines the rest. All on integers."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import lcm, prod

from scoring.arithmetic import ROUNDINGS
from scoring.schemes.model import Outliers, Pick
from scoring.traces import FateCode, PickFate


@dataclass(frozen=True, slots=True)
class Bounds:
    """Which of n values in rising order count: `start` to `stop`; those outside `low` to `high` were dropped."""

    low: int
    high: int
    start: int
    stop: int
    statuses: int


@dataclass(frozen=True, slots=True)
class Fate:
    """What became of one value: its code, and the number that counted (None: none)."""

    code: FateCode
    counted: int | None


class Picker:
    """A pick for at most `most` values over one denominator; its result is over `denominator` of its own."""

    def __init__(self, pick: Pick, denominator: int, most: int) -> None:
        self.pick = pick
        shares = lcm(*range(1, most + 1))
        self.widen = widening(pick.outliers, shares)
        self.inner = denominator * self.widen
        self.limit = 0 if pick.outliers is None else int(Fraction(pick.outliers.by) * self.inner)
        self.denominator, self.combine = combiner(pick, self.inner, most, shares)
        self.seen: dict[tuple[int, int], Bounds] = {}
        self.plain = pick.outliers is None

    def __call__(self, values: Sequence[int], statuses: int = 0) -> int | None:
        """The combined value; `statuses` more count as the worst, and if one of them is left there is none."""
        ordered = sorted(values) if self.plain else self.settled(sorted(values))
        bounds = self.seen.get((len(ordered), statuses)) or self.bounds(len(ordered), statuses)
        return None if bounds.statuses else self.combine(ordered[bounds.start : bounds.stop])

    def many(self, lists: Iterable[Collection[int]], count: int) -> list[int]:
        """What each list of so many values comes to: bounds are looked up once. Not for picks with outliers."""
        known, combine = self.bounds(count, 0), self.combine
        part = slice(known.start, known.stop)
        return [combine(sorted(values)[part]) for values in lists]

    def bounds(self, values: int, statuses: int) -> Bounds:
        """What counts of so many values and statuses."""
        found = self.seen.get((values, statuses))
        if found is None:
            found = self.seen[values, statuses] = bounds(self.pick, values, statuses)
        return found

    def settled(self, ordered: list[int]) -> list[int]:
        """Values in rising order after outliers were moved or left out."""
        wide = [value * self.widen for value in ordered]
        return [fate.counted for fate in self.outlying(wide) if fate.counted is not None]

    def outlying(self, wide: Sequence[int]) -> list[Fate]:
        """What becomes of each value as an outlier. If all would be left out, none is."""
        outliers = self.pick.outliers
        if outliers is None:
            return [Fate("counted", value) for value in wide]
        middle = self.middle(outliers, wide)
        least, most = middle - self.limit, middle + self.limit
        if outliers.then == "clamp":
            return [clamped(value, least, most) for value in wide]
        near = [least <= value <= most for value in wide]
        keep = near if any(near) else [True] * len(wide)
        return [
            Fate("counted", value) if kept else Fate("excluded", None) for value, kept in zip(wide, keep, strict=True)
        ]

    def middle(self, outliers: Outliers, wide: Sequence[int]) -> int:
        """The mean or median of all values, rounded if the rule says so; whole, for the values were widened for it."""
        if outliers.around == "mean":
            exact = sum(wide) // len(wide)
        else:
            ordered = sorted(wide)
            exact = (ordered[(len(wide) - 1) // 2] + ordered[len(wide) // 2]) // 2
        if outliers.rounding is None:
            return exact
        unit = self.inner // int(10**outliers.rounding.digits)
        return ROUNDINGS[outliers.rounding.mode](exact, unit) * unit

    def fates(self, values: Sequence[int], statuses: int = 0) -> list[Fate]:
        """What became of each value, in the order given; of equal values the later ones are the higher."""
        fates = self.outlying([value * self.widen for value in values])
        left = sorted((fate.counted, i) for i, fate in enumerate(fates) if fate.counted is not None)
        bounds = self.bounds(len(left), statuses)
        for position, (_, i) in enumerate(left):
            code = lost(bounds, position)
            fates[i] = Fate(code, None) if code else fates[i]
        return fates


def widening(outliers: Outliers | None, shares: int) -> int:
    """What values are multiplied by, so that the middle and the limits around it are whole numbers."""
    if outliers is None:
        return 1
    finest = Fraction(outliers.by).denominator * (10**outliers.rounding.digits if outliers.rounding else 1)
    return finest * (shares if outliers.around == "mean" else 2)


def lost(bounds: Bounds, position: int) -> PickFate | None:
    """Why the value at a position of the rising order does not count; None if it does."""
    if position < bounds.low:
        return "dropped_low"
    if position >= bounds.high:
        return "dropped_high"
    return None if bounds.start <= position < bounds.stop else "not_best"


def clamped(value: int, least: int, most: int) -> Fate:
    """A value moved into its limits."""
    counted = min(max(value, least), most)
    return Fate("counted" if counted == value else "clamped", counted)


def bounds(pick: Pick, values: int, statuses: int) -> Bounds:
    """Drops first (a status is the worst value), then the best n."""
    low, high = (pick.drop_low, pick.drop_high) if values + statuses >= pick.drop_from else (0, 0)
    if pick.better == "higher":
        low, statuses = max(0, low - statuses), max(0, statuses - low)
    else:
        high, statuses = max(0, high - statuses), max(0, statuses - high)
    stop = max(low, values - high)
    best = pick.best if pick.best is not None else 1 if pick.combine == "best" else stop - low + statuses
    keep = min(best, stop - low)
    statuses = min(statuses, best - keep)
    if pick.better == "higher":
        return Bounds(low, stop, stop - keep, stop, statuses)
    return Bounds(low, stop, low, low + keep, statuses)


def combiner(pick: Pick, denominator: int, most: int, shares: int) -> tuple[int, Callable[[list[int]], int]]:
    """The denominator of the result, and what combines values in rising order."""
    portions = [0, *(shares // n for n in range(1, most + 1))]
    last = (pick.better == "higher") == (pick.combine == "best")
    ways: dict[str, tuple[int, Callable[[list[int]], int]]] = {
        "sum": (denominator, sum),
        "mean": (denominator * shares, lambda values: sum(values) * portions[len(values)]),
        "median": (denominator * 2, lambda values: values[(len(values) - 1) // 2] + values[len(values) // 2]),
        "product": (denominator**most, lambda values: prod(values) * denominator ** (most - len(values))),
        "best": (denominator, lambda values: values[-1 if last else 0]),
        "worst": (denominator, lambda values: values[-1 if last else 0]),
    }
    return ways[pick.combine]
