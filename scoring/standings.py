"""Scores -> ranks, in board order."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from itertools import groupby, pairwise

from scoring.arithmetic import to_decimal
from scoring.facts import Status
from scoring.ranks import rank_of, twice_ranks
from scoring.scales import Yardstick, yardstick
from scoring.schemes import Scheme
from scoring.schemes.after import Standings
from scoring.tiebreaks import Key, chain, number_key
from scoring.totals import Total


@dataclass(frozen=True, slots=True)
class Standing:
    """One line of a board. `rank` is a whole number, or ends in .5 in style "1 2.5 2.5 4"; None when not ranked.

    `tied`: equal to a neighbour after all tie-breaks. `decided_by`: the node (or "lot") of the last tie-break that
    parted this entry from a neighbour with the same score; None when the score alone decided. `points`: by the table.
    `scaled`: the score on the scheme's scale of the board.
    """

    entry: str
    rank: Decimal | int | None
    score: Decimal | None
    status: Status | None
    tied: bool
    decided_by: str | None
    points: Decimal | None
    scaled: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Line:
    """An entry on its way to a rank: the group of its score, then its tie-breaks; smaller is better."""

    keys: tuple[Key, ...]
    total: Total


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
    inside = [total for total in totals.values() if total.entry not in unranked and has_place(scheme, total)]
    placed = {total.entry for total in inside}
    outside = sorted((total for total in totals.values() if total.entry not in placed), key=lambda total: total.entry)
    lines = ordered(scheme, inside, lots or {}) if inside else []
    scaled = on_scale(scheme, inside, [*inside, *outside])
    return [
        *(standings(scheme, lines, scaled) if lines else ()),
        *(unplaced(total, scaled.get(total.entry)) for total in outside),
    ]


def measure(scheme: Scheme, ranked: Sequence[Total]) -> Yardstick | None:
    """What the board is measured by, from those who are ranked; None for a scheme without a scale."""
    if scheme.scaled is None:
        return None
    scores = [score for total in ranked if isinstance(score := total.exact, Fraction)]
    return yardstick(scheme.scaled, scheme.standings.better, scores)


def on_scale(scheme: Scheme, ranked: Sequence[Total], totals: Sequence[Total]) -> dict[str, Decimal]:
    """The scaled score of each entry that has a score; those out of competition are measured, but do not count."""
    stick = measure(scheme, ranked)
    scored = [total for total in totals if isinstance(total.numbers[0], int)]
    if stick is None or not scored:
        return {}
    numbers = [total.numbers[0] for total in scored if isinstance(total.numbers[0], int)]
    values = stick.many(numbers, scored[0].plan.tops[0].denominator)
    return {total.entry: value for total, value in zip(scored, values, strict=True)}


def has_place(scheme: Scheme, total: Total) -> bool:
    """Whether an entry is ranked: it has a score, or a status that the scheme ranks after all scores."""
    return isinstance(total.numbers[0], int) or total.status in scheme.standings.ranked_statuses


def unplaced(total: Total, scaled: Decimal | None) -> Standing:
    """The line of an entry that has no rank."""
    return Standing(
        total.entry, None, total.value, total.status, tied=False, decided_by=None, points=None, scaled=scaled
    )


def ordered(scheme: Scheme, totals: Sequence[Total], lots: Mapping[str, int]) -> list[Line]:
    """Lines in board order: by score (or group of scores within tolerance), tie-breaks, the exact score, entry id."""
    better = scheme.standings.better
    scores = {total.entry: number_key(total.numbers[0], better) for total in totals}
    groups = score_groups(scheme.standings, sorted(set(scores.values())), totals[0].plan.tops[0].denominator)
    steps = [key for _, key in chain(scheme, totals[0].plan, lots)]
    lines = [Line((groups[scores[total.entry]], *(key(total) for key in steps)), total) for total in totals]
    return sorted(lines, key=lambda line: (line.keys, scores[line.total.entry], line.total.entry))


def score_groups(rules: Standings, scores: Sequence[Key], denominator: int) -> dict[Key, Key]:
    """Each score's group: itself, or the first score that it is within tolerance of."""
    if rules.tolerance is None:
        return {score: score for score in scores}
    reach = Fraction(rules.tolerance.value) * denominator
    groups: dict[Key, Key] = {}
    first = near = scores[0]
    for score in scores:
        if score[0] != near[0] or score[1] - near[1] > reach:
            first = near = score
        groups[score] = first
        near = score if rules.tolerance.mode == "chained" else first
    return groups


def standings(scheme: Scheme, lines: Sequence[Line], scaled: Mapping[str, Decimal]) -> Iterator[Standing]:
    """Lines with their ranks."""
    sizes = [len(list(group)) for _, group in groupby(line.keys for line in lines)]
    names = [step.node or "lot" for step in scheme.standings.tie_breaks]
    points = [share for place in places(sizes) for share in group_points(scheme.standings, place)]
    tied = [size > 1 for size in sizes for _ in range(size)]
    ranks = twice_ranks(sizes, scheme.standings.style)
    rows = zip(lines, ranks, tied, deciders(lines), points, strict=True)
    for line, twice, shared, depth, earned in rows:
        decided_by = names[depth - 1] if depth else None
        entry, value, status = line.total.entry, line.total.value, line.total.status
        yield Standing(entry, rank_of(twice), value, status, shared, decided_by, earned, scaled.get(entry))


def deciders(lines: Sequence[Line]) -> list[int]:
    """For each line the deepest tie-break (from 1) that parts it from a neighbour with the same score; 0 for none."""
    parts = [0, *(parting(a.keys, b.keys) for a, b in pairwise(lines)), 0]
    return [max(above, below) for above, below in pairwise(parts)]


def parting(one: tuple[Key, ...], other: tuple[Key, ...]) -> int:
    """The first key that differs; 0 if it is the score, or none."""
    return next((depth for depth, (a, b) in enumerate(zip(one, other, strict=True)) if a != b), 0)


def places(sizes: Sequence[int]) -> Iterator[range]:
    """The places (from 0) that each group of equals takes."""
    before = 0
    for size in sizes:
        yield range(before, before + size)
        before += size


def group_points(rules: Standings, place: range) -> list[Decimal | None]:
    """The points of each of a group of equals: those of its best place, or the mean of its places."""
    if not rules.points:
        return [None] * len(place)
    row = [rules.points[i] if i < len(rules.points) else Decimal(0) for i in place]
    mean = sum((Fraction(points) for points in row), Fraction(0)) / len(row)
    shared = row[0] if rules.points_when_tied == "same" else to_decimal(mean.numerator, mean.denominator)
    return [shared] * len(place)
