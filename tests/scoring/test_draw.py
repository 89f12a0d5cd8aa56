"""Draws: the worked example of RFC 3797, permutations, heats."""

from __future__ import annotations

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring import draw

from .cases import ORACLES, needs_oracles, table

KEY = "9319./2.5.8.10.12./9.18.26.34.41.45./"
NUMBERS = [str(number) for number in range(1, 26)]
names = st.lists(st.text(min_size=1, max_size=4), unique=True, max_size=40)


def test_rfc_3797() -> None:
    assert draw.order(NUMBERS, KEY, "md5")[:10] == ["17", "7", "2", "16", "25", "23", "8", "24", "19", "13"]


@needs_oracles
def test_rfc_3797_vector() -> None:
    rows = table(ORACLES / "placement" / "rfc3797_vector.csv")
    steps = list(draw.steps(NUMBERS, KEY, "md5"))
    assert len(rows) == 10
    assert [
        {"step": str(s.index + 1), "remaining": str(s.left), "md5": s.digest.upper(), "selected": s.entry}
        for s in steps[:10]
    ] == rows
    assert len(steps) == 25
    assert sorted(step.entry for step in steps) == sorted(NUMBERS)


def test_the_key_of_rfc_3797() -> None:
    assert draw.rfc_key([[9319], [2, 5, 12, 8, 10], [9, 18, 26, 34, 41, 45]]) == KEY


@given(names, st.text())
def test_steps_can_be_followed(entries: list[str], key: str) -> None:
    left = list(entries)
    for index, step in enumerate(draw.steps(entries, key)):
        assert (step.index, step.left) == (index, len(left))
        assert step.position == int(step.digest, 16) % step.left
        assert left.pop(step.position) == step.entry
    assert not left


@given(names, st.text())
def test_two_stages_are_two_draws(entries: list[str], key: str) -> None:
    drawn = draw.two_stage(entries, key)
    assert [line.turn for line in drawn] == list(range(1, len(entries) + 1))
    assert [line.entry for line in drawn] == draw.order(entries, f"{key}/turn")
    numbers = [str(number) for number in range(1, len(entries) + 1)]
    assert [str(line.number) for line in drawn] == draw.order(numbers, f"{key}/number")


@given(names, st.text())
def test_a_draw_is_a_permutation_that_can_be_repeated(entries: list[str], key: str) -> None:
    drawn = draw.order(entries, key)
    assert sorted(drawn) == sorted(entries)
    assert drawn == draw.order(entries, key)


def test_recomputed_by_hand() -> None:
    left, drawn = ["甲", "乙", "丙"], []
    for step in range(3):
        index = step.to_bytes(2, "big")
        number = int(hashlib.sha256(index + b"k" + index).hexdigest(), 16)
        drawn.append(left.pop(number % len(left)))
    assert draw.order(["甲", "乙", "丙"], "k") == drawn


def test_digest_is_of_the_published_list() -> None:
    assert draw.digest(["a", "b"]) == hashlib.sha256(b"a\nb\n").hexdigest()
    assert draw.digest(["a", "b"]) != draw.digest(["b", "a"])


@pytest.mark.parametrize("algorithm", ["no such", "shake_128"])
def test_an_algorithm_without_a_digest_is_refused(algorithm: str) -> None:
    with pytest.raises(ValueError, match=algorithm):
        draw.order(["a"], "k", algorithm)


def test_doubles_are_refused() -> None:
    with pytest.raises(ValueError, match="once"):
        draw.order(["a", "a"], "k")


@given(names, st.integers(1, 9))
def test_heats_are_even_and_keep_the_order(entries: list[str], size: int) -> None:
    heats = draw.heats(entries, size)
    assert [entry for heat in heats for entry in heat] == entries
    sizes = [len(heat) for heat in heats]
    assert sizes == sorted(sizes, reverse=True)
    assert not sizes or (sizes[0] <= size and sizes[0] - sizes[-1] <= 1)
    assert len(heats) == -(-len(entries) // size)


def test_stations_count_from_one() -> None:
    assert draw.stations(["a", "b", "c"], 2) == [draw.Place("a", 1, 1), draw.Place("b", 1, 2), draw.Place("c", 2, 1)]


def test_a_heat_has_room() -> None:
    with pytest.raises(ValueError, match="at least one"):
        draw.heats(["a"], 0)
