"""The published JSON Schemas and the parsers agree, and every code is on the page for strangers."""

from __future__ import annotations

import ast
import copy
import json
import re
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from scoring import marks, schemes, sheets, tables
from scoring.problems import ProblemError
from tests.code import trees

from .cases import ROOT, Document, document, judged, library, minimal
from .cases import tables as table_names
from .test_schemes import junk, places

Form = dict[str, Any]
PAGE = (ROOT / "docs" / "schemes.md").read_text("utf-8")
TEXTS = st.sampled_from(["a", "b", "甲", "score"])


def values(form: Form, root: Form, depth: int = 0) -> st.SearchStrategy[Any]:
    """What a JSON Schema takes (as far as ours are written), a little of everything."""
    if "$ref" in form:
        return st.deferred(lambda: values(root["$defs"][form["$ref"].rpartition("/")[2]], root, depth))
    if "const" in form:
        return st.just(form["const"])
    if "enum" in form:
        return st.sampled_from(form["enum"])
    if "anyOf" in form or "oneOf" in form:
        listed: list[Form] = form["anyOf"] if "anyOf" in form else form["oneOf"]
        return st.one_of([values(one, root, depth) for one in listed])
    return KINDS[form["type"]](form, root, depth)


def objects(form: Form, root: Form, depth: int) -> st.SearchStrategy[Any]:
    fields: Form = form.get("properties") or {}
    if not fields:
        return st.dictionaries(TEXTS, values(form["additionalProperties"], root, depth), max_size=2)
    needed: list[str] = form.get("required") or []
    nested = {"children", "aside", "example"} if depth > 1 else set()
    found = {name: values(one, root, depth + 1) for name, one in fields.items() if name not in nested or name in needed}
    optional = {name: one for name, one in found.items() if name not in needed}
    chosen = st.lists(st.sampled_from(sorted(optional)), max_size=4, unique=True) if optional else st.just([])
    return chosen.flatmap(lambda names: st.fixed_dictionaries({name: found[name] for name in [*needed, *names]}))


def arrays(form: Form, root: Form, depth: int) -> st.SearchStrategy[Any]:
    most = min(form["maxItems"], max(form["minItems"], 2 if depth < 3 else 1))
    return st.lists(values(form["items"], root, depth), min_size=form["minItems"], max_size=most)


def strings(form: Form, root: Form, depth: int) -> st.SearchStrategy[Any]:
    number = "[0-9]{1,12}" in form.get("pattern", "")
    return st.sampled_from(["0", "1", "-2.5", "60", "0.000000001"]) if number else st.sampled_from(["a", "b", "c"])


def integers(form: Form, root: Form, depth: int) -> st.SearchStrategy[Any]:
    return st.integers(form["minimum"], min(form["maximum"], form["minimum"] + 5))


KINDS: dict[str, Callable[[Form, Form, int], st.SearchStrategy[Any]]] = {
    "object": objects,
    "array": arrays,
    "string": strings,
    "integer": integers,
    "number": lambda form, root, depth: st.sampled_from([Decimal("0.5"), 3, Decimal("-1.25")]),
    "boolean": lambda form, root, depth: st.booleans(),
}


def refusal(parse: Callable[[Any], object], found: object) -> list[str] | None:
    """The codes with which a document is refused in the one way there is; None if it is taken."""
    try:
        parse(found)
    except ProblemError as refused:
        return [problem.code for problem in refused.problems]
    return None


CODES_OF_FORM = {"missing_field", "unknown_field", "not_object", "not_list", "not_text", "not_integer", "not_true"} | {
    "not_boolean",
    "wrong_length",
    "too_long",
    "key_format",
}


@given(st.data())
@settings(deadline=None, max_examples=150, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@pytest.mark.parametrize("form", [schemes.JSON_SCHEMA, tables.JSON_SCHEMA], ids=["scheme", "table"])
def test_what_the_form_takes_is_parsed_or_refused_for_what_no_form_can_say(form: Form, data: st.DataObject) -> None:
    found = data.draw(values(form, form))
    parse = schemes.parse if form is schemes.JSON_SCHEMA else tables.parse
    codes = refusal(parse, found)
    assert codes is None or codes
    assert not CODES_OF_FORM & set(codes or ()) or needs_by_kind(found)


def needs_by_kind(found: Document) -> bool:
    """A panel's scale needs both ends, a tie-break node or lot, a cut no `series`: said by the parser, not the form."""
    return "panel" in json.dumps(found, default=str)


parts = {
    "scaled": schemes.JSON_SCHEMA["properties"]["scaled"],  # type: ignore[index]
    "awards": schemes.JSON_SCHEMA["properties"]["awards"],  # type: ignore[index]
    "advance": schemes.JSON_SCHEMA["properties"]["advance"],  # type: ignore[index]
    "promotions": schemes.JSON_SCHEMA["properties"]["promotions"],  # type: ignore[index]
    "standings": schemes.JSON_SCHEMA["properties"]["standings"],  # type: ignore[index]
}


@given(st.data(), st.sampled_from(sorted(parts)))
@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
def test_parts_that_the_form_takes(data: st.DataObject, name: str) -> None:
    found = minimal(judged(), **{name: data.draw(values(parts[name], schemes.JSON_SCHEMA, 1))})
    codes = refusal(schemes.parse, found)
    assert not CODES_OF_FORM & set(codes or ())


def spoiled(found: Document, data: st.DataObject) -> None:
    *above, last = data.draw(st.sampled_from(places(found)[1:]))
    inside: Any = found
    for step in above:
        inside = inside[step]
    inside[last] = data.draw(junk)


@given(st.sampled_from(library()), st.data())
@settings(deadline=None)
def test_the_form_takes_every_scheme_that_is_parsed(name: str, data: st.DataObject) -> None:
    found = copy.deepcopy(document(name))
    found["example"]["marks"] = found["example"]["marks"][:2]
    spoiled(found, data)
    if refusal(schemes.parse, found) is None:
        assert not list(Draft202012Validator(schemes.JSON_SCHEMA).iter_errors(found))


@given(st.sampled_from(table_names()), st.data())
@settings(deadline=None)
def test_the_form_takes_every_table_that_is_parsed(name: str, data: st.DataObject) -> None:
    found = copy.deepcopy(document(f"tables/{name}"))
    spoiled(found, data)
    if refusal(tables.parse, found) is None:
        assert not list(Draft202012Validator(tables.JSON_SCHEMA).iter_errors(found))


POSITIONS = {
    "Problem": (1,),
    "problem": (1,),
    "refuse": (0, 1),
    "Ruling": (),
    "Used": (2,),
    "Step": (0,),
    "Counted": (),
}


def given_codes(*makers: str) -> set[str]:
    """The codes that the scoring modules give, read from their calls."""
    found: set[str] = set()
    for path, tree in trees().items():
        for call in ast.walk(tree) if path.startswith("scoring/") else iter(()):
            if isinstance(call, ast.Call) and name_of(call.func) in makers:
                chosen = [call.args[i] for i in POSITIONS[name_of(call.func)] if i < len(call.args)]
                chosen += [keyword.value for keyword in call.keywords if keyword.arg == "code"]
                found |= {code for one in chosen for code in constants(one)}
    return found


def name_of(function: ast.expr) -> str:
    return function.id if isinstance(function, ast.Name) else getattr(function, "attr", "")


def constants(node: ast.expr) -> set[str]:
    parts = (node.body, node.orelse) if isinstance(node, ast.IfExp) else (node,)
    return {part.value for part in parts if isinstance(part, ast.Constant) and isinstance(part.value, str)}


def test_every_code_is_on_the_page() -> None:
    codes = given_codes("Problem", "problem", "refuse", "Ruling", "Used", "Step")
    assert len(codes) > 60
    assert {code for code in codes if not re.search(rf"`{code}`", PAGE)} == set()


def test_every_code_of_a_document_is_in_the_docstrings() -> None:
    told = f"{schemes.__doc__} {tables.__doc__} {sheets.__doc__} {marks_told()}"
    assert {code for code in given_codes("Problem", "problem") if not re.search(rf"\b{code}\b", told)} == set()


def marks_told() -> str:
    return marks.__doc__ or ""
