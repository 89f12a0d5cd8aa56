"""The same results as a plain page of Decimal would have them, written for the rules of these contests alone."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import ROUND_HALF_UP, Decimal

from benchmarks.contests import Contest

CENT = Decimal("0.01")
Line = tuple[str, Decimal, int]


def board(measured: Contest, values: Sequence[Decimal]) -> list[Line]:
    """Entry, total and rank, the best first; `values` by entry, then aspect, then judge."""
    rows = sorted((-sum(scores), -scores[0], entry) for entry, scores in scores_of(measured, values))
    lines: list[Line] = []
    before = None
    for place, (total, first, entry) in enumerate(rows, 1):
        rank = lines[-1][2] if (total, first) == before else place
        lines.append((entry, Decimal(-total), rank))
        before = (total, first)
    return lines


def scores_of(measured: Contest, values: Sequence[Decimal]) -> Iterator[tuple[str, list[Decimal]]]:
    """The score of each entry on each aspect: the mean without the highest and the lowest mark, to two decimals."""
    size, width = len(measured.judges), len(measured.aspects)
    for number, entry in enumerate(measured.entries):
        scores = []
        for place in range(number * width, (number + 1) * width):
            kept = sorted(values[place * size : (place + 1) * size])[1:-1]
            scores.append((sum(kept, Decimal(0)) / len(kept)).quantize(CENT, ROUND_HALF_UP))
        yield entry, scores
