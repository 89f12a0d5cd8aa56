"""Nodes of a scheme: aspects that take marks, criteria that combine, nodes that use another once more."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import get_args

from scoring.schemes.model import Again, Aspect, Better, Criterion, Kind, Node, Scale
from scoring.schemes.parts import (
    MANY,
    ONE,
    STATUS_RULES,
    ZERO,
    as_ranks,
    carried,
    check_drops,
    convert,
    levels,
    pick,
    repeat,
    scale,
    shape,
    status_when,
    title,
)
from scoring.schemes.reading import Reader

ASPECT_KINDS: tuple[Kind, ...] = get_args(Kind)
KINDS: tuple[str, ...] = ("criterion", "again", *ASPECT_KINDS)
DEPTH = 16
OPEN = Scale(None, None, None)
POSITIVE = Scale(ZERO, None, None)


@dataclass(frozen=True, slots=True)
class Habit:
    """What a kind of aspect sets where the document says nothing. `value`: may it have one, must it, or neither."""

    scale: Scale = OPEN
    judges: int = 0
    value: str = "never"
    sign: Decimal = ONE
    default: Decimal | None = None
    max_spread: Decimal | None = None


HABITS: dict[Kind, Habit] = {
    "panel": Habit(judges=1),
    "judgement": Habit(Scale(ZERO, Decimal(3), ONE), judges=3, value="must", max_spread=ONE),
    "measurement": Habit(),
    "pass": Habit(Scale(ZERO, ONE, ONE), value="must"),
    "time": Habit(POSITIVE),
    "count": Habit(Scale(ZERO, None, ONE), value="may"),
    "given": Habit(),
    "deduction": Habit(POSITIVE, sign=-ONE, default=ZERO),
    "theory": Habit(Scale(ZERO, Decimal(100), None)),
}


def node(read: Reader, better: Better, depth: int = 1) -> Node:
    """A node of any kind with all below it."""
    kind = read.choice("kind", KINDS, "given")
    if not read.has("kind"):
        read.problem("kind", "missing_field")
    if kind == "criterion":
        found: Node = criterion(read, better, depth)
    else:
        found = again(read, better) if kind == "again" else aspect(read, better, aspect_kind(kind))
    read.close()
    return found


def aspect_kind(kind: str) -> Kind:
    """The word as a kind of aspect."""
    return next(known for known in ASPECT_KINDS if known == kind)


def criterion(read: Reader, better: Better, depth: int) -> Criterion:
    """A heading and its children."""
    return Criterion(
        key=read.key("key"),
        title=title(read, "title"),
        weight=read.number("weight", ONE),
        shape=shape(read),
        repeat=repeat(read, better),
        section=section(read),
        status_when=status_when(read),
        children=children(read, better, depth),
        pick=pick(read, "sum", better),
        statuses=read.choice("statuses", STATUS_RULES, "carry"),
    )


def section(read: Reader) -> str | None:
    """The section of the standard that a node belongs to, with all below it."""
    return read.key("section") if read.has("section") else None


def children(read: Reader, better: Better, depth: int) -> tuple[Node, ...]:
    """The nodes under a heading."""
    if depth >= DEPTH and read.has("children"):
        read.problem("children", "too_deep", most=DEPTH)
        return ()
    return tuple(node(inside, better, depth + 1) for inside in read.readers("children", least=1, most=MANY))


def again(read: Reader, better: Better) -> Again:
    """Another node once more."""
    return Again(
        key=read.key("key"),
        title=title(read, "title"),
        weight=read.number("weight", ONE),
        shape=shape(read),
        repeat=repeat(read, better),
        section=section(read),
        status_when=status_when(read),
        of=read.key("of"),
    )


def aspect(read: Reader, better: Better, kind: Kind) -> Aspect:
    """A leaf."""
    habit = HABITS[kind]
    marks = scale(read, habit.scale)
    judges = read.integer("judges", habit.judges, least=int(kind == "panel"), most=99)
    found = Aspect(
        key=read.key("key"),
        title=title(read, "title"),
        kind=kind,
        weight=read.number("weight", ONE),
        shape=shape(read, times=worth(read, kind) * habit.sign, divisor=full_level(read, kind, marks)),
        repeat=repeat(read, better),
        section=section(read),
        status_when=status_when(read),
        scale=marks,
        judges=judges,
        needed=read.integer("needed", max(judges, 1), least=0, most=max(judges, 1)),
        pick=pick(read, "mean", better),
        convert=convert(read.child("convert")),
        as_ranks=as_ranks(read.child("as_ranks"), better),
        max_spread=read.decimal("max_spread", habit.max_spread),
        default=read.decimal("when_missing", habit.default),
        levels=levels(read),
        carried=carried(read.child("carried")),
    )
    check_aspect(read, found)
    return found


def worth(read: Reader, kind: Kind) -> Decimal:
    """`value`: what full judgement, a pass or one count is worth."""
    rule = HABITS[kind].value
    if rule == "never" and read.has("value"):
        read.problem("value", "not_for_kind", kind=kind)
    if rule == "never":
        return ONE
    return read.decimal("value", ONE, required=rule == "must") or ZERO


def full_level(read: Reader, kind: Kind, marks: Scale) -> Decimal:
    """A judgement counts as its share of the highest level."""
    if kind != "judgement":
        return ONE
    if marks.most is None or marks.most <= 0:
        read.problem("scale", "not_positive")
        return ONE
    return marks.most


def check_limits(read: Reader) -> None:
    """A panel's scale has both ends."""
    scale = read.fields.get("scale")
    if not isinstance(scale, Mapping):
        if not read.has("scale"):
            read.problem("scale", "missing_field")
        return
    inside = Reader({}, read.at("scale"), read.problems)
    for name in ("min", "max"):
        if name not in scale:
            inside.problem(name, "missing_field")


def check_aspect(read: Reader, found: Aspect) -> None:
    """What must fit together within one aspect."""
    if found.judges == 0 and found.pick.combine == "product":
        read.problem("combine", "combine_not_here")
    if found.kind == "panel" and not read.has("judges"):
        read.problem("judges", "missing_field")
    if found.kind == "panel":
        check_limits(read)
    if found.carried and found.judges:
        read.problem("carried", "not_with_judges")
    check_drops(read, found.pick, found.judges)
    if found.max_spread is not None and found.max_spread < 0:
        read.problem("max_spread", "negative")
