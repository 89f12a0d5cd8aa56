"""A board that is kept: when the marks of some entries change, they alone are evaluated and moved."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Collection, Iterable, Mapping, Sequence
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
    """A contest as it stands: the total of each entry, and the board, which equals `standings.rank`.

    `keys`: by what those who are ranked were compared, in board order. `marks` of each entry are kept only where they
    move the totals of others.
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
    return arranged(Stated(scheme, lots or {}, unranked, marks if is_relative(scheme) else {}, totals, (), ()))


def restate(before: Stated, changed: Mapping[str, Sequence[Mark]]) -> Stated:
    """The same contest with these marks of some entries in place of those they had. Raises MarksError.

    Where an entry's marks move others (ranks as marks, a tolerance, a scale of the board), what they move is made anew.
    """
    if is_relative(before.scheme):
        return state(before.scheme, {**before.marks, **changed}, lots=before.lots, unranked=before.unranked)
    made = evaluate(before.scheme, chain.from_iterable(changed.values()), list(changed))
    after = replace(before, totals={**before.totals, **made})
    together = before.scheme.standings.tolerance is not None or before.scheme.scaled is not None
    return arranged(after) if together else moved(before, after, changed)


def arranged(known: Stated) -> Stated:
    """With the board of these totals, from scratch."""
    board = rank(known.scheme, known.totals, lots=known.lots, unranked=known.unranked)
    return replace(known, board=board, keys=sorted(keys(known, known.totals)))


def keys(known: Stated, entries: Iterable[str]) -> list[tuple[Keys, str]]:
    """By what those of these entries that are ranked are compared; equals stand by their id."""
    inside = ranked(known.scheme, [known.totals[entry] for entry in entries], known.unranked)
    order = ordered(known.scheme, stored(known.scheme, inside, known.lots))
    return [(key, inside[position].entry) for position, key in zip(order.positions, order.keys, strict=True)]


def moved(before: Stated, after: Stated, entries: Collection[str]) -> Stated:
    """The board with some lines taken out and put where they belong now; of the others, only what has changed is new.

    `first`, `rest`: how many lines before the first place, and after the last one, that was touched.
    """
    order, inside = [*before.keys], [*before.board[: len(before.keys)]]
    first = rest = len(order)
    for key in keys(before, [entry for entry in entries if entry in before.totals]):
        at = bisect_left(order, key)
        del order[at], inside[at]
        first, rest = min(first, at), min(rest, len(order) - at)
    placed = keys(after, entries)
    for key in placed:
        at = bisect_left(order, key)
        order.insert(at, key)
        inside.insert(at, standing(after.totals[key[1]], NO_PLACE, None))
        first, rest = min(first, at), min(rest, len(order) - at - 1)
    outside = [line for line in before.board[len(before.keys) :] if line.entry not in entries]
    outside += [standing(after.totals[entry], NO_PLACE, None) for entry in {*entries} - {entry for _, entry in placed}]
    if order and first < len(before.keys) + len(placed):
        put(
            after.scheme.standings, [key for key, _ in order], inside, (first, rest), more=len(order) - len(before.keys)
        )
    return replace(after, keys=order, board=[*inside, *sorted(outside, key=lambda line: line.entry)])


def put(rules: Standings, keys: Sequence[Keys], lines: list[Standing], around: tuple[int, int], *, more: int) -> None:
    """Gives lines their places anew: from the equals before the first that was touched to those after the last.

    All that follow change as well if there are `more` lines (or less), or in a style that counts groups of equals.
    """
    first, rest = around
    last = len(keys) - rest if not more and rules.style != "1223" else len(keys)
    start = bisect_left(keys, keys[max(min(first, len(keys)) - 1, 0)])
    stop = bisect_right(keys, keys[min(last, len(keys) - 1)])
    # With a neighbour on each side, to be compared with; the rank of the first counts the groups up to it (in "1223").
    low, high = max(start - 1, 0), stop + 1
    earlier = int(lines[low].rank or 1) - 1 if low < start else 0
    spots = places(rules, keys[low:high], low, earlier)[start - low :]
    lines[start:stop] = map(replaced, lines[start:stop], spots)
