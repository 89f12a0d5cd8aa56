"""Exact numbers: integers over a denominator, rounded only where a rule says so."""

from __future__ import annotations

from collections.abc import Callable
from decimal import MAX_PREC, Context, Decimal
from fractions import Fraction

from scoring.schemes.model import RoundingMode

SHOWN_DIGITS = 9
MOST_DIGITS = 30
EXACT = Context(prec=MAX_PREC)


def half_away(number: int, unit: int) -> int:
    """Nearest; the middle goes away from zero."""
    return (2 * number + unit) // (2 * unit) if number >= 0 else -((unit - 2 * number) // (2 * unit))


def half_down(number: int, unit: int) -> int:
    """Nearest; the middle goes towards zero."""
    return -((unit - 2 * number) // (2 * unit)) if number >= 0 else (2 * number + unit) // (2 * unit)


def half_even(number: int, unit: int) -> int:
    """Nearest; the middle goes to the even neighbour."""
    return round(Fraction(number, unit))


def up(number: int, unit: int) -> int:
    """Away from zero."""
    return -(-number // unit) if number >= 0 else number // unit


def down(number: int, unit: int) -> int:
    """Towards zero."""
    return number // unit if number >= 0 else -(-number // unit)


def ceiling(number: int, unit: int) -> int:
    """Towards the larger number."""
    return -(-number // unit)


def floor(number: int, unit: int) -> int:
    """Towards the smaller number."""
    return number // unit


ROUNDINGS: dict[RoundingMode, Callable[[int, int], int]] = {
    "half_away": half_away,
    "half_down": half_down,
    "half_even": half_even,
    "up": up,
    "down": down,
    "ceiling": ceiling,
    "floor": floor,
}


def to_decimal(number: int, denominator: int, digits: int | None = None) -> Decimal:
    """number / denominator: exact where its decimals end within 30, else rounded to 9; at least `digits` written."""
    if digits is not None and number * 10**digits % denominator == 0:
        return written(number * 10**digits // denominator, digits)
    exact = Fraction(number, denominator)
    needed = digits_of(exact.denominator)
    if needed is None or needed > MOST_DIGITS:
        return written(half_away(number * 10**SHOWN_DIGITS, denominator), SHOWN_DIGITS)
    return written(exact.numerator * 10**needed // exact.denominator, needed)


def written(number: int, digits: int) -> Decimal:
    """An integer with its decimal point moved."""
    return EXACT.scaleb(Decimal(number), -digits)


def digits_of(denominator: int) -> int | None:
    """How many decimals a reduced fraction with this denominator has; None if they never end."""
    twos = (denominator & -denominator).bit_length() - 1
    rest, fives = denominator >> twos, 0
    while rest % 5 == 0:
        rest, fives = rest // 5, fives + 1
    return max(twos, fives) if rest == 1 else None
