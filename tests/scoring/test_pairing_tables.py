"""Tables of games and their tie-breaks."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring.pairing.games import Game, Points, bye, scored
from scoring.pairing.tables import RULES, Line, table

FOOTBALL = Points(win=Decimal(3), draw=Decimal(1), bye=Decimal(3))
CHESS = Points()


def games(text: str, points: Points = CHESS) -> list[Game]:
    """Games as "a-b 2:1"."""
    found: list[Game] = []
    for part in text.split(", "):
        sides, score = part.split()
        home, away = sides.split("-")
        one, other = score.split(":")
        found.append(scored(home, away, (Decimal(one), Decimal(other)), points))
    return found


def shown(line: Line) -> str:
    return " ".join([line.entry, str(line.rank), *(f"{rule}={number}" for rule, number in line.values.items())])


def placed(entries: str, found: list[Game], *chain: str) -> list[tuple[int, str]]:
    return [(line.rank, line.entry) for line in table(list(entries), found, chain)]


def test_points_then_goals() -> None:
    group = games("a-b 3:0, c-d 1:0, a-c 0:1, b-d 2:0, a-d 1:0, b-c 4:0", FOOTBALL)
    assert placed("abcd", group, "points") == [(1, "a"), (1, "b"), (1, "c"), (4, "d")]
    assert placed("abcd", group, "points", "difference") == [(1, "a"), (1, "b"), (3, "c"), (4, "d")]
    assert placed("abcd", group, "points", "difference", "scored") == [(1, "b"), (2, "a"), (3, "c"), (4, "d")]
    # among a, b and c each has won once
    line = table(list("abcd"), group, ["points", "head_to_head", "head_to_head_difference"])[0]
    assert shown(line) == "a 1 points=6 head_to_head=3 head_to_head_difference=2"


def test_head_to_head_is_for_those_who_are_equal() -> None:
    group = games("a-b 0:1, a-c 5:0, b-c 0:1, a-d 1:0, b-d 1:0, c-d 0:1", FOOTBALL)
    assert placed("abcd", group, "points", "head_to_head") == [(1, "b"), (2, "a"), (3, "d"), (4, "c")]


def value(entries: str, found: list[Game], rule: str) -> dict[str, Fraction]:
    return RULES[rule](list(entries), found)


def test_opponents_count() -> None:
    found = [*games("a-b 1:0, c-d 0:0, a-c 1:0, b-d 0:1"), bye("e", CHESS)]
    half = Fraction(1, 2)
    assert value("abcde", found, "points") == {"a": 2, "b": 0, "c": half, "d": 1 + half, "e": 1}
    assert value("abcde", found, "buchholz") == {"a": half, "b": 3 + half, "c": 3 + half, "d": half, "e": 1}
    assert value("abcde", found, "buchholz_cut_1") == {"a": half, "b": 2, "c": 2, "d": half, "e": 0}
    assert value("abcde", found, "sonneborn_berger") == {
        "a": half,
        "b": 0,
        "c": Fraction(3, 4),
        "d": Fraction(1, 4),
        "e": 1,
    }
    assert value("abcde", found, "wins") == {"a": 2, "b": 0, "c": 0, "d": 1, "e": 0}
    assert value("ab", found, "buchholz") == {"a": half, "b": 3 + half}


def test_a_walkover_and_points_taken_from_both() -> None:
    found = [Game("a", "b", Decimal(3)), Game("a", "c", Decimal(0))]
    lines = table(list("abc"), found, ["points", "difference"])
    assert [shown(line) for line in lines] == ["a 1 points=3", "b 2 points=0 difference=0", "c 2 points=0 difference=0"]
    assert value("abc", found, "sonneborn_berger") == {"a": 0, "b": 0, "c": 0}


scores = st.integers(0, 2).map(Decimal)
pairs = st.sampled_from([("a", "b"), ("a", "c"), ("a", "d"), ("b", "c"), ("b", "d"), ("c", "d")])
some_games = st.lists(
    st.builds(lambda pair, score: scored(pair[0], pair[1], score, CHESS), pairs, st.tuples(scores, scores))
)


@given(some_games, st.lists(st.sampled_from(sorted(RULES)), max_size=4), st.permutations("abcd"))
def test_laws(found: list[Game], chain: list[str], entries: list[str]) -> None:
    lines = table(entries, found, chain)
    assert sorted(line.entry for line in lines) == list("abcd")
    assert {(line.entry, line.rank) for line in lines} == {
        (line.entry, line.rank) for line in table(list("abcd"), found[::-1], chain)
    }
    for one, other in pairwise(lines):
        assert one.rank <= other.rank
        if one.rank == other.rank:
            assert one.values == other.values
    assert sum(value("abcd", found, "difference").values()) == 0
    assert sum(value("abcd", found, "points").values()) == len(found)


def test_an_unknown_rule_is_refused() -> None:
    with pytest.raises(ValueError, match="luck"):
        table(["a"], [], ["luck"])
