"""A board that is kept: when the marks of one entry change, that entry alone is evaluated and moved."""

from __future__ import annotations

from bisect import bisect_left, bisect_right, insort
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain

from scoring.facts import Mark
from scoring.orders import Keys, ordered
from scoring.schemes import Scheme, is_relative
from scoring.schemes.after import Standings
from scoring.standings import NO_PLACE, Standing, places, rank, ranked, replaced, standing, stored
from scoring.totals import Total, evaluate


@dataclass(frozen=True, slots=True)
class Stated:
    """A contest as it stands: the marks and the total of each entry, and the board, which equals `standings.rank`.

    `keys`: by what those who are ranked were compared, in board order.
    """

    scheme: Scheme
    lots: Mapping[str, int]
    unranked: Collection[str]
    marks: Mapping[str, Sequence[Mark]]
    totals: Mapping[str, Total]
    board: Sequence[Standing]
    keys: Sequence[tuple[Keys, str]]


def state(
    scheme: Scheme,
    marks: Mapping[str, Sequence[Mark]],
    *,
    lots: Mapping[str, int] | None = None,
    unranked: Collection[str] = (),
) -> Stated:
    """All of a contest from scratch; `marks` of each entry, none for those who have none yet. Raises MarksError."""
    totals = evaluate(scheme, chain.from_iterable(marks.values()), list(marks))
    return arranged(Stated(scheme, lots or {}, unranked, marks, totals, (), ()))


def restate(before: Stated, entry: str, marks: Sequence[Mark]) -> Stated:
    """The same contest with these marks of one entry in place of those it had. Raises MarksError.

    Where an entry's marks move others (ranks as marks, a tolerance, a scale of the board), what they move is made anew.
    """
    known = {**before.marks, entry: marks}
    if is_relative(before.scheme) or entry not in before.marks:
        return state(before.scheme, known, lots=before.lots, unranked=before.unranked)
    totals = {**before.totals, **evaluate(before.scheme, marks, [entry])}
    after = replace(before, marks=known, totals=totals)
    together = before.scheme.standings.tolerance is not None or before.scheme.scaled is not None
    return arranged(after) if together else moved(before, after, entry)


def arranged(known: Stated) -> Stated:
    """With the board of these totals, from scratch."""
    board = rank(known.scheme, known.totals, lots=known.lots, unranked=known.unranked)
    return replace(known, board=board, keys=sorted(keys(known, *known.totals)))


def keys(known: Stated, *entries: str) -> list[tuple[Keys, str]]:
    """By what those of these entries that are ranked are compared; equals stand by their id."""
    inside = ranked(known.scheme, [known.totals[entry] for entry in entries], known.unranked)
    order = ordered(known.scheme, stored(known.scheme, inside, known.lots))
    return [(key, inside[position].entry) for position, key in zip(order.positions, order.keys, strict=True)]


def moved(before: Stated, after: Stated, entry: str) -> Stated:
    """The board with one line taken out and put where it belongs now; of the others, only what has changed is new."""
    order, inside = [*before.keys], [*before.board[: len(before.keys)]]
    outside = [line for line in before.board[len(order) :] if line.entry != entry]
    line, touched = standing(after.totals[entry], NO_PLACE, None), []
    for key in keys(before, entry):
        touched.append(at := bisect_left(order, key))
        del order[at], inside[at]
    for key in keys(after, entry):
        touched.append(at := bisect_left(order, key))
        order.insert(at, key)
        inside.insert(at, line)
    if len(inside) + len(outside) < len(after.totals):
        insort(outside, line, key=lambda line: line.entry)
    if order and touched:
        put(after.scheme.standings, [key for key, _ in order], inside, touched)
    return replace(after, keys=order, board=[*inside, *outside])


def put(rules: Standings, keys: Sequence[Keys], lines: list[Standing], touched: Sequence[int]) -> None:
    """Gives lines their places anew: from the equals before the first that was touched to those after the last.

    All that follow change as well if there is one line more or less, or in a style that counts groups of equals.
    """
    last = max(touched) + 1 if len(touched) == 2 and rules.style != "1223" else len(keys)
    start = bisect_left(keys, keys[max(min(touched) - 1, 0)])
    stop = bisect_right(keys, keys[min(last, len(keys) - 1)])
    # With a neighbour on each side, to be compared with; the rank of the first counts the groups up to it (in "1223").
    low, high = max(start - 1, 0), stop + 1
    earlier = int(lines[low].rank or 1) - 1 if low < start else 0
    spots = places(rules, keys[low:high], low, earlier)[start - low :]
    lines[start:stop] = map(replaced, lines[start:stop], spots)
