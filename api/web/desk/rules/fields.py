"""Fields of a scheme document as fields of a form. What is typed goes into the document as it is, right or wrong:
the document keeps it, and its problems are told at the field.
"""

import json
import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from typing import Any, Literal, NamedTuple

Kind = Literal[
    "line", "both", "whole", "decimal", "choice", "tick", "there", "one", "take", "numbers", "words", "pairs", "levels"
]  # fmt: skip
Given = Mapping[str, str]
Value = Any
MISSING = object()
NODE = "node:"
WHOLE = re.compile(r"-?\d{1,9}")
NUMBER = re.compile(r"-?\d+(\.\d+)?")
BREAKS = re.compile(r"[\s,、，;；]+")
ARROW = re.compile(r"\s*(?:=>|→|[=:：\s])\s*")


class Field(NamedTuple):
    """One field: its name in the form, where the document has it, what it takes; `options` may name a list."""

    name: str
    path: tuple[str, ...]
    kind: Kind
    options: tuple[str, ...] | str = ()


def field(dotted: str, kind: Kind, options: tuple[str, ...] | str = ()) -> Field:
    """A field whose name in the form is its dotted path with lines."""
    path = tuple(dotted.split("."))
    return Field("_".join(path), path, kind, options)


def plain(text: str) -> str:
    """What was typed, with full-width figures and signs as the narrow ones that they mean."""
    return unicodedata.normalize("NFKC", text).strip()


def shown(holder: Mapping[str, Value], one: Field) -> dict[str, str]:
    """A field of the document as its form shows it."""
    value = inside(holder, one.path)
    if one.kind == "both":
        told = value if isinstance(value, dict) else {}
        return {f"{one.name}_{lang}": _text(told.get(lang, MISSING)) for lang in ("zh", "en")}
    if one.kind == "take":
        return {one.name: show_take(value) if isinstance(value, dict) else ""}
    if one.kind == "there":
        return {one.name: "" if value is MISSING else "yes"}
    if one.kind == "one":
        return {one.name: "yes" if isinstance(value, list) and one.options[0] in value else ""}
    return {one.name: SHOW.get(one.kind, _text)(value) if value is not MISSING else ""}


def taken(holder: dict[str, Value], one: Field, given: Given) -> None:
    """What was typed in a field, put into the document in place."""
    if one.kind == "one":
        _take_one(holder, one, bool(given.get(one.name)))
    elif one.kind == "both":
        put(holder, one.path, _both(given, one.name, inside(holder, one.path)))
    elif one.kind == "take":
        if isinstance(kept := inside(holder, one.path), dict):
            put(holder, one.path, read_take(kept, given.get(one.name, "")))
    elif one.kind == "there":
        kept = inside(holder, one.path)
        put(holder, one.path, ({} if kept is MISSING else kept) if given.get(one.name) else MISSING)
    elif given.get(one.name, "") != shown(holder, one)[one.name]:  # what was not touched stays as it was written
        put(holder, one.path, READ.get(one.kind, _line)(given.get(one.name, "")))


def inside(holder: Mapping[str, Value], path: Sequence[str]) -> Value:
    """The value at a path; MISSING when there is none. A number of digits for `round` is `digits` in an object."""
    here: Value = holder
    for step in path:
        if step == "digits" and _number(here):
            return here
        if not isinstance(here, Mapping) or step not in here:
            return MISSING
        here = here[step]
    return here


def put(holder: dict[str, Value], path: Sequence[str], value: Value) -> None:
    """Write a value at a path, or take away what is there; objects that become empty go as well."""
    name, *rest = path
    if not rest:
        holder.pop(name, None) if value is MISSING else holder.update({name: value})
        return
    child = holder.get(name)
    child = {"digits": child} if name == "round" and _number(child) else child if isinstance(child, dict) else {}
    put(child, rest, value)
    if child:
        holder[name] = child["digits"] if name == "round" and set(child) == {"digits"} else child
    else:
        holder.pop(name, None)


def show_take(row: Mapping[str, Value]) -> str:
    """What is taken of a result: a word, or a node."""
    return f"{NODE}{row['node']}" if "node" in row else str(row.get("take", ""))


def read_take(row: Mapping[str, Value], text: str) -> dict[str, Value]:
    """The same put into the document."""
    kept = {name: value for name, value in row.items() if name not in ("take", "node")}
    if text.startswith(NODE):
        return kept | {"node": text.removeprefix(NODE)}
    return kept | ({"take": text} if text else {})


def _number(value: Value) -> bool:
    return isinstance(value, (int, str, Decimal)) and not isinstance(value, bool)


def _text(value: Value) -> str:
    if value is MISSING:
        return ""
    if isinstance(value, Decimal):
        return f"{value:f}"
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str)


def _line(text: str) -> Value:
    return plain(text) or MISSING


def _whole(text: str) -> Value:
    typed = plain(text)
    return int(typed) if WHOLE.fullmatch(typed) else typed or MISSING


def _both(given: Given, name: str, before: Value) -> Value:
    """A text in both languages; where one is left empty the other stands in."""
    zh, en = given.get(f"{name}_zh", "").strip(), given.get(f"{name}_en", "").strip()
    if not (zh or en):
        return MISSING
    kept = {key: text for key, text in before.items() if key not in ("zh", "en")} if isinstance(before, dict) else {}
    return {"zh": zh or en, "en": en or zh} | kept


def _take_one(holder: dict[str, Value], one: Field, ticked: bool) -> None:
    """One word of a list, there or not."""
    listed = inside(holder, one.path)
    words = [word for word in (listed if isinstance(listed, list) else []) if word != one.options[0]]
    words += [one.options[0]] if ticked else []
    put(holder, one.path, words or MISSING)


def _numbers(text: str) -> Value:
    return [part for part in BREAKS.split(plain(text)) if part] or MISSING


def _words(text: str) -> Value:
    return [part for part in BREAKS.split(text.strip()) if part] or MISSING


def _pairs(text: str) -> Value:
    """Lines "from = points"."""
    rows = [ARROW.split(plain(line), maxsplit=1) for line in text.split("\n") if line.strip()]
    return [dict(zip(("from", "points"), row, strict=False)) for row in rows] or MISSING


def _show_pairs(value: Value) -> str:
    rows = value if isinstance(value, list) else []
    return "\n".join(" = ".join(_text(row[name]) for name in ("from", "points") if name in row) for row in rows)


def _levels(text: str) -> Value:
    """Lines "中文 | English", from the lowest level up."""
    rows = [
        [part.strip() for part in re.split(r"[|｜]", line, maxsplit=1)] for line in text.split("\n") if line.strip()
    ]
    return [{"zh": row[0] or row[-1], "en": row[-1] or row[0]} for row in rows] or MISSING


def _show_levels(value: Value) -> str:
    rows = [row for row in value if isinstance(row, dict)] if isinstance(value, list) else []
    told = [(_text(row.get("zh", "")), _text(row.get("en", ""))) for row in rows]
    return "\n".join(zh if zh == en else f"{zh} | {en}" for zh, en in told)


def _tick(text: str) -> Value:
    return True if text else MISSING


def _show_list(value: Value) -> str:
    return " ".join(_text(one) for one in value) if isinstance(value, list) else _text(value)


SHOW: dict[str, Callable[[Value], str]] = {
    "numbers": _show_list,
    "words": _show_list,
    "pairs": _show_pairs,
    "levels": _show_levels,
    "tick": lambda value: "yes" if value is True else "",
}
READ: dict[str, Callable[[str], Value]] = {
    "whole": _whole,
    "numbers": _numbers,
    "words": _words,
    "pairs": _pairs,
    "levels": _levels,
    "tick": _tick,
}
