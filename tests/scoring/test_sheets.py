"""Schemes as rows of a spreadsheet: nothing is lost on the way there and back, and every fault has its cell."""

from __future__ import annotations

import csv
import re

from scoring import schemes, sheets

from .cases import ROOT, document, library

PAGE = (ROOT / "docs" / "schemes.md").read_text("utf-8")
Row = dict[str, str]


def made(rows: list[Row]) -> tuple[dict[str, object], list[tuple[str, str]]]:
    found, problems = sheets.document(enumerate(rows, 2))
    return found, [(problem.pointer.removeprefix("/rows/"), problem.code) for problem in problems]


def test_every_ready_scheme_comes_back_the_same() -> None:
    for name in library():
        given = document(name)
        found, problems = made(sheets.rows(given))
        assert problems == []
        assert schemes.parse(found) == schemes.parse(given)


def test_the_example_on_the_page_is_a_scheme() -> None:
    blocks = re.findall(r"```csv\n(.*?)```", PAGE, re.DOTALL)
    text = next(block for block in blocks if block.startswith("criterion"))
    found, problems = made(list(csv.DictReader(text.splitlines())))
    assert problems == []
    rules = schemes.parse(found)
    assert list(schemes.nodes(rules)) == ["total", "A", "A1", "A1.1", "A1.2", "A2", "A2.1", "B", "B1"]
    assert [section.key for section in rules.standard] == ["2", "1"]


def test_titles_stand_for_keys_that_are_not_there() -> None:
    size = {"criterion": "模块A 加工", "sub_criterion": "尺寸"}
    look = {"criterion": "模块A 加工", "sub_criterion": "外观"}
    rows = [
        size | {"title_zh": "直径 20", "kind": "M", "value": "2.5"},
        size | {"title_zh": "长度", "kind": "测量", "points": "0：3；0.05: 1"},
        look | {"aspect": "整洁", "kind": "J", "value": "4", "levels_zh": "差|中|优"},
        {"criterion": "A", "sub_criterion": "1", "title_en": "Safe", "kind": "pass", "value": "1", "section": "Work 1"},
        {"criterion": "B", "sub_criterion": "1", "title_en": "Safe", "kind": "pass", "value": "1"},
        {"title_en": "Time", "kind": "time", "aside": "yes"},
    ]
    found, problems = made(rows)
    assert problems == []
    rules = schemes.parse(found)
    titles = [node.title.zh for node in schemes.nodes(rules).values()]
    assert titles[:7] == ["总分", "模块A 加工", "尺寸", "直径 20", "长度", "外观", "整洁"]
    assert titles[7:] == ["A", "1", "Safe", "B", "1", "Safe", "Time"]
    assert [node.title.zh for node in rules.aside] == ["Time"]
    diameter = schemes.aspects(rules)[0]
    assert (diameter.kind, f"{diameter.scale.most}") == ("measurement", "2.5")
    assert [section.title.en for section in rules.standard] == ["Work 1"]


def test_every_fault_is_told_at_its_cell_and_at_once() -> None:
    rows = [
        {"kind": "scheme", "aspect": "a b", "title_en": "Bad"},
        {"kind": "opera", "aspect": "x"},
        {"kind": "pass", "aspect": "p", "value": "two"},
        {"kind": "pass", "aspect": "p", "value": "2", "more": "{"},
        {"kind": "measurement", "aspect": "m", "points": "0 30", "weight": "1E999999999"},
        {"kind": "judgement", "aspect": "j", "value": "1", "levels_zh": "a|b", "levels_en": "c", "judges": "many"},
        {"kind": "panel", "aspect": "q", "judges": "5", "min": "0", "max": "10", "more": '{"judges": 4, "drop": 1}'},
        {"kind": "standings", "more": "[]"},
        {"kind": "standings", "more": "{}"},
    ]  # fmt: skip
    assert made(rows)[1] == [
        ("2/aspect", "key_format"),
        ("3/kind", "row_kind"),
        ("4/value", "not_decimal"),
        ("5/more", "more_broken"),
        ("6/points", "points_form"),
        ("6/weight", "not_decimal"),
        ("7/levels_en", "levels_differ"),
        ("7/judges", "not_integer"),
        ("8/more", "more_twice"),
        ("8/more", "unknown_field"),
        ("9/more", "more_broken"),
        ("10/kind", "part_twice"),
    ]


def test_what_holds_between_rows_is_told_once_each_of_them_is_right() -> None:
    rows = [
        {"kind": "criterion", "criterion": "A", "title_en": "Empty"},
        {"kind": "pass", "aspect": "p", "value": "2"},
        {"kind": "pass", "aspect": "p", "value": "2"},
    ]  # fmt: skip
    assert made(rows)[1] == [("2/kind", "nothing_to_mark")]
    assert made(rows[1:])[1] == [("3/aspect", "key_taken")]
    tie = {"kind": "standings", "more": '{"tie_breaks": [{"node": "nobody"}]}'}
    assert made([rows[1], tie])[1] == [("3/more", "unknown_node")]
    assert made([])[1] == [("1/aspect", "nothing_to_mark")]
    assert ("2/sub_criterion", "too_deep") in made([rows[1] | {"sub_criterion": "/".join("a" * 40)}])[1]
