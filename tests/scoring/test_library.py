"""Every document of the library is a scheme (or a table) whose worked example comes out as it says."""

from __future__ import annotations

import json
from decimal import Decimal

import pytest
from jsonschema import Draft202012Validator

from scoring import schemes, totals
from scoring import tables as delegation_tables
from scoring.grants import holders
from scoring.marks import check
from scoring.outcomes import Known, Outcome, outcome
from scoring.schemes import Scheme
from scoring.schemes.document import Example

from .cases import LIBRARY, document, library, scheme, tables

NEEDED = {
    "best_of_three_throws",
    "diving",
    "figure_skating_free",
    "figure_skating_short",
    "five_judges_drop_high_low",
    "gymnastics",
    "heats_to_final",
    "piano_competition",
    "provincial_contest",
    "quiz",
    "rank_sum_jury",
    "rank_sums_of_marks",
    "ski_jumping_k120",
    "team_of_three",
    "theory_30_practice_70",
    "time_trial_penalties",
    "wca_average_of_5",
    "worldskills_100",
    "worldskills_medals",
}


def test_the_library_is_whole() -> None:
    assert set(library()) >= NEEDED
    assert set(tables()) >= {"delegation_points", "medal_points", "medal_table"}


def worked(found: Scheme) -> tuple[Example, Outcome]:
    """The example of a scheme, and what its marks come to."""
    example = found.example
    assert example is not None
    known = Known(
        unranked={one.entry for one in example.entries if one.outside},
        delegations={one.entry: one.delegation for one in example.entries if one.delegation},
        groups={one.entry: one.group for one in example.entries if one.group},
    )
    entries = sorted({*(mark.entry for mark in example.marks), *(one.entry for one in example.entries)})
    return example, outcome(found, example.marks, entries, known)


@pytest.mark.parametrize("name", library())
def test_example(name: str) -> None:
    found = scheme(name)
    example, result = worked(found)
    assert not [(mark, problems) for mark in example.marks if (problems := check(found, mark))]
    lines = [
        (line.entry, line.score, line.status, None if line.rank is None else Decimal(line.rank))
        for line in result.board
    ]
    assert lines == [(row.entry, row.score, row.status, row.rank) for row in example.expected]


@pytest.mark.parametrize("name", library())
def test_example_of_what_follows(name: str) -> None:
    example, result = worked(scheme(name))
    lines = {line.entry: line for line in result.board}
    held = holders(result.awards)
    proposed = {one.entry: one.level for one in result.proposals if one.proposed}
    said = [row for row in example.expected if row.scaled is not None]
    assert [lines[row.entry].scaled for row in said] == [row.scaled for row in said]
    said = [row for row in example.expected if row.awards is not None]
    assert {row.entry: held.get(row.entry, []) for row in said} == {row.entry: list(row.awards or ()) for row in said}
    said = [row for row in example.expected if row.advances is not None]
    assert {row.entry for row in said if row.advances} == {row.entry for row in said if row.entry in result.going}
    said = [row for row in example.expected if row.promotion is not None]
    assert {row.entry: proposed.get(row.entry) for row in said} == {row.entry: row.promotion for row in said}


@pytest.mark.parametrize("name", library())
def test_the_published_form_takes_it(name: str) -> None:
    text = (LIBRARY / f"{name}.json").read_text("utf-8")
    Draft202012Validator.check_schema(schemes.JSON_SCHEMA)
    Draft202012Validator(schemes.JSON_SCHEMA).validate(json.loads(text))
    assert json.loads(text)["key"] == name
    assert json.loads(text)["description"]["zh"]


@pytest.mark.parametrize("name", library())
def test_explanations_end_in_the_total(name: str) -> None:
    found = scheme(name)
    assert found.example is not None
    marks = found.example.marks
    for entry, total in totals.evaluate(found, marks, sorted({mark.entry for mark in marks})).items():
        trace = totals.explain(found, marks, entry)
        assert trace.result == (total.status or total.value)
        assert not trace.steps or trace.steps[-1].after == trace.result


@pytest.mark.parametrize("name", tables())
def test_tables(name: str) -> None:
    found = document(f"tables/{name}")
    Draft202012Validator.check_schema(delegation_tables.JSON_SCHEMA)
    Draft202012Validator(delegation_tables.JSON_SCHEMA).validate(
        json.loads((LIBRARY / "tables" / f"{name}.json").read_text("utf-8"))
    )
    table = delegation_tables.parse(found)
    assert table.example is not None
    lines = delegation_tables.rank(table, table.example.results)
    assert [(line.delegation, line.rank) for line in lines] == [
        (row.delegation, row.rank) for row in table.example.expected
    ]
    for line, row in zip(lines, table.example.expected, strict=True):
        assert {key: line.values[key] for key, _ in row.values} == dict(row.values)
