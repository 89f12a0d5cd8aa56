"""Olympic Winter Games 2018: every panel score, total and rank of 16 segments, from judges' marks and a document."""

from __future__ import annotations

from collections import defaultdict
from decimal import Decimal
from functools import cache
from pathlib import Path

import pytest

from scoring import schemes, standings, totals
from scoring.marks import Mark, check
from scoring.totals import Total

from .cases import GOLDEN, ORACLES, Document, Row, document, mark, needs_oracles, table

PUBLISHED = ORACLES / "scoring" / "figure_skating_olympics2018"
COMPONENTS = {
    "Skating Skills": "skating_skills",
    "Transitions": "transitions",
    "Performance": "performance",
    "Composition": "composition",
    "Interpretation of the Music": "interpretation",
    "Interpretation of the Music/Timing": "interpretation",
}


@cache
def rows(folder: Path, name: str) -> tuple[Row, ...]:
    return tuple(table(folder / name))


def segments(folder: Path) -> dict[str, list[Row]]:
    found: dict[str, list[Row]] = defaultdict(list)
    for row in rows(folder, "official_totals.csv"):
        found[row["segment"]].append(row)
    return found


def items(folder: Path, segment: list[Row]) -> list[Row]:
    inside = {row["performance_id"] for row in segment}
    return [item for item in rows(folder, "official_items.csv") if item["performance_id"] in inside]


def segment_document(kind: str, factor: str) -> Document:
    """The library's document with the discipline's factor: still nothing but data."""
    found = document(f"figure_skating_{kind}")
    for component in found["root"]["children"][1]["children"]:
        component["factor"] = factor
    return found


def segment_marks(folder: Path, segment: list[Row]) -> list[Mark]:
    places = {item["item_id"]: item for item in items(folder, segment)}
    marks = [
        item_mark(places[row["item_id"]], row) for row in rows(folder, "judge_marks.csv") if row["item_id"] in places
    ]
    judged = {row["item_id"] for row in rows(folder, "judge_marks.csv") if row["judge_value"]}
    marks += [given for item in places.values() for given in given_marks(item, item["item_id"] in judged)]
    marks += [mark(row["performance_id"], "deductions", row["deductions"]) for row in segment]
    return [given for given in marks if given is not None]


def item_mark(item: Row, row: Row) -> Mark | None:
    if not row["judge_value"]:
        return None
    if item["kind"] == "component":
        return mark(item["performance_id"], COMPONENTS[item["name"]], row["judge_value"], judge=row["judge"])
    return mark(item["performance_id"], "goe", row["judge_value"], attempt=int(item["seq"]), judge=row["judge"])


def given_marks(item: Row, judged: bool) -> list[Mark]:
    if item["kind"] == "component":
        return []
    attempt, agreed = int(item["seq"]), str(Decimal(item["panel_score"]) - Decimal(item["base_value"]))
    base = mark(item["performance_id"], "base", item["base_value"], attempt=attempt)
    return [base] if judged else [base, mark(item["performance_id"], "goe", agreed, attempt=attempt)]


def evaluated(folder: Path, segment: list[Row]) -> tuple[schemes.Scheme, list[Mark], dict[str, Total]]:
    factor = next(item["factor"] for item in items(folder, segment) if item["kind"] == "component")
    scheme = schemes.parse(segment_document(segment[0]["segment_kind"], factor))
    marks = segment_marks(folder, segment)
    return scheme, marks, totals.evaluate(scheme, marks, [row["performance_id"] for row in segment])


def panel_score(total: Total, item: Row) -> object:
    if item["kind"] == "component":
        return total.values[COMPONENTS[item["name"]]]
    return total.attempts("element")[int(item["seq"]) - 1]


def verify(folder: Path, segment: list[Row]) -> int:
    scheme, marks, found = evaluated(folder, segment)
    assert not [problem for one in marks for problem in check(scheme, one)]
    board = {line.entry: line for line in standings.rank(scheme, found)}
    for row in segment:
        entry = row["performance_id"]
        assert found[entry].complete
        assert str(found[entry].value) == row["segment_score"]
        assert found[entry].values["elements"] == Decimal(row["element_score"])
        assert found[entry].values["components"] == Decimal(row["component_score"])
        assert board[entry].rank == int(row["rank"])
    return sum(
        panel_score(found[item["performance_id"]], item) == Decimal(item["panel_score"])
        for item in items(folder, segment)
    )


def test_excerpt() -> None:
    folder = GOLDEN / "figure_skating"
    for segment in segments(folder).values():
        assert verify(folder, segment) == len(items(folder, segment))


@needs_oracles
def test_all_panel_scores_totals_and_ranks() -> None:
    found = segments(PUBLISHED)
    assert len(found) == 16
    assert sum(map(len, found.values())) == 250
    assert sum(verify(PUBLISHED, segment) for segment in found.values()) == 3405


@needs_oracles
@pytest.mark.parametrize("name", ["Ladies Single Skating - Short Program", "Ice Dance - Free Dance"])
def test_explanations_end_in_the_published_score(name: str) -> None:
    segment = next(rows for key, rows in segments(PUBLISHED).items() if name == key)
    scheme, marks, _ = evaluated(PUBLISHED, segment)
    for row in segment[:5]:
        trace = totals.explain(scheme, marks, row["performance_id"])
        assert str(trace.result) == row["segment_score"]
