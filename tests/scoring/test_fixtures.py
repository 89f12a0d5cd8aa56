"""Fixtures from formats and results: numbers stand, what follows is derived, and nobody plays out of turn."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring.pairing.fixtures import Fixture, Plan, Played, Result, played
from scoring.pairing.formats import Meeting

ENTRIES = tuple("abcdefgh")


def plan(meeting: Meeting, entries: tuple[str, ...] = ENTRIES, **unions: str) -> Plan:
    return Plan(meeting, entries, unions, "key")


def home_wins(one: Fixture) -> Result:
    assert one.home
    assert one.away
    return Result(one.home, one.away, one.home, 2, 1)


def better_wins(one: Fixture) -> Result:
    """Who is earlier in the alphabet wins."""
    assert one.home
    assert one.away
    return Result(one.home, one.away, min(one.home, one.away))


def play_all(what: Plan, win: object = better_wins) -> Played:
    """Play until nothing is left, always the first that can be played."""
    results: dict[int, Result] = {}
    while True:
        found = played(what, results)
        following = next((one for one in found.fixtures if one.ready and one.result is None), None)
        if following is None:
            return found
        results[following.number] = win(following)  # type: ignore[operator]  # one of the two above


def test_a_round_robin_has_everybody_meet_and_a_table() -> None:
    found = play_all(plan(Meeting(format="round_robin", cycles=2), ENTRIES[:5]))
    matches = [one for one in found.fixtures if one.number]
    assert [one.number for one in matches] == list(range(1, 21))
    assert len({frozenset((one.home, one.away)) for one in matches}) == 10
    assert [(line.entry, line.rank, int(line.values["points"])) for line in found.tables[0].lines] == [
        ("a", 1, 16), ("b", 2, 12), ("c", 3, 8), ("d", 4, 4), ("e", 5, 0),
    ]  # fmt: skip
    assert found.over


def test_points_are_those_of_the_format() -> None:
    what = plan(Meeting(format="round_robin", win=3, draw=1), ("a", "b", "c"))
    fixtures = {frozenset((one.home, one.away)): one for one in played(what, {}).fixtures if one.number}
    drawn, lost = fixtures[frozenset("ab")], fixtures[frozenset("bc")]
    assert drawn.home
    assert drawn.away
    results = {drawn.number: Result(drawn.home, drawn.away, None, 1, 1), lost.number: better_wins(lost)}
    lines = played(what, results).tables[0].lines
    assert [(line.entry, int(line.values["points"])) for line in lines] == [("b", 4), ("a", 1), ("c", 0)]


def test_a_bracket_fills_as_results_come_in() -> None:
    what = plan(Meeting(format="knock_out", third=True), ENTRIES[:6])
    first = played(what, {})
    assert [(one.home, one.away) for one in first.fixtures if one.ready] == [("d", "e"), ("c", "f")]
    waiting = next(one for one in first.fixtures if one.home == "a")
    assert waiting.away_from is not None
    assert waiting.away_from.winner_of == next(one.number for one in first.fixtures if one.home == "d")
    assert not first.over
    assert play_all(what).places == ((1, "a"), (2, "b"), (3, "c"), (4, "d"), (5, "e"), (5, "f"))


def test_unions_meet_late() -> None:
    what = plan(Meeting(format="knock_out"), ENTRIES, a="x", h="x")
    assert ("a", "h") not in [(one.home, one.away) for one in played(what, {}).fixtures]


def test_groups_come_first_and_their_best_go_on() -> None:
    what = plan(Meeting(format="groups", groups=2, places=2), ENTRIES[:7])
    before = played(what, {})
    assert not any(one.bracket for one in before.fixtures)
    assert [len(one.lines) for one in before.tables] == [3, 4]
    after = play_all(what)
    knocked = [one for one in after.fixtures if one.bracket]
    assert [(one.home, one.away, one.round) for one in knocked] == [("a", "c", 4), ("b", "d", 4), ("a", "b", 5)]
    assert [one.number for one in after.fixtures if one.number] == list(range(1, 13))
    assert (after.places[0], after.over) == ((1, "a"), True)
    assert [one.away_from.winner_of for one in knocked if one.away_from and one.away_from.winner_of] == [11]


def test_a_swiss_goes_on_once_a_round_is_played() -> None:
    what = plan(Meeting(format="swiss", rounds=3), ENTRIES[:7])
    assert {one.round for one in played(what, {}).fixtures} == {1}
    found = play_all(what)
    met = [frozenset((one.home, one.away)) for one in found.fixtures if one.number]
    assert (len(met), len(set(met))) == (9, 9)
    assert sorted(one.round for one in found.fixtures if not one.number) == [1, 2, 3]
    assert found.tables[0].lines[0].entry == "a"


def test_a_result_of_others_is_refused() -> None:
    what = plan(Meeting(format="knock_out"), ENTRIES[:4])
    with pytest.raises(ValueError, match=r"fit no match: \[1\]"):
        played(what, {1: Result("a", "c", "a")})
    with pytest.raises(ValueError, match=r"fit no match: \[3\]"):
        played(what, {3: Result("a", "b", "a")})


@given(
    st.sampled_from(["round_robin", "knock_out", "groups", "swiss"]), st.integers(4, 9), st.booleans(), st.booleans()
)
def test_every_format_comes_to_an_end(name: str, count: int, third: bool, homes: bool) -> None:
    meeting = Meeting(format=name, third=third, rounds=3)  # type: ignore[arg-type]  # one of its names
    found = play_all(plan(meeting, tuple("abcdefghi"[:count])), home_wins if homes else better_wins)
    numbers = [one.number for one in found.fixtures if one.number]
    assert numbers == list(range(1, len(numbers) + 1))
    assert found.over
    if found.places:
        assert len({entry for _, entry in found.places}) == len(found.places)
