"""The parts that nodes are made of: titles, scales, rounding, picks, repeats, conversions, shapes."""

from __future__ import annotations

import itertools
from decimal import Decimal
from typing import get_args

from scoring.facts import ENTRY_STATUSES, Status
from scoring.schemes.model import (
    Around,
    AsRanks,
    Better,
    Bound,
    Carried,
    Combine,
    Convert,
    Linear,
    Outliers,
    Pick,
    RankStyle,
    Repeat,
    Rounding,
    RoundingMode,
    Scale,
    Shape,
    StatusRule,
    StatusWhen,
    Take,
    Then,
    Title,
    What,
)
from scoring.schemes.reading import Reader, decimal_of

BETTER: tuple[Better, ...] = get_args(Better)
COMBINE: tuple[Combine, ...] = get_args(Combine)
MODES: tuple[RoundingMode, ...] = get_args(RoundingMode)
AROUND: tuple[Around, ...] = get_args(Around)
THEN: tuple[Then, ...] = get_args(Then)
RANK_STYLES: tuple[RankStyle, ...] = get_args(RankStyle)
STATUS_RULES: tuple[StatusRule, ...] = get_args(StatusRule)
BOUNDS: tuple[Bound, ...] = get_args(Bound)
WHATS: tuple[What, ...] = tuple(what for what in get_args(What) if what != "node")
OF_ENTRIES: tuple[Status, ...] = tuple(status for status in Status if status in ENTRY_STATUSES)
ONE, ZERO = Decimal(1), Decimal(0)
MANY = 200


def title(read: Reader, name: str) -> Title:
    """Words in both languages."""
    return words(read.child(name, required=True))


def words(inside: Reader | None) -> Title:
    """The zh and en of an object."""
    if inside is None:
        return Title("", "")
    found = Title(zh=inside.text("zh"), en=inside.text("en"))
    inside.close()
    return found


def scale(read: Reader, default: Scale) -> Scale:
    """{min, max, step}: each may be left out; what the kind sets stays where the document says nothing."""
    inside = read.child("scale")
    if inside is None:
        return default
    found = Scale(
        inside.decimal("min", default.least), inside.decimal("max", default.most), inside.decimal("step", default.step)
    )
    check_scale(inside, found)
    inside.close()
    return found


def check_scale(read: Reader, found: Scale) -> None:
    """A scale must leave values to choose from."""
    if found.least is not None and found.most is not None and found.least > found.most:
        read.problem("max", "least_above_most")
    if found.step is not None and found.step <= 0:
        read.problem("step", "not_positive")


def rounding(read: Reader) -> Rounding | None:
    """`round`: a number of digits, or {digits, mode}."""
    if not read.has("round"):
        return None
    if not isinstance(read.fields["round"], dict):
        return Rounding(read.integer("round", 0, most=9))
    inside = read.child("round")
    assert inside is not None
    found = Rounding(inside.integer("digits", 0, most=9), inside.choice("mode", MODES, "half_away"))
    if not inside.has("digits"):
        inside.problem("digits", "missing_field")
    inside.close()
    return found


def pick(read: Reader, combine: Combine, better: Better) -> Pick:
    """combine, better, drop_high, drop_low, drop_from, best, outliers: fields of the node or repeat itself."""
    high = read.integer("drop_high", 0, most=MANY)
    low = read.integer("drop_low", 0, most=MANY)
    return Pick(
        combine=read.choice("combine", COMBINE, combine),
        better=read.choice("better", BETTER, better),
        drop_high=high,
        drop_low=low,
        drop_from=read.integer("drop_from", high + low + 1, least=high + low + 1, most=MANY * 3),
        best=read.integer("best", 1, least=1, most=MANY) if read.has("best") else None,
        outliers=outliers(read.child("outliers")),
    )


def outliers(read: Reader | None) -> Outliers | None:
    """{around, by, then, round}."""
    if read is None:
        return None
    by = read.decimal("by", ZERO, required=True) or ZERO
    if by < 0:
        read.problem("by", "negative")
    found = Outliers(read.choice("around", AROUND, "mean"), by, read.choice("then", THEN, "clamp"), rounding(read))
    read.close()
    return found


def repeat(read: Reader, better: Better) -> Repeat | None:
    """`repeat`: {times, needed, combine, ..., statuses, round}."""
    inside = read.child("repeat")
    if inside is None:
        return None
    times = inside.integer("times", 1, least=1, most=MANY)
    if not inside.has("times"):
        inside.problem("times", "missing_field")
    found = Repeat(
        times=times,
        needed=inside.integer("needed", times, least=0, most=times),
        pick=pick(inside, "sum", better),
        statuses=inside.choice("statuses", STATUS_RULES, "worst"),
        rounding=rounding(inside),
    )
    check_drops(inside, found.pick, times)
    inside.close()
    return found


def check_drops(read: Reader, found: Pick, values: int) -> None:
    """Something must be left to combine."""
    if values and found.drop_high + found.drop_low >= values:
        read.problem(None, "nothing_left")


def convert(read: Reader | None) -> Convert | None:
    """{target, table | linear}."""
    if read is None:
        return None
    found = Convert(target=read.decimal("target"), table=table(read), linear=linear(read.child("linear")))
    if found.table and found.linear:
        read.problem("linear", "two_conversions")
    read.close()
    return found


def table(read: Reader) -> tuple[tuple[Decimal, Decimal], ...]:
    """[{from, points}], `from` rising."""
    rows = tuple(row(inside) for inside in read.readers("table", most=1000, least=1)) if read.has("table") else ()
    if any(a[0] >= b[0] for a, b in itertools.pairwise(rows)):
        read.problem("table", "table_order")
    return rows


def row(read: Reader) -> tuple[Decimal, Decimal]:
    """One row of a table."""
    found = (read.decimal("from", ZERO, required=True) or ZERO, read.decimal("points", ZERO, required=True) or ZERO)
    read.close()
    return found


def linear(read: Reader | None) -> Linear | None:
    """{at, gives, per_unit}."""
    if read is None:
        return None
    found = Linear(read.number("at", ZERO), read.number("gives", ZERO), read.number("per_unit", ONE))
    read.close()
    return found


def shape(read: Reader, *, times: Decimal = ONE, divisor: Decimal = ONE) -> Shape:
    """factor, plus, floor, cap, round. `times` and `divisor` come from the kind and multiply the document's factor."""
    found = Shape(
        factor=read.number("factor", ONE) * times,
        divisor=divisor,
        plus=read.number("plus", ZERO),
        floor=read.decimal("floor"),
        cap=read.decimal("cap"),
        rounding=rounding(read),
    )
    if found.floor is not None and found.cap is not None and found.floor > found.cap:
        read.problem("cap", "least_above_most")
    return found


def as_ranks(read: Reader | None, better: Better) -> AsRanks | None:
    """{better, style}."""
    if read is None:
        return None
    found = AsRanks(read.choice("better", BETTER, better), read.choice("style", RANK_STYLES, "1 2.5 2.5 4"))
    read.close()
    return found


def levels(read: Reader) -> tuple[Title, ...]:
    """What each level of a judgement looks like, from 0 up."""
    return tuple(words(inside) for inside in read.readers("levels", most=20))


def status_when(read: Reader) -> tuple[StatusWhen, ...]:
    """`status_when`: [{from | over | under | up_to, status}]."""
    return tuple(becomes(inside) for inside in read.readers("status_when", most=20))


def becomes(read: Reader) -> StatusWhen:
    """One bound, and the status that stands beyond it."""
    given: list[Bound] = [bound for bound in BOUNDS if read.has(bound)]
    if len(given) != 1:
        read.problem(None, "one_of_needed", options=" ".join(BOUNDS))
    bound = given[0] if given else "from"
    value = read.decimal(bound) or ZERO
    found = StatusWhen(bound, value, read.choice("status", OF_ENTRIES, Status.DISQUALIFIED))
    if not read.has("status"):
        read.problem("status", "missing_field")
    read.close()
    return found


def take(read: Reader) -> Take:
    """`take`: score, scaled, points or rank; or else `node`: its key."""
    if read.has("take") and read.has("node"):
        read.problem("node", "take_or_node")
    if read.has("node"):
        return Take("node", read.key("node"))
    return Take(read.choice("take", WHATS, "score"))


def carried(read: Reader | None) -> Carried | None:
    """{stage | members, take | node, round, absent}."""
    if read is None:
        return None
    if read.yes("members") == read.has("stage"):
        read.problem(None, "one_of_needed", options="stage members")
    found = Carried(
        stage=read.integer("stage", 1, least=1, most=99) if read.has("stage") else None,
        take=take(read),
        rounding=rounding(read),
        absent=read.choice("absent", OF_ENTRIES, Status.DID_NOT_START) if read.has("absent") else None,
    )
    read.close()
    return found


def whole(value: object) -> Decimal | None:
    """A rank: a whole number or a half."""
    number = decimal_of(value)
    return number if number is not None and number * 2 == (number * 2).to_integral_value() else None
