"""The parts of a table document as frozen values, the results that go in, and the lines that come out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Literal

from scoring.schemes.after import WhenTied
from scoring.schemes.model import Better, RankStyle, Rounding, Title

Places = Literal["kept", "passed_on"]
Gather = Literal["sum", "mean", "best", "count"]
CountedCode = Literal["counted", "over_cap", "not_best", "non_scoring", "nothing"]
Source = Literal["score", "scaled", "points", "rank"]


@dataclass(frozen=True, slots=True)
class Column:
    """What delegations collect: the value of each award, or what is taken of each result (a rank through `points`).

    Of each contest only the best `per_contest` results of a delegation count, of all contests only the `best`.
    """

    key: str
    title: Title
    take: Source | None
    points: tuple[Decimal, ...]
    when_tied: WhenTied
    awards: tuple[tuple[str, Decimal], ...]
    combine: Gather
    better: Better
    per_contest: int | None
    best: int | None
    rounding: Rounding | None


@dataclass(frozen=True, slots=True)
class Step:
    """One step of the order: a column, and which way."""

    column: str
    better: Better


@dataclass(frozen=True, slots=True)
class Result:
    """One entry's result in one contest. `scoring` False: it competes, but collects nothing for its delegation."""

    contest: str
    entry: str
    delegation: str | None
    rank: Decimal | int | None = None
    score: Decimal | None = None
    scaled: Decimal | None = None
    points: Decimal | None = None
    awards: tuple[str, ...] = ()
    scoring: bool = True
    weight: Decimal = Decimal(1)


@dataclass(frozen=True, slots=True)
class Expected:
    """What a worked example must come to for one delegation."""

    delegation: str
    rank: Decimal | None
    values: tuple[tuple[str, Decimal], ...]


@dataclass(frozen=True, slots=True)
class Example:
    """A worked example: results, and the table that they must give, in order."""

    results: tuple[Result, ...]
    expected: tuple[Expected, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """The rules of a table of delegations (or of anything that results belong to)."""

    key: str
    title: Title
    description: Title | None
    columns: tuple[Column, ...]
    places: Places
    style: RankStyle
    order: tuple[Step, ...]
    example: Example | None = field(compare=False)


@dataclass(frozen=True, slots=True)
class Counted:
    """What became of a result in a column; code: counted, over_cap, not_best, non_scoring, nothing (no value)."""

    column: str
    contest: str
    entry: str
    value: Decimal | None
    code: CountedCode


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a table; `tied`: equal to a neighbour in all steps; `decided_by`: the last column that parted it."""

    delegation: str
    rank: Decimal | int
    values: Mapping[str, Decimal | None]
    tied: bool
    decided_by: str | None
    counted: tuple[Counted, ...]
