"""Draws from recipes: everybody once, rules kept, the same for anybody; and what rules come to beforehand."""

from __future__ import annotations

from dataclasses import replace

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring import draw, lanes, spreading, starting
from scoring.outlooks import outlook
from scoring.pairing.formats import Meeting
from scoring.published import Document, again, differences
from scoring.recipes import Placed, Recipe, by_hand, canonical, digest, replay

ENTRIES = tuple(str(number) for number in range(1, 13))
UNIONS = {str(number): "abc"[number % 3] for number in range(1, 13)}


@st.composite
def recipes(drawn: st.DrawFn) -> Recipe:
    """Any recipe that makes sense."""
    count = drawn(st.integers(1, 24))
    entries = tuple(str(number) for number in range(1, count + 1))
    size = drawn(st.one_of(st.none(), st.integers(1, 9)))
    unions = drawn(st.dictionaries(st.sampled_from(entries), st.sampled_from("uvw")))
    wished = tuple(drawn(st.permutations(range(1, (size or count) + 3)))) if drawn(st.booleans()) else ()
    return Recipe(
        entries=entries,
        heat_size=size,
        apart=drawn(st.sampled_from(["off", "possible", "required"])),
        unions=unions,
        seeds=tuple(drawn(st.permutations(entries))[: drawn(st.integers(0, count))]),
        lanes=wished,
        two_stage=drawn(st.booleans()),
    )


@given(recipes(), st.text(max_size=4))
def test_everybody_has_one_place_in_even_heats_and_on_the_lanes_there_are(recipe: Recipe, key: str) -> None:
    found = replay(recipe, key)
    assert sorted(place.entry for place in found) == sorted(recipe.entries)
    assert [place.position for place in found] == list(range(1, len(found) + 1))
    assert sorted(place.lot for place in found) == list(range(1, len(found) + 1))
    heats = [[place for place in found if place.heat == heat] for heat in range(1, recipe.heats + 1)]
    assert max(map(len, heats)) - min(map(len, heats)) <= 1
    for heat in heats:
        allowed = recipe.lanes[: len(heat)] or range(1, len(heat) + 1)
        assert [place.station for place in heat] == sorted(allowed)


@given(recipes(), st.text(max_size=4))
def test_what_was_foreseen_is_what_comes(recipe: Recipe, key: str) -> None:
    foreseen = outlook(recipe)
    if recipe.apart == "off" or (recipe.heats == 1 and recipe.lanes):
        return
    found = replay(recipe, key)
    heats = [[p.entry for p in found if p.heat == heat] for heat in range(1, recipe.heats + 1)]
    assert [len(heat) for heat in heats] == list(foreseen.heats)
    meet = spreading.together(heats, recipe.unions), starting.neighbours(heats[0], recipe.unions)
    met = meet[recipe.heats == 1]
    assert met == foreseen.together
    assert bool(met) == bool(foreseen.too_many)


def test_a_plain_draw_is_the_published_order() -> None:
    assert [place.entry for place in replay(Recipe(entries=ENTRIES), "k")] == draw.order(ENTRIES, "k")
    cut = replay(Recipe(entries=ENTRIES, heat_size=5), "k")
    assert [place.entry for place in cut] == draw.order(ENTRIES, "k")
    assert [place.heat for place in cut] == [1] * 4 + [2] * 4 + [3] * 4


def test_lots_are_a_draw_of_their_own() -> None:
    found = replay(Recipe(entries=ENTRIES), "k")
    assert [p.entry for p in sorted(found, key=lambda p: p.lot)] == draw.order(ENTRIES, "k/lots")


def test_in_two_stages_the_drawn_numbers_are_the_order() -> None:
    found = replay(Recipe(entries=ENTRIES, two_stage=True), "k")
    assert {one.entry: one.number for one in draw.two_stage(ENTRIES, "k")} == {p.entry: p.position for p in found}


def test_the_best_seed_of_each_heat_has_the_middle_lane() -> None:
    recipe = Recipe(entries=ENTRIES, heat_size=4, seeds=("7", "9", "2"), lanes=tuple(lanes.centred(4)))
    found = {place.entry: place for place in replay(recipe, "k")}
    assert {found[seed].heat for seed in recipe.seeds} == {1, 2, 3}
    assert {found[seed].station for seed in recipe.seeds} == {2}


def test_a_format_in_which_entries_meet_asks_for_an_order_of_strength() -> None:
    recipe = Recipe(entries=ENTRIES, seeds=("7", "9"), meeting=Meeting(format="knock_out"))
    assert [place.entry for place in replay(recipe, "k")][:2] == ["7", "9"]


@pytest.mark.parametrize(
    "changes",
    [
        {"entries": ("1", "1")},
        {"seeds": ("7", "7")},
        {"seeds": ("99",)},
        {"heat_size": 4, "lanes": (1, 2, 3)},
        {"heat_size": 4, "lanes": (1, 2, 3, 3)},
    ],
)
def test_a_recipe_that_contradicts_itself_is_refused(changes: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=r"once|entry|lane"):
        replay(replace(Recipe(entries=ENTRIES), **changes), "k")  # type: ignore[arg-type]  # on purpose


def test_a_union_that_is_too_large_is_named_with_the_size_that_would_do() -> None:
    unions = dict.fromkeys(ENTRIES[:5], "large") | dict.fromkeys(ENTRIES[5:7], "small")
    recipe = Recipe(entries=ENTRIES, heat_size=4, unions=unions)
    (crowd,) = outlook(recipe).too_many
    assert (crowd.union, crowd.entries, crowd.least, crowd.most, crowd.heat_size) == ("large", 5, 1, 2, 2)
    assert outlook(replace(recipe, heat_size=2)).too_many == ()
    assert [crowd.union for crowd in outlook(replace(recipe, heat_size=3)).too_many] == ["large"]


def published(recipe: Recipe, key: str | None, /, **others: object) -> Document:
    """A draw as we publish it."""
    places = replay(recipe, key) if key is not None else by_hand(recipe, recipe.entries[::-1])
    method = "manual" if key is None else "key"
    made = Document(
        list_digest=draw.digest(recipe.entries), recipe_digest=digest(recipe), method=method,  # type: ignore[arg-type]
        key=key, recipe=recipe, start_list=tuple(places),
    )  # fmt: skip
    return replace(made, **others)  # type: ignore[arg-type]


@given(recipes(), st.one_of(st.none(), st.text(max_size=4)))
def test_a_published_draw_is_made_again_from_its_file(recipe: Recipe, key: str | None) -> None:
    read = msgspec.json.decode(msgspec.json.encode(published(recipe, key)), type=Document)
    assert differences(read) == []
    assert canonical(recipe) == canonical(read.recipe or recipe)


def test_whatever_was_changed_afterwards_shows() -> None:
    recipe = Recipe(entries=ENTRIES, heat_size=4, unions=UNIONS, apart="possible")
    other = replace(recipe, entries=ENTRIES[::-1])
    assert {one.what for one in differences(published(recipe, "k", recipe=other))} == {"list", "recipe", "place"}
    assert {one.what for one in differences(published(recipe, "k", recipe=replace(recipe, salt="x")))} == {"recipe"}
    assert [one.what for one in differences(published(recipe, "k", method="secret", commitment="x"))] == ["key"]
    first, second, *rest = published(recipe, "k").start_list
    swapped = (Placed(1, 1, 1, second.entry, second.lot), Placed(2, 1, 2, first.entry, first.lot), *rest)
    found = differences(published(recipe, "k", start_list=swapped))
    assert [(one.what, one.position) for one in found] == [("place", 1), ("place", 2)]
    assert [one.position for one in differences(published(recipe, "k", start_list=swapped[:-1]))] == [1, 2, 12]


def test_without_key_or_recipe_nothing_is_made_again() -> None:
    recipe = Recipe(entries=ENTRIES)
    for missing in ({"recipe": None}, {"key": None}):
        with pytest.raises(ValueError, match="needed"):
            again(published(recipe, "k", **missing))
