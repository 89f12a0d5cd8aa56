"""The codes that judges see, in an order that tells nothing."""

from __future__ import annotations

import itertools

from scoring import draw

LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ"  # no I and no O, which are read as figures


def codes(key: str, count: int, *, taken: frozenset[str] | set[str] = frozenset()) -> list[str]:
    """Codes of a letter and figures for all of `count` but those who have one (`taken`)."""
    figures = max(99, -(-count // len(LETTERS)))
    pool = [f"{letter}{number:02d}" for letter, number in itertools.product(LETTERS, range(1, figures + 1))]
    free = [code for code in draw.order(pool, key) if code not in taken]
    return free[: count - len(taken)]
