"""What a mark is worth in the score, where that can be said of the mark alone."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from scoring.schemes import Again, Aspect, Criterion, Node, Scheme
from scoring.schemes.model import Pick


def per_unit(rules: Scheme) -> dict[str, Fraction]:
    """By aspect, what one unit of a mark adds to the score if every judge gives it; 0 for what is only set aside.

    Missing: an aspect whose worth depends on other marks (dropped attempts, ranks, products) or is not in proportion.
    """
    aside = {key: Fraction(0) for node in rules.aside for key, _ in _under(node, Fraction(0))}
    return aside | dict(_under(rules.root, Fraction(1)))


def _under(node: Node, outer: Fraction) -> Iterator[tuple[str, Fraction]]:
    if isinstance(node, Again) or (node.repeat and not _adds(node.repeat.pick)) or node.shape.plus:
        return
    shape = node.shape
    inner = outer * Fraction(node.weight) * Fraction(shape.factor) / Fraction(shape.divisor)
    if isinstance(node, Aspect):
        if node.convert is None and node.as_ranks is None and node.pick.combine in ("mean", "median"):
            yield node.key, inner
        return
    if _adds(node.pick):
        yield from _children(node, inner)


def _children(node: Criterion, inner: Fraction) -> Iterator[tuple[str, Fraction]]:
    for child in node.children:
        yield from _under(child, inner)


def _adds(pick: Pick) -> bool:
    """Whether everything goes in, simply added up."""
    chosen = pick.drop_high or pick.drop_low or pick.best or pick.outliers
    return pick.combine == "sum" and not chosen
