"""Heats as even as possible, with as few entries of the same union together as there can be, and seeds spread out.

The order (seeds, the best first, or a draw) is cut into pots of as many entries as there are heats; every heat gets one
entry of each pot. Take pots and unions as the two sides of a graph and entries as its edges, a union of more entries
than heats as several (each a "share" of as many entries as there are heats). No pot and no share has more edges than
there are heats; so, by Koenig's theorem (1916), the edges can be coloured with the heats as colours, no colour twice at
a pot or at a share. The proof is the procedure: an entry takes a heat free on both sides; is there none, then one heat
is free at the pot and another at the share, and the entries that alternate between these two from the pot on swap. That
way never comes to the share, for it would have to come by the heat that is free there.

Why nothing is better. A full share has one entry in every heat and the last share at most one, so a union of n entries
in h heats has n // h or n // h + 1 in each. Pairs of the same union in a heat with k of it are k (k - 1) / 2, which is
convex: of all ways to part n among h heats, the even one has the fewest. Every union has its own minimum, so the sum is
minimal; seeds cost nothing. Heats differ by one at most, for only the last pot can be short.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from scoring import draw

Node = tuple[str, object]


def drawn(
    entries: Sequence[str], size: int, unions: Mapping[str, str], key: str, *, seeds: Sequence[str] = ()
) -> list[list[str]]:
    """Heats of at most `size` by a published key, the larger ones first, members in order of their stations.

    Three draws: "pots" orders the entries behind the seeds, "heats" numbers the heats, "stations" orders members. What
    is uniform without seeds: the pots; the numbers of equally large heats; given who is together, every order of
    stations. Entries of one union have the same chances, and so have unions of one size. Not uniform: which of the best
    groupings of unions comes out.
    """
    count = heats_for(len(entries), size)
    others = [entry for entry in entries if entry not in seeds]
    spread_out = spread([*seeds, *draw.order(others, draw.part(key, "pots"))], count, unions)
    numbered = draw.order([str(heat) for heat in range(count)], draw.part(key, "heats"))
    stations = {entry: i for i, entry in enumerate(draw.order(entries, draw.part(key, "stations")))}
    found = [sorted(spread_out[int(heat)], key=stations.__getitem__) for heat in numbered]
    return sorted(found, key=len, reverse=True)


def heats_for(entries: int, size: int) -> int:
    """How many heats of at most `size` it takes."""
    if size < 1:
        raise ValueError("a heat holds at least one entry")
    return -(-entries // size)


def spread(order: Sequence[str], count: int, unions: Mapping[str, str] | None = None) -> list[list[str]]:
    """`count` heats from an order, the best first, members in that order; by snake where unions allow.

    An entry that `unions` does not name belongs to nobody. ValueError for doubles or no heat to go to.
    """
    if len(set(order)) < len(order) or (order and count < 1):
        raise ValueError("each entry once, and at least one heat")
    colouring = Colouring(count)
    for index, (entry, share) in enumerate(zip(order, shares(order, count, unions or {}), strict=True)):
        colouring.place(entry, ("pot", index // count), share, snake(index, count))
    heats: list[list[str]] = [[] for _ in range(count)]
    for entry in order:
        heats[colouring.heat[entry]].append(entry)
    return heats


def snake(index: int, count: int) -> int:
    """The heat (from 0) of a seed (from 0): there and back again, 0 1 2 2 1 0 0 1 2."""
    turn, place = divmod(index, count)
    return count - 1 - place if turn % 2 else place


def shares(order: Iterable[str], count: int, unions: Mapping[str, str]) -> list[Node]:
    """The share of each entry: its union, and how many full rounds of heats the union has had before."""
    seen: Counter[str] = Counter()
    found: list[Node] = []
    for entry in order:
        union = unions.get(entry)
        if union is None:
            found.append(("entry", entry))
        else:
            found.append(("union", (union, seen[union] // count)))
            seen[union] += 1
    return found


@dataclass(slots=True)
class Colouring:
    """Entries as edges between two sides, coloured with heats; free heats of a node as bits."""

    count: int
    heat: dict[str, int] = field(default_factory=dict)
    sides: dict[str, tuple[Node, Node]] = field(default_factory=dict)
    at: defaultdict[Node, dict[int, str]] = field(default_factory=lambda: defaultdict(dict))
    taken: Counter[Node] = field(default_factory=Counter)

    def place(self, entry: str, pot: Node, share: Node, wished: int) -> None:
        """Give an entry a heat that is free on both sides: the wished one, else the next; make one free if need be."""
        self.sides[entry] = (pot, share)
        both = self.free(pot) & self.free(share)
        if both:
            return self.take(entry, next_bit(both, wished))
        here, there = next_bit(self.free(pot), wished), next_bit(self.free(share), wished)
        self.swap(pot, there, here)  # from the pot, for that moves the weaker seeds first
        return self.take(entry, there)

    def free(self, node: Node) -> int:
        """The heats that a node has not yet."""
        return ((1 << self.count) - 1) ^ self.taken[node]

    def take(self, entry: str, heat: int) -> None:
        """Colour an entry."""
        self.heat[entry] = heat
        for node in self.sides[entry]:
            self.at[node][heat] = entry
            self.taken[node] |= 1 << heat

    def swap(self, node: Node, one: int, other: int) -> None:
        """Swap two heats along the path that starts at `node` with `one`; afterwards `one` is free there."""
        path = list(self.path(node, one, other))
        swapped = [other if self.heat[entry] == one else one for entry in path]
        for entry in path:
            self.leave(entry)
        for entry, heat in zip(path, swapped, strict=True):
            self.take(entry, heat)

    def path(self, node: Node, one: int, other: int) -> Iterator[str]:
        """The entries that alternate between two heats, from a node that has `one` and not `other`."""
        while (entry := self.at[node].get(one)) is not None:
            yield entry
            pot, share = self.sides[entry]
            node, one, other = (pot if node == share else share), other, one

    def leave(self, entry: str) -> None:
        """Take an entry's heat away."""
        heat = self.heat.pop(entry)
        for node in self.sides[entry]:
            del self.at[node][heat]
            self.taken[node] ^= 1 << heat


def next_bit(bits: int, start: int) -> int:
    """The first bit that is set from `start` on, then from 0."""
    later = bits >> start
    return start + lowest(later) if later else lowest(bits)


def lowest(bits: int) -> int:
    """The lowest bit that is set."""
    return (bits & -bits).bit_length() - 1


def together(heats: Iterable[Iterable[str]], unions: Mapping[str, str]) -> int:
    """How many pairs of the same union meet in a heat."""
    counts = (Counter(unions[entry] for entry in heat if entry in unions) for heat in heats)
    return sum(n * (n - 1) // 2 for count in counts for n in count.values())


def fewest(sizes: Iterable[int], count: int) -> int:
    """The fewest such pairs that any `count` heats can have, from the sizes of the unions."""
    evenly = (divmod(size, count) for size in sizes)
    return sum(more * k * (k + 1) // 2 + (count - more) * k * (k - 1) // 2 for k, more in evenly)
