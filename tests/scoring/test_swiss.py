"""Swiss rounds: no repeat while there is a way, and nothing is cheaper."""

from __future__ import annotations

import hashlib
import itertools
from collections import Counter
from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction
from typing import get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scoring.pairing import swiss
from scoring.pairing.games import Game, Pair, Points, by_entry, bye, scored
from scoring.pairing.swiss import Style

POINTS = Points()
Score = tuple[Decimal, Decimal]
styles = st.sampled_from(get_args(Style))
scores = st.sampled_from([(Decimal(1), Decimal(0)), (Decimal(0), Decimal(0)), (Decimal(0), Decimal(1))])


def played(pairs: tuple[Pair, ...], score: Iterator[Score]) -> list[Game]:
    return [
        bye(pair.home, POINTS) if pair.away is None else scored(pair.home, pair.away, next(score), POINTS)
        for pair in pairs
    ]


def names(count: int) -> list[str]:
    return [f"e{number}" for number in range(count)]


def met(games: list[Game]) -> Counter[frozenset[str | None]]:
    return Counter(frozenset((game.home, game.away)) for game in games)


@settings(max_examples=40, deadline=None)
@given(st.integers(2, 17), st.lists(scores, min_size=80, max_size=80), styles, st.booleans())
def test_nobody_meets_twice(count: int, results: list[Score], style: Style, sides: bool) -> None:
    entries, games, score = names(count), list[Game](), itertools.cycle(results)
    for number in range(count // 2):  # as many rounds always exist
        found = swiss.pair(entries, games, f"k/{number}", style=style, sides=sides)
        assert found.repeats == ()
        there = [name for pair in found.pairs for name in (pair.home, pair.away) if name is not None]
        assert sorted(there) == sorted(entries)
        assert all(pair.away is not None for pair in found.pairs[:-1])
        games += played(found.pairs, score)
    assert max(met(games).values()) == 1


def pairings(entries: list[str]) -> Iterator[list[tuple[str, str | None]]]:
    """Every way to pair all, with a bye for an odd number; each pair in the order given."""
    whole: list[str | None] = [*entries, *([None] if len(entries) % 2 else [])]

    def rest(left: list[str | None]) -> Iterator[list[tuple[str, str | None]]]:
        if not left:
            yield []
            return
        first = left[0]
        assert first is not None
        for other in left[1:]:
            others = [name for name in left[1:] if name != other]
            yield from ([(first, other), *found] for found in rest(others))

    return rest(whole)


def naive(entries: list[str], games: list[Game], key: str, style: Style) -> tuple[int, ...]:
    """The least cost of all pairings, written down again from the description; points in halves or wholes."""
    points = {e: sum((game.points for game in by_entry(games).get(e, [])), Fraction(0)) for e in entries}
    unit = 2 if any(total.denominator > 1 for total in points.values()) else 1
    standing = sorted(entries, key=lambda e: (-points[e], entries.index(e)))
    group = {e: [other for other in standing if points[other] == points[e]] for e in entries}
    place = {e: group[e].index(e) for e in entries}
    times = met(games)

    def cost(one: str, other: str | None) -> tuple[int, ...]:
        repeat, text = times[frozenset((one, other))], f"{key}/{one}" + (f"/{other}" if other else "")
        lot = int(hashlib.sha256(text.encode()).hexdigest()[:10], 16)
        last = len(group[one]) - 1 - place[one]
        if other is None:
            return repeat, int(unit * (points[one] - min(points.values()))), 0, 0, last**2, lot
        dues = swiss.due(by_entry(games).get(one, [])), swiss.due(by_entry(games).get(other, []))
        clash = min(abs(due) for due in dues) ** 2 if dues[0] * dues[1] > 0 else 0
        if points[one] != points[other]:
            away = last**2 + place[other] ** 2
        else:
            size = len(group[one])
            ideal = {
                "slide": place[other] - place[one] - size // 2,
                "fold": place[other] + place[one] - (size - 1 if size % 2 == 0 else size - 2),
                "adjacent": place[other] - place[one] - 1,
            }
            away = ideal[style] ** 2
        return repeat, 0, int(unit * (points[one] - points[other])) ** 2, clash, away, lot

    return min(tuple(map(sum, zip(*(cost(*pair) for pair in found), strict=True))) for found in pairings(standing))


@settings(max_examples=40, deadline=None)
@given(st.integers(2, 7), st.integers(0, 6), st.lists(scores, min_size=30, max_size=30), styles)
def test_nothing_is_cheaper(count: int, rounds: int, results: list[Score], style: Style) -> None:
    entries, games, score = names(count), list[Game](), itertools.cycle(results)
    for number in range(rounds):  # more rounds than there are opponents, too
        games += played(swiss.pair(entries, games, f"{number}", style=style).pairs, score)
    found = swiss.pair(entries, games, "key", style=style)
    lines = swiss.standings(entries, by_entry(games))
    order = [line.entry for line in lines]
    costs = swiss.costs(lines, swiss.Weights(lines, style, sides=True), "key")
    total = sum(
        costs[order.index(pair.home)][-1 if pair.away is None else order.index(pair.away)] for pair in found.pairs
    )
    least = naive(entries, games, "key", style)
    units = swiss.Weights(lines, style, sides=True).units
    assert total == sum(cost * unit for cost, unit in zip(least, units, strict=True))
    repeated = [pair for pair in found.pairs if met(games)[frozenset((pair.home, pair.away))]]
    assert list(found.repeats) == repeated
    assert bool(repeated) == (least[0] > 0)


def test_the_first_round_of_each_style() -> None:
    def first(style: Style) -> list[set[str | None]]:
        return [{pair.home, pair.away} for pair in swiss.pair(list("12345678"), [], "k", style=style).pairs]

    assert first("slide") == [{"1", "5"}, {"2", "6"}, {"3", "7"}, {"4", "8"}]
    assert first("fold") == [{"1", "8"}, {"2", "7"}, {"3", "6"}, {"4", "5"}]
    assert first("adjacent") == [{"1", "2"}, {"3", "4"}, {"5", "6"}, {"7", "8"}]


def test_sides_go_by_turns() -> None:
    entries, games = names(16), list[Game]()
    for number in range(6):
        found = swiss.pair(entries, games, str(number))
        games += played(found.pairs, itertools.cycle([(Decimal(1), Decimal(0)), (Decimal(0), Decimal(1))]))
        homes, aways = Counter(game.home for game in games), Counter(game.away for game in games)
        assert all(abs(homes[entry] - aways[entry]) <= 2 for entry in entries)
    assert [pair.home for pair in swiss.pair(list("abcd"), [], "k").pairs] == ["a", "d"]
    assert [pair.home for pair in swiss.pair(list("abcd"), [], "k", sides=False).pairs] == ["a", "b"]


def history(*homes: bool) -> list[Game]:
    one, nothing = Decimal(1), Decimal(0)
    return [
        Game("a", f"{i}", one, nothing) if home else Game(f"{i}", "a", one, nothing) for i, home in enumerate(homes)
    ]


@pytest.mark.parametrize(
    ("homes", "due"),
    [
        ((), 0),
        ((True,), -2),
        ((True, False), 1),
        ((False, True), -1),
        ((True, True), -3),
        ((True, False, False), 3),
        ((False, True, True, False, False), 3),
        ((False, False, False, True, True), -3),
        ((False, False, False, False, True, True), 3),
    ],
)
def test_what_side_is_due(homes: tuple[bool, ...], due: int) -> None:
    assert swiss.due(by_entry([*history(*homes), bye("a", POINTS)]).get("a", [])) == due


def test_when_all_have_met_the_least_often_met_meet_again() -> None:
    games = [Game("a", "b", Decimal(1)), Game("a", "b", Decimal(1))]
    found = swiss.pair(["a", "b"], games, "k")
    assert [{pair.home, pair.away} for pair in found.repeats] == [{"a", "b"}]


def test_nobody_and_one() -> None:
    assert swiss.pair([], [], "k").pairs == ()
    assert swiss.pair(["a"], [], "k").pairs == (Pair("a", None),)
    with pytest.raises(ValueError, match="once"):
        swiss.pair(["a", "a"], [], "k")
