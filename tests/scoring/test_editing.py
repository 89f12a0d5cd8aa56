"""Documents of schemes while they are written, and two of them beside each other."""

from decimal import Decimal
from typing import Any

import pytest

from scoring import comparing, editing, schemes
from scoring.comparing import Field
from scoring.editing import Document
from scoring.problems import Problem

WORDS = {"zh": "词", "en": "Word"}


def node(key: str, kind: str = "given", **fields: Any) -> Document:
    return {"kind": kind, "key": key, "title": WORDS, **fields}


def document(**fields: Any) -> Document:
    """Two criteria, the first with two aspects."""
    first = node("first", "criterion", children=[node("a"), node("b", "pass", value="5")])
    root = node("total", "criterion", children=[first, node("c")])
    return {"format": "magpie-scheme/1", "key": "x", "title": WORDS, "root": root, **fields}


def keys(found: Document) -> list[str]:
    return [f"{'.' * spot.depth}{spot.node['key']}" for spot in editing.spots(found)]


def test_a_node_moves_among_its_neighbours_and_no_further() -> None:
    before = document()
    found, at = editing.moved(before, "/root/children/1", -1)
    assert (keys(found), at) == (["total", ".c", ".first", "..a", "..b"], "/root/children/0")
    assert editing.moved(found, at, -1) == (found, at)
    assert keys(before) == ["total", ".first", "..a", "..b", ".c"]  # steps give new documents


def test_a_copy_has_keys_of_its_own() -> None:
    found, at = editing.copied(document(), "/root/children/0")
    assert at == "/root/children/1"
    assert keys(found) == ["total", ".first", "..a", "..b", ".first_2", "..a_2", "..b_2", ".c"]
    again, _ = editing.copied(found, at)
    assert keys(again)[7:10] == [".first_3", "..a_3", "..b_3"]
    schemes.parse(again)


def test_what_is_taken_away_leads_to_what_is_left() -> None:
    found, at = editing.removed(document(), "/root/children/0/children/1")
    assert (keys(found), at) == (["total", ".first", "..a", ".c"], "/root/children/0/children/0")
    found, at = editing.removed(found, at)
    assert (keys(found), at) == (["total", ".first", ".c"], "/root/children/0")
    with_award = document(awards=[{"key": "gold"}], scaled={})
    assert editing.removed(with_award, "/awards/0") == (document(scaled={}), "")
    assert "scaled" not in editing.removed(with_award, "/scaled").document


def test_a_node_is_put_under_another_but_never_under_itself() -> None:
    found, at = editing.put_under(document(), "/root/children/1", "/root/children/0")
    assert (keys(found), at) == (["total", ".first", "..a", "..b", "..c"], "/root/children/0/children/2")
    found, at = editing.put_under(found, at, "/aside")
    assert (keys(found)[-1], at) == ("c", "/aside/0")
    back, at = editing.put_under(found, at, "/root")
    assert (keys(back), at, "aside" in back) == (keys(document()), "/root/children/1", False)
    inside = editing.put_under(document(), "/root/children/0", "/root/children/0/children/1")
    assert inside.document == document()


def test_a_new_key_is_known_wherever_the_old_one_was() -> None:
    before = document(
        aside=[node("best", "again", of="a")],
        standings={"tie_breaks": [{"node": "a"}, {"node": "b"}]},
        awards=[{"key": "a", "title": WORDS, "needs": [{"node": "a", "least": "1"}]}],
    )
    found = editing.renamed(before, "a", "new")
    schemes.parse(found)
    assert found["standings"]["tie_breaks"] == [{"node": "new"}, {"node": "b"}]
    assert (found["aside"][0]["of"], found["awards"][0]["needs"][0]["node"]) == ("new", "new")
    assert found["awards"][0]["key"] == "a"  # an award's key is no node's


@pytest.mark.parametrize(
    ("wish", "key"),
    [("a", "a_2"), ("New part", "new_part"), ("新", "part"), ("", "part"), ("x" * 80, "x" * 58), ("-a-", "a_2")],
)
def test_keys_are_made_of_what_is_wished(wish: str, key: str) -> None:
    assert editing.fresh({"a"}, wish) == key


def test_where_nobody_finds_their_way_is_said() -> None:
    deep: Document = node("deep")
    for _ in range(editing.DEPTH):
        deep = node("more", "criterion", children=[deep])
    assert editing.sound(document()) == []
    assert editing.sound({"format": "x"}) == [Problem("/root", "missing_field")]
    assert {one.code for one in editing.sound(document(root=deep))} == {"too_deep"}
    wrong = document(aside=[1], awards={}, standings=[], title="x")
    wrong["root"]["children"][0]["children"] = "none"
    assert {(one.pointer, one.code) for one in editing.sound(wrong)} == {
        ("/aside/0", "not_object"), ("/awards", "not_list"), ("/standings", "not_object"), ("/title", "not_object"),
        ("/root/children/0/children", "not_list"),
    }  # fmt: skip


def test_a_document_is_read_as_far_as_it_is_right() -> None:
    broken = document()
    broken["root"]["children"][0]["children"][1]["value"] = "much"
    scheme, problems = schemes.read(broken)
    assert [(one.pointer, one.code) for one in problems] == [("/root/children/0/children/1/value", "not_decimal")]
    assert list(schemes.places(scheme)) == [spot.at for spot in editing.spots(broken)]


# --- two beside each other ------------------------------------------------------------------------------------------


def test_nothing_changed_where_only_the_writing_differs() -> None:
    one = document(standings={"points": ["9", 7]}, scaled={"round": 2})
    other = document(standings={"points": [Decimal("9.0"), "7"]}, scaled={"round": {"digits": "2"}})
    assert comparing.changes(one, one) == []
    assert comparing.changes(one, other) == []


def test_every_difference_has_its_place() -> None:
    before, after = document(awards=[{"key": "gold", "title": WORDS, "places": 1}]), document(scaled={})
    after["root"]["children"].reverse()
    first = after["root"]["children"][1]
    first["children"] = [node("a", weight="2", scale={"max": "10"}), node("d")]
    found = {(one.what, one.part, one.key): one.fields for one in comparing.changes(before, after)}
    assert found["changed", "node", "a"] == (Field("weight", None, "2"), Field("scale.max", None, "10"))
    assert found["changed", "node", "total"] == (Field("order", ["first", "c"], ["c", "first"]),)
    assert found["changed", "node", "first"] == (Field("order", ["a", "b"], ["a", "d"]),)
    assert {("added", "node", "d"), ("removed", "node", "b"), ("removed", "award", "gold")} < set(found)
    assert ("added", "scaled", "") in found
    assert len(found) == 7


def test_comparing_the_other_way_round_swaps_before_and_after() -> None:
    before, after = document(), document(title={"zh": "新", "en": "New"})
    there, back = comparing.changes(before, after), comparing.changes(after, before)
    assert [[(one.name, one.after, one.before) for one in change.fields] for change in there] == [
        [(one.name, one.before, one.after) for one in change.fields] for change in back
    ]
