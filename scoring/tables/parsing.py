"""From a document to a table; what is wrong is reported to the reader."""

from __future__ import annotations

from decimal import Decimal
from typing import get_args

from scoring.schemes.after_parsing import WHEN_TIED, decimals, optional
from scoring.schemes.model import Better
from scoring.schemes.parts import BETTER, ONE, RANK_STYLES, rounding, title, whole
from scoring.schemes.reading import Reader
from scoring.tables.model import Column, Example, Expected, Gather, Places, Result, Source, Step, Table

FORMAT = "magpie-table/1"
PLACES: tuple[Places, ...] = get_args(Places)
GATHER: tuple[Gather, ...] = get_args(Gather)
SOURCES: tuple[Source, ...] = get_args(Source)
MOST_COLUMNS, MOST_ROWS = 50, 10_000


def table(read: Reader) -> Table:
    """The whole document."""
    if read.text("format"):
        read.choice("format", (FORMAT,), FORMAT)
    columns = tuple(column(inside) for inside in read.readers("columns", most=MOST_COLUMNS, least=1))
    found = Table(
        key=read.key("key"),
        title=title(read, "title"),
        description=title(read, "description") if read.has("description") else None,
        columns=columns,
        places=read.choice("places", PLACES, "kept"),
        style=read.choice("style", RANK_STYLES, "1224"),
        order=tuple(step(inside, columns) for inside in read.readers("order", most=MOST_COLUMNS, least=1)),
        example=optional(read, "example", example),
    )
    check(read, found)
    read.close()
    return found


def column(read: Reader) -> Column:
    """One column: by `take` or by `awards`."""
    if read.has("take") == read.has("awards"):
        read.problem(None, "one_of_needed", options="take awards")
    take = read.choice("take", SOURCES, "rank") if read.has("take") else None
    points = tuple(decimals(read, "points"))
    if points and take != "rank":
        read.problem("points", "points_by_rank")
    better: Better = "lower" if take == "rank" and not points else "higher"
    found = Column(
        key=read.key("key"),
        title=title(read, "title"),
        take=take,
        points=points,
        when_tied=read.choice("when_tied", WHEN_TIED, "same"),
        awards=named(read, "awards"),
        combine=read.choice("combine", GATHER, "sum"),
        better=read.choice("better", BETTER, better),
        per_contest=read.integer("per_contest", 1, least=1, most=MOST_ROWS) if read.has("per_contest") else None,
        best=read.integer("best", 1, least=1, most=MOST_ROWS) if read.has("best") else None,
        rounding=rounding(read),
    )
    read.close()
    return found


def named(read: Reader, name: str) -> tuple[tuple[str, Decimal], ...]:
    """{name: number, ...}"""
    inside = read.child(name)
    if inside is None:
        return ()
    return tuple((key, inside.number(key, ONE)) for key in inside.fields)


def step(read: Reader, columns: tuple[Column, ...]) -> Step:
    """One step of the order: {column, better}; which way is by default that of the column."""
    key = read.key("column")
    own = next((column.better for column in columns if column.key == key), None)
    if own is None:
        read.problem("column", "unknown_column", key=key)
    found = Step(key, read.choice("better", BETTER, own or "higher"))
    read.close()
    return found


def check(read: Reader, found: Table) -> None:
    """Each column has its own key."""
    seen: set[str] = set()
    for position, column in enumerate(found.columns):
        if column.key in seen:
            inside = Reader({}, f"{read.at('columns')}/{position}", read.problems)
            inside.problem("key", "key_taken", key=column.key)
        seen.add(column.key)


def example(read: Reader) -> Example:
    """Results, and the table that they must give."""
    found = Example(
        tuple(result(inside) for inside in read.readers("results", most=MOST_ROWS)),
        tuple(expected(inside) for inside in read.readers("expected", most=MOST_ROWS)),
    )
    read.close()
    return found


def result(read: Reader) -> Result:
    """A row {contest, entry, delegation, rank, score, scaled, points, awards, scoring, weight}."""
    scoring = read.boolean("scoring")
    found = Result(
        contest=read.text("contest"),
        entry=read.text("entry"),
        delegation=read.text("delegation") if read.has("delegation") else None,
        rank=rank(read),
        score=read.decimal("score"),
        scaled=read.decimal("scaled"),
        points=read.decimal("points"),
        awards=tuple(read.texts("awards", most=MOST_COLUMNS)),
        scoring=True if scoring is None else scoring,
        weight=read.number("weight", ONE),
    )
    read.close()
    return found


def rank(read: Reader) -> Decimal | None:
    """A whole number or a half."""
    found = whole(read.taken("rank")) if read.has("rank") else None
    if found is None and read.has("rank"):
        read.problem("rank", "not_decimal")
    return found


def expected(read: Reader) -> Expected:
    """A row {delegation, rank, values}."""
    found = Expected(read.text("delegation"), rank(read), named(read, "values"))
    read.close()
    return found
