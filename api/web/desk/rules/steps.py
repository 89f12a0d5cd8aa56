"""One step in the editor: what was typed in a part's form, and what the button does. Pure."""

import json
from decimal import Decimal
from typing import Any

from api.web.desk.rules import fields, forms
from api.web.desk.rules.fields import Given
from api.web.desk.rules.parts import JSON, SCALED, STANDARD, STANDINGS
from api.wording import Lang, say
from events.errors import invalid
from scoring import editing
from scoring.editing import Document, Edited
from scoring.schemes.nodes import KINDS

LONGEST = 200_000
FORMAT = "magpie-scheme/1"
PLACES = {"award": "awards", "advance": "advance", "promotion": "promotions"}
PARTS = ("aside", *PLACES, "scaled", "standard")


def blank(title: Document) -> Document:
    """A scheme with nothing in it yet."""
    total = {"zh": say("zh", "scheme.total"), "en": say("en", "scheme.total")}
    root: Document = {"kind": "criterion", "key": "total", "title": total, "round": 2, "children": []}
    return {"format": FORMAT, "key": "scheme", "title": title, "root": root}


def read_json(source: str, pointer: str = "/source") -> Document:
    """A document that was pasted or sent as a file; Invalid when it is none."""
    if len(source) > LONGEST:
        invalid("too_long", pointer, most=LONGEST)
    try:
        source.encode()
        found = json.loads(source, parse_float=Decimal)
        json.dumps(found, ensure_ascii=False, default=str).encode()
    except (ValueError, RecursionError):
        invalid("not_json", pointer)
    return found if isinstance(found, dict) else invalid("not_object", pointer)


def write_json(document: Document) -> str:
    """A document to be read by people."""
    return json.dumps(document, ensure_ascii=False, indent=1, default=str)


def step(document: Document, given: Given) -> Edited:
    """The document after what was typed at `at` and the button `do`, and where to look next."""
    at, do = given.get("at", ""), given.get("do", "save")
    if do == "part":
        return add_part(document, given.get("part", ""))
    if at == JSON:
        return Edited(read_json(given.get("source", "")), JSON)
    if forms.holder(document, at) is None:
        return Edited(document, "")
    made = forms.take(document, at, given)
    if do.startswith("lift_"):
        return Edited(lifted(made, at, do), at)
    if do == "add" and at.startswith(("/root", "/aside")):
        return add_node(made, at, given.get("new_kind", ""))
    return arranged(made, at, do, given)


def arranged(document: Document, at: str, do: str, given: Given) -> Edited:
    """The part moved, copied, taken away, put under another; otherwise it stays."""
    if at == "/root" and do == "wrap" and "children" not in document["root"]:
        return Edited(wrapped(document), at)
    if at in (STANDINGS, "", "/root"):
        return Edited(document, at)
    if do == "remove":
        return editing.removed(document, at)
    if at in (SCALED, STANDARD):
        return Edited(document, at)
    if do in ("up", "down"):
        return editing.moved(document, at, -1 if do == "up" else 1)
    if do == "copy":
        return editing.copied(document, at)
    parent = given.get("under", "")
    if parent != above(at) and (parent == "/aside" or "children" in (editing.found(document, parent or "-") or {})):
        return editing.put_under(document, at, parent)
    return Edited(document, at)


def wrapped(document: Document) -> Document:
    """The only aspect there is put under a heading, beside which there is room for more."""
    title = {lang: say(lang, "scheme.total") for lang in langs()}
    key = editing.fresh(forms.keys(document), "total")
    root: Document = {"kind": "criterion", "key": key, "title": title, "children": [document["root"]]}
    return document | {"root": root}


def above(at: str) -> str:
    """The criterion that a node is under, or /aside."""
    return "/aside" if at.count("/") == 2 and at.startswith("/aside") else at.rpartition("/children/")[0]


def add_node(document: Document, at: str, kind: str) -> Edited:
    """A new node: inside a criterion, or right after anything else."""
    node = new_node(document, kind if kind in KINDS else "judgement")
    if "children" in (editing.found(document, at) or {}) or at == "/root":
        return editing.added(document, f"{at}/children", node)
    owner, _, place = at.rpartition("/")
    return editing.added(document, owner, node, int(place) + 1)


def new_node(document: Document, kind: str) -> Document:
    """A node to begin with, with a key of its own."""
    taken = forms.keys(document)
    title = {lang: say(lang, f"scheme.name_{kind}") for lang in ("zh", "en")}
    made: Document = {"kind": kind, "key": editing.fresh(taken, kind), "title": title, **forms.BEGUN.get(kind, {})}
    return made | ({"of": "total"} if kind == "again" and "total" in taken else {})


def add_part(document: Document, part: str) -> Edited:
    """A further part of the document, empty or with what is usual."""
    if part not in PARTS:
        invalid("choose_part", "/part")
    if part == "aside":
        return editing.added(document, "/aside", new_node(document, "time"))
    if part == "standard":
        return Edited(document, STANDARD)
    if part == "scaled":
        return Edited(document | {"scaled": document.get("scaled", {})}, SCALED)
    name = PLACES[part]
    made: Document = {"places": 1, "counted": "top"} if part == "award" else {"places": 1}
    if part != "advance":
        number = len(document.get(name, [])) + 1
        taken = {str(one.get("key")) for one in document.get(name, [])}
        made["key"] = editing.fresh(taken, part)
        made["title"] = {lang: say(lang, f"scheme.new_{part}", n=number) for lang in langs()}
    return editing.added(document, f"/{name}", made)


def langs() -> tuple[Lang, Lang]:
    """Both languages."""
    return ("zh", "en")


def lifted(document: Document, at: str, do: str) -> Document:
    """A row of a list one place up: "lift_ties_2"."""
    _, name, number = do.split("_")
    rows = next((one for one in forms.every(forms.fields_of(document, at)) if one.name == name), None)
    found: Any = fields.inside(forms.holder(document, at) or {}, rows.path) if rows else None
    place = int(number) if number.isdecimal() else 0
    if isinstance(found, list) and 0 < place < len(found):
        found[place - 1], found[place] = found[place], found[place - 1]
    return document
