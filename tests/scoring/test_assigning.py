"""Judges to panels: what can be done is done, evenly; what cannot is named, and no more than that."""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scoring.assigning import Assignment, Breach, Demand, Judge, Shortage, assign, breaches, reasons

some = st.frozensets(st.sampled_from("xyz"), max_size=2)
most_of = st.frozensets(st.sampled_from("xyz"), min_size=1)
demands_of = st.lists(
    st.builds(Demand, st.just(""), st.sampled_from("xy"), st.sampled_from("xy"), st.integers(0, 2), some), max_size=4
).map(lambda found: [Demand(f"d{i}", d.session, d.skill, d.judges, d.parties) for i, d in enumerate(found)])
judges_of = st.lists(st.builds(Judge, st.just(""), most_of, most_of, st.integers(0, 3), some), max_size=4).map(
    lambda found: [Judge(f"j{i}", j.skills, j.sessions, j.most, j.parties) for i, j in enumerate(found)]
)


def every(demands: list[Demand], judges: list[Judge], *, full: bool) -> Iterator[dict[str, tuple[str, ...]]]:
    """Every assignment that keeps all rules; in full, or any number of judges up to what is needed."""
    choices = [
        [
            chosen
            for size in range(demand.judges if full else 0, demand.judges + 1)
            for chosen in itertools.combinations([j.id for j in judges if not reasons(j, demand)], size)
        ]
        for demand in demands
    ]
    for picked in itertools.product(*choices):
        given = {demand.id: chosen for demand, chosen in zip(demands, picked, strict=True)}
        if not breaches(demands, judges, given):
            yield given


def squares(found: dict[str, tuple[str, ...]]) -> int:
    return sum(n * n for n in Counter(itertools.chain(*found.values())).values())


def held(found: dict[str, tuple[str, ...]]) -> int:
    return sum(map(len, found.values()))


@settings(deadline=None)
@given(demands_of, judges_of, st.text(max_size=3))
def test_against_every_assignment(demands: list[Demand], judges: list[Judge], key: str) -> None:
    found = assign(demands, judges, key)
    assert breaches(demands, judges, found.given) == []
    assert all(len(found.given[demand.id]) <= demand.judges for demand in demands)
    full = list(every(demands, judges, full=True))
    assert bool(full) == (not found.shortages)
    if full:
        assert squares(found.given) == min(map(squares, full))
    else:
        partly = list(every(demands, judges, full=False))
        assert held(found.given) == max(map(held, partly))
        assert squares(found.given) == min(squares(other) for other in partly if held(other) == held(found.given))
    for shortage in found.shortages:
        check(shortage, [demand for demand in demands if demand.id in shortage.demands], judges)
    named = [demand for shortage in found.shortages for demand in shortage.demands]
    assert len(set(named)) == len(named)
    assert list(every([demand for demand in demands if demand.id not in named], judges, full=True))


def check(shortage: Shortage, conflicting: list[Demand], judges: list[Judge]) -> None:
    """They cannot all be met, and without any one of them the others can."""
    assert not list(every(conflicting, judges, full=True))
    assert shortage.needed == sum(demand.judges for demand in conflicting)
    assert shortage.possible == max(map(held, every(conflicting, judges, full=False)))
    for left_out in conflicting:
        assert list(every([d for d in conflicting if d is not left_out], judges, full=True))


@given(demands_of, judges_of)
def test_only_ids_matter(demands: list[Demand], judges: list[Judge]) -> None:
    found = assign(demands, judges, "k")
    assert found == assign(demands[::-1], judges[::-1], "k")


def judge(name: str, *parties: str, sessions: str = "am", skills: str = "weld", most: int = 1) -> Judge:
    return Judge(name, frozenset(skills.split()), frozenset(sessions.split()), most, frozenset(parties))


def test_a_chain_frees_the_only_judge_without_a_conflict() -> None:
    demands = [Demand("a", "am", "weld", 1), Demand("b", "am", "weld", 1, frozenset({"union:1"}))]
    judges = [judge("1", "union:1"), judge("2")]
    for key in "abcdef":
        assert assign(demands, judges, key) == Assignment({"a": ("1",), "b": ("2",)})


def test_the_conflicting_demands_are_named_and_no_others() -> None:
    parties = frozenset({"union:1"})
    demands = [
        Demand("a", "am", "weld", 1, parties),
        Demand("b", "am", "weld", 1, parties),
        Demand("c", "am", "weld", 1),
        Demand("d", "am", "lathe", 1),
    ]
    judges = [judge("1", "union:1"), judge("2"), judge("3", skills="lathe")]
    found = assign(demands, judges, "k")
    assert found.shortages == (Shortage(("a", "b"), 2, 1, ("2",)),)
    assert found.given["d"] == ("3",)


def test_each_shortage_is_named() -> None:
    found = assign([Demand("a", "am", "x", 2), Demand("b", "pm", "weld", 1)], [judge("1")], "k")
    assert found.shortages == (Shortage(("a",), 2, 0, ()), Shortage(("b",), 1, 0, ()))


def test_a_chief_does_not_sit_twice() -> None:
    demands = [Demand("p", "am", "weld", 2), Demand("p chief", "am", "chief", 1)]
    judges = [judge("1", skills="weld chief"), judge("2"), judge("3")]
    assert assign(demands, judges, "k").given == {"p": ("2", "3"), "p chief": ("1",)}


def test_work_is_shared() -> None:
    demands = [Demand(str(i), str(i), "weld", 1) for i in range(9)]
    judges = [judge(str(i), sessions="0 1 2 3 4 5 6 7 8", most=9) for i in range(4)]
    found = assign(demands, judges, "k").given
    assert sorted(Counter(itertools.chain(*found.values())).values()) == [2, 2, 2, 3]


def test_what_is_wrong_with_an_assignment_by_hand() -> None:
    demands = [Demand("a", "am", "weld", 1, frozenset({"union:1"})), Demand("b", "am", "lathe", 1)]
    assert breaches(demands, [judge("1", "union:1")], {"a": ["1"], "b": ["1"]}) == [
        Breach("a", "1", "conflict"),
        Breach("a", "1", "twice"),
        Breach("a", "1", "load"),
        Breach("b", "1", "skill"),
        Breach("b", "1", "twice"),
        Breach("b", "1", "load"),
    ]


def test_ids_are_unique() -> None:
    with pytest.raises(ValueError, match="once"):
        assign([Demand("a", "am", "x", 1)] * 2, [], "k")
    with pytest.raises(ValueError, match="once"):
        assign([], [judge("1")] * 2, "k")
