"""Documents: everything wrong is said at once, nothing wrong gets in."""

from __future__ import annotations

import copy
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from scoring import schemes

from .cases import Document, document, judged, library, minimal, node

FORM = Draft202012Validator(schemes.JSON_SCHEMA)


def codes(found: object) -> set[tuple[str, str]]:
    with pytest.raises(schemes.SchemeError) as refused:
        schemes.parse(found)  # type: ignore[arg-type]  # whatever came in
    return {(problem.pointer, problem.code) for problem in refused.value.problems}


def test_every_problem_at_once() -> None:
    found = minimal(judged(judges=0, weight=1.5, drop_high=-1, colour="red"), standings={"style": "1225"})
    del found["key"]
    assert codes(found) == {
        ("/key", "missing_field"),
        ("/root/judges", "out_of_range"),
        ("/root/weight", "not_decimal"),
        ("/root/drop_high", "out_of_range"),
        ("/root/colour", "unknown_field"),
        ("/standings/style", "not_one_of"),
    }


SUM = {"children": [judged("a"), judged("b")]}
REPEAT = {"times": 3}
BAD: list[tuple[Document, str, str]] = [
    (judged(drop_high=3, drop_low=2), "/root", "nothing_left"),
    (judged(repeat=REPEAT), "/root/repeat", "root_repeats"),
    (node("criterion", "t", children=[judged("t")]), "/root/children/0/key", "key_taken"),
    (node("criterion", "t", children=[]), "/root/children", "wrong_length"),
    (node("criterion", "t"), "/root/children", "missing_field"),
    (node("criterion", "t", children=[7]), "/root/children/0", "not_object"),
    (node("judgement", "j"), "/root/value", "missing_field"),
    (node("time", "j", value="3"), "/root/value", "not_for_kind"),
    (node("again", "x", of="nothing"), "/root/of", "unknown_node"),
    (node("dance", "x"), "/root/kind", "not_one_of"),
    (judged(floor="3", cap="2"), "/root/cap", "least_above_most"),
    (judged(round={"mode": "up"}), "/root/round/digits", "missing_field"),
    (judged("a b"), "/root/key", "key_format"),
    (judged(title={"zh": "", "en": "x"}), "/root/title/zh", "not_text"),
    (judged(title={"zh": "名"}), "/root/title/en", "missing_field"),
    (judged(weight="1e5"), "/root/weight", "not_decimal"),
    (judged(weight=True), "/root/weight", "not_decimal"),
    (judged(weight="NaN"), "/root/weight", "not_decimal"),
    (node("panel", "p", judges=3), "/root/scale", "missing_field"),
    (node("measurement", "m", convert={"table": [{"from": 1, "points": 1}] * 2}), "/root/convert/table", "table_order"),
]


@pytest.mark.parametrize(("root", "pointer", "code"), BAD)
def test_bad_nodes(root: Document, pointer: str, code: str) -> None:
    assert (pointer, code) in codes(minimal(root))


def test_references() -> None:
    inner = node("criterion", "dive", repeat=REPEAT, children=[judged("marks"), judged("twice", repeat=REPEAT)])
    once = node("again", "once", of="marks")
    ties = [{"lot": True}, {"node": "marks"}, {"node": "gone"}]
    found = minimal(node("criterion", "all", children=[inner]), aside=[once], standings={"tie_breaks": ties})
    assert codes(found) == {
        ("/root/children/0/children/1/repeat", "repeat_nested"),
        ("/aside/0/of", "again_needs_repeat"),
        ("/standings/tie_breaks/0/lot", "lot_not_last"),
        ("/standings/tie_breaks/1/node", "node_repeats"),
        ("/standings/tie_breaks/2/node", "unknown_node"),
    }


def test_a_node_cannot_use_itself() -> None:
    root = node("criterion", "all", children=[judged("a"), node("again", "b", of="all")])
    assert ("/root/children/1/of", "again_of_again") in codes(minimal(root))


def test_too_deep() -> None:
    root = judged("leaf")
    for depth in range(40):
        root = node("criterion", f"c{depth}", children=[root])
    assert any(code == "too_deep" for _, code in codes(minimal(root)))


def test_products_stay_small() -> None:
    root = judged("leaf", 1)
    for depth in range(3):
        root = node("criterion", f"c{depth}", combine="product", children=[root, judged(f"x{depth}", 1)])
    assert codes(minimal(root)) == {("/root/children/0/children/0", "product_too_large")}


def test_numbers_may_be_decimals_strings_or_integers() -> None:
    found = schemes.parse(minimal(judged(weight=Decimal("0.30"), factor="1.5", plus=2)))
    assert (found.root.weight, found.root.shape.factor, found.root.shape.plus) == tuple(
        map(Decimal, ("0.3", "1.5", "2"))
    )


@pytest.mark.parametrize("value", [None, 3, "x", [], [1]])
def test_no_object(value: object) -> None:
    assert codes(value) == {("", "not_object")}


def places(found: Any, at: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    inside = found.items() if isinstance(found, dict) else enumerate(found) if isinstance(found, list) else ()
    return [at, *(place for name, value in inside for place in places(value, (*at, name)))]


junk = st.sampled_from(
    [None, True, -1, 0, 7, 10**20, "", "x", "-3", "2.5", [], {}, ["x"], {"x": 1}, Decimal("0.5"), 1.5]
)


@given(st.sampled_from(library()), st.data())
def test_a_spoiled_document_is_refused_or_still_a_scheme(name: str, data: st.DataObject) -> None:
    found = copy.deepcopy(document(name))
    found["example"]["marks"] = found["example"]["marks"][:3]
    *above, last = data.draw(st.sampled_from(places(found)[1:]))
    inside: Any = found
    for step in above:
        inside = inside[step]
    inside[last] = data.draw(junk)
    if not refused(found):
        assert not list(FORM.iter_errors(found))


def refused(found: Document) -> bool:
    """Whether a document is refused in the one way there is."""
    try:
        schemes.parse(found)
    except schemes.SchemeError as refusal:
        return bool(refusal.problems)
    return False
