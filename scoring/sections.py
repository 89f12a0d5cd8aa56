"""The score by the sections of a standard: what each weighs in a scheme, and what an entry has in it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from scoring.arithmetic import to_decimal
from scoring.members import Member
from scoring.schemes import Criterion, Node, Scheme, nodes
from scoring.schemes.document import Section
from scoring.schemes.rules import spots
from scoring.totals import Total
from scoring.worth import of_node


@dataclass(frozen=True, slots=True)
class Weight:
    """What a section weighs: the most that its nodes can add to the score (None: no limit), and what it should be."""

    section: Section
    most: Decimal | None
    wanted: Decimal | None


@dataclass(frozen=True, slots=True)
class Part:
    """A node that lies in a section with all below it, and what its value counts in the score."""

    node: Node
    section: str
    counts: Fraction


def parts(scheme: Scheme) -> tuple[Part, ...]:
    """The topmost nodes with a section under the root; what is aside adds nothing."""
    return tuple(under(scheme.root, Fraction(1)))


def under(node: Node, outer: Fraction) -> Iterator[Part]:
    """A node or the nodes below it. Above a section everything only adds up, so that a part counts in proportion."""
    if node.section is not None:
        yield Part(node, node.section, outer)
    elif isinstance(node, Criterion):
        inner = outer * Fraction(node.shape.factor) / Fraction(node.shape.divisor)
        for child in node.children:
            yield from under(child, inner * Fraction(child.weight))


def weights(scheme: Scheme) -> list[Weight]:
    """What each section of the standard weighs, in the order of the standard."""
    known = nodes(scheme)
    times = {part.node.key: repeats(scheme, part.node.key) for part in parts(scheme)}
    found: dict[str, Fraction | None] = {section.key: Fraction(0) for section in scheme.standard}
    for part in parts(scheme):
        most, before = of_node(part.node, known).times(part.counts).most, found[part.section]
        found[part.section] = None if most is None or before is None else before + most * times[part.node.key]
    return [Weight(section, shown(found[section.key]), section.weight) for section in scheme.standard]


def repeats(scheme: Scheme, key: str) -> int:
    """How often a repeat above runs a node."""
    return next((spot.times or 1 for spot in spots(scheme) if spot.node.key == key), 1)


def shown(value: Fraction | None) -> Decimal | None:
    """A fraction as people read it."""
    return None if value is None else to_decimal(value.numerator, value.denominator)


def points(scheme: Scheme, total: Total) -> dict[str, Decimal]:
    """What an entry has in each section, before what is done to the whole (rounding, floor, cap above the sections)."""
    found = {section.key: Fraction(0) for section in scheme.standard}
    for part in parts(scheme):
        member = total.plan.members[part.node.key]
        found[part.section] += value(member, total) * part.counts
    return {key: shown(one) or Decimal(0) for key, one in found.items()}


def value(member: Member, total: Total) -> Fraction:
    """What a node came to, all attempts of a repeat above added up; nothing for a status and where no mark is in."""
    if not member.within:
        numbers, denominator = [total.numbers[member.index]], member.denominator
    else:
        numbers, denominator = list(total.repeated.get(member.index, ())), member.denominator
    return sum((Fraction(number, denominator) for number in numbers if isinstance(number, int)), Fraction(0))
