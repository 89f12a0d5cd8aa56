"""A scheme document out of rows, with everything that is wrong at row and column."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from decimal import Decimal

from scoring import schemes
from scoring.problems import Param, Problem
from scoring.schemes.nodes import DEPTH, HABITS
from scoring.schemes.parsing import FORMAT
from scoring.schemes.reading import KEY
from scoring.sheets.columns import COLUMNS, LIMITS, LISTS, PLAIN, ROW_KINDS, SINGLE, TOTAL, WHOLE, Cells, kind_of

Document = dict[str, object]
Path = tuple[str, ...]
# Which column a field of a document stands in; what is not named here stands in the last one.
OF_FIELD = {
    "key": "aspect", "kind": "kind", "title/zh": "title_zh", "title/en": "title_en", "zh": "title_zh", "en": "title_en",
    "scale/min": "min", "scale/max": "max", "scale/step": "step", "scale": "max", "convert/target": "target",
    "convert/table": "points", "convert": "points", "levels": "levels_zh", "round": "round",
    **{name: name for name in PLAIN},
}  # fmt: skip
YES = frozenset({"yes", "y", "1", "true", "x", "是", "另计"})


def document(rows: Iterable[tuple[int, Cells]]) -> tuple[Document, tuple[Problem, ...]]:
    """The document that some rows (by number) describe, and every problem; no problem: it is a scheme."""
    found = Sheet()
    for number, cells in rows:
        Line(found, number, cells).take()
    made = found.document()
    try:
        schemes.parse(made)
    except schemes.SchemeError as error:
        found.problems += [problem for one in error.problems if (problem := found.placed(one, made))]
    return made, tuple(sorted(found.problems, key=lambda problem: int(problem.pointer.split("/")[2])))


@dataclass
class Sheet:
    """What was read so far: parts of the scheme, nodes by heading, and from which row each came."""

    problems: list[Problem] = field(default_factory=list)
    parts: Document = field(default_factory=dict)
    total: Document | None = None
    top: list[Document] = field(default_factory=list)
    aside: list[Document] = field(default_factory=list)
    headings: dict[Path, Document] = field(default_factory=dict)
    keys: set[str] = field(default_factory=set)
    sections: dict[str, str] = field(default_factory=dict)
    rows: dict[int, int] = field(default_factory=dict)
    first: int = 1

    def document(self) -> Document:
        """The whole document."""
        title = {"zh": "评分办法", "en": "Scheme"}
        nodes: Document = {"root": self.root()} if self.top or self.total else {}
        if not nodes:
            self.problems.append(Problem(f"/rows/{self.first}/aspect", "nothing_to_mark"))
        if self.aside:
            nodes["aside"] = self.aside
        return {"format": FORMAT, "key": "scheme", "title": title, **self.standard(), **self.parts, **nodes}

    def standard(self) -> Document:
        """The sections that aspects name; where rows declare them, these count."""
        found = [{"key": key, "title": {"zh": name, "en": name}} for name, key in self.sections.items()]
        return {"standard": found} if found else {}

    def section(self, name: str) -> str:
        """The key of a section: its name, if that can be one."""
        return self.sections.setdefault(name, name if KEY.fullmatch(name) else f"s{len(self.sections) + 1}")

    def root(self) -> Document:
        """The node that holds all others: the one of the row for the total, the only one, or a plain sum."""
        if self.total is not None:
            self.total["children"] = self.top
            return self.total
        if len(self.top) == 1:
            return self.top[0]
        title = {"zh": "总分", "en": "Total"}
        return {"kind": "criterion", "key": self.unused(TOTAL), "title": title, "children": self.top}

    def children(self, path: Path, number: int, *, aside: bool) -> list[Document]:
        """Where nodes below a heading go; a heading that has no row of its own is made here."""
        if not path:
            return self.aside if aside else self.top
        found = self.heading(path, number, aside=aside)["children"]
        assert isinstance(found, list)
        return found

    def heading(self, path: Path, number: int, *, aside: bool) -> Document:
        """The criterion of this path."""
        if path not in self.headings:
            name = path[-1]
            title = {"zh": name, "en": name}
            made: Document = {"kind": "criterion", "key": self.key(path), "title": title, "children": []}
            self.headings[path] = made
            self.rows[id(made)] = number
            self.children(path[:-1], number, aside=aside).append(made)
        return self.headings[path]

    def key(self, path: Path) -> str:
        """The key of a heading or an aspect: what it is called, as far as that can be a key and is not taken."""
        name = path[-1]
        if not KEY.fullmatch(name):
            return self.unused("n1")
        return self.unused(name if name not in self.keys else ".".join(one for one in path if KEY.fullmatch(one))[:60])

    def unused(self, key: str) -> str:
        """A key that nothing has yet."""
        stem, number = key.rstrip("0123456789") or key, 1
        while key in self.keys:
            key, number = f"{stem}{number}", number + 1
        self.keys.add(key)
        return key

    def placed(self, problem: Problem, made: Document) -> Problem | None:
        """A problem of the document at its row and column; None where the cell was found wrong already."""
        parts = problem.pointer.split("/")[1:]
        if "root" not in made and problem.pointer == "/root":
            return None
        number, depth = self.row_of(made, parts)
        if parts[depth:] == ["children"] and problem.code == "wrong_length" and problem.params["least"]:
            unread = any(one.code == "row_kind" for one in self.problems)
            return None if unread else Problem(f"/rows/{number}/kind", "nothing_to_mark")
        column = column_of(parts[depth:])
        pointer = f"/rows/{number}/{column}"
        broken = {one.pointer for one in self.problems if one.code in OURS}
        lost = problem.code == "missing_field" and f"/rows/{number}/more" in broken
        return None if lost or pointer in broken else Problem(pointer, problem.code, problem.params)

    def row_of(self, made: Document, parts: list[str]) -> tuple[int, int]:
        """The row of the innermost thing on the way that has one, and how deep it lies."""
        found: object = made
        number, depth = self.first, 0
        for position, part in enumerate(parts, 1):
            found = inside(found, part)
            if id(found) in self.rows:
                number, depth = self.rows[id(found)], position
        return number, depth


def inside(found: object, part: str) -> object:
    """What lies under a part of a pointer; None where there is nothing."""
    if isinstance(found, dict):
        return found.get(part)
    return found[int(part)] if isinstance(found, list) and part.isdigit() and int(part) < len(found) else None


OURS = frozenset({"row_kind", "more_broken", "points_form", "levels_differ"})


def column_of(parts: list[str]) -> str:
    """The column in which a field stands."""
    return OF_FIELD.get("/".join(parts[:2])) or OF_FIELD.get(parts[0] if parts else "", COLUMNS[-1])


@dataclass
class Line:
    """One row."""

    sheet: Sheet
    number: int
    cells: Cells

    def take(self) -> None:
        """Put what the row says where it belongs."""
        if self.sheet.first == 1:
            self.sheet.first = self.number
        kind = kind_of(self.cell("kind"))
        if kind not in ROW_KINDS:
            self.problem("kind", "row_kind", options=" ".join(ROW_KINDS))
        elif kind in SINGLE or kind in LISTS:
            self.take_part(kind)
        else:
            self.take_node(kind)

    def cell(self, column: str) -> str:
        """A cell's text."""
        return self.cells.get(column, "").strip()

    def problem(self, column: str, code: str, **params: Param) -> None:
        """Notes what is wrong with a cell."""
        self.sheet.problems.append(Problem(f"/rows/{self.number}/{column}", code, params))

    def take_part(self, kind: str) -> None:
        """A row about the scheme as a whole."""
        made = self.named({})
        if kind == "section" and self.cell("value"):
            made["weight"] = number_text(self.cell("value"))
        self.add_more(made)
        parts = self.sheet.parts
        if kind in LISTS:
            listed = parts.setdefault(LISTS[kind], [])
            assert isinstance(listed, list)
            listed.append(made)
            self.sheet.rows[id(made)] = self.number
        elif kind == "scheme":
            parts.update(made)
        elif kind in parts:
            self.problem("kind", "part_twice", kind=kind)
        else:
            parts[kind] = made.get("title") if kind == "description" else made
            self.sheet.rows[id(parts[kind])] = self.number

    def named(self, made: Document) -> Document:
        """A part's key and title, where it has them."""
        if key := self.cell("aspect"):
            made["key"] = key
        if (zh := self.cell("title_zh")) or self.cell("title_en"):
            made["title"] = {"zh": zh or self.cell("title_en"), "en": self.cell("title_en") or zh}
        return made

    def take_node(self, kind: str) -> None:
        """A row about a node."""
        aside = self.cell("aside").casefold() in YES
        path = self.path()
        if kind == "criterion" and not self.cell("aspect") and path:
            self.fill(self.declared(path, aside=aside))
            return
        made = self.node("criterion" if kind == TOTAL else kind, path)
        self.fill(made)
        if kind == TOTAL and self.sheet.total is None:
            self.sheet.total = made
            self.sheet.rows[id(made)] = self.number
        elif kind == TOTAL:
            self.problem("kind", "part_twice", kind=kind)
        else:
            self.sheet.children(path, self.number, aside=aside).append(made)

    def node(self, kind: str, path: Path) -> Document:
        """A node with its key; one that has none, or a name that cannot be a key, is given one."""
        written = self.cell("aspect")
        name = written or self.cell("title_zh") or self.cell("title_en") or kind
        key = written if KEY.fullmatch(written) else self.sheet.key((*path, name))
        self.sheet.keys.add(key)
        made: Document = {"kind": kind, "key": key, "title": {"zh": name, "en": name}}
        self.sheet.rows[id(made)] = self.number
        return made

    def declared(self, path: Path, *, aside: bool) -> Document:
        """The heading that a row of its own is about."""
        made = self.sheet.heading(path, self.number, aside=aside)
        self.sheet.rows[id(made)] = self.number
        return made

    def path(self) -> Path:
        """The headings that the row lies under."""
        parts = [self.cell("criterion"), *self.cell("sub_criterion").split("/")]
        path = tuple(part.strip() for part in parts if part.strip())
        if len(path) > DEPTH:
            self.problem("sub_criterion", "too_deep", most=DEPTH)
        return path[:DEPTH]

    def fill(self, made: Document) -> None:
        """The fields of a node out of their columns."""
        if (zh := self.cell("title_zh")) or self.cell("title_en"):
            made["title"] = {"zh": zh or self.cell("title_en"), "en": self.cell("title_en") or zh}
        for name in (*PLAIN, "round"):
            if text := self.cell(name):
                made[name] = self.told(name, text)
        scale: Document = {name: number_text(text) for name in LIMITS if (text := self.cell(name))}
        most_entered(made, scale)
        if scale:
            made["scale"] = scale
        made |= {name: part for name, part in (("convert", self.convert()), ("levels", self.levels())) if part}
        self.add_more(made)

    def told(self, name: str, text: str) -> object:
        """A cell as the field that it stands for."""
        if name == "section":
            return self.sheet.section(text)
        return whole(text) if name in WHOLE else number_text(text)

    def convert(self) -> Document:
        """The target and the steps of points."""
        made: Document = {"target": number_text(text)} if (text := self.cell("target")) else {}
        steps = [re.split(r"[:：=]", part) for part in re.split(r"[;；\n]", self.cell("points")) if part.strip()]
        if any(len(step) != 2 for step in steps):
            self.problem("points", "points_form")
        elif steps:
            made["table"] = [{"from": number_text(start), "points": number_text(points)} for start, points in steps]
        return made

    def levels(self) -> list[Document]:
        """The texts of the levels; where one language is left out the other stands for it."""
        texts = [self.split(f"levels_{lang}") for lang in ("zh", "en")]
        zh, en = texts[0] or texts[1], texts[1] or texts[0]
        if len(zh) != len(en):
            self.problem("levels_en", "levels_differ")
        return [{"zh": one, "en": other} for one, other in zip(zh, en, strict=False)]

    def split(self, column: str) -> list[str]:
        """Texts behind each other in one cell."""
        return [part.strip() for part in re.split(r"[|｜\n]", self.cell(column)) if part.strip()]

    def add_more(self, made: Document) -> None:
        """What stands as JSON in the last column."""
        text = self.cell("more")
        if not text:
            return
        try:
            found = json.loads(text, parse_float=Decimal)
        except (ValueError, RecursionError):
            found = None
        if not isinstance(found, dict):
            self.problem("more", "more_broken")
            return
        for name in self.repeated(made, found):
            self.problem("more", "more_twice", field=name)
        made |= {name: value for name, value in found.items() if name not in made or name == "title"}

    def repeated(self, made: Document, found: Document) -> Iterator[str]:
        """Fields that both a column and the JSON say."""
        yield from (name for name in found if name in made and name != "title")


def most_entered(made: Document, scale: Document) -> None:
    """The value of a kind that has none is the most that may be entered."""
    habit = next((habit for kind, habit in HABITS.items() if kind == made["kind"]), None)
    if habit and habit.value == "never" and "value" in made:
        most = made.pop("value")
        scale.setdefault("min", "0")
        scale.setdefault("max", most)


def whole(text: str) -> object:
    """A whole number; what is none is left to be refused as it stands."""
    written = unicodedata.normalize("NFKC", text)
    return int(written) if written.isascii() and written.isdigit() and len(written) < 10 else text


def number_text(text: str) -> str:
    """A number as documents write it; what is none is left to be refused as it stands."""
    return unicodedata.normalize("NFKC", text).replace("−", "-").strip().removeprefix("+")
