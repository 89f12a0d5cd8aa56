"""A published draw, from which anybody makes the start list again; and what does not come out as published."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import zip_longest
from typing import Literal

from scoring import draw
from scoring.recipes import FORMAT, Placed, Recipe, by_hand, digest, replay

Method = Literal["key", "secret", "manual"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """What is published of a draw. Before it may be known, `recipe`, `key` and the lists are not there.

    `list_digest` is that of the entries, one a line; `recipe_digest` that of the canonical recipe; both were published
    before the key was known. `method`: key (public, from `source`), secret (`commitment` is the SHA-256 of the key),
    manual (set by hand: there is no key). `late`: who came after the draw and starts behind all others.
    """

    list_digest: str
    recipe_digest: str
    method: Method
    source: str = ""
    commitment: str = ""
    key: str | None = None
    recipe: Recipe | None = None
    start_list: tuple[Placed, ...] = ()
    late: tuple[Placed, ...] = ()
    drawn_at: str = ""
    format: str = FORMAT


@dataclass(frozen=True, slots=True)
class Difference:
    """What is not as published: `what` is list, recipe, key, or place (then at which position, published and found)."""

    what: Literal["list", "recipe", "key", "place"]
    published: str
    found: str
    position: int = 0


def again(document: Document) -> list[Placed]:
    """The start list once more. ValueError where something is missing for it, or contradicts itself."""
    if document.recipe is None or (document.key is None and document.method != "manual"):
        raise ValueError("recipe and key are needed")
    if document.key is not None:
        return replay(document.recipe, document.key)
    return by_hand(document.recipe, [place.entry for place in sorted(document.start_list, key=lambda place: place.lot)])


def differences(document: Document) -> list[Difference]:
    """Everything that is not as published; nothing if all of it is. ValueError as in `again`."""
    found = again(document)
    assert document.recipe is not None
    fingerprints = [
        Difference("list", document.list_digest, draw.digest(document.recipe.entries)),
        Difference("recipe", document.recipe_digest, digest(document.recipe)),
    ]
    if document.method == "secret":
        key = hashlib.sha256((document.key or "").encode()).hexdigest()
        fingerprints.append(Difference("key", document.commitment, key))
    wrong = [one for one in fingerprints if one.published != one.found]
    return [*wrong, *places(document.start_list, found)]


def places(published: tuple[Placed, ...], found: list[Placed]) -> Iterator[Difference]:
    """Every place that is another."""
    for position, (one, other) in enumerate(zip_longest(published, found), 1):
        if one != other:
            yield Difference("place", line(one), line(other), position)


def line(place: Placed | None) -> str:
    """A line of a start list as text: position, heat, station, entry, lot, with tabs."""
    if place is None:
        return ""
    return "\t".join(map(str, (place.position, place.heat, place.station, place.entry, place.lot)))
