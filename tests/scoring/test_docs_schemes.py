"""The documents on the page for strangers are schemes, and come to what their rulebooks say."""

from __future__ import annotations

import json
import re
from decimal import Decimal

from jsonschema import Draft202012Validator

from scoring import schemes, standings, totals
from scoring.schemes import Scheme

from .cases import ROOT, mark, panel

PAGE = (ROOT / "docs" / "schemes.md").read_text("utf-8")
DOCUMENTS = [json.loads(block, parse_float=Decimal) for block in re.findall(r"```json\n(.*?)```", PAGE, re.DOTALL)]


def named(key: str) -> Scheme:
    return next(schemes.parse(document) for document in DOCUMENTS if document["key"] == key)


def test_every_document_is_a_scheme() -> None:
    assert len(DOCUMENTS) == 5
    for document in DOCUMENTS:
        Draft202012Validator(schemes.JSON_SCHEMA).validate(document)
        schemes.parse(document)


def test_every_field_is_explained() -> None:
    fields = set(re.findall(r"'([a-z_]+)'(?=: \{)", str(schemes.JSON_SCHEMA["$defs"])))
    own = {
        "text",
        "decimal",
        "node",
        "row",
        "key",
        "title",
        "linear",
        "from",
        "points",
        "at",
        "gives",
        "per_unit",
        "then",
    }
    assert not {
        name for name in fields - own - {"properties", "items"} if f"`{name}`" not in PAGE and f'"{name}"' not in PAGE
    }


def test_diving() -> None:
    rules = named("diving")
    marks = [mark("e", "difficulty", "3.4"), *panel("e", "marks", ["8.5", "8.5", "9", "8", "8", "7.5", "9"])]
    total = totals.evaluate(rules, marks, ["e"])["e"]
    assert total.value == Decimal("85.00")
    assert total.values["best_dive"] == 85
    assert {place.attempt for place in total.missing} == {2, 3, 4, 5, 6}


def test_ski_jumping() -> None:
    marks = [
        mark("e", "distance", "131.5"),
        *panel("e", "style", ["18", "18.5", "18.5", "19", "18"]),
        mark("e", "wind", "-4.3"),
    ]
    total = totals.evaluate(named("ski_jumping_k120"), marks, ["e"])["e"]
    assert total.value == Decimal("60") + Decimal("20.7") + 55 - Decimal("4.3")
    assert total.complete


def test_piano() -> None:
    first = [*panel("e", "first", ["20"] * 7 + ["24"]), mark("e", "first", "recused", judge="J9")]
    total = totals.evaluate(named("piano"), [*first, *panel("e", "second", ["22"] * 9)], ["e"])["e"]
    assert total.values["first"] == Decimal("20.31")  # the mean is 20.5, so that 24 counts as 22.5
    assert total.value == Decimal("21.324")
    assert total.complete


def test_slalom() -> None:
    rules = named("slalom")
    marks = [mark("a", "seconds", "60.10"), mark("a", "gates", "1"), mark("a", "seconds", "did_not_finish", attempt=2)]
    marks += [mark("b", "seconds", "66.00"), mark("b", "seconds", "65.20", attempt=2)]
    board = standings.rank(rules, totals.evaluate(rules, marks, ["a", "b"]))
    assert [(line.entry, line.score) for line in board] == [("a", Decimal("65.1")), ("b", Decimal("65.2"))]
