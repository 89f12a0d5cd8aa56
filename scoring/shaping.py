"""The steps after combining: factor, plus, floor, cap, rounding, each from one denominator to the next."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from math import lcm

from scoring.arithmetic import ROUNDINGS
from scoring.problems import Param
from scoring.schemes.model import Rounding, Shape
from scoring.traces import ChangeCode


@dataclass(frozen=True, slots=True)
class Change:
    """One step of integers: `run` takes a number over `before` and gives one over `after`."""

    code: ChangeCode
    run: Callable[[int], int]
    before: int
    after: int
    params: Mapping[str, Param | Decimal]


def changes(shape: Shape, denominator: int) -> list[Change]:
    """The steps that a shape really needs, in order."""
    steps: list[Change] = []
    for make in (multiply, add, raise_to, limit, shape_rounding):
        step = make(shape, steps[-1].after if steps else denominator)
        steps += [step] if step else []
    return steps


def multiply(shape: Shape, before: int) -> Change | None:
    """times factor / divisor"""
    ratio = Fraction(shape.factor) / Fraction(shape.divisor)
    if ratio == 1:
        return None
    top = ratio.numerator
    return Change("factor", lambda number: number * top, before, before * ratio.denominator, named(shape))


def named(shape: Shape) -> dict[str, Param | Decimal]:
    """A factor as the document says it."""
    return {"factor": shape.factor} if shape.divisor == 1 else {"factor": shape.factor, "divisor": shape.divisor}


def add(shape: Shape, before: int) -> Change | None:
    """plus a constant"""
    if not shape.plus:
        return None
    after, wide, constant = common(shape.plus, before)
    return Change("plus", lambda number: number * wide + constant, before, after, {"plus": shape.plus})


def raise_to(shape: Shape, before: int) -> Change | None:
    """not under the floor"""
    if shape.floor is None:
        return None
    after, wide, least = common(shape.floor, before)
    return Change("floor", lambda number: max(number * wide, least), before, after, {"floor": shape.floor})


def limit(shape: Shape, before: int) -> Change | None:
    """not over the cap"""
    if shape.cap is None:
        return None
    after, wide, most = common(shape.cap, before)
    return Change("cap", lambda number: min(number * wide, most), before, after, {"cap": shape.cap})


def common(constant: Decimal, denominator: int) -> tuple[int, int, int]:
    """A denominator for both, what to multiply numbers by, and the constant over it."""
    exact = Fraction(constant)
    after = lcm(denominator, exact.denominator)
    return after, after // denominator, exact.numerator * (after // exact.denominator)


def shape_rounding(shape: Shape, before: int) -> Change | None:
    """rounded"""
    return rounded(shape.rounding, before)


def rounded(rounding: Rounding | None, before: int) -> Change | None:
    """Rounding to digits after the point."""
    if rounding is None:
        return None
    way, power = ROUNDINGS[rounding.mode], 10**rounding.digits
    params: dict[str, Param | Decimal] = {"digits": rounding.digits, "mode": rounding.mode}
    if before % power == 0:
        unit = before // power
        return Change("round", lambda number: way(number, unit), before, power, params)
    return Change("round", lambda number: way(number * power, before), before, power, params)
