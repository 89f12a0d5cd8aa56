"""A start order in which entries of the same union keep apart, as near to the draw as that allows.

`apart` fills the places from the first: each gets the first of the drawn rest whose start there leaves an optimum
possible. So the draw decides wherever it can, and the order is the first, read from the front, among the best ones.

Two cases, both exact.

- A gap of 2 (no neighbours of one union), the default. With n to start, a union that has k of them needs at least
  k - (n - k) - 1 neighbours, and one more if it started last: the others leave n - k + 1 places between and around
  them. The largest such need is also enough. So neighbours occur only if a union has more than half of all, rounded up.
- A wider gap d. Possible exactly if (m - 1) d + t <= n, where m is the most entries a union has, and t unions have as
  many: all of theirs but the last need d places each, the last ones t. Whether a half-filled order can be finished is
  found by filling it, always from the union with the most left of those that may start. That is safe: let u and w both
  be free to start, u with no fewer left, and let w start in an order that is right. Swap their places up to the first
  i after which both keep the gap. If there is no such i, every place of w comes before the same place of u; swap all of
  w's places then, and u's next is more than d behind the last of them.

A wider gap says more about the order than people may like: one pair among a hundred loners would start first and last.
"""

from __future__ import annotations

import heapq
from collections import Counter, deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import pairwise
from typing import Protocol

# A union, or an entry that belongs to none.
Name = str | tuple[str, str]


def apart(drawn: Sequence[str], unions: Mapping[str, str], gap: int = 2) -> list[str]:
    """A drawn order rearranged so that entries of a union are at least `gap` places apart, or as far as can be.

    An entry that `unions` does not name belongs to nobody. ValueError for a gap under 1.
    """
    if gap < 1:
        raise ValueError("a gap is at least 1")
    names = [unions.get(entry) or ("entry", entry) for entry in drawn]
    gap = min(gap, max(2, widest(Counter(names).values())))
    if gap == 1:
        return list(drawn)
    filling = Neighbours(Counter(names)) if gap == 2 else Distances(Counter(names), gap)
    return [drawn[at] for at in places(names, filling)]


def widest(sizes: Iterable[int]) -> int:
    """The widest gap that unions of these sizes can all keep; the number of entries if none has two."""
    counts = list(sizes)
    most = max(counts, default=0)
    if most < 2:
        return sum(counts)
    return (sum(counts) - counts.count(most)) // (most - 1)


def neighbours(order: Sequence[str], unions: Mapping[str, str]) -> int:
    """How many neighbours in an order are of the same union."""
    named = [unions.get(entry) for entry in order]
    return sum(one is not None and one == other for one, other in pairwise(named))


def places(names: Sequence[Name], filling: Filling) -> Iterator[int]:
    """For each place the first of the rest that leaves an optimum possible, by its index."""
    rest = list(range(len(names)))
    while rest:
        refused: set[Name] = set()
        index = next(index for index in rest if allowed(names[index], filling, refused))
        rest.remove(index)
        filling.start(names[index])
        yield index


def allowed(name: Name, filling: Filling, refused: set[Name]) -> bool:
    """Whether a union may start next; each is asked once a place."""
    if name in refused:
        return False
    if not filling.allows(name):
        refused.add(name)
    return name not in refused


class Filling(Protocol):
    """An order filled from the front."""

    def allows(self, name: Name) -> bool:
        """Whether an optimum stays possible if this union starts next."""

    def start(self, name: Name) -> None:
        """Let this union start."""


class Neighbours:
    """Fills with as few neighbours of the same union as there can be."""

    def __init__(self, left: Counter[Name]) -> None:
        self.left, self.size = left, left.total()
        self.sizes = Counter(left.values())
        self.most = max(left.values(), default=0)
        self.last: Name | None = None

    def needed(self, most: int, last: int, size: int) -> int:
        """The fewest neighbours yet to come: `size` to start, of one union at most `most`, of the last one `last`."""
        return max(0, 2 * most - size - 1, 2 * last - size)

    def allows(self, name: Name) -> bool:
        """Whether no more neighbours come than without."""
        k = self.left[name]
        most = self.most - (k == self.most and self.sizes[k] == 1)
        before = self.needed(self.most, self.left[self.last] if self.last else 0, self.size)
        return (name == self.last) + self.needed(most, k - 1, self.size - 1) <= before

    def start(self, name: Name) -> None:
        """Count one less."""
        k = self.left[name]
        self.sizes[k] -= 1
        self.sizes[k - 1] += 1
        self.most -= k == self.most and not self.sizes[k]
        self.left[name] -= 1
        self.size, self.last = self.size - 1, name


class Distances:
    """Fills with a gap that is known to be possible."""

    def __init__(self, left: Counter[Name], gap: int) -> None:
        self.left = left
        self.waiting: deque[Name | None] = deque([None] * (gap - 1))
        self.enough: int | None = None

    def allows(self, name: Name) -> bool:
        """Whether it may start, and the rest can be finished; with more left it is no less safe."""
        if name in self.waiting:
            return False
        if self.enough is None or self.left[name] < self.enough:
            if not self.finishes(name):
                return False
            self.enough = self.left[name]
        return True

    def finishes(self, name: Name) -> bool:
        """Whether the rest can be filled after this one, most left first; only numbers left matter."""
        waiting = deque(self.left[other] if other else 0 for other in [*self.waiting, name])
        waiting[-1] -= 1
        ready = [-k for other, k in self.left.items() if k and other != name and other not in self.waiting]
        heapq.heapify(ready)
        for _ in range(self.left.total() - 1):
            if released := waiting.popleft():
                heapq.heappush(ready, -released)
            if not ready:
                return False
            waiting.append(-heapq.heappop(ready) - 1)
        return True

    def start(self, name: Name) -> None:
        """Let it wait."""
        self.left[name] -= 1
        self.waiting.append(name)
        self.waiting.popleft()
        self.enough = None
