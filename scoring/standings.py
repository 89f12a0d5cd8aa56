"""Scores -> ranks, in board order."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from decimal import Decimal

from scoring.schemes import Scheme
from scoring.statuses import Status
from scoring.totals import Total


@dataclass(frozen=True, slots=True)
class Standing:
    """One line of a board. `rank` is a whole number, or has .5 in style "1 2.5 2.5 4"; None when not ranked.

    `tied`: shares its place after all tie-breaks. `decided_by`: key of the node (or "lot") of the last tie-break that parted
    this entry from a neighbour with the same score; None when the score alone decided.
    """

    entry: str
    rank: Decimal | int | None
    score: Decimal | None
    status: Status | None
    tied: bool
    decided_by: str | None
    points: Decimal | None


def rank(
    scheme: Scheme,
    totals: Mapping[str, Total],
    *,
    lots: Mapping[str, int] | None = None,
    unranked: Collection[str] = (),
) -> list[Standing]:
    """Standings in board order; entries without a rank (no score, status, out of competition) last, by entry id.

    `lots` gives each entry's drawn number (smaller first) for a scheme whose chain ends with the lot; `unranked` are
    entries out of competition: marked, shown, not ranked.
    """
    raise NotImplementedError
