"""The cheapest way to put everybody in pairs: minimum-cost perfect matching by Edmonds' blossoms (1965), in integers.

Every vertex has a price, no two of which exceed the cost of their pair; pairs that they reach are tight, and only tight
pairs are matched. From a vertex without partner a tree of tight pairs grows, in which even vertices are an alternating
path of even length away from the root. Prices in the tree move (even up, odd down) until something becomes tight: a new
vertex joins; two even ones close an odd cycle, which shrinks into a blossom and acts as one even vertex; an odd blossom
whose own price has come down to nothing opens again; or a free vertex is met, and the path to it swaps its pairs.
When all are matched, prices prove that nothing is cheaper (linear programming duality). Costs are doubled inside, so
that half a step stays whole. About n^3 steps at worst; near-optimal starting prices make most trees small.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from enum import IntEnum
from itertools import count

Pair = tuple[int, int]


class Label(IntEnum):
    """Where an outer node stands in the tree."""

    NONE = 0
    EVEN = 1
    ODD = 2


class Kind(IntEnum):
    """What an event is: a vertex outside becomes tight, two even nodes do, or an odd blossom's price is gone."""

    MEET = 0
    CLOSE = 1
    OPEN = 2


@dataclass(slots=True, eq=False)
class Node:
    """A vertex, or a blossom: an odd cycle of nodes, the base first; `edges[i]` leads from child i to the next.

    `row` less `moved` less the price of y is the slack of the node's tightest pair with the vertex y outside.
    `up` is the pair that leads to the parent in the tree, the own vertex first.
    """

    base: int
    leaves: list[int]
    row: list[int]
    moved: int = 0
    price: int = 0
    children: list[Node] = field(default_factory=list)
    edges: list[Pair] = field(default_factory=list)
    label: Label = Label.NONE
    up: Pair | None = None


def cheapest(costs: Sequence[Sequence[int]]) -> list[int]:
    """The partner of each, for the least sum of costs. `costs` is square and symmetric, its diagonal is not read.

    ValueError for an odd number. Whoever must not meet gets a cost larger than everything else together.
    """
    if len(costs) % 2:
        raise ValueError("an odd number cannot be put in pairs")
    matching = Matching(costs)
    for vertex in range(len(costs)):
        if matching.mate[vertex] < 0:
            matching.grow(vertex)
    return matching.mate


class Matching:
    """A growing matching with its prices and blossoms."""

    def __init__(self, costs: Sequence[Sequence[int]]) -> None:
        self.size = len(costs)
        self.cost = [[2 * cost for cost in row] for row in costs]
        self.mate = [-1] * self.size
        self.price = starting_prices(self.cost)
        self.nodes = [Node(v, [v], self.cost[v], self.price[v]) for v in range(self.size)]
        self.outer = list(self.nodes)
        self.match_what_is_tight()

    def match_what_is_tight(self) -> None:
        """Match tight pairs first come, first served."""
        for x in range(self.size):
            row, price = self.cost[x], self.price[x]
            if self.mate[x] < 0:
                tight = (y for y in range(x + 1, self.size) if self.mate[y] < 0 and row[y] == price + self.price[y])
                if (y := next(tight, None)) is not None:
                    self.mate[x], self.mate[y] = y, x

    def grow(self, root: int) -> None:
        """Grow a tree from a free vertex until its path is swapped and it has a partner."""
        Tree(self, self.outer[root]).run()

    def slack(self, x: int, y: int) -> int:
        """How far a pair is from being tight."""
        return self.cost[x][y] - self.price[x] - self.price[y]

    def swap(self, x: int, y: int) -> None:
        """Match the even x with the free y, and swap all pairs between x and the root."""
        self.rebase(self.outer[y], y)
        while True:
            node = self.outer[x]
            self.rebase(node, x)
            self.mate[x], self.mate[y] = y, x
            if node.up is None:
                return
            odd = self.outer[node.up[1]]
            assert odd.up is not None
            y, x = odd.up
            self.rebase(odd, y)

    def rebase(self, node: Node, base: int) -> None:
        """Make a vertex the one of its blossom that is matched outside; the others pair off round the cycle."""
        if not node.children:
            return
        at = next(i for i, child in enumerate(node.children) if base in child.leaves)
        node.children = node.children[at:] + node.children[:at]
        node.edges = node.edges[at:] + node.edges[:at]
        node.base = base
        self.rebase(node.children[0], base)
        for i in range(1, len(node.children), 2):
            x, y = node.edges[i]
            self.rebase(node.children[i], x)
            self.rebase(node.children[i + 1], y)
            self.mate[x], self.mate[y] = y, x


def starting_prices(cost: Sequence[Sequence[int]]) -> list[int]:
    """Half of everybody's cheapest pair, then in turn as much more as is left."""
    others = [[*row[:v], *row[v + 1 :]] for v, row in enumerate(cost)]
    prices = [min(row) // 2 for row in others]
    for v, row in enumerate(others):
        prices[v] = min(map(int.__sub__, row, prices[:v] + prices[v + 1 :]))
    return prices


NEVER = 1 << 4096  # beyond any time
LABELS = {Kind.CLOSE: Label.EVEN, Kind.OPEN: Label.ODD}


class Tree:
    """One search. Prices of its nodes move together, at time `now`; `events` are what becomes tight, by time."""

    def __init__(self, matching: Matching, root: Node) -> None:
        self.m = matching
        self.now, self.end = 0, NEVER
        self.events: list[tuple[int, int, Kind, Node, int]] = []
        self.ticks = count()
        self.nodes: list[Node] = []
        # when a vertex outside the tree is met, and by which node
        self.met = [NEVER] * matching.size
        self.by: list[Node] = [root] * matching.size
        self.add_even(root, None)

    def run(self) -> None:
        """Until a free vertex is met; then forget the labels."""
        swapped = False
        while not swapped:
            time, _, kind, node, y = heapq.heappop(self.events)
            if self.is_due(kind, node, y, time):
                self.move(time - self.now)
                self.now = time
                swapped = self.happen(kind, node, y)
        for node in self.nodes:
            node.label, node.up = Label.NONE, None

    def is_due(self, kind: Kind, node: Node, y: int, time: int) -> bool:
        """Whether what was to be has not been overtaken."""
        if kind == Kind.MEET:
            return self.met[y] == time
        return self.is_outer(node) and self.m.outer[y] is not node and node.label == LABELS[kind]

    def happen(self, kind: Kind, node: Node, y: int) -> bool:
        """What an event does; True when a free vertex was met and the path swapped."""
        if kind == Kind.MEET:
            return self.meet(self.by[y], y)
        if kind == Kind.CLOSE:
            self.shrink(self.tight(node, y), y)
        else:
            self.open(node)
        return False

    def is_outer(self, node: Node) -> bool:
        """Whether a node is not inside a blossom."""
        return self.m.outer[node.base] is node

    def tight(self, node: Node, y: int) -> int:
        """The vertex of a node that is tight with y."""
        return next(x for x in node.leaves if self.m.slack(x, y) == 0)

    def move(self, step: int) -> None:
        """Move the prices of the tree."""
        if not step:
            return
        price = self.m.price
        for node in self.nodes:
            change = step if node.label == Label.EVEN else -step
            for leaf in node.leaves:
                price[leaf] += change
            node.moved += change
            node.price += 2 * change

    def push(self, time: int, kind: Kind, node: Node, y: int) -> None:
        """Note what will be."""
        heapq.heappush(self.events, (time, next(self.ticks), kind, node, y))

    def add_even(self, node: Node, up: Pair | None) -> None:
        """Take an even node into the tree and note what it will meet."""
        self.label(node, Label.EVEN, up)
        slacks = [cost - node.moved - price for cost, price in zip(node.row, self.m.price, strict=True)]
        now, room = self.now, self.end - self.now
        near = [y for y, slack in enumerate(slacks) if slack < room and now + slack < self.met[y]]
        for y in near:
            self.note(now + slacks[y], node, y)
        evens = (y for other in self.nodes if other.label == Label.EVEN and other is not node for y in other.leaves)
        if (nearest := min(evens, key=slacks.__getitem__, default=None)) is not None:
            self.push(now + slacks[nearest] // 2, Kind.CLOSE, node, nearest)

    def note(self, time: int, node: Node, y: int) -> None:
        """Note when a vertex outside is met; a free one ends the search, and later times do not matter."""
        self.met[y], self.by[y] = time, node
        self.push(time, Kind.MEET, node, y)
        if self.m.mate[self.m.outer[y].base] < 0:
            self.end = min(self.end, time)

    def add_odd(self, node: Node, up: Pair) -> None:
        """Take an odd node into the tree; a blossom opens when its price has gone."""
        self.label(node, Label.ODD, up)
        if node.children:
            self.push(self.now + node.price // 2, Kind.OPEN, node, up[1])

    def label(self, node: Node, label: Label, up: Pair | None) -> None:
        """Put a node into the tree; its vertices are no longer outside."""
        node.label, node.up = label, up
        self.nodes.append(node)
        for leaf in node.leaves:
            self.met[leaf] = -NEVER

    def meet(self, node: Node, y: int) -> bool:
        """A vertex outside became tight: if it is free swap the path, else it and its partner join."""
        x, target = self.tight(node, y), self.m.outer[y]
        partner = self.m.mate[target.base]
        if partner < 0:
            self.m.swap(x, y)
            return True
        self.add_odd(target, (y, x))
        self.add_even(self.m.outer[partner], (partner, target.base))
        return False

    def path(self, node: Node) -> Iterator[Node]:
        """A node and all above it."""
        yield node
        while node.up is not None:
            node = self.m.outer[node.up[1]]
            yield node

    def shrink(self, x: int, y: int) -> None:
        """Two even vertices close a cycle: it becomes one even node."""
        one, other = list(self.path(self.m.outer[x])), list(self.path(self.m.outer[y]))
        while len(one) > 1 and len(other) > 1 and one[-2] is other[-2]:
            one.pop()
            other.pop()
        top, down, back = one[-1], one[-2::-1], other[:-1]
        blossom = self.blossom([top, *down, *back], [*map(turned, down), (x, y), *map(upwards, back)])
        self.add_even(blossom, top.up)

    def blossom(self, children: list[Node], edges: list[Pair]) -> Node:
        """One node from a cycle of nodes."""
        moved = [[cost - child.moved for cost in child.row] for child in children]
        leaves = [leaf for child in children for leaf in child.leaves]
        found = Node(children[0].base, leaves, list(map(min, *moved)), children=children, edges=edges)
        for leaf in leaves:
            self.m.outer[leaf] = found
        self.nodes = [node for node in self.nodes if self.is_outer(node)]
        return found

    def open(self, node: Node) -> None:
        """An odd blossom without price: the even way round from the pair above to the base stays in the tree."""
        for child in node.children:
            child.moved += node.moved
            child.label, child.up = Label.NONE, None
            for leaf in child.leaves:
                self.m.outer[leaf] = child
        self.nodes.remove(node)
        assert node.up is not None
        inside = self.way(node, node.up)
        self.outside([child for child in node.children if child not in inside])
        for i, (child, up) in enumerate(inside.items()):
            if i % 2:
                self.add_even(child, up)
            else:
                self.add_odd(child, up)

    def way(self, node: Node, up: Pair) -> dict[Node, Pair]:
        """The children from the one that holds the pair above to the base, each with the pair that leads up."""
        children, edges, size = node.children, node.edges, len(node.children)
        at = next(i for i, child in enumerate(children) if up[0] in child.leaves)
        found = {children[at]: up}
        step = 1 if at % 2 else -1  # from an odd place on, from an even one back: that way begins with a matched pair
        while at % size:
            x, y = edges[at] if step > 0 else edges[at - 1][::-1]
            at += step
            found[children[at % size]] = (y, x)
        return found

    def outside(self, nodes: list[Node]) -> None:
        """Vertices that leave the tree: when each is met next, and by whom."""
        evens = [node for node in self.nodes if node.label == Label.EVEN]
        for y in (leaf for node in nodes for leaf in node.leaves):
            slacks = [node.row[y] - node.moved - self.m.price[y] for node in evens]
            nearest = min(range(len(evens)), key=slacks.__getitem__)
            self.note(self.now + slacks[nearest], evens[nearest], y)


def upwards(node: Node) -> Pair:
    """The pair from a node to its parent."""
    assert node.up is not None
    return node.up


def turned(node: Node) -> Pair:
    """The pair from a node's parent to it."""
    x, y = upwards(node)
    return y, x
