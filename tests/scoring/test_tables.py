"""Tables of delegations."""

from __future__ import annotations

import copy
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring import schemes, tables
from scoring.awards import awards
from scoring.tables import Line, Result, Table

from .cases import Document, document, ground, minimal, node
from .cases import tables as ready

TITLE = {"zh": "列", "en": "Column"}


def table(*columns: Document, **rest: Any) -> Table:
    named = [{"key": f"k{i}", "title": TITLE, **column} for i, column in enumerate(columns)]
    order = [{"column": column["key"]} for column in named]
    return tables.parse(
        {"format": "magpie-table/1", "key": "t", "title": TITLE, "columns": named, "order": order, **rest}
    )


def result(entry: str, delegation: str, rank: int | None, contest: str = "x", **rest: Any) -> Result:
    return Result(contest, entry, delegation, rank, **rest)


def values(lines: list[Line], column: str = "k0") -> dict[str, Decimal | None]:
    return {line.delegation: line.values[column] for line in lines}


POINTS = {"take": "rank", "points": ["9", "7", "6", "5"]}


def test_points_by_rank() -> None:
    rows = [result("1", "u", 1), result("2", "v", 2), result("3", "v", 2), result("4", "u", 4), result("5", "w", 5)]
    assert values(tables.rank(table(POINTS), rows)) == {"u": 14, "v": 14, "w": 0}
    shared = table({**POINTS, "when_tied": "mean"})
    assert values(tables.rank(shared, rows)) == {"u": 14, "v": 13, "w": 0}


@pytest.mark.parametrize(("places", "expected"), [("kept", {"u": 9, "v": 5}), ("passed_on", {"u": 9, "v": 7})])
def test_those_that_collect_nothing_may_pass_their_place_on(places: str, expected: dict[str, int]) -> None:
    rows = [result("1", "u", 1), result("2", "u", 2), result("3", "g", 3, scoring=False), result("4", "v", 4)]
    lines = tables.rank(table({**POINTS, "per_contest": 1}, places=places), rows)
    assert values(lines) == {**expected, "g": 0}
    codes = {one.entry: one.code for line in lines for one in line.counted}
    assert codes == {"1": "counted", "2": "over_cap", "3": "non_scoring", "4": "counted"}


def test_only_the_best_results_count() -> None:
    rows = [result(str(i), "u", 1, contest=str(i), scaled=Decimal(value)) for i, value in enumerate([700, 720, 650])]
    lines = tables.rank(table({"take": "scaled", "best": 2}, {"take": "scaled", "combine": "mean", "round": 1}), rows)
    assert dict(lines[0].values) == {"k0": Decimal(1420), "k1": Decimal(690)}
    assert [one.code for one in lines[0].counted[:3]] == ["counted", "counted", "not_best"]


@pytest.mark.parametrize(
    ("column", "expected"),
    [
        ({"take": "rank"}, 3),
        ({"take": "rank", "combine": "best"}, 1),
        ({"take": "score", "combine": "count"}, 1),
        ({"take": "score"}, 50),
        ({"take": "points", "combine": "mean"}, None),
    ],
)
def test_what_a_column_gathers(column: Document, expected: int | None) -> None:
    rows = [result("1", "u", 1, score=Decimal(50)), result("2", "u", 2)]
    assert values(tables.rank(table(column), rows)) == {"u": expected}


def test_results_weigh() -> None:
    rows = [result("1", "u", 1, weight=Decimal(2)), result("2", "v", 2)]
    assert values(tables.rank(table(POINTS), rows)) == {"u": 18, "v": 7}


def test_medals_in_order_and_shared_places() -> None:
    medals = table({"awards": {"gold": 1}}, {"awards": {"silver": 1}}, style="1224")
    rows = [result("1", "u", 1, awards=("gold",)), result("2", "v", 2, awards=("silver",)), result("3", "w", 3)]
    rows += [result("4", "v", 1, contest="y", awards=("gold",))]
    lines = tables.rank(medals, rows, delegations=["z"])
    assert [(line.delegation, line.rank, line.tied, line.decided_by) for line in lines] == [
        ("v", 1, False, "k1"),
        ("u", 2, False, "k1"),
        ("w", 3, True, None),
        ("z", 3, True, None),
    ]


def test_from_boards_and_awards() -> None:
    rules = schemes.parse(
        minimal(node("given", "score"), awards=[{"key": "gold", "title": TITLE, "places": 1}], scaled={})
    )
    scores = {"a": "9", "b": "8", "c": "7", "d": "did_not_finish"}
    on = ground(rules, scores, delegations={"a": "u", "b": "v", "d": "v"})
    rows = tables.results("x", on, awards(rules, on), non_scoring={"b"})
    assert [(row.entry, row.delegation, row.rank, row.awards, row.scoring) for row in rows] == [
        ("a", "u", 1, ("gold",), True),
        ("b", "v", 2, (), False),
        ("c", None, 3, (), True),
        ("d", "v", None, (), False),
    ]
    assert values(tables.rank(table({"awards": {"gold": 4}}), rows)) == {"u": 4, "v": 0}


rows_of = st.lists(
    st.tuples(st.sampled_from("xyz"), st.sampled_from("uvw"), st.integers(1, 6), st.booleans()), max_size=12
).map(lambda found: [result(str(i), d, rank, contest=c, scoring=s) for i, (c, d, rank, s) in enumerate(found)])
columns = st.fixed_dictionaries(
    {"take": st.just("rank"), "points": st.just(["9", "7", "6", "5"]), "when_tied": st.sampled_from(["same", "mean"])},
    optional={"per_contest": st.integers(1, 2), "best": st.integers(1, 3)},
)


@given(columns, rows_of, st.sampled_from(["kept", "passed_on"]), st.randoms())
def test_a_table_is_the_sum_of_what_counted(column: Document, rows: list[Result], places: str, chance: Any) -> None:
    rules = table(column, places=places)
    lines = tables.rank(rules, rows)
    for line in lines:
        counted = [Fraction(one.value or 0) for one in line.counted if one.code == "counted"]
        assert abs(Fraction(line.values["k0"] or 0) - sum(counted)) < Fraction(1, 10**6)
    found = [line.values["k0"] or Decimal(0) for line in lines]
    assert found == sorted(found, reverse=True)
    shuffled = list(rows)
    chance.shuffle(shuffled)
    assert tables.rank(rules, shuffled) == lines


@given(rows_of)
def test_all_points_of_a_contest_are_given_when_places_pass_on(rows: list[Result]) -> None:
    lines = tables.rank(table({**POINTS, "when_tied": "mean"}, places="passed_on"), rows)
    per_contest = [sum(1 for row in rows if row.contest == contest and row.scoring) for contest in "xyz"]
    given = sum((Fraction(line.values["k0"] or 0) for line in lines), Fraction(0))
    assert abs(given - sum(sum([9, 7, 6, 5][:count]) for count in per_contest)) < Fraction(1, 10**6)


BAD: list[tuple[Document, str, str]] = [
    ({"columns": []}, "/columns", "wrong_length"),
    ({"order": [{"column": "x"}]}, "/order/0/column", "unknown_column"),
    ({"columns": [{"key": "a", "title": TITLE}]}, "/columns/0", "one_of_needed"),
    ({"columns": [{"key": "a", "title": TITLE, "awards": {"g": "x"}}]}, "/columns/0/awards/g", "not_decimal"),
    (
        {"columns": [{"key": "a", "title": TITLE, "take": "score", "points": ["1"]}]},
        "/columns/0/points",
        "points_by_rank",
    ),
    ({"columns": [{"key": "gold", "title": TITLE, "take": "score"}] * 2}, "/columns/1/key", "key_taken"),
    ({"places": "lost"}, "/places", "not_one_of"),
    ({"colour": 1}, "/colour", "unknown_field"),
]


@pytest.mark.parametrize(("change", "pointer", "code"), BAD)
def test_a_table_that_cannot_be(change: Document, pointer: str, code: str) -> None:
    found = copy.deepcopy(document(f"tables/{ready()[1]}"))
    with pytest.raises(tables.TableError) as refused:
        tables.parse({**found, **change})
    assert (pointer, code) in {(one.pointer, one.code) for one in refused.value.problems}


def test_no_object() -> None:
    with pytest.raises(tables.TableError):
        tables.parse([])  # type: ignore[arg-type]
