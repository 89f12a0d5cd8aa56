"""The scale of the whole board: every score as its distance from the middle of all; exact integers throughout."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from math import lcm

from scoring.arithmetic import ROUNDINGS, to_decimal, written
from scoring.problems import Param
from scoring.schemes.after import Scaled
from scoring.schemes.model import Better
from scoring.traces import Step, StepCode


@dataclass(frozen=True, slots=True)
class Yardstick:
    """What a board is measured by: scaled = at + slope x (score - centre). `slope` None: there is no spread."""

    rules: Scaled
    better: Better
    centre: Fraction
    spread: Fraction
    slope: Fraction | None

    def __call__(self, score: Fraction) -> Decimal:
        """A score on the scale: rounded, then not under the least, not over the most."""
        return self.many([score.numerator], score.denominator)[0]

    def many(self, numbers: Sequence[int], denominator: int) -> list[Decimal]:
        """Scores over one denominator on the scale."""
        rounding = self.rules.rounding
        if self.slope is None:
            return [within(self.rules, rounded(Fraction(self.rules.no_spread), self.rules))] * len(numbers)
        plus = Fraction(self.rules.at) - self.slope * self.centre
        per = self.slope / denominator
        unit = lcm(per.denominator, plus.denominator)
        top, more = int(per * unit) * 10**rounding.digits, int(plus * unit) * 10**rounding.digits
        way = ROUNDINGS[rounding.mode]
        return [within(self.rules, written(way(number * top + more, unit), rounding.digits)) for number in numbers]


def rounded(value: Fraction, rules: Scaled) -> Decimal:
    """A value with the digits of the scale."""
    digits = rules.rounding.digits
    return written(ROUNDINGS[rules.rounding.mode](value.numerator * 10**digits, value.denominator), digits)


def within(rules: Scaled, value: Decimal) -> Decimal:
    """Not under the least, not over the most."""
    return min(max(value, rules.least), rules.most)


def yardstick(rules: Scaled, better: Better, scores: Sequence[Fraction]) -> Yardstick:
    """The yardstick of a board, from the scores of the entries that are ranked."""
    centre = middle(rules, scores)
    spread = median([abs(score - centre) for score in scores]) if rules.spread is None else Fraction(rules.spread)
    sign = 1 if better == "higher" else -1
    slope = sign * Fraction(rules.per) / (Fraction(rules.factor) * spread) if spread else None
    return Yardstick(rules, better, centre, spread, slope)


def middle(rules: Scaled, scores: Sequence[Fraction]) -> Fraction:
    """The centre that the rules say; 0 where nobody has a score."""
    if isinstance(rules.centre, Decimal):
        return Fraction(rules.centre)
    if not scores:
        return Fraction(0)
    return median(scores) if rules.centre == "median" else sum(scores, Fraction(0)) / len(scores)


def median(values: Sequence[Fraction]) -> Fraction:
    """The middle value, or the mean of the middle two; 0 of none."""
    ordered = sorted(values)
    return (ordered[(len(ordered) - 1) // 2] + ordered[len(ordered) // 2]) / 2 if ordered else Fraction(0)


def steps(stick: Yardstick, score: Fraction) -> tuple[Step, ...]:
    """How a score came to its place on the scale; the last `after` is the scaled score."""
    found = list(distances(stick, score)) if stick.slope is not None else [no_spread(stick, score)]
    exact = found[-1].after
    whole = rounded(Fraction(stick.rules.no_spread) if stick.slope is None else scale(stick, score), stick.rules)
    rounding = stick.rules.rounding
    found.append(Step("round", shown(exact), whole, {"digits": rounding.digits, "mode": rounding.mode}))
    if whole < stick.rules.least:
        found.append(Step("floor", whole, stick.rules.least, {"floor": stick.rules.least}))
    elif whole > stick.rules.most:
        found.append(Step("cap", whole, stick.rules.most, {"cap": stick.rules.most}))
    return tuple(found)


def shown(value: object) -> Decimal | None:
    """A step's number."""
    return value if isinstance(value, Decimal) else None


def scale(stick: Yardstick, score: Fraction) -> Fraction:
    """A score on the scale before rounding."""
    return Fraction(stick.rules.at) + (stick.slope or 0) * (score - stick.centre)


def no_spread(stick: Yardstick, score: Fraction) -> Step:
    """Everybody gets the same."""
    return Step("no_spread", number(score), stick.rules.no_spread, {"no_spread": stick.rules.no_spread})


def distances(stick: Yardstick, score: Fraction) -> list[Step]:
    """From the centre, in units of the spread, times the points of a unit, plus those of the centre."""
    rules, sign = stick.rules, 1 if stick.better == "higher" else -1
    away = sign * (score - stick.centre)
    units = away / (Fraction(rules.factor) * stick.spread)
    values = [score, away, units, units * Fraction(rules.per), scale(stick, score)]
    params: list[tuple[StepCode, dict[str, Param | Decimal]]] = [
        ("from_centre", {"centre": number(stick.centre)}),
        ("over_spread", {"spread": number(stick.spread), "factor": rules.factor}),
        ("times", {"per": rules.per}),
        ("plus", {"plus": rules.at}),
    ]
    pairs = zip(params, values, values[1:], strict=False)
    return [Step(code, number(before), number(after), told) for (code, told), before, after in pairs]


def number(value: Fraction) -> Decimal:
    """A fraction as people read it."""
    return to_decimal(value.numerator, value.denominator)
