"""Lanes by strength: the best in the middle, then by turns to its left and right, as in swimming (FINA SW 3.1.2)."""

from __future__ import annotations

from collections.abc import Sequence


def centred(lanes: int) -> list[int]:
    """Lanes from the middle outwards: 4 5 3 6 2 7 1 8 of eight, 3 4 2 5 1 of five."""
    middle = (lanes + 1) // 2
    away = ((step + 1) // 2 * (1 if step % 2 else -1) for step in range(lanes))
    return [middle + steps for steps in away]


def lanes(heat: Sequence[str], wished: Sequence[int]) -> list[tuple[int, str]]:
    """Lane and entry, in order of lanes: the first of the heat, its best, gets the first lane wished, and so on.

    ValueError if there are too few lanes, or one of them twice.
    """
    if len(heat) > len(wished) or len(set(wished)) < len(wished):
        raise ValueError("a lane for each entry, each lane once")
    return sorted(zip(wished, heat, strict=False))
