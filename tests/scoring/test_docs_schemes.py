"""The documents on the page for strangers are schemes, and come to what their rulebooks say."""

from __future__ import annotations

import json
import re
from decimal import Decimal
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from scoring import schemes, standings, tables, totals
from scoring.schemes import Scheme

from .cases import ROOT, mark, minimal, node, panel

PAGE = (ROOT / "docs" / "schemes.md").read_text("utf-8")
WRITTEN = [json.loads(block, parse_float=Decimal) for block in re.findall(r"```json\n(.*?)```", PAGE, re.DOTALL)]

DOCUMENTS = [document for document in WRITTEN if document["format"] == schemes.parsing.FORMAT]
TABLES = [document for document in WRITTEN if document not in DOCUMENTS]
PIECES = [json.loads(block, parse_float=Decimal) for block in re.findall(r"```js\n(.*?)```", PAGE, re.DOTALL)]


def named(key: str) -> Scheme:
    return next(schemes.parse(document) for document in DOCUMENTS if document["key"] == key)


def test_every_document_is_a_scheme() -> None:
    assert len(DOCUMENTS) == 6
    for document in DOCUMENTS:
        Draft202012Validator(schemes.JSON_SCHEMA).validate(document)
        schemes.parse(document)


def test_every_table_is_a_table() -> None:
    assert len(TABLES) == 1
    Draft202012Validator(tables.JSON_SCHEMA).validate(TABLES[0])
    tables.parse(TABLES[0])


def titled(piece: Any) -> Any:
    """A piece of a document with the titles that the page leaves out."""
    if isinstance(piece, list):
        return [titled(one) for one in piece]
    if not isinstance(piece, dict):
        return piece
    named = {"title": {"zh": "名", "en": "Name"}} if "key" in piece else {}
    return {**named, **{name: titled(one) for name, one in piece.items()}}


def test_every_piece_is_part_of_a_scheme() -> None:
    assert len(PIECES) == 11
    for piece in map(titled, PIECES):
        whole = {"root": node("given", "score"), **({"root": piece} if "kind" in piece else piece)}
        schemes.parse(minimal(**whole))


def fields(form: Any) -> set[str]:
    """Every field that a form names."""
    if isinstance(form, list):
        return {name for one in form for name in fields(one)}
    if not isinstance(form, dict):
        return set()
    own = set(form["properties"]) if isinstance(form.get("properties"), dict) else set()
    return own | {name for one in form.values() for name in fields(one)}


@pytest.mark.parametrize("form", [schemes.JSON_SCHEMA, tables.JSON_SCHEMA], ids=["scheme", "table"])
def test_every_field_is_explained(form: object) -> None:
    known = fields(form)
    assert len(known) > 20
    assert {name for name in known if f"`{name}`" not in PAGE and f'"{name}"' not in PAGE} == set()


@pytest.mark.parametrize("form", [schemes.JSON_SCHEMA, tables.JSON_SCHEMA], ids=["scheme", "table"])
def test_every_word_is_explained(form: object) -> None:
    known = set(re.findall(r"'([a-z_]+)'", " ".join(re.findall(r"'enum': \[(.*?)\]", str(form)))))
    assert {word for word in known if f"`{word}`" not in PAGE and f'"{word}"' not in PAGE} == set()


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
