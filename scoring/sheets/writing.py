"""A scheme document as rows; what has no column of its own stands as JSON in the last one. Worked examples stay out."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal

from scoring.sheets.columns import LIMITS, LISTS, PLAIN, SINGLE, TOTAL

Document = Mapping[str, object]
Row = dict[str, str]


def rows(document: Document) -> list[Row]:
    """The rows of a document that is a scheme."""
    return [*heads(document), *nodes(document), *tails(document)]


def heads(document: Document) -> Iterator[Row]:
    """The scheme itself, and the sections of its standard."""
    yield {"kind": SINGLE[0], "aspect": text(document["key"]), **titles(document)}
    if isinstance(told := document.get("description"), Mapping):
        yield {"kind": "description", **words(told)}
    for section in objects(document.get("standard")):
        weight = {"value": text(section["weight"])} if "weight" in section else {}
        yield {"kind": "section", "aspect": text(section["key"]), **titles(section), **weight}


def tails(document: Document) -> Iterator[Row]:
    """What follows from the scores."""
    for name in ("standings", "scaled"):
        if isinstance(part := document.get(name), Mapping):
            yield {"kind": name, **more(dict(part))}
    for kind, name in list(LISTS.items())[1:]:
        for part in objects(document.get(name)):
            rest = {field: value for field, value in part.items() if field not in ("key", "title")}
            key = {"aspect": text(part["key"]), **titles(part)} if "key" in part else {}
            yield {"kind": kind, **key, **(more(rest) or {"more": "{}"})}


def nodes(document: Document) -> Iterator[Row]:
    """The root with all below it, then what is aside."""
    root = document["root"]
    assert isinstance(root, Mapping)
    if root["kind"] == "criterion":
        yield {"kind": TOTAL, "aspect": text(root["key"]), **fields(root)}
        for child in objects(root["children"]):
            yield from below(child, ())
    else:
        yield from below(root, ())
    for node in objects(document.get("aside")):
        yield from below(node, (), aside=True)


def below(node: Document, path: tuple[str, ...], *, aside: bool = False) -> Iterator[Row]:
    """A node and all below it; `path`: the headings above it."""
    kind, key = text(node["kind"]), text(node["key"])
    said = {"aside": "yes"} if aside else {}
    if kind != "criterion":
        yield {**where(path), "aspect": key, "kind": kind, **fields(node), **said}
        return
    yield {**where((*path, key)), "kind": kind, **fields(node), **said}
    for child in objects(node["children"]):
        yield from below(child, (*path, key))


def where(path: Sequence[str]) -> Row:
    """The headings in their two columns; a deeper one stands behind the second."""
    return {"criterion": path[0] if path else "", "sub_criterion": "/".join(path[1:])}


def fields(node: Document) -> Row:
    """A node's fields, each in its column where there is one."""
    rest = {name: value for name, value in node.items() if name not in ("kind", "key", "title", "children")}
    told = titles(node)
    told |= {name: text(rest.pop(name)) for name in PLAIN if name in rest}
    if isinstance(rest.get("round"), int):
        told["round"] = text(rest.pop("round"))
    told |= scale(rest)
    told |= convert(rest)
    told |= levels(rest)
    return {**told, **more(rest)}


def scale(rest: dict[str, object]) -> Row:
    """min, max, step."""
    found = rest.get("scale")
    if not isinstance(found, Mapping) or not found:
        return {}
    del rest["scale"]
    return {name: text(found[name]) for name in LIMITS if name in found}


def convert(rest: dict[str, object]) -> Row:
    """The target and the steps of points; a line stays where it is."""
    found = rest.get("convert")
    if not isinstance(found, Mapping) or not found or "linear" in found:
        return {}
    del rest["convert"]
    steps = "; ".join(f"{text(row['from'])}: {text(row['points'])}" for row in objects(found.get("table")))
    told = {"target": text(found["target"])} if "target" in found else {}
    return {**told, **({"points": steps} if steps else {})}


def levels(rest: dict[str, object]) -> Row:
    """The texts of the levels in both languages, as far as they can stand in a cell."""
    found = objects(rest.get("levels"))
    texts = {lang: [text(level[lang]) for level in found] for lang in ("zh", "en")}
    if not found or any("|" in one or "\n" in one or one != one.strip() for ones in texts.values() for one in ones):
        return {}
    del rest["levels"]
    return {f"levels_{lang}": " | ".join(ones) for lang, ones in texts.items()}


def titles(part: Document) -> Row:
    """The title in both languages."""
    title = part.get("title")
    return words(title) if isinstance(title, Mapping) else {}


def words(title: Document) -> Row:
    """Both languages of a text."""
    return {"title_zh": text(title["zh"]), "title_en": text(title["en"])}


def more(rest: Document) -> Row:
    """What is left, as JSON."""
    if not rest:
        return {}
    return {"more": json.dumps(rest, ensure_ascii=False, default="{:f}".format)}


def objects(value: object) -> list[Document]:
    """The objects of a list; none where there is no list."""
    return [one for one in value if isinstance(one, Mapping)] if isinstance(value, list | tuple) else []


def text(value: object) -> str:
    """A value as a cell."""
    return f"{value:f}" if isinstance(value, Decimal) else str(value)
