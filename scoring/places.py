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
        keys = [key for _, key in chain(scheme, first.plan, lots)] if first else []
        self.steps = list(zip([step.node for step in scheme.standings.tie_breaks], keys, strict=False))
        self.better = scheme.standings.better
        scores = sorted({number_key(total.numbers[0], self.better) for total in totals.values()})
        unit = first.plan.tops[0].denominator if first else 1
        self.groups = score_groups(scheme.standings, scores, unit) if scores else {}

    def __call__(self, one: Standing, other: Standing, *, ahead: bool) -> Parting:
        """What parts two neighbours."""
        if self.group(one) != self.group(other):
            return Parting(other.entry, ahead, "score", None, *self.values(one, other, None))
        a, b = self.totals[one.entry], self.totals[other.entry]
        parting = next((node for node, key in self.steps if key(a) != key(b)), "")
        if parting == "":
            return Parting(other.entry, ahead, "tied", None, *self.values(one, other, None))
        if parting is None:
            lots = self.lots.get(one.entry), self.lots.get(other.entry)
            return Parting(other.entry, ahead, "lot", None, *lots)
        return Parting(other.entry, ahead, "tie_break", parting, *self.values(one, other, parting))

    def group(self, line: Standing) -> object:
        """The group of scores that counted as equal."""
        return self.groups[number_key(self.totals[line.entry].numbers[0], self.better)]

    def values(self, one: Standing, other: Standing, node: str | None) -> Iterator[Valued]:
        """What was compared, as people read it: the scores, or a node's values."""
        for line in (one, other):
            total = self.totals[line.entry]
            yield total.values[node] if node else total.status or total.value
