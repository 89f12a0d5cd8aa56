"""A slow second opinion: fractions, one entry, one rule after another; shares no code with the product."""

from __future__ import annotations

from fractions import Fraction
from math import prod
from statistics import median

from .cases import Document

Given = dict[tuple[str, int], list[Fraction]]


def total(node: Document, marks: Given, attempt: int = 1) -> Fraction | None:
    if "repeat" not in node:
        return once(node, marks, attempt)
    values = [once(node, marks, one) for one in range(1, node["repeat"]["times"] + 1)]
    return picked(node["repeat"], [value for value in values if value is not None])


def once(node: Document, marks: Given, attempt: int) -> Fraction | None:
    if node["kind"] == "criterion":
        found = [(child, total(child, marks, attempt)) for child in node["children"]]
        if node.get("combine") == "product" and any(value is None for _, value in found):
            return None
        values = [value * Fraction(child.get("weight", "1")) for child, value in found if value is not None]
    else:
        values = marks.get((node["key"], attempt), [])
    value = picked(node, values)
    return None if value is None else shaped(node, value)


def picked(rule: Document, values: list[Fraction]) -> Fraction | None:
    if not values:
        return None
    left = sorted(values)
    high, low = rule.get("drop_high", 0), rule.get("drop_low", 0)
    if len(left) > high + low:
        left = left[low : len(left) - high]
    left = left[-rule.get("best", len(left)) :]
    how = rule["combine"]
    if how == "mean":
        return sum(left, Fraction(0)) / len(left)
    if how == "median":
        return Fraction(median(left))
    return prod(left, start=Fraction(1)) if how == "product" else sum(left, Fraction(0))


def shaped(node: Document, value: Fraction) -> Fraction:
    value = value * Fraction(node.get("factor", "1")) + Fraction(node.get("plus", "0"))
    value = max(value, Fraction(node["floor"])) if "floor" in node else value
    value = min(value, Fraction(node["cap"])) if "cap" in node else value
    return rounded(value, node["round"]) if "round" in node else value


def rounded(value: Fraction, digits: int) -> Fraction:
    """Half away from zero."""
    steps = int(abs(value) * 10**digits + Fraction(1, 2))
    return Fraction(steps if value >= 0 else -steps, 10**digits)
