"""Tie-breaks: one small key each. A smaller key is better; what has no value comes last."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from scoring.plans import Plan
from scoring.schemes import Scheme
from scoring.schemes.after import TieBreak
from scoring.schemes.model import Better
from scoring.totals import Total

Key = tuple[int, int]
NOTHING: Key = (1, 0)


def number_key(number: object, better: Better) -> Key:
    """A number's key; a status or nothing comes after all numbers."""
    if not isinstance(number, int):
        return NOTHING
    return (0, -number) if better == "higher" else (0, number)


def node_key(step: TieBreak, index: int) -> Callable[[Total], Key]:
    """Compares the exact value of one node."""
    return lambda total: number_key(total.numbers[index], step.better)


def lot_key(lots: Mapping[str, int]) -> Callable[[Total], Key]:
    """Compares drawn numbers, the smaller first; who drew none comes last."""
    return lambda total: (0, lots[total.entry]) if total.entry in lots else NOTHING


def chain(scheme: Scheme, plan: Plan, lots: Mapping[str, int]) -> list[tuple[str, Callable[[Total], Key]]]:
    """The scheme's tie-breaks by name (node key, or "lot"), in order."""
    steps: list[tuple[str, Callable[[Total], Key]]] = []
    for step in scheme.standings.tie_breaks:
        if step.node is None:
            steps.append(("lot", lot_key(lots)))
        else:
            steps.append((step.node, node_key(step, plan.order[step.node])))
    return steps
