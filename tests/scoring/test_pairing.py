"""Round robin, knock-out, groups: who meets whom."""

from __future__ import annotations

import itertools
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring.pairing import groups, knockout, robin
from scoring.pairing.games import Pair
from scoring.pairing.knockout import Match, Side

FOUR = [Match(1, 1, Side("1"), Side("4")), Match(2, 1, Side("2"), Side("3"))]


def names(count: int) -> list[str]:
    return [str(number) for number in range(1, count + 1)]


@given(st.integers(0, 25), st.integers(1, 3))
def test_round_robin(count: int, cycles: int) -> None:
    entries = names(count)
    rounds = robin.rounds(entries, cycles)
    least = 0 if count < 2 else count - 1 + count % 2
    assert len(rounds) == cycles * least
    pairs = [pair for pairs in rounds for pair in pairs]
    met = Counter(frozenset((pair.home, pair.away)) for pair in pairs if pair.away is not None)
    assert met == {frozenset(pair): cycles for pair in itertools.combinations(entries, 2)}
    for one in rounds:
        assert sorted(name for pair in one for name in (pair.home, pair.away) if name is not None) == sorted(entries)
    byes = Counter(pair.home for pair in pairs if pair.away is None)
    assert byes == (dict.fromkeys(entries, cycles) if count % 2 and count > 1 else {})


@given(st.integers(2, 25))
def test_sides_are_balanced(count: int) -> None:
    pairs = [pair for pairs in robin.rounds(names(count)) for pair in pairs if pair.away is not None]
    homes, aways = Counter(pair.home for pair in pairs), Counter(pair.away for pair in pairs)
    assert all(abs(homes[entry] - aways[entry]) <= 1 - count % 2 for entry in names(count))
    both = robin.rounds(names(count), 2)
    assert Counter((p.home, p.away) for r in both for p in r if p.away is not None).most_common(1)[0][1] == 1


def test_the_rounds_of_four() -> None:
    assert robin.rounds(list("abcd")) == [
        [Pair("b", "c"), Pair("d", "a")],
        [Pair("c", "a"), Pair("b", "d")],
        [Pair("a", "b"), Pair("d", "c")],
    ]


def usual(count: int) -> list[int]:
    """The lines of a bracket: 1; 1 2; 1 4 2 3; 1 8 4 5 2 7 3 6."""
    return [1] if count == 1 else [seed for best in usual(count // 2) for seed in (best, count + 1 - best)]


@given(st.integers(2, 70), st.booleans())
def test_the_usual_seeding_with_byes_for_the_best(count: int, third: bool) -> None:
    matches = knockout.bracket(names(count), third=third)
    assert len(matches) == count - 1 + (third and count >= 4)
    places = 1 << (count - 1).bit_length()
    lines = [str(seed) for seed in usual(places)]
    first = {frozenset(pair) for pair in zip(lines[::2], lines[1::2], strict=True)}
    byes = set(names(places - count))
    assert {frozenset((m.home.entry, m.away.entry)) for m in matches if m.round == 1} == {
        pair for pair in first if all(int(seed) <= count for seed in pair)
    }
    met = met_by_strength(matches)
    assert met[frozenset("12")] == matches[-1].round
    assert byes == {s.entry for m in matches if m.round == 2 for s in (m.home, m.away) if s.entry} or count <= 2


def met_by_strength(matches: list[Match]) -> dict[frozenset[str | None], int]:
    """Who meets in which round when the better always wins."""
    winners: dict[int, str] = {}
    for match in matches:
        fixture = knockout.play(matches, winners)[match.number - 1]
        assert fixture.ready
        assert fixture.home is not None
        assert fixture.away is not None
        winners[match.number] = min(fixture.home, fixture.away, key=int)
    return {frozenset((f.home, f.away)): f.round for f in knockout.play(matches, winners)}


def members(matches: list[Match]) -> dict[int, list[str]]:
    """Who can win each match."""
    found: dict[int, list[str]] = {}
    for match in matches:
        sides = (match.home, match.away)
        found[match.number] = [
            name
            for side in sides
            for name in ([side.entry] if side.entry else found.get(side.winner_of or side.loser_of or 0, []))
        ]
    return found


@given(st.lists(st.sampled_from(["u", "v", "w", "x"]), min_size=2, max_size=40))
def test_unions_are_parted_evenly_at_every_level(given: list[str]) -> None:
    seeds = names(len(given))
    unions = dict(zip(seeds, given, strict=True))
    matches = knockout.bracket(seeds, unions)
    last = matches[-1].round
    for number, inside in members(matches).items():
        parts = 2 ** (last - matches[number - 1].round)
        for union, size in Counter(given).items():
            assert sum(unions[name] == union for name in inside) in {size // parts, -(-size // parts)}
    halves = [set(members(matches).get(side.winner_of or 0, [side.entry or ""])) for side in sides(matches[-1])]
    assert all(len({seeds[i], seeds[i + 1]} & halves[0]) == 1 for i in range(0, len(seeds) - 1, 2))


def sides(match: Match) -> tuple[Side, Side]:
    return match.home, match.away


def test_results_lead_on() -> None:
    matches = knockout.bracket(names(4), third=True)
    assert matches == [
        *FOUR,
        Match(3, 2, Side(loser_of=1), Side(loser_of=2)),
        Match(4, 2, Side(winner_of=1), Side(winner_of=2)),
    ]
    assert [f.number for f in knockout.play(matches, {}) if f.ready] == [1, 2]
    assert [(f.home, f.away) for f in knockout.play(matches, {1: "4"})][2:] == [("1", None), ("4", None)]
    played = {1: "4", 2: "2", 3: "3", 4: "2"}
    assert knockout.places(matches, played) == [(1, "2"), (2, "4"), (3, "3"), (4, "1")]
    assert knockout.places(matches, {1: "4", 2: "2"}) == []


def test_who_loses_in_the_same_round_shares_a_place() -> None:
    matches = knockout.bracket(names(5))
    winners = {1: "5", 2: "5", 3: "2", 4: "5"}
    assert knockout.places(matches, winners) == [(1, "5"), (2, "2"), (3, "1"), (3, "3"), (5, "4")]


@pytest.mark.parametrize("winners", [{1: "2"}, {3: "1"}])
def test_a_winner_has_played(winners: dict[int, str]) -> None:
    with pytest.raises(ValueError, match="is not in match"):
        knockout.play(knockout.bracket(names(4)), winners)


def test_small_brackets() -> None:
    assert knockout.bracket([]) == knockout.bracket(["a"]) == []
    assert knockout.bracket(["a", "b"], third=True) == [Match(1, 1, Side("a"), Side("b"))]
    for make in (knockout.bracket, robin.rounds):
        with pytest.raises(ValueError, match="once"):
            make(["a", "a"])


@given(st.integers(1, 16), st.integers(1, 4))
def test_a_group_meets_late_again(count: int, places: int) -> None:
    tables = groups.groups([f"{i}" for i in range(count * places)], count)
    matches = groups.crossed(tables, places)
    last = max((match.round for match in matches), default=0)
    group = {entry: number for number, table in enumerate(tables) for entry in table}
    for number, inside in members(matches).items():
        shares = Counter(group[name] for name in inside)
        assert max(shares.values()) <= -(-places // 2 ** (last - matches[number - 1].round))


def test_winners_meet_seconds_of_other_groups() -> None:
    tables = [[f"{group}{place}" for place in (1, 2, 3)] for group in "ABCD"]
    first = [(m.home.entry, m.away.entry) for m in groups.crossed(tables, 2) if m.round == 1]
    assert all(home and away and home[1] == "1" and away[1] == "2" and home[0] != away[0] for home, away in first)
    with pytest.raises(ValueError, match="places"):
        groups.crossed([["a"], ["b"]], 2)
