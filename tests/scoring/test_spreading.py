"""Heats: even, unions as far apart as can be, seeds spread."""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring import spreading

UNIONS = {"a": "u", "b": "u", "c": "u", "d": "v", "e": "v", "f": "w"}
unions_of = st.lists(st.sampled_from(["u", "v", "w", "x", ""]), max_size=60)


def named(given: list[str]) -> tuple[list[str], dict[str, str]]:
    """Entries e0, e1, … and the unions of those that have one."""
    return [f"e{i}" for i in range(len(given))], {f"e{i}": union for i, union in enumerate(given) if union}


def sizes(unions: dict[str, str]) -> list[int]:
    return list(Counter(unions.values()).values())


@given(unions_of, st.integers(1, 9))
def test_heats_are_even_with_one_of_each_pot_and_unions_spread(given: list[str], count: int) -> None:
    order, unions = named(given)
    heats = spreading.spread(order, count, unions)
    assert sorted(entry for heat in heats for entry in heat) == sorted(order)
    pots = [[order.index(entry) // count for entry in heat] for heat in heats]
    assert all(pot == list(range(len(pot))) for pot in pots)
    assert max(map(len, heats)) - min(map(len, heats)) <= 1
    for union, size in Counter(unions.values()).items():
        shares = [sum(unions.get(entry) == union for entry in heat) for heat in heats]
        assert set(shares) <= {size // count, -(-size // count)}
    assert spreading.together(heats, unions) == spreading.fewest(sizes(unions), count)


def partitions(entries: list[str], shape: list[int]) -> Iterator[list[list[str]]]:
    """Every way to fill heats of given sizes."""
    if not shape:
        yield []
        return
    for heat in itertools.combinations(entries, shape[0]):
        rest = [entry for entry in entries if entry not in heat]
        yield from ([list(heat), *others] for others in partitions(rest, shape[1:]))


@given(st.lists(st.sampled_from(["u", "v", "w", ""]), min_size=1, max_size=7), st.integers(1, 3))
def test_no_heats_at_all_are_better(given: list[str], count: int) -> None:
    order, unions = named(given)
    heats = spreading.spread(order, count, unions)
    every = partitions(order, [len(heat) for heat in heats])
    assert spreading.together(heats, unions) == min(spreading.together(other, unions) for other in every)


def test_without_unions_seeds_go_by_snake() -> None:
    assert spreading.spread(list("12345678"), 3) == [["1", "6", "7"], ["2", "5", "8"], ["3", "4"]]
    assert [spreading.snake(i, 3) for i in range(9)] == [0, 1, 2, 2, 1, 0, 0, 1, 2]


def test_a_union_moves_a_seed_within_its_pot() -> None:
    assert spreading.spread(list("1234"), 2, {"1": "u", "4": "u"}) == [["1", "3"], ["2", "4"]]


def test_somebody_already_placed_moves_when_it_must_be() -> None:
    """Unions u and v hold one heat each of the last pot; only a swap makes room."""
    unions = {"1": "u", "2": "v", "3": "v", "4": "w", "5": "w", "6": "u"}
    heats = spreading.spread(list("123456"), 2, unions)
    assert spreading.together(heats, unions) == 0


@given(unions_of, st.integers(1, 9), st.text(max_size=5))
def test_drawn_heats(given: list[str], size: int, key: str) -> None:
    entries, unions = named(given)
    heats = spreading.drawn(entries, size, unions, key)
    assert sorted(entry for heat in heats for entry in heat) == sorted(entries)
    assert [len(heat) for heat in heats] == sorted((len(heat) for heat in heats), reverse=True)
    assert len(heats) == -(-len(entries) // size)
    assert not heats or (len(heats[0]) <= size and len(heats[0]) - len(heats[-1]) <= 1)
    assert spreading.together(heats, unions) == spreading.fewest(sizes(unions), len(heats) or 1)
    assert heats == spreading.drawn(entries, size, unions, key)


def test_every_entry_comes_into_every_heat_and_station() -> None:
    seen = Counter(
        (entry, heat, station)
        for key in range(600)
        for heat, members in enumerate(spreading.drawn(list(UNIONS), 3, UNIONS, str(key)))
        for station, entry in enumerate(members)
    )
    assert len(seen) == 36
    assert min(seen.values()) > 60  # of 100 expected


def test_what_cannot_be() -> None:
    with pytest.raises(ValueError, match="once"):
        spreading.spread(["a", "a"], 2)
    with pytest.raises(ValueError, match="at least one"):
        spreading.spread(["a"], 0)
    with pytest.raises(ValueError, match="at least one"):
        spreading.drawn(["a"], 0, {}, "k")
