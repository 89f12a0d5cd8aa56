"""Raw values as points: distance from a target, a stepped table, a line."""

from __future__ import annotations

from fractions import Fraction
from math import lcm

from scoring.schemes.model import Convert


def conversion_unit(convert: Convert | None) -> int:
    """A denominator that holds every converted value."""
    if convert is None:
        return 1
    constants = [points for _, points in convert.table]
    if convert.linear:
        return Fraction(convert.linear.per_unit).denominator * lcm(1000, Fraction(convert.linear.gives).denominator)
    return lcm(1000, *(Fraction(constant).denominator for constant in constants))


def converted(convert: Convert | None, value: Fraction) -> Fraction:
    """A raw value as points."""
    if convert is None:
        return value
    if convert.target is not None:
        value = abs(value - Fraction(convert.target))
    if convert.linear:
        line = convert.linear
        return Fraction(line.gives) + (value - Fraction(line.at)) * Fraction(line.per_unit)
    if convert.table:
        reached = [points for start, points in convert.table if start <= value]
        return Fraction(reached[-1] if reached else convert.table[0][1])
    return value
