"""The fixtures of a format with what is known so far: a function of the drawn order and the results.

Numbers of matches are by round and never change: a result belongs to a number and to the two who met in it. What
follows from a result (who is in a later match of a bracket, the next round of a Swiss, who goes on from a group) is
derived again from all results each time; nothing is kept that could contradict them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from scoring.pairing import groups as grouping
from scoring.pairing import knockout, robin, swiss, tables
from scoring.pairing.formats import Meeting
from scoring.pairing.games import Game, Pair, Points, bye
from scoring.pairing.knockout import Match, Side
from scoring.pairing.tables import Line

CHAIN = ("points", "head_to_head", "difference", "scored", "wins")
SWISS_CHAIN = ("points", "buchholz_cut_1", "buchholz", "sonneborn_berger", "wins")


@dataclass(frozen=True, slots=True)
class Result:
    """What came of a match: who won (none for a draw), and the score where there is one."""

    home: str
    away: str
    winner: str | None
    home_score: int | None = None
    away_score: int | None = None


@dataclass(frozen=True, slots=True)
class Fixture:
    """A match, or a bye (number 0, no `away`). `group` counts from 1, none in a bracket or where there are no groups.

    `home_from`, `away_from`: whose place in a bracket it is while that is not known.
    """

    number: int
    round: int
    home: str | None
    away: str | None
    result: Result | None = None
    group: int | None = None
    bracket: bool = False
    home_from: Side | None = None
    away_from: Side | None = None

    @property
    def ready(self) -> bool:
        """Whether it can be played."""
        return bool(self.number) and self.home is not None and self.away is not None


@dataclass(frozen=True, slots=True)
class Table:
    """The table of a group, or of all; the best first."""

    group: int | None
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Played:
    """Everything that follows: fixtures by number, tables, and places of a bracket that are known."""

    fixtures: tuple[Fixture, ...]
    tables: tuple[Table, ...] = ()
    places: tuple[tuple[int, str], ...] = ()

    @property
    def over(self) -> bool:
        """Whether every match has its result, and there are no more to come."""
        return bool(self.fixtures) and all(one.result for one in self.fixtures if one.number)


@dataclass(frozen=True, slots=True)
class Plan:
    """What is played: a format, the drawn order of strength, the unions that are kept apart, the key for lots."""

    meeting: Meeting
    order: tuple[str, ...]
    unions: Mapping[str, str]
    key: str = ""

    @property
    def points(self) -> Points:
        """What a match is worth."""
        win = Decimal(self.meeting.win)
        return Points(win, Decimal(self.meeting.draw), Decimal(0), win)


Results = Mapping[int, Result]


def played(plan: Plan, results: Results) -> Played:
    """Fixtures, tables and places. ValueError for a result that does not fit its match."""
    found = FORMATS[plan.meeting.format](plan, results)
    known = {one.number for one in found.fixtures if one.result}
    if wrong := sorted(set(results) - known):
        raise ValueError(f"results that fit no match: {wrong}")
    return replace(found, places=tuple(sorted(found.places, key=lambda one: (one[0], plan.order.index(one[1])))))


def round_robin(plan: Plan, results: Results) -> Played:
    """Everybody meets everybody."""
    rounds = robin.rounds(plan.order, plan.meeting.cycles)
    found = tuple(listed([(number, None, pair) for number, pairs in enumerate(rounds, 1) for pair in pairs], results))
    return Played(found, (table(plan, None, plan.order, found),))


def knock_out(plan: Plan, results: Results) -> Played:
    """A bracket from the order of strength."""
    matches = knockout.bracket(plan.order, plan.unions, third=plan.meeting.third)
    return bracket(matches, results)


def in_groups(plan: Plan, results: Results) -> Played:
    """Groups first; the bracket once all of their matches are played."""
    meeting = plan.meeting
    found = grouping.groups(plan.order, meeting.groups, plan.unions)
    first = tuple(listed(ordered(found, meeting.cycles), results))
    standing = tuple(table(plan, group, members, first) for group, members in enumerate(found, 1))
    if not all(one.result for one in first if one.number):
        return Played(first, standing)
    ranked = [[line.entry for line in one.lines] for one in standing]
    matches = grouping.crossed(ranked, meeting.places, third=meeting.third)
    after = bracket(matches, results, numbers=max(one.number for one in first), rounds=max(one.round for one in first))
    return Played((*first, *after.fixtures), standing, after.places)


def ordered(found: Sequence[Sequence[str]], cycles: int) -> list[tuple[int, int | None, Pair]]:
    """Round, group and pair of all groups, round by round."""
    rounds = [robin.rounds(members, cycles) for members in found]
    return [
        (number + 1, group, pair)
        for number in range(max(map(len, rounds)))
        for group, of_group in enumerate(rounds, 1)
        for pair in (of_group[number] if number < len(of_group) else ())
    ]


def in_swiss(plan: Plan, results: Results) -> Played:
    """Round after round, each once the one before is played."""
    found: list[Fixture] = []
    for number in range(1, plan.meeting.rounds + 1):
        pairs = swiss.pair(plan.order, games(plan, found), plan.key).pairs
        found += listed([(number, None, pair) for pair in pairs], results, after=matches_in(found))
        if not all(one.result for one in found if one.number):
            break
    return Played(tuple(found), (table(plan, None, plan.order, found),))


def listed(rows: Sequence[tuple[int, int | None, Pair]], results: Results, *, after: int = 0) -> Iterator[Fixture]:
    """Fixtures with their numbers, byes without one."""
    number = after
    for round_number, group, pair in rows:
        number += pair.away is not None
        result = fitting(results.get(number), pair.home, pair.away) if pair.away else None
        yield Fixture(number if pair.away else 0, round_number, pair.home, pair.away, result, group)


def bracket(matches: Sequence[Match], results: Results, *, numbers: int = 0, rounds: int = 0) -> Played:
    """A bracket with its results; numbers and rounds go on after others."""
    won: dict[int, str] = {}
    found: list[Fixture] = []
    for match in matches:
        here = knockout.play(matches, won)[match.number - 1]
        result = fitting(results.get(numbers + match.number), here.home, here.away)
        if result and result.winner:
            won[match.number] = result.winner
        home, away = (shifted(side, numbers) for side in (match.home, match.away))
        number, turn = numbers + match.number, rounds + match.round
        found.append(Fixture(number, turn, here.home, here.away, result, None, True, home, away))
    return Played(tuple(found), (), tuple(knockout.places(matches, won)))


def shifted(side: Side, numbers: int) -> Side:
    """A side whose matches count after others."""
    winner, loser = side.winner_of, side.loser_of
    return Side(side.entry, winner and winner + numbers, loser and loser + numbers)


def fitting(result: Result | None, home: str | None, away: str | None) -> Result | None:
    """A result, if it is of these two."""
    return result if result and (result.home, result.away) == (home, away) else None


def matches_in(found: Sequence[Fixture]) -> int:
    """How many matches there are, byes not counted."""
    return sum(bool(one.number) for one in found)


def games(plan: Plan, found: Sequence[Fixture]) -> list[Game]:
    """What was played, and the byes, as tables and a Swiss take them."""
    return [game for one in found if (game := game_of(plan, one))]


def game_of(plan: Plan, one: Fixture) -> Game | None:
    """A fixture that was played, or a bye of a Swiss; byes of a round robin count for nobody."""
    if one.number == 0 and one.home:
        return bye(one.home, plan.points) if plan.meeting.format == "swiss" else None
    if one.result is None or one.home is None:
        return None
    points, result = plan.points, one.result
    worth = {one.home: (points.win, points.loss), None: (points.draw, points.draw)}
    home, away = worth.get(result.winner, (points.loss, points.win))
    scores = [None if score is None else Decimal(score) for score in (result.home_score, result.away_score)]
    return Game(one.home, one.away, home, away, *scores)


def table(plan: Plan, group: int | None, entries: Sequence[str], found: Sequence[Fixture]) -> Table:
    """The table of these entries from the matches among them; who is equal in all stays in drawn order."""
    chain = SWISS_CHAIN if plan.meeting.format == "swiss" else CHAIN
    inside = games(plan, [one for one in found if one.group == group and not one.bracket])
    by_strength = sorted(entries, key=plan.order.index)
    return Table(group, tuple(tables.table(by_strength, inside, chain)))


FORMATS = {"round_robin": round_robin, "knock_out": knock_out, "groups": in_groups, "swiss": in_swiss}
