"""Who goes on to the next stage: the first n, or a share of those ranked; a tie at the cut by declared policy."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import groupby
from typing import Literal

from scoring.arithmetic import ROUNDINGS
from scoring.schemes.model import RoundingMode
from scoring.standings import Standing

Ties = Literal["all", "none", "order"]


@dataclass(frozen=True, slots=True)
class Cut:
    """How many go on: `places`, or `share` (0 to 1) of the entries that have a rank, rounded by `mode`.

    Entries that share the rank at the cut: `all` go on, `none` goes on, or the board's `order` decides (after a lot).
    """

    places: int | None = None
    share: Decimal | None = None
    mode: RoundingMode = "up"
    ties: Ties = "all"


def advance(board: Sequence[Standing], cut: Cut) -> list[str]:
    """The entries that go on, in board order. ValueError unless the cut has places or a share, and only one of them."""
    ranked = [line for line in board if line.rank is not None]
    places = min(size(cut, len(ranked)), len(ranked))
    if cut.ties == "order":
        return [line.entry for line in ranked[:places]]
    inside: list[str] = []
    for group in (list(lines) for _, lines in groupby(ranked, key=lambda line: line.rank)):
        fits = len(inside) + len(group) <= places
        if fits or (cut.ties == "all" and len(inside) < places):
            inside += [line.entry for line in group]
        if not fits:
            break
    return inside


def size(cut: Cut, ranked: int) -> int:
    """How many places there are."""
    if (cut.places is None) == (cut.share is None):
        raise ValueError("either places or a share")
    if cut.share is None:
        return cut.places or 0
    top, bottom = cut.share.as_integer_ratio()
    return ROUNDINGS[cut.mode](top * ranked, bottom)
