"""Documents of schemes while they are written: found their way in, added to, taken from, moved. Pure: each step
gives a new document and the JSON pointer of what to look at next; a document need not be right to be edited.
"""

from __future__ import annotations

import copy
import re
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from scoring.problems import Problem

Document = dict[str, Any]
LISTS = ("aside", "standard", "awards", "advance", "promotions")
OBJECTS = ("title", "standings", "scaled")
DEPTH = 16
KEYS_LONGEST = 64


class Edited(NamedTuple):
    """A document after a step, and where the step led."""

    document: Document
    at: str


class Spot(NamedTuple):
    """A node as the document has it, with its pointer and how deep it lies."""

    at: str
    node: Document
    depth: int


def sound(document: Mapping[str, object]) -> list[Problem]:
    """What would keep anybody from finding their way in a document: parts that are no objects or lists."""
    found = [Problem(f"/{name}", "not_object") for name in OBJECTS if not isinstance(document.get(name, {}), dict)]
    found += [Problem("/root", "missing_field")] if "root" not in document else []
    for name in LISTS:
        found += unsound(document.get(name, []), f"/{name}")
    standings = document.get("standings")
    if isinstance(standings, dict):
        found += unsound(standings.get("tie_breaks", []), "/standings/tie_breaks")
    return found + (list(unsound_below(document["root"], "/root", 1)) if "root" in document else [])


def unsound(listed: object, pointer: str) -> list[Problem]:
    """A list of objects, and nodes with all below them."""
    if not isinstance(listed, list):
        return [Problem(pointer, "not_list")]
    return [problem for place, item in enumerate(listed) for problem in unsound_below(item, f"{pointer}/{place}", 1)]


def unsound_below(node: object, pointer: str, depth: int) -> Iterator[Problem]:
    """A node and its children."""
    if not isinstance(node, dict):
        yield Problem(pointer, "not_object")
    elif depth > DEPTH:
        yield Problem(pointer, "too_deep", {"most": DEPTH})
    elif not isinstance(node.get("children", []), list):
        yield Problem(f"{pointer}/children", "not_list")
    else:
        for place, child in enumerate(node.get("children", [])):
            yield from unsound_below(child, f"{pointer}/children/{place}", depth + 1)


def spots(document: Document) -> Iterator[Spot]:
    """Every node of a sound document, top down, the root first, `aside` last."""
    if isinstance(document.get("root"), dict):
        yield from below(document["root"], "/root", 0)
    for place, node in enumerate(document.get("aside", [])):
        yield from below(node, f"/aside/{place}", 0)


def below(node: Document, at: str, depth: int) -> Iterator[Spot]:
    """A node and all under it."""
    yield Spot(at, node, depth)
    for place, child in enumerate(node.get("children", [])):
        yield from below(child, f"{at}/children/{place}", depth + 1)


def found(document: Document, at: str) -> Any:
    """What a pointer names; None when there is nothing."""
    here: Any = document
    for step in at.split("/")[1:]:
        if isinstance(here, dict):
            here = here.get(step)
        elif isinstance(here, list) and step.isdecimal() and int(step) < len(here):
            here = here[int(step)]
        else:
            return None
    return here


def place_of(document: Document, key: str) -> str:
    """The pointer of the node with a key; "" when there is none."""
    return next((spot.at for spot in spots(document) if spot.node.get("key") == key), "")


def added(document: Document, listed: str, item: Document, place: int | None = None) -> Edited:
    """One more at the end of a list, or at a place in it; a list that is not there yet is begun."""
    made = copy.deepcopy(document)
    owner, _, name = listed.rpartition("/")
    holder = found(made, owner)
    items = holder.setdefault(name, [])
    place = len(items) if place is None else place
    items.insert(place, copy.deepcopy(item))
    return Edited(made, f"{listed}/{place}")


def removed(document: Document, at: str) -> Edited:
    """Without what a pointer names; a list that was emptied goes as well, except the children of a criterion."""
    made = copy.deepcopy(document)
    owner, _, name = at.rpartition("/")
    holder = found(made, owner)
    if not isinstance(holder, list):
        holder.pop(name, None)
        return Edited(made, owner)
    holder.pop(int(name))
    above = owner.rpartition("/")[0]
    if not holder and not owner.endswith("/children"):
        found(made, above).pop(owner.rpartition("/")[2])
    if holder and owner.endswith("/children"):
        return Edited(made, f"{owner}/{min(int(name), len(holder) - 1)}")
    return Edited(made, above)


def moved(document: Document, at: str, by: int) -> Edited:
    """Up (-1) or down (1) among its neighbours; at the end of the list it stays."""
    made = copy.deepcopy(document)
    owner, _, name = at.rpartition("/")
    items, place = found(made, owner), int(name)
    to = place + by
    if not 0 <= to < len(items):
        return Edited(made, at)
    items[place], items[to] = items[to], items[place]
    return Edited(made, f"{owner}/{to}")


def put_under(document: Document, at: str, parent: str) -> Edited:
    """A node with all below it as the last child of a criterion that is not inside itself, or beside the score."""
    if parent == at or parent.startswith(f"{at}/"):
        return Edited(document, at)
    made = copy.deepcopy(document)
    owner, _, name = at.rpartition("/")
    target = made.setdefault("aside", []) if parent == "/aside" else found(made, parent).setdefault("children", [])
    node = found(made, owner).pop(int(name))
    target.append(node)
    if owner == "/aside" and not made["aside"]:
        made.pop("aside")
    return Edited(made, next(spot.at for spot in spots(made) if spot.node is node))


def copied(document: Document, at: str) -> Edited:
    """The same once more, right after it, with keys of its own."""
    owner, _, name = at.rpartition("/")
    item = copy.deepcopy(found(document, at))
    taken = keys(document, owner)
    for spot in below(item, "", 0):
        if isinstance(spot.node.get("key"), str):
            spot.node["key"] = fresh(taken, spot.node["key"])
            taken.add(spot.node["key"])
    return added(document, owner, item, int(name) + 1)


def keys(document: Document, owner: str) -> set[str]:
    """The keys that are taken in the list that `owner` names: those of all nodes, or of the grants beside it."""
    if owner.startswith(("/root", "/aside")):
        return {str(spot.node.get("key")) for spot in spots(document)}
    return {str(item.get("key")) for item in found(document, owner) or []}


def fresh(taken: set[str], wish: str) -> str:
    """A key that is not taken: the wish, or the wish with a number."""
    stem = re.sub(r"[^A-Za-z0-9_.-]+", "_", wish).strip("_.-").lower()[: KEYS_LONGEST - 6] or "part"
    stem = re.sub(r"_\d+$", "", stem) if stem in taken else stem
    return stem if stem not in taken else next(key for n in range(2, 10**5) if (key := f"{stem}_{n}") not in taken)


def renamed(document: Document, old: str, new: str) -> Document:
    """A node's key changed wherever the document names it: tie-breaks, nodes used again, needs, sample marks."""
    made = copy.deepcopy(document)
    for spot in spots(made):
        swap(spot.node, "key", old, new)
        swap(spot.node, "of", old, new)
    for step in made.get("standings", {}).get("tie_breaks", []):
        swap(step, "node", old, new)
    for grant in (one for name in ("awards", "advance", "promotions") for one in made.get(name, [])):
        needs = grant.get("needs")
        for taker in (*(needs if isinstance(needs, list) else ()), grant.get("tolerance")):
            swap(taker, "node", old, new)
    return made


def swap(holder: object, name: str, old: str, new: str) -> None:
    """One field that names a key."""
    if isinstance(holder, dict) and holder.get(name) == old:
        holder[name] = new
