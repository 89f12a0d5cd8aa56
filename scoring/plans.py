"""A scheme made ready to run: its nodes by key, and the rows that they run on."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

from scoring.members import Branch, Echo, Leaf, Member
from scoring.rows import Row
from scoring.schemes import Again, Criterion, Scheme
from scoring.schemes.rules import Spot, spots

BATCH = 64  # rows whose marks are still in the processor's cache when the next node is filled in


class Plan:
    """All members of a scheme by key, in document order, and how wide a row is."""

    def __init__(self, scheme: Scheme) -> None:
        self.scheme = scheme
        self.spots = {spot.node.key: spot for spot in spots(scheme)}
        self.order = {key: index for index, key in enumerate(self.spots)}
        self.built: dict[str, Member] = {}
        self.width = 1
        self.tops = [self.member(node.key) for node in (scheme.root, *scheme.aside)]
        self.members = {key: self.built[key] for key in self.order}
        self.leaves = {key: leaf for key, leaf in self.members.items() if isinstance(leaf, Leaf)}
        self.simple = [member for member in reversed(self.members.values()) if member.simple]

    def member(self, key: str) -> Member:
        """The member of a node, built with all it needs when first asked for."""
        if key not in self.built:
            self.built[key] = self.made(self.spots[key])
        return self.built[key]

    def made(self, spot: Spot) -> Member:
        """A member for a node of any kind."""
        node, index, within = spot.node, self.order[spot.node.key], spot.times
        if isinstance(node, Criterion):
            return Branch(node, index, within, [self.member(child.key) for child in node.children])
        if isinstance(node, Again):
            return Echo(node, index, within, self.member(node.of))
        leaf = Leaf(node, index, within, self.width - 1)
        self.width += leaf.span
        return leaf

    def row(self, entry: str) -> Row:
        """An empty row."""
        return Row(entry, [None] * self.width, [None] * len(self.order))

    def run(self, row: Row) -> Row:
        """Evaluates all nodes into the row."""
        for top in self.tops:
            top.value(row, 1)
        return row

    def run_all(self, rows: Iterable[Row]) -> None:
        """The same for many rows: first all that is as usual, then the rest, row by row."""
        rows = list(rows)
        plain = [row for row in rows if not row.statuses]
        for start in range(0, len(plain), BATCH):
            batch = plain[start : start + BATCH]
            for member in self.simple:
                member.fill(batch)
        for row in rows:
            self.run(row)


@lru_cache(maxsize=512)
def plan(scheme: Scheme) -> Plan:
    """The plan of a scheme, made once."""
    return Plan(scheme)
