"""The recipes for strangers draw what we draw."""

from __future__ import annotations

import dataclasses
import json
import re
import shutil
import subprocess
from collections import Counter
from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring import draw, spreading
from scoring.pairing.formats import Meeting
from scoring.pairing.tables import RULES
from scoring.published import Document
from scoring.recipes import Placed, Recipe, canonical, digest, replay

from .cases import ROOT

PAGE = (ROOT / "docs" / "draws.md").read_text("utf-8")
LIST = ["甲", "乙", "丙"]


def block(language: str, holding: str) -> str:
    blocks: list[str] = re.findall(rf"```{language}\n(.*?)```", PAGE, re.DOTALL)
    return next(found for found in blocks if holding in found)


@given(st.lists(st.text(max_size=3), unique=True, max_size=30), st.text(max_size=9))
def test_the_recipe_in_python(entries: list[str], key: str) -> None:
    names: dict[str, Any] = {}
    exec(block("python", "def order"), names)
    assert names["order"](entries, key) == draw.order(entries, key)


@pytest.mark.skipif(not shutil.which("bash") or not shutil.which("sha256sum"), reason="bash and sha256sum are not here")
@pytest.mark.parametrize("entries", [LIST, [f"第{number}号" for number in range(1, 21)]])
def test_the_recipe_in_bash(entries: list[str]) -> None:
    text = "".join(f"{entry}\n" for entry in entries)
    run = subprocess.run(
        ["bash", "-c", block("sh", "draw()") + '\ndraw "$1"', "bash", "3141.59"],
        input=text.encode(),
        capture_output=True,
        check=True,
    )
    assert run.stdout.decode().splitlines() == draw.order(entries, "3141.59")


def test_the_example() -> None:
    rows = re.findall(r"^\| (\d+) \| `(\w+)` \| (\d+) \| (\d+) \| (.) \|$", PAGE, flags=re.MULTILINE)
    assert rows == [
        (str(s.index), s.digest, str(s.left), str(s.position), s.entry) for s in draw.steps(LIST, "3141.59")
    ]


def at(heat: dict[str, int], same: Mapping[str, object], entry: str, number: int) -> str | None:
    """Who has a heat in the same pot, or the same share, as an entry."""
    return next((other for other in heat if same[other] == same[entry] and heat[other] == number), None)


def heats_by_the_page(entries: list[str], size: int, unions: dict[str, str], key: str) -> list[list[str]]:
    """Heats as the page describes them, step by step."""
    h = -(-len(entries) // size)
    heat: dict[str, int] = {}
    pots, shares, seen = dict[str, int](), dict[str, object](), Counter[str]()
    for i, entry in enumerate(draw.order(entries, f"{key}/pots")):
        pots[entry] = i // h
        shares[entry] = (unions[entry], seen[unions[entry]] // h) if entry in unions else entry
        seen[unions.get(entry, "")] += 1
        wished = i % h if pots[entry] % 2 == 0 else h - 1 - i % h
        going_round = [(wished + step) % h for step in range(h)]
        free_at_pot = [number for number in going_round if at(heat, pots, entry, number) is None]
        free_at_share = [number for number in going_round if at(heat, shares, entry, number) is None]
        both = [number for number in free_at_pot if number in free_at_share]
        if not both:
            a, b, side, mover, change = free_at_pot[0], free_at_share[0], 0, at(heat, pots, entry, free_at_share[0]), {}
            while mover is not None:
                change[mover] = a if side % 2 == 0 else b
                mover, side = at(heat, shares if side % 2 == 0 else pots, mover, change[mover]), side + 1
            heat.update(change)
            both = [b]
        heat[entry] = both[0]
    stations = draw.order(entries, f"{key}/stations")
    numbered = [int(number) for number in draw.order([str(number) for number in range(h)], f"{key}/heats")]
    found = [[entry for entry in stations if heat[entry] == number] for number in numbered]
    return sorted(found, key=len, reverse=True)


@given(st.lists(st.sampled_from(["u", "v", "w", ""]), max_size=40), st.integers(1, 8), st.text(max_size=3))
def test_the_heats_of_the_page(given: list[str], size: int, key: str) -> None:
    entries = [str(number) for number in range(len(given))]
    unions = {entry: union for entry, union in zip(entries, given, strict=True) if union}
    assert heats_by_the_page(entries, size, unions, key) == spreading.drawn(entries, size, unions, key)


def test_every_tie_break_is_named() -> None:
    assert [rule for rule in RULES if rule != "points" and rule not in PAGE] == []


def names_of(kind: type[Any]) -> set[str]:
    return {field.name for field in dataclasses.fields(kind)}


def test_every_field_of_a_document_is_told() -> None:
    told = {name for row in re.findall(r"^\| (`.*?) \|", PAGE, re.MULTILINE) for name in re.findall(r"`(\w+)`", row)}
    assert names_of(Document) | names_of(Recipe) <= told
    assert [name for name in (names_of(Placed) | names_of(Meeting)) if f"`{name}`" not in PAGE] == []


@given(st.text(max_size=5), st.booleans(), st.lists(st.integers(1, 9), unique=True))
def test_the_digest_of_a_recipe_on_the_page(salt: str, two_stage: bool, lanes: list[int]) -> None:
    recipe = Recipe(entries=("甲", "乙"), salt=salt, two_stage=two_stage, lanes=tuple(lanes), meeting=None)
    names: dict[str, Any] = {}
    exec(block("python", "def recipe_digest"), names)
    assert names["recipe_digest"](json.loads(canonical(recipe))) == digest(recipe)


@given(st.integers(1, 20), st.integers(1, 6), st.data(), st.text(max_size=3))
def test_heats_with_seeds_and_lanes_as_the_page_tells(count: int, size: int, data: st.DataObject, key: str) -> None:
    entries = [str(number) for number in range(1, count + 1)]
    seeds = data.draw(st.permutations(entries))[: data.draw(st.integers(1, count))]
    wished = data.draw(st.permutations(range(1, size + 2)))
    recipe = Recipe(entries=tuple(entries), heat_size=size, seeds=tuple(seeds), lanes=tuple(wished))
    if recipe.heats < 2:
        return
    found = {place.entry: place for place in replay(recipe, key)}
    h = -(-count // size)
    for first in range(0, len(seeds) - h + 1, h):  # each pot that is all seeds: one of them in each heat
        assert sorted(found[seed].heat for seed in seeds[first : first + h]) == list(range(1, h + 1))
    stations = draw.order(entries, f"{key}/stations")
    for heat in range(1, h + 1):
        inside = [seed for seed in seeds if found[seed].heat == heat]
        inside += [entry for entry in stations if found[entry].heat == heat and entry not in seeds]
        assert [found[entry].station for entry in inside] == list(wished[: len(inside)])
