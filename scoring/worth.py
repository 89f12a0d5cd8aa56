"""The least and the most that a node comes to by its scheme once all marks are in: does it total 100?"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from scoring.arithmetic import ROUNDINGS
from scoring.conversions import converted
from scoring.picks import bounds
from scoring.schemes import Again, Aspect, Criterion, Node, Scheme, nodes
from scoring.schemes.model import Pick, Rounding, Shape


@dataclass(frozen=True, slots=True)
class Range:
    """From `least` to `most`; None: there is no such limit, or it depends on what nobody can say beforehand."""

    least: Fraction | None
    most: Fraction | None

    def each(self, change: Callable[[Fraction], Fraction]) -> Range:
        """Both ends changed by something that keeps their order."""
        return Range(
            None if self.least is None else change(self.least), None if self.most is None else change(self.most)
        )

    def times(self, factor: Fraction) -> Range:
        """Multiplied; by a negative factor the ends change places."""
        both = self.each(lambda end: end * factor)
        return both if factor >= 0 else Range(both.most, both.least)


OPEN = Range(None, None)
NOTHING = Fraction(0)


def worth(scheme: Scheme, node: Node | None = None) -> Range:
    """What a node (the root if none is named) can come to, before its own weight."""
    return of_node(node or scheme.root, nodes(scheme))


def of_node(node: Node, known: dict[str, Node]) -> Range:
    """A node of any kind, its repeat included."""
    if isinstance(node, Again):
        target = known.get(node.of)
        found = OPEN if target is None or isinstance(target, Again) else again(node, target, known)
    else:
        found = once(node, known)
    if node.repeat:
        if node.repeat.statuses == "zero":
            found = Range(ends(min, found.least, NOTHING), ends(max, found.most, NOTHING))
        found = picked(node.repeat.pick, [found] * node.repeat.times)
        found = rounded(found, node.repeat.rounding)
    return found


def again(node: Again, target: Node, known: dict[str, Node]) -> Range:
    """Another node's range, shaped again."""
    return shaped(once(target, known) if node.repeat else of_node(target, known), node.shape)


def once(node: Node, known: dict[str, Node]) -> Range:
    """One attempt of a node."""
    if isinstance(node, Aspect):
        judged = [values(node)] * max(node.judges, 1)
        return shaped(picked(node.pick, judged), node.shape)
    assert isinstance(node, Criterion)
    children = [part(child, known) for child in node.children]
    if node.statuses == "zero":
        children = [Range(ends(min, child.least, NOTHING), ends(max, child.most, NOTHING)) for child in children]
    return shaped(picked(node.pick, children), node.shape)


def part(child: Node, known: dict[str, Node]) -> Range:
    """A child's range times its weight, with what stands for it where no mark is in."""
    found = of_node(child, known)
    if isinstance(child, Aspect) and (child.default is not None or not child.needed):
        default = Fraction(child.default or 0)
        found = Range(ends(min, found.least, default), ends(max, found.most, default))
    return found.times(Fraction(child.weight))


def ends(edge: Callable[..., Fraction], end: Fraction | None, other: Fraction) -> Fraction | None:
    """The further of two ends."""
    return None if end is None else edge(end, other)


def values(aspect: Aspect) -> Range:
    """What one mark counts."""
    if aspect.as_ranks:
        return Range(Fraction(1), None)
    found = Range(fraction(aspect.scale.least), fraction(aspect.scale.most))
    rule = aspect.convert
    if rule is None:
        return found
    if rule.table:
        points = [Fraction(points) for _, points in rule.table]
        return Range(min(points), max(points))
    if rule.target is not None:
        target = Fraction(rule.target)
        away = None if None in (found.least, found.most) else [abs(end - target) for end in both(found)]
        found = Range(NOTHING, max(away) if away else None)
    if rule.linear is None:
        return found
    slope, start = Fraction(rule.linear.per_unit), converted_at_zero(aspect)
    return found.times(slope).each(lambda end: end + start)


def both(found: Range) -> list[Fraction]:
    """The ends that there are."""
    return [end for end in (found.least, found.most) if end is not None]


def converted_at_zero(aspect: Aspect) -> Fraction:
    """Where the line of a conversion meets a distance or a value of 0."""
    rule = aspect.convert
    assert rule
    return converted(rule, Fraction(rule.target) if rule.target is not None else NOTHING)


def fraction(value: Decimal | None) -> Fraction | None:
    """A limit as a fraction."""
    return None if value is None else Fraction(value)


def picked(pick: Pick, parts: Sequence[Range]) -> Range:
    """Several ranges combined as if all values were in: no value lies beyond the end at its place in the order."""
    if pick.combine == "product":
        return product(parts)
    place = bounds(pick, len(parts), 0)
    least = combined(pick, ordered([part.least for part in parts])[place.start : place.stop])
    return Range(least, combined(pick, ordered([part.most for part in parts])[place.start : place.stop]))


def ordered(ends: Sequence[Fraction | None]) -> Sequence[Fraction]:
    """All ends in order; none if one of them is open."""
    known = [end for end in ends if end is not None]
    return sorted(known) if len(known) == len(ends) else ()


def combined(pick: Pick, ends: Sequence[Fraction]) -> Fraction | None:
    """Ends in rising order as one."""
    if not ends:
        return None
    if pick.combine in ("best", "worst"):
        return ends[-1 if (pick.better == "higher") == (pick.combine == "best") else 0]
    if pick.combine == "median":
        return (ends[(len(ends) - 1) // 2] + ends[len(ends) // 2]) / 2
    return sum(ends, NOTHING) / (len(ends) if pick.combine == "mean" else 1)


def product(parts: Sequence[Range]) -> Range:
    """A product of ranges that do not go below zero; else nothing is said."""
    least, most = Fraction(1), Fraction(1)
    for part in parts:
        if part.least is None or part.most is None or part.least < 0:
            return OPEN
        least, most = least * part.least, most * part.most
    return Range(least, most)


def shaped(found: Range, shape: Shape) -> Range:
    """Factor, plus, floor, cap and rounding."""
    found = found.times(Fraction(shape.factor) / Fraction(shape.divisor)).each(lambda end: end + Fraction(shape.plus))
    if shape.floor is not None:
        least = Fraction(shape.floor)
        found = Range(least if found.least is None else max(found.least, least), found.most).each(
            lambda end: max(end, least)
        )
    if shape.cap is not None:
        most = Fraction(shape.cap)
        found = Range(found.least, most if found.most is None else min(found.most, most)).each(
            lambda end: min(end, most)
        )
    return rounded(found, shape.rounding)


def rounded(found: Range, rounding: Rounding | None) -> Range:
    """Both ends rounded."""
    if rounding is None:
        return found
    way, power = ROUNDINGS[rounding.mode], 10**rounding.digits
    return found.each(lambda end: Fraction(way(end.numerator * power, end.denominator), power))
