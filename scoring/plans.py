"""A scheme made ready to run: its nodes by key, and the rows that they run on."""

from __future__ import annotations

from functools import lru_cache

from scoring.members import Branch, Echo, Leaf, Member
from scoring.rows import Row
from scoring.schemes import Again, Criterion, Scheme
from scoring.schemes.rules import Spot, spots


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


@lru_cache(maxsize=512)
def plan(scheme: Scheme) -> Plan:
    """The plan of a scheme, made once."""
    return Plan(scheme)
