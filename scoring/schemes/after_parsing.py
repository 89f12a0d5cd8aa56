"""What follows from the scores, read from the document: standings, the scale of the board."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import TypeVar, get_args

from scoring.schemes.after import Centre, Scaled, Standings, TieBreak, Tolerance, ToleranceMode, WhenTied
from scoring.schemes.model import Better, Rounding
from scoring.schemes.parts import BETTER, MANY, OF_ENTRIES, RANK_STYLES, ZERO, rounding
from scoring.schemes.reading import Reader, decimal_of

TOLERANCE_MODES: tuple[ToleranceMode, ...] = get_args(ToleranceMode)
WHEN_TIED: tuple[WhenTied, ...] = get_args(WhenTied)
CENTRES: tuple[Centre, ...] = get_args(Centre)
MAD = "mad"
Part = TypeVar("Part")


def optional(read: Reader, name: str, parse: Callable[[Reader], Part]) -> Part | None:
    """A part that may be left out."""
    inside = read.child(name)
    return None if inside is None else parse(inside)


def standings(read: Reader) -> Standings:
    """How scores become ranks."""
    better = read.choice("better", BETTER, "higher")
    found = Standings(
        better=better,
        style=read.choice("style", RANK_STYLES, "1224"),
        tie_breaks=tuple(tie_break(inside, better) for inside in read.readers("tie_breaks", most=MANY)),
        tolerance=optional(read, "tolerance", tolerance),
        ranked_statuses=frozenset(read.choices("ranked_statuses", OF_ENTRIES)),
        points=tuple(decimals(read, "points")),
        points_when_tied=read.choice("points_when_tied", WHEN_TIED, "same"),
    )
    read.close()
    return found


def tie_break(read: Reader, better: Better) -> TieBreak:
    """{node, better} or {lot: true}."""
    lot = read.taken("lot")
    if lot is not None and lot is not True:
        read.problem("lot", "not_true")
    found = TieBreak(read.key("node", required=lot is None) or None, read.choice("better", BETTER, better))
    if lot is not None and found.node is not None:
        read.problem("lot", "node_or_lot")
    read.close()
    return found


def tolerance(read: Reader) -> Tolerance:
    """{value, mode}."""
    found = Tolerance(read.positive("value", ZERO, required=True), read.choice("mode", TOLERANCE_MODES, "first"))
    read.close()
    return found


def decimals(read: Reader, name: str) -> list[Decimal]:
    """A list of decimal numbers."""
    numbers = [decimal_of(item) for item in read.items(name, most=1000)]
    inside = Reader({}, read.at(name), read.problems)
    for position, number in enumerate(numbers):
        if number is None:
            inside.problem(str(position), "not_decimal")
    return [number for number in numbers if number is not None]


def scaled(read: Reader) -> Scaled:
    """The scale of the board; what the document leaves out is the scale around 700."""
    at = read.number("at", Decimal(700))
    found = Scaled(
        centre=centre(read),
        spread=spread(read),
        at=at,
        per=read.number("per", Decimal(30)),
        factor=read.positive("factor", Decimal("1.4826"), above=True),
        least=read.number("min", ZERO),
        most=read.number("max", Decimal(1000)),
        rounding=rounding(read) or Rounding(0),
        no_spread=read.number("no_spread", at),
    )
    if found.least > found.most:
        read.problem("max", "least_above_most")
    read.close()
    return found


def centre(read: Reader) -> Decimal | Centre:
    """`centre`: median, mean, or a number."""
    given = read.taken("centre")
    if given is None or (isinstance(given, str) and given in CENTRES):
        return read.choice("centre", CENTRES, "median")
    return read.number("centre", ZERO)


def spread(read: Reader) -> Decimal | None:
    """`spread`: mad (the median distance from the centre), or a number."""
    if read.taken("spread") in (None, MAD):
        return None if not read.has("spread") or read.fields["spread"] == MAD else read.decimal("spread")
    return read.positive("spread", Decimal(1), above=True)
