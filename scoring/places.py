"""Why an entry stands where it does on a board: what parts it from the one before and the one behind."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise
from typing import Literal

from scoring.facts import Status
from scoring.orders import Keys, ordered
from scoring.schemes import Scheme
from scoring.standings import Standing, parting, stored
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
    ranked = [totals[line.entry] for line in board if line.rank is not None]
    found: dict[str, list[Parting]] = {total.entry: [] for total in ranked}
    keys = ordered(scheme, stored(scheme, ranked, lots)).keys
    for (one, ours), (other, theirs) in pairwise(zip(ranked, keys, strict=True)):
        code, node = parted(scheme, ours, theirs)
        values = compared(code, node, one, lots), compared(code, node, other, lots)
        found[one.entry].append(Parting(other.entry, True, code, node, *values))
        found[other.entry].append(Parting(one.entry, False, code, node, *values[::-1]))
    return {entry: tuple(parts) for entry, parts in found.items()}


def parted(scheme: Scheme, one: Keys, other: Keys) -> tuple[PartingCode, str | None]:
    """What parts two neighbours, by what the board compared: first the score, then the tie-breaks."""
    if one == other:
        return "tied", None
    depth = parting(one, other)
    if not depth:
        return "score", None
    node = scheme.standings.tie_breaks[depth - 1].node
    return ("lot", None) if node is None else ("tie_break", node)


def compared(code: PartingCode, node: str | None, total: Total, lots: Mapping[str, int]) -> Valued:
    """The value that was compared, as people read it."""
    if code == "lot":
        return lots.get(total.entry)
    return total.values[node] if node else total.status or total.value
