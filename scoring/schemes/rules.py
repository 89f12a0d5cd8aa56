"""What must hold across the nodes of a scheme: keys, references, repeats."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from scoring.problems import Param, Problem
from scoring.schemes.after_rules import problems as after_problems
from scoring.schemes.document import Scheme
from scoring.schemes.model import Again, Aspect, Criterion, Node, Pick

PRODUCT_SIZE, PRODUCT_DEPTH = 10, 2
MOST_NODES = 2000


@dataclass(frozen=True, slots=True)
class Spot:
    """A node with its pointer and its ancestors, the root first."""

    node: Node
    pointer: str
    above: tuple[Node, ...] = field(default=())

    @property
    def within(self) -> bool:
        """Whether a repeat above runs this node several times."""
        return self.times > 0

    @property
    def times(self) -> int:
        """How often the repeat above runs this node; 0 without one."""
        return max((node.repeat.times for node in self.above if node.repeat), default=0)


def spots(scheme: Scheme) -> Iterator[Spot]:
    """Every node, top down, root first."""
    yield from below(Spot(scheme.root, "/root"))
    for position, node in enumerate(scheme.aside):
        yield from below(Spot(node, f"/aside/{position}"))


def below(spot: Spot) -> Iterator[Spot]:
    """A node and all under it."""
    yield spot
    for position, child in enumerate(children(spot.node)):
        yield from below(Spot(child, f"{spot.pointer}/children/{position}", (*spot.above, spot.node)))


def children(node: Node) -> tuple[Node, ...]:
    """The nodes right under a node."""
    return node.children if isinstance(node, Criterion) else ()


def problems(scheme: Scheme) -> Iterator[Problem]:
    """Every problem between the parts of a scheme."""
    found = list(spots(scheme))
    if len(found) > MOST_NODES:
        yield problem("/root", "too_many_nodes", most=MOST_NODES)
        return
    known = {spot.node.key: spot for spot in found}
    yield from doubles(found)
    yield from repeats(found)
    yield from products(found)
    inside = inner(found)
    for spot in found:
        if isinstance(spot.node, Again):
            yield from references(spot, spot.node, known, inside=inside)
    yield from sections(scheme, found)
    yield from tie_breaks(scheme, known)
    yield from after_problems(scheme, {key: spot.within for key, spot in known.items()})
    yield from examples(scheme, known)


def problem(pointer: str, code: str, **params: Param) -> Problem:
    """A problem with its parameters."""
    return Problem(pointer, code, params)


def doubles(found: list[Spot]) -> Iterator[Problem]:
    """Each key names one node."""
    seen: set[str] = set()
    for spot in found:
        if spot.node.key in seen:
            yield problem(f"{spot.pointer}/key", "key_taken", key=spot.node.key)
        seen.add(spot.node.key)


def repeats(found: list[Spot]) -> Iterator[Problem]:
    """A mark has one attempt number: no nested repeats. The root is single: its status concerns the whole."""
    if found[0].node.repeat:
        yield problem("/root/repeat", "root_repeats")
    for spot in found:
        if spot.node.repeat and spot.within:
            yield problem(f"{spot.pointer}/repeat", "repeat_nested")


def products(found: list[Spot]) -> Iterator[Problem]:
    """Exact products grow with each factor: few values in one, and a product inside a product at most once."""
    for spot in found:
        wide = max((values for values in product_sizes(spot.node)), default=0) > PRODUCT_SIZE
        deep = sum(len(product_sizes(node)) for node in (*spot.above, spot.node)) > PRODUCT_DEPTH
        if wide or (deep and product_sizes(spot.node)):
            yield problem(spot.pointer, "product_too_large", most=PRODUCT_SIZE)


def product_sizes(node: Node) -> list[int]:
    """How many values each product at a node multiplies: its children, its attempts, its judges."""
    sizes = [node.repeat.times] if node.repeat and node.repeat.pick.combine == "product" else []
    if isinstance(node, Criterion) and node.pick.combine == "product":
        sizes.append(len(node.children))
    if isinstance(node, Aspect) and node.pick.combine == "product":
        sizes.append(node.judges)
    return sizes


@dataclass(frozen=True, slots=True)
class Inside:
    """Keys of nodes that are, or have below them, a node used once more; and of those that have a repeat below them."""

    agains: frozenset[str]
    repeats: frozenset[str]


def inner(found: list[Spot]) -> Inside:
    """What lies inside of every node."""
    agains = (node.key for spot in found if isinstance(spot.node, Again) for node in (spot.node, *spot.above))
    repeats = (node.key for spot in found if spot.node.repeat for node in spot.above)
    return Inside(frozenset(agains), frozenset(repeats))


def references(spot: Spot, node: Again, known: dict[str, Spot], *, inside: Inside) -> Iterator[Problem]:
    """What a node that uses another once more may name."""
    target, pointer = known.get(node.of), f"{spot.pointer}/of"
    if target is None:
        yield problem(pointer, "unknown_node", key=node.of)
        return
    if node.of in inside.agains:
        yield problem(pointer, "again_of_again")
    if target.within and not (spot.within or node.repeat):
        yield problem(pointer, "again_needs_repeat")
    ours = spot.within or node.repeat
    if (node.of in inside.repeats and ours) or (target.node.repeat and spot.within):
        yield problem(pointer, "repeat_nested")
    if any(above is target.node for above in spot.above):
        yield problem(pointer, "again_of_again")


def sections(scheme: Scheme, found: list[Spot]) -> Iterator[Problem]:
    """Each node's section is declared, and said once on the way down; what holds several sections adds up."""
    declared = [section.key for section in scheme.standard]
    for position, key in enumerate(declared):
        if key in declared[:position]:
            yield problem(f"/standard/{position}/key", "key_taken", key=key)
    for spot in found:
        if spot.node.section is None:
            continue
        if spot.node.section not in declared:
            yield problem(f"{spot.pointer}/section", "unknown_section", key=spot.node.section)
        if any(node.section for node in spot.above):
            yield problem(f"{spot.pointer}/section", "section_within_section")
        if not all(adds(node) for node in spot.above):
            yield problem(f"{spot.pointer}/section", "section_not_added")


def adds(node: Node) -> bool:
    """Whether all that is under a node goes into it, simply added up."""
    picks = [node.pick] if isinstance(node, Criterion) else []
    return all(plain_sum(pick) for pick in (*picks, *([node.repeat.pick] if node.repeat else [])))


def plain_sum(pick: Pick) -> bool:
    """Nothing is dropped, chosen or moved."""
    return pick.combine == "sum" and not (pick.drop_high or pick.drop_low or pick.best or pick.outliers)


def tie_breaks(scheme: Scheme, known: dict[str, Spot]) -> Iterator[Problem]:
    """A tie-break compares one value an entry; the lot comes last."""
    steps = scheme.standings.tie_breaks
    for position, step in enumerate(steps):
        pointer = f"/standings/tie_breaks/{position}"
        if step.node is None:
            if position < len(steps) - 1:
                yield problem(f"{pointer}/lot", "lot_not_last")
        elif step.node not in known:
            yield problem(f"{pointer}/node", "unknown_node", key=step.node)
        elif known[step.node].within:
            yield problem(f"{pointer}/node", "node_repeats", key=step.node)


def examples(scheme: Scheme, known: dict[str, Spot]) -> Iterator[Problem]:
    """A worked example names what the scheme has."""
    for position, mark in enumerate(scheme.example.marks if scheme.example else ()):
        spot = known.get(mark.aspect)
        if spot is None or (mark.status is None and not isinstance(spot.node, Aspect)):
            yield problem(f"/example/marks/{position}/aspect", "unknown_node", key=mark.aspect)
    for position, row in enumerate(scheme.example.expected if scheme.example else ()):
        for place, key in enumerate(row.awards or ()):
            if key not in {award.key for award in scheme.awards}:
                yield problem(f"/example/expected/{position}/awards/{place}", "unknown_award", key=key)
        if row.promotion is not None and row.promotion not in {level.key for level in scheme.promotions}:
            yield problem(f"/example/expected/{position}/promotion", "unknown_promotion", key=row.promotion)
