"""Tables of delegations over several contests, as documents: by ranks, by medals, by points of medals.

Codes of problems in a document, beside those of scoring.schemes: points_by_rank (`points` needs `take: rank`),
unknown_column (key).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from fractions import Fraction
from itertools import groupby, pairwise

from scoring.grants import Ground, Ruling, holders
from scoring.problems import Problem, ProblemError
from scoring.ranks import rank_of, twice_ranks
from scoring.schemes.reading import Reader
from scoring.tables import parsing
from scoring.tables.counting import Worth, collect, gathered, shown, told
from scoring.tables.json_schema import JSON_SCHEMA as JSON_SCHEMA
from scoring.tables.model import Counted as Counted
from scoring.tables.model import Line as Line
from scoring.tables.model import Result as Result
from scoring.tables.model import Table as Table
from scoring.tables.parsing import FORMAT as FORMAT

Key = tuple[tuple[int, Fraction], ...]


class TableError(ProblemError):
    """A document that is no table, with every problem at once."""


def parse(document: Mapping[str, object]) -> Table:
    """The table that a JSON document (read with parse_float=Decimal) describes; raises TableError."""
    if not isinstance(document, Mapping):
        raise TableError([Problem("", "not_object")])
    problems: list[Problem] = []
    found = parsing.table(Reader(document, "", problems))
    if problems:
        raise TableError(problems)
    return found


def results(
    contest: str, ground: Ground, awards: Iterable[Ruling] = (), *, non_scoring: Collection[str] = ()
) -> list[Result]:
    """The results of one contest from its board and awards; `non_scoring`: entries that collect nothing."""
    held = holders(awards)
    return [
        Result(
            contest=contest,
            entry=line.entry,
            delegation=ground.delegations.get(line.entry),
            rank=line.rank,
            score=line.score,
            scaled=line.scaled,
            points=line.points,
            awards=tuple(held.get(line.entry, ())),
            scoring=line.rank is not None and line.entry not in non_scoring,
        )
        for line in ground.board
    ]


def rank(table: Table, results: Iterable[Result], delegations: Iterable[str] = ()) -> list[Line]:
    """The table in order; `delegations`: those that are shown even without a result."""
    rows = list(results)
    names = sorted({*delegations, *(row.delegation for row in rows if row.delegation is not None)})
    found = {column.key: collect(column, rows, table.places) for column in table.columns}
    values = {name: collected(table, found, name) for name in names}
    keys = {name: key(table, values[name]) for name in names}
    ordered = sorted(names, key=lambda name: (keys[name], name))
    sizes = [len(list(group)) for _, group in groupby(ordered, key=keys.__getitem__)]
    tied = [size > 1 for size in sizes for _ in range(size)]
    deciders = parted(table, [keys[name] for name in ordered])
    lines = zip(ordered, twice_ranks(sizes, table.style), tied, deciders, strict=True)
    return [
        Line(
            delegation=name,
            rank=rank_of(twice),
            values={column.key: shown(values[name][column.key], column) for column in table.columns},
            tied=shared,
            decided_by=decider,
            counted=counted(table, found, name),
        )
        for name, twice, shared, decider in lines
    ]


def collected(table: Table, found: Mapping[str, Mapping[str, list[Worth]]], name: str) -> dict[str, Fraction | None]:
    """What a delegation has in each column."""
    return {column.key: gathered(column, found[column.key].get(name, ())) for column in table.columns}


def key(table: Table, values: Mapping[str, Fraction | None]) -> Key:
    """A smaller key is better; nothing comes last."""
    found = [(values[step.column], step.better) for step in table.order]
    return tuple((1, Fraction(0)) if value is None else (0, -value if up == "higher" else value) for value, up in found)


def parted(table: Table, keys: Sequence[Key]) -> list[str | None]:
    """For each line the deepest column (after the first) that parts it from a neighbour."""
    depths = [
        0,
        *(next((i for i, (a, b) in enumerate(zip(*pair, strict=True)) if a != b), 0) for pair in pairwise(keys)),
        0,
    ]
    found = [max(above, below) for above, below in pairwise(depths)]
    return [table.order[depth].column if depth else None for depth in found[: len(keys)]]


def counted(table: Table, found: Mapping[str, Mapping[str, list[Worth]]], name: str) -> tuple[Counted, ...]:
    """Every result of a delegation and what became of it, column by column."""
    columns = {column.key: column for column in table.columns}
    return tuple(one for key in columns for one in told(columns, key, found[key].get(name, ())))
