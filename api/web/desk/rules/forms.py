"""A part of a scheme document as a form, and what was typed in it put into the document."""

import copy
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from msgspec import Struct

from api.web.desk.rules import choosing, fields, rows
from api.web.desk.rules.faults import PART
from api.web.desk.rules.fields import Field, Given
from api.web.desk.rules.parts import ANCHORS, GRANTS, SCALED, SCHEME, STANDARD, STANDINGS, Group, One, groups
from api.web.desk.rules.rows import Rows
from api.web.forms import Form, Option
from api.wording import Lang, say, texts
from scoring import comparing, editing
from scoring.editing import Document
from scoring.schemes.nodes import HABITS

WIDE = (SCHEME, STANDINGS, SCALED, STANDARD)  # their fields are named from the top of the document
APART = frozenset({"root", "aside", "standings", "scaled", "standard", "kind", "children", "under", "order", *GRANTS})
# What a new node of each kind begins with.
BEGUN: dict[str, Document] = {
    "criterion": {"children": []},
    "panel": {"judges": 3, "scale": {"min": "0", "max": "10"}},
    "judgement": {"value": "10"},
    "measurement": {"scale": {"min": "0", "max": "10"}},
    "pass": {"value": "5"},
    "count": {"value": "1"},
    "given": {"scale": {"min": "0", "max": "10"}},
}
AREAS = {"pairs": 4, "levels": 5}
FIGURES = {"decimal": "decimal", "whole": "numeric"}


class Shown(Struct, frozen=True, kw_only=True):
    """One field as the page shows it; `rows`: for each row its cells."""

    name: str
    kind: str
    label: str
    hint: str = ""
    options: list[Option] = []
    blank: str = "–"
    lines: int = 0
    inputmode: str = ""
    rows: list[list["Shown"]] = []


def holder(document: Document, at: str) -> Document | None:
    """Where the fields of a part are; None when there is no such part."""
    if at in WIDE:
        return document
    found = editing.found(document, at) if PART.fullmatch(at) else None
    return found if isinstance(found, dict) else None


def fields_of(document: Document, at: str) -> list[Group]:
    """The fields of a part that is there."""
    found = holder(document, at)
    return groups(at, found or {})


def prefix(at: str) -> str:
    """What stands before the paths of a part's fields."""
    return "" if at in WIDE else at


def given(document: Document, at: str) -> dict[str, str]:
    """Everything that the part has, as the form shows it."""
    found = holder(document, at) or {}
    told: dict[str, str] = {}
    for one in every(fields_of(document, at)):
        told |= rows.cells(found, one) if isinstance(one, Rows) else fields.shown(found, one)
    return told


def every(listed: Iterable[Group]) -> list[One]:
    """The fields of all groups."""
    return [one for group in listed for one in group.fields]


def take(document: Document, at: str, typed: Given) -> Document:
    """What was typed in a part's form, in a copy of the document; a changed key changes wherever it is named."""
    made = copy.deepcopy(document)
    found = holder(made, at)
    if found is None:
        return made
    old, kind = found.get("key"), found.get("kind")
    for one in every(fields_of(document, at)):
        if isinstance(one, Rows):
            rows.take(found, one, typed)
        else:
            fields.taken(found, one, typed)
    drop_unanchored(found)
    if found.get("kind") != kind:
        fit_kind(found)
    new = found.get("key")
    moved = isinstance(old, str) and isinstance(new, str) and old != new and at.startswith(("/root", "/aside"))
    return editing.renamed(made, str(old), str(new)) if moved and old not in keys(made) else made


def keys(document: Document) -> set[str]:
    """The keys of all nodes."""
    return editing.keys(document, "/root")


def drop_unanchored(found: Document) -> None:
    """Take away objects that nothing holds any more, such as repeats without a number."""
    for name, anchors in ANCHORS.items():
        for inside in (found, found.get("standings")):
            kept = inside.get(name) if isinstance(inside, dict) else None
            if isinstance(kept, dict) and not any(anchor in kept for anchor in anchors):
                inside.pop(name)  # type: ignore[union-attr]  # it has one


def fit_kind(found: Document) -> None:
    """What another kind of aspect has no use for goes; what it needs is there to be changed."""
    habit = next((habit for kind, habit in HABITS.items() if kind == found.get("kind")), None)
    if habit is None:
        return
    if habit.value == "never":
        found.pop("value", None)
    for name, value in copy.deepcopy(BEGUN).get(str(found["kind"]), {}).items():
        found.setdefault(name, value)


def kept(document: Document, at: str) -> list[str]:
    """What the part has beside what its form shows."""
    known = [one.path for one in every(fields_of(document, at))]
    told = (tuple(name.split(".")) for name in comparing.fields(own(document, at)))
    found = {".".join(path) for path in told if not any(path[: len(one)] == one for one in known)}
    return sorted(found | ({"example"} if at == SCHEME and "example" in document else set()))


def own(document: Document, at: str) -> Document:
    """The part alone."""
    found = holder(document, at) or {}
    if at == SCHEME:
        return {name: value for name, value in found.items() if name not in APART | {"format", "example"}}
    if at in WIDE:
        name = at.removeprefix("/")
        return {} if at == STANDARD else {name: found.get(name, {})}
    return {name: value for name, value in found.items() if name not in APART}


class Page(NamedTuple):
    """What a form is shown from."""

    document: Document
    at: str
    form: Form
    lang: Lang

    def options(self, one: Field, name: str) -> list[Option]:
        """The choices of a field."""
        choice = one.options and one.kind in ("choice", "take")
        value = self.form.given.get(name, "")
        return choosing.options(self.document, one, self.lang, value) if choice else []


def shown(document: Document, at: str, form: Form, lang: Lang) -> list[dict[str, object]]:
    """The groups of a part's form, ready for the page; those with something in them, or wrong, are open."""
    page = Page(document, at, form, lang)
    return [
        {
            "name": group.name,
            "title": say(lang, f"scheme.group_{group.name}") if group.name else "",
            "fields": [_shown(page, one) for one in group.fields],
            "open": any(_filled(one, form) for one in group.fields),
        }
        for group in fields_of(document, at)
    ]


def _filled(one: One, form: Form) -> bool:
    """Whether a field is wrong, or has something in it that not every part has."""
    names = [name for name in (*form.given, *form.errors) if name == one.name or name.startswith(f"{one.name}_")]
    return any(form.errors.get(name) or (one.name != "key" and form.given.get(name)) for name in names)


def _shown(page: Page, one: One) -> Shown:
    hint = f"scheme.hint_{one.name}"
    told = say(page.lang, hint) if hint in texts(page.lang) else ""
    label = _label(one, page.lang)
    if isinstance(one, Rows):
        count = len(rows.listed(holder(page.document, page.at) or {}, one)) + rows.SPARE
        listed = [[_cell(page, one, cell, number) for cell in one.columns] for number in range(count)]
        return Shown(name=one.name, kind="rows", label=label, hint=told, rows=listed)
    return Shown(
        name=one.name, kind=KINDS.get(one.kind, "line"), label=label, hint=told, lines=AREAS.get(one.kind, 0),
        inputmode=FIGURES.get(one.kind, ""), options=page.options(one, one.name), blank=_blank(one, page.lang),
    )  # fmt: skip


KINDS = {
    "both": "both", "choice": "select", "take": "select", "tick": "tick", "there": "tick", "one": "tick",
    "pairs": "area", "levels": "area",
}  # fmt: skip


def _cell(page: Page, one: Rows, column: Field, number: int) -> Shown:
    name = f"{one.name}_{number}_{column.name}"
    label = say(page.lang, f"scheme.field_{one.name}_{column.name}")
    return Shown(
        name=name, kind=KINDS.get(column.kind, "line"), label=f"{number + 1}. {label}",
        inputmode=FIGURES.get(column.kind, ""), options=page.options(column, name),
    )  # fmt: skip


def _blank(one: Field, lang: Lang) -> str:
    """What stands for a choice that was not made: what is usual, nothing, or no such choice."""
    if one.name == "kind":
        return ""
    own = f"scheme.usual_{one.name}"
    return "–" if isinstance(one.options, str) else say(lang, own if own in texts(lang) else "scheme.usual")


def _label(one: One, lang: Lang) -> str:
    known: Mapping[str, str] = texts(lang)
    keys = (f"scheme.field_{one.name}", f"scheme.field_{one.path[-1]}")
    return next((known[key] for key in keys if key in known), one.name)
