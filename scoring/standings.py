"""Scores -> ranks, in board order."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from itertools import accumulate, compress, count
from operator import eq, ne
from typing import NamedTuple

from scoring.arithmetic import to_decimal
from scoring.facts import Status
from scoring.orders import Keys, Stored, has_place, ordered, sizes
from scoring.plans import plan
from scoring.ranks import Rank, rank_of, twice_ranks
from scoring.scales import Yardstick, yardstick
from scoring.schemes import Scheme
from scoring.schemes.after import Standings
from scoring.totals import Total

Place = tuple[Rank | None, bool, str | None, Decimal | None]
NO_PLACE: Place = (None, False, None, None)


# A tuple, for thousands are made at a time: a frozen dataclass takes three times as long.
class Standing(NamedTuple):
    """One line of a board. `rank` is a whole number, or ends in .5 in style "1 2.5 2.5 4"; None when not ranked.

    `tied`: equal to a neighbour after all tie-breaks. `decided_by`: the node (or "lot") of the last tie-break that
    parted this entry from a neighbour with the same score; None when the score alone decided. `points`: by the table.
    `scaled`: the score on the scheme's scale of the board.
    """

    entry: str
    rank: Rank | None
    score: Decimal | None
    status: Status | None
    tied: bool
    decided_by: str | None
    points: Decimal | None
    scaled: Decimal | None = None


def rank(
    scheme: Scheme,
    totals: Mapping[str, Total],
    *,
    lots: Mapping[str, int] | None = None,
    unranked: Collection[str] = (),
) -> list[Standing]:
    """Standings in board order; entries without a rank (no score, status, out of competition) last, by entry id.

    `lots` gives each entry's drawn number (smaller first) for a scheme whose chain ends with the lot; `unranked` are
    entries out of competition: marked, shown, not ranked.
    """
    listed = sorted(totals.values(), key=lambda total: total.entry)
    inside = ranked(scheme, listed, unranked)
    placed = {total.entry for total in inside}
    outside = [total for total in listed if total.entry not in placed]
    scaled = on_scale(scheme, inside, [*inside, *outside])
    order = ordered(scheme, stored(scheme, inside, lots or {}))
    rows = zip(order.positions, places(scheme.standings, order.keys), strict=True)
    return [
        *(standing(inside[position], place, scaled.get(inside[position].entry)) for position, place in rows),
        *(standing(total, NO_PLACE, scaled.get(total.entry)) for total in outside),
    ]


def ranked(scheme: Scheme, totals: Iterable[Total], unranked: Collection[str]) -> list[Total]:
    """Those that have a rank."""
    rules = scheme.standings
    return [total for total in totals if has_place(rules, total.numbers[0]) and total.entry not in unranked]


def stored(scheme: Scheme, totals: Sequence[Total], lots: Mapping[str, int]) -> Stored:
    """What has to be kept of these totals to rank them."""
    places = plan(scheme).order
    nodes = [places[step.node] if step.node else None for step in scheme.standings.tie_breaks]
    drawn = [lots.get(total.entry) for total in totals]
    return Stored(
        [total.numbers[0] for total in totals],
        [drawn if node is None else [total.numbers[node] for total in totals] for node in nodes],
    )


def measure(scheme: Scheme, ranked: Sequence[Total]) -> Yardstick | None:
    """What the board is measured by, from those who are ranked; None for a scheme without a scale."""
    if scheme.scaled is None:
        return None
    scores = [score for total in ranked if isinstance(score := total.exact, Fraction)]
    return yardstick(scheme.scaled, scheme.standings.better, scores)


def on_scale(scheme: Scheme, ranked: Sequence[Total], totals: Sequence[Total]) -> dict[str, Decimal]:
    """The scaled score of each entry that has a score; those out of competition are measured, but do not count."""
    stick = measure(scheme, ranked)
    scored = [total for total in totals if stick and isinstance(total.numbers[0], int)]
    if stick is None or not scored:
        return {}
    numbers = [total.numbers[0] for total in scored if isinstance(total.numbers[0], int)]
    values = stick.many(numbers, scored[0].plan.tops[0].denominator)
    return {total.entry: value for total, value in zip(scored, values, strict=True)}


def places(rules: Standings, keys: Sequence[Keys], before: int = 0, earlier: int = 0) -> list[Place]:
    """The place of each in an order, from what it was compared by; after `before` others in `earlier` groups."""
    found = sizes(keys)
    names = [None, *(step.node or "lot" for step in rules.tie_breaks)]
    ranks = map(rank_of, twice_ranks(found, rules.style, before, earlier))
    tied = [size > 1 for size in found for _ in range(size)]
    decided_by = [names[depth] for depth in deciders(keys)]
    return list(zip(ranks, tied, decided_by, points(rules, found, before), strict=True))


def standing(total: Total, place: Place, scaled: Decimal | None) -> Standing:
    """One line of a board."""
    rank, tied, decided_by, earned = place
    return Standing(total.entry, rank, total.value, total.status, tied, decided_by, earned, scaled)


def replaced(line: Standing, place: Place) -> Standing:
    """The line of the same total at its place now; the same line where that has not changed."""
    if (line.rank, line.tied, line.decided_by, line.points) == place:
        return line
    rank, tied, decided_by, earned = place
    return Standing(line.entry, rank, line.score, line.status, tied, decided_by, earned, line.scaled)


def deciders(keys: Sequence[Keys]) -> list[int]:
    """For each line the deepest tie-break (from 1) that parts it from a neighbour with the same score; 0 for none."""
    scores = [key[0] for key in keys]
    parts = [0] * (len(keys) + 1)
    for at in compress(count(1), map(eq, scores, scores[1:])):
        parts[at] = parting(keys[at - 1], keys[at])
    return list(map(max, parts, parts[1:]))


def parting(one: Keys, other: Keys) -> int:
    """The first key that differs; 0 if it is the score, or none."""
    return next(compress(count(), map(ne, one, other)), 0)


def points(rules: Standings, sizes: Sequence[int], before: int) -> list[Decimal | None]:
    """The points of each, from the sizes of the groups of equals; after `before` others."""
    if not rules.points:
        return [None] * sum(sizes)
    starts = accumulate(sizes, initial=before)
    return [earned for start, size in zip(starts, sizes, strict=False) for earned in group_points(rules, start, size)]


def group_points(rules: Standings, start: int, size: int) -> list[Decimal]:
    """The points of each of a group of equals: those of its best place, or the mean of its places."""
    row = [rules.points[i] if i < len(rules.points) else Decimal(0) for i in range(start, start + size)]
    mean = sum((Fraction(points) for points in row), Fraction(0)) / size
    shared = row[0] if rules.points_when_tied == "same" else to_decimal(mean.numerator, mean.denominator)
    return [shared] * size
