"""Two versions of a scheme beside each other: what came, what went, what changed, field by field."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Literal

from scoring.editing import Document, spots

What = Literal["added", "removed", "changed"]
Part = Literal["scheme", "node", "standings", "scaled", "award", "advance", "promotion", "section"]
GRANTS: dict[str, Part] = {"awards": "award", "advance": "advance", "promotions": "promotion", "standard": "section"}
# What a part has beside fields of its own, and what nobody reads who compares rules.
APART = frozenset({"key", "children", "example", "format", *GRANTS, "root", "aside", "standings", "scaled"})
NUMBER = re.compile(r"-?\d+(\.\d+)?")


@dataclass(frozen=True, slots=True)
class Field:
    """One field, its name dotted; None: it is not there."""

    name: str
    before: object
    after: object


@dataclass(frozen=True, slots=True)
class Change:
    """One part of the document: its key (the number of a step), its title in the later version that has it."""

    what: What
    part: Part
    key: str
    title: Mapping[str, str]
    fields: tuple[Field, ...] = ()


def changes(before: Document, after: Document) -> list[Change]:
    """Every difference between two sound documents, in the order of the later one; what was taken away comes last."""
    old, new = parts(before), parts(after)
    found = [change for key, value in new.items() if (change := between(key, old.get(key), value))]
    gone = [between(key, value, None) for key, value in old.items() if key not in new]
    return found + [change for change in gone if change]


def between(key: tuple[Part, str], old: Document | None, new: Document | None) -> Change | None:
    """What became of one part."""
    told = new if new is not None else old or {}
    title = told.get("title")
    head = (*key, title if isinstance(title, dict) else {})
    flat, later = fields(old or {}), fields(new or {})
    names = [*later, *(name for name in flat if name not in later)]
    differ = tuple(Field(name, flat.get(name), later.get(name)) for name in names if flat.get(name) != later.get(name))
    if old is None or new is None:
        return Change("removed" if new is None else "added", *head, differ)
    return Change("changed", *head, differ) if differ else None


def parts(document: Document) -> dict[tuple[Part, str], Document]:
    """Every part by what it is and its key, in the order of the document."""
    found: dict[tuple[Part, str], Document] = {("scheme", ""): document}
    nodes = {spot.at: spot.node for spot in spots(document)}
    for at, node in nodes.items():
        above = nodes.get(at.rpartition("/children/")[0])
        found["node", str(node.get("key"))] = node | placed(at, node, above)
    for name in ("standings", "scaled"):
        if isinstance(document.get(name), dict):
            found[name, ""] = document[name]
    for name, part in GRANTS.items():
        for place, item in enumerate(document.get(name, []), 1):
            found[part, str(item.get("key", place))] = item
    return found


def placed(at: str, node: Document, above: Document | None) -> Document:
    """Where a node stands: under which other one, and its children in their order."""
    under = str(above.get("key")) if above else "aside" if at.startswith("/aside") else "root"
    order = [str(child.get("key")) for child in node.get("children", [])]
    return {"under": under} | ({"order": order} if order else {})


def fields(part: Document) -> dict[str, object]:
    """The fields of a part, those of objects inside by dotted names; numbers as they are worth, not as written."""
    return dict(flat({name: value for name, value in part.items() if name not in APART}, ""))


def flat(holder: Mapping[str, Any], before: str) -> Iterator[tuple[str, object]]:
    """Field by field."""
    for name, value in holder.items():
        if name == "round" and not isinstance(value, dict):
            yield f"{before}round.digits", plain(value)
        elif isinstance(value, dict) and value:
            yield from flat(value, f"{before}{name}.")
        else:
            yield f"{before}{name}", plain(value)


def plain(value: object) -> object:
    """A value in the one form that equal values share."""
    if isinstance(value, dict):
        return {name: plain(inside) for name, inside in value.items()}
    if isinstance(value, list):
        return [plain(inside) for inside in value]
    if isinstance(value, bool) or value is None:
        return value
    text = f"{value:f}" if isinstance(value, Decimal) else str(value)
    if not NUMBER.fullmatch(text):
        return text
    return text.rstrip("0").rstrip(".") if "." in text else text
