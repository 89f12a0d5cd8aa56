"""Tables of games: points, then a chain of tie-breaks, each a small function of a group of equals and all games.

A chain is a list of names in `RULES`. Who is equal after one rule is compared by the next, within the group that is
still equal; head_to_head and its difference count only games inside that group. Who stays equal shares the rank.
A bye counts as a game against somebody with as many points as oneself (so do the FIDE regulations of 2023).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import groupby

from scoring.pairing.games import Game, Played, by_entry

Values = dict[str, Fraction]
Rule = Callable[[Sequence[str], Sequence[Game]], Values]


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a table: what was compared to place the entry, in order of the chain; more is better."""

    entry: str
    rank: int
    values: Values = field(default_factory=dict)


def table(entries: Sequence[str], games: Sequence[Game], chain: Sequence[str]) -> list[Line]:
    """The table, the best first; who is equal in all stays in the order given. ValueError for an unknown rule."""
    if unknown := set(chain) - RULES.keys():
        raise ValueError(", ".join(sorted(unknown)))
    lines: list[Line] = []
    for group, values in ordered(list(entries), games, chain, {entry: {} for entry in entries}):
        rank = len(lines) + 1
        lines += [Line(entry, rank, values[entry]) for entry in group]
    return lines


def ordered(
    group: list[str], games: Sequence[Game], chain: Sequence[str], values: dict[str, Values]
) -> Iterator[tuple[list[str], dict[str, Values]]]:
    """Groups that stay equal, the best first, with the values that were compared."""
    if not chain or len(group) < 2:
        if group:
            yield group, values
        return
    found = RULES[chain[0]](group, games)
    values = {entry: values[entry] | {chain[0]: found[entry]} for entry in group}
    group.sort(key=found.__getitem__, reverse=True)
    for _, equals in groupby(group, key=found.__getitem__):
        yield from ordered(list(equals), games, chain[1:], values)


def summed(of: Callable[[Played], Fraction | int]) -> Rule:
    """A rule that adds up something of each game."""
    return lambda group, games: _added(group, by_entry(games), of)


def _added(group: Sequence[str], played: dict[str, list[Played]], of: Callable[[Played], Fraction | int]) -> Values:
    return {entry: Fraction(sum(of(game) for game in played.get(entry, []))) for entry in group}


def among(rule: Rule) -> Rule:
    """A rule that looks only at games inside the group."""
    return lambda group, games: rule(group, [game for game in games if {game.home, game.away} <= set(group)])


def won(game: Played) -> int:
    """1 for a game won; a bye is none."""
    return int(game.opponent is not None and game.points > game.against)


def opponents(entry: str, played: dict[str, list[Played]], points: Values) -> list[Fraction]:
    """The points of everybody met, one's own for a bye."""
    return [points[game.opponent or entry] for game in played.get(entry, [])]


def buchholz(cut: int = 0) -> Rule:
    """The points of all opponents, without the lowest `cut` (Bruno Buchholz 1932)."""

    def rule(group: Sequence[str], games: Sequence[Game]) -> Values:
        played = by_entry(games)
        points = totals(group, played)
        met = {entry: sorted(opponents(entry, played, points)) for entry in group}
        return {entry: sum(met[entry][cut:], Fraction(0)) for entry in group}

    return rule


def sonneborn_berger(group: Sequence[str], games: Sequence[Game]) -> Values:
    """The points of opponents beaten and a share of those drawn with: one's own part of the points of the game."""
    played = by_entry(games)
    points = totals(group, played)
    return {
        entry: sum((share(game) * points[game.opponent or entry] for game in played.get(entry, [])), Fraction(0))
        for entry in group
    }


def share(game: Played) -> Fraction:
    """One's part of the points of a game."""
    both = game.points + game.against
    return game.points / both if both else Fraction(0)


def totals(group: Sequence[str], played: dict[str, list[Played]]) -> Values:
    """Everybody's points, in the group or not."""
    return _added([*played, *group], played, lambda game: game.points)


RULES: dict[str, Rule] = {
    "points": summed(lambda game: game.points),
    "wins": summed(won),
    "difference": summed(lambda game: game.scored - game.conceded),
    "scored": summed(lambda game: game.scored),
    "head_to_head": among(summed(lambda game: game.points)),
    "head_to_head_difference": among(summed(lambda game: game.scored - game.conceded)),
    "buchholz": buchholz(),
    "buchholz_cut_1": buchholz(1),
    "sonneborn_berger": sonneborn_berger,
}
