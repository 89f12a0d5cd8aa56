"""Every document of the library is a scheme whose worked example comes out as it says."""

from __future__ import annotations

import json
from decimal import Decimal

import pytest
from jsonschema import Draft202012Validator

from scoring import schemes, standings, totals
from scoring.marks import check

from .cases import LIBRARY, library, scheme

NEEDED = {
    "figure_skating_short",
    "figure_skating_free",
    "wca_average_of_5",
    "worldskills_100",
    "theory_30_practice_70",
    "five_judges_drop_high_low",
    "rank_sum_jury",
}


def test_the_library_is_whole() -> None:
    assert set(library()) >= NEEDED


@pytest.mark.parametrize("name", library())
def test_example(name: str) -> None:
    found = scheme(name)
    example = found.example
    assert example is not None
    assert not [(mark, problems) for mark in example.marks if (problems := check(found, mark))]
    entries = sorted({mark.entry for mark in example.marks})
    board = standings.rank(found, totals.evaluate(found, example.marks, entries))
    lines = [(line.entry, line.score, line.status, None if line.rank is None else Decimal(line.rank)) for line in board]
    assert lines == [(row.entry, row.score, row.status, row.rank) for row in example.expected]


@pytest.mark.parametrize("name", library())
def test_the_published_form_takes_it(name: str) -> None:
    text = (LIBRARY / f"{name}.json").read_text("utf-8")
    Draft202012Validator.check_schema(schemes.JSON_SCHEMA)
    Draft202012Validator(schemes.JSON_SCHEMA).validate(json.loads(text))
    assert json.loads(text)["key"] == name


@pytest.mark.parametrize("name", library())
def test_explanations_end_in_the_total(name: str) -> None:
    found = scheme(name)
    assert found.example is not None
    marks = found.example.marks
    for entry, total in totals.evaluate(found, marks, sorted({mark.entry for mark in marks})).items():
        trace = totals.explain(found, marks, entry)
        assert trace.result == (total.status or total.value)
        assert not trace.steps or trace.steps[-1].after == total.value
