"""A draw as data: what was settled before the key was known (the recipe), and everything that follows from the key.

`replay` gives the start list of a recipe and a key; the same for everybody, so a published draw can be made again. The
ways to draw, from the published order of `entries`:

- one heat: the order of `draw.order` (or `draw.two_stage`); with unions apart, rearranged by `starting.apart`;
- several heats: that order cut into even heats; with unions apart or seeds, `spreading.drawn` instead;
- lanes: in a heat the seeds, the best first, and then the others in drawn order get the lanes in the order wished;
- for a format in which entries meet, an order of strength: the seeds, then the others as drawn.

Whoever is equal in everything is parted by `lots`, a draw of its own from the same key.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Literal

from scoring import draw, lanes, spreading, starting
from scoring.pairing.formats import Meeting

FORMAT = "magpie-draw/1"
Apart = Literal["off", "possible", "required"]
Branch = Literal["union", "county", "delegation"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipe:
    """What is settled before the key is known. `entries` in published order; the best of the `seeds` first.

    `unions`: by entry, the part of the tree whose members are kept apart, which is its `branch`; `lanes`: as they are
    given, none for 1, 2, 3 ...; `meeting`: how entries meet, if they do; `salt` keeps the digest from being guessed.
    """

    entries: tuple[str, ...]
    heat_size: int | None = None
    apart: Apart = "off"
    unions: dict[str, str] = field(default_factory=dict)
    branch: Branch = "union"
    seeds: tuple[str, ...] = ()
    lanes: tuple[int, ...] = ()
    two_stage: bool = False
    meeting: Meeting | None = None
    salt: str = ""

    @property
    def size(self) -> int:
        """How many a heat holds at most."""
        return self.heat_size or max(len(self.entries), 1)

    @property
    def heats(self) -> int:
        """How many heats there are."""
        return spreading.heats_for(len(self.entries), self.size)

    @property
    def parted(self) -> Mapping[str, str]:
        """The unions that are kept apart; none if that is off."""
        return {} if self.apart == "off" else self.unions


@dataclass(frozen=True, slots=True)
class Placed:
    """A line of a start list, all numbers from 1; `lot` parts those who are equal in everything, the smaller first."""

    position: int
    heat: int
    station: int
    entry: str
    lot: int


def replay(recipe: Recipe, key: str) -> list[Placed]:
    """The start list. ValueError for a recipe that contradicts itself."""
    check(recipe)
    lots = {entry: lot for lot, entry in enumerate(draw.order(recipe.entries, draw.part(key, "lots")), 1)}
    return seated(heats(recipe, key), recipe, lots)


def by_hand(recipe: Recipe, order: Sequence[str]) -> list[Placed]:
    """The start list of an order that somebody has set; it is the lot, too."""
    check(recipe)
    lots = {entry: lot for lot, entry in enumerate(order, 1)}
    return seated(draw.heats(order, recipe.size), recipe, lots)


def check(recipe: Recipe) -> None:
    """ValueError for entries or seeds named twice, seeds that are no entries, too few lanes."""
    known = set(recipe.entries)
    if len(known) < len(recipe.entries) or len(set(recipe.seeds)) < len(recipe.seeds):
        raise ValueError("each entry and each seed once")
    if not known.issuperset(recipe.seeds):
        raise ValueError("a seed is an entry")
    if recipe.lanes and (len(set(recipe.lanes)) < len(recipe.lanes) or len(recipe.lanes) < largest(recipe)):
        raise ValueError("a lane for each entry of a heat, each lane once")


def largest(recipe: Recipe) -> int:
    """How many there are in the largest heat."""
    return -(-len(recipe.entries) // recipe.heats) if recipe.entries else 0


def heats(recipe: Recipe, key: str) -> list[list[str]]:
    """Who is in which heat, in drawn order."""
    if recipe.meeting:
        return [strength(recipe, key)]
    if recipe.heats > 1 and (recipe.parted or recipe.seeds):
        return spreading.drawn(recipe.entries, recipe.size, recipe.parted, key, seeds=recipe.seeds)
    order = turns(recipe, key)
    if recipe.heats == 1 and recipe.parted:
        order = starting.apart(order, recipe.parted)
    return draw.heats(order, recipe.size)


def turns(recipe: Recipe, key: str) -> list[str]:
    """The plain drawn order, in one stage or two."""
    if recipe.two_stage:
        return [one.entry for one in sorted(draw.two_stage(recipe.entries, key), key=lambda one: one.number)]
    return draw.order(recipe.entries, key)


def strength(recipe: Recipe, key: str) -> list[str]:
    """The seeds, then the others as drawn."""
    return [*recipe.seeds, *(entry for entry in turns(recipe, key) if entry not in recipe.seeds)]


def seated(found: Sequence[Sequence[str]], recipe: Recipe, lots: Mapping[str, int]) -> list[Placed]:
    """A station for everybody, heat by heat."""
    rows = [
        (number, station, entry)
        for number, heat in enumerate(found, 1)
        for station, entry in stations(heat, recipe)
    ]  # fmt: skip
    return [Placed(position, *row, lots[row[-1]]) for position, row in enumerate(rows, 1)]


def stations(heat: Sequence[str], recipe: Recipe) -> list[tuple[int, str]]:
    """Station and entry, in order of stations."""
    if not recipe.lanes:
        return list(enumerate(heat, 1))
    place = {entry: at for at, entry in enumerate(recipe.seeds)}
    return lanes.lanes(sorted(heat, key=lambda entry: place.get(entry, len(place))), recipe.lanes)


def canonical(recipe: Recipe) -> str:
    """The recipe as one text, the same for everybody: JSON, keys in order, no blanks."""
    return json.dumps(asdict(recipe), ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def digest(recipe: Recipe) -> str:
    """The fingerprint (hex) of a recipe."""
    return hashlib.sha256(canonical(recipe).encode()).hexdigest()
