"""Why an entry stands where it does on a board: what parts it from the one before and the one behind."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise
from typing import Literal

from scoring.facts import Status
from scoring.schemes import Scheme
from scoring.standings import Standing, score_groups
from scoring.tiebreaks import chain, number_key
from scoring.totals import Total

PartingCode = Literal["score", "tie_break", "lot", "tied"]
Valued = Decimal | Status | int | None


@dataclass(frozen=True, slots=True)
class Parting:
    """What parts an entry from a neighbour: the score, a tie-break (`node`), the lot, or nothing.

    `own` and `others`: the values that were compared.
    """

    other: str
    ahead: bool
    code: PartingCode
    node: str | None
    own: Valued
    others: Valued


def partings(
    scheme: Scheme, board: Sequence[Standing], totals: Mapping[str, Total], lots: Mapping[str, int]
) -> dict[str, tuple[Parting, ...]]:
    """For every ranked entry what parts it from the one before and from the one behind."""
    found: dict[str, list[Parting]] = {line.entry: [] for line in board if line.rank is not None}
    ranked = [line for line in board if line.rank is not None]
    compare = Comparison(scheme, {line.entry: totals[line.entry] for line in ranked}, lots)
    for one, other in pairwise(ranked):
        found[one.entry].append(compare(one, other, ahead=True))
        found[other.entry].append(compare(other, one, ahead=False))
    return {entry: tuple(parts) for entry, parts in found.items()}


class Comparison:
    """Compares two lines of a board as the board did; `totals`: those of the entries that are ranked."""

    def __init__(self, scheme: Scheme, totals: Mapping[str, Total], lots: Mapping[str, int]) -> None:
        self.totals, self.lots = totals, lots
        first = next(iter(totals.values()), None)
        self.steps = chain(scheme, first.plan, lots) if first else []
        self.better = scheme.standings.better
        keys = sorted({number_key(total.numbers[0], self.better) for total in totals.values()})
        unit = first.plan.tops[0].denominator if first else 1
        self.groups = score_groups(scheme.standings, keys, unit) if keys else {}

    def __call__(self, one: Standing, other: Standing, *, ahead: bool) -> Parting:
        """What parts two neighbours."""
        if self.group(one) != self.group(other):
            return Parting(other.entry, ahead, "score", None, *self.values(one, other, None))
        a, b = self.totals[one.entry], self.totals[other.entry]
        node = next((name for name, key in self.steps if key(a) != key(b)), None)
        if node is None:
            return Parting(other.entry, ahead, "tied", None, *self.values(one, other, None))
        code: PartingCode = "lot" if node == "lot" and not self.is_node(a, node) else "tie_break"
        return Parting(other.entry, ahead, code, None if code == "lot" else node, *self.values(one, other, node))

    def is_node(self, total: Total, name: str) -> bool:
        """Whether a step of this name compares a node; without one it is the lot."""
        return name in total.plan.members

    def group(self, line: Standing) -> object:
        """The group of scores that counted as equal."""
        return self.groups[number_key(self.totals[line.entry].numbers[0], self.better)]

    def values(self, one: Standing, other: Standing, node: str | None) -> Iterator[Valued]:
        """What was compared, as people read it."""
        for line in (one, other):
            total = self.totals[line.entry]
            if node is None:
                yield total.value if total.status is None else total.status
            else:
                yield total.values[node] if self.is_node(total, node) else self.lots.get(line.entry)
