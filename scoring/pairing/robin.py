"""Round robin by the circle method (Kirkman 1847): everybody meets everybody once a cycle.

Number all but the last 0 to m - 1, m odd, round a circle; for an odd number of entries "the last" is the bye. In round
r the two at distance i before and after r meet, for i = 1 to (m - 1) / 2, and r meets the last. Two numbers p and q
meet in the one round r with 2 r = p + q (mod m), so each pair meets once, and n - 1 (n even) or n rounds are as few as
there can be. Who is after r is at home for odd i, who is before r for even i, so everybody changes sides by turns: the
sides of an entry differ by one at most, for an odd number of entries by none. The last is at home in every second
round. A second cycle turns all sides round.
"""

from __future__ import annotations

from collections.abc import Sequence

from scoring.pairing.games import Pair


def rounds(entries: Sequence[str], cycles: int = 1) -> list[list[Pair]]:
    """All rounds; `entries` are in drawn order. In each round the bye, if there is one, comes last."""
    if len(set(entries)) < len(entries):
        raise ValueError("each entry once")
    circle, last = (entries, None) if len(entries) % 2 else (entries[:-1], entries[-1] if entries else None)
    if len(entries) < 2:
        return []
    first = [one_round(circle, last, number) for number in range(len(circle))]
    return [turned(pairs) if cycle % 2 else pairs for cycle in range(cycles) for pairs in first]


def one_round(circle: Sequence[str], last: str | None, number: int) -> list[Pair]:
    """One round of the first cycle."""
    size = len(circle)
    found: list[Pair] = []
    for i in range(1, size // 2 + 1):
        after, before = circle[(number + i) % size], circle[(number - i) % size]
        found.append(Pair(after, before) if i % 2 else Pair(before, after))
    if last is not None and number % 2 == 0:
        return [*found, Pair(last, circle[number])]
    return [*found, Pair(circle[number], last)]


def turned(pairs: Sequence[Pair]) -> list[Pair]:
    """The same pairs with the sides turned round."""
    return [pair if pair.away is None else Pair(pair.away, pair.home) for pair in pairs]
