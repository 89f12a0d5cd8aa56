"""Results of several contests -> what each delegation collects in a column, and why each result counts or not."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from itertools import groupby

from scoring.arithmetic import ROUNDINGS, to_decimal, written
from scoring.tables.model import Column, Counted, CountedCode, Places, Result


@dataclass(frozen=True, slots=True)
class Worth:
    """A result with its value in a column and what became of it."""

    result: Result
    value: Fraction | None
    code: CountedCode


def collect(column: Column, results: Iterable[Result], places: Places) -> dict[str, list[Worth]]:
    """Every result of every delegation with its value and fate in one column."""
    found: dict[str, list[Worth]] = {}
    ordered = sorted(results, key=lambda result: result.contest)
    for _, rows in groupby(ordered, key=lambda result: result.contest):
        for worth in of_contest(column, sorted(rows, key=place), places):
            if worth.result.delegation is not None:
                found.setdefault(worth.result.delegation, []).append(worth)
    return {delegation: best(column, worths) for delegation, worths in found.items()}


def place(result: Result) -> tuple[bool, Decimal | int, str]:
    """The order within a contest: by rank, those without one last."""
    return (result.rank is None, result.rank or 0, result.entry)


def of_contest(column: Column, rows: Sequence[Result], places: Places) -> Iterator[Worth]:
    """The results of one contest, the best first."""
    codes = {row.entry: code for row, code in zip(rows, capped(column, rows), strict=True)}
    inside = [row for row in rows if places == "kept" or codes[row.entry] == "counted"]
    shares = by_place(column, inside) if column.points else {}
    for row in rows:
        value = shares.get(row.entry) if column.points else plain(column, row)
        weighted = None if value is None else value * Fraction(row.weight)
        code = codes[row.entry]
        yield Worth(row, weighted, "nothing" if weighted is None and code == "counted" else code)


def capped(column: Column, rows: Sequence[Result]) -> Iterator[CountedCode]:
    """Which results count: those of entries that score, up to the number of each delegation."""
    used: dict[str, int] = {}
    for row in rows:
        if row.delegation is None or not row.scoring:
            yield "non_scoring"
        elif column.per_contest is not None and used.get(row.delegation, 0) >= column.per_contest:
            yield "over_cap"
        else:
            used[row.delegation] = used.get(row.delegation, 0) + 1
            yield "counted"


def by_place(column: Column, rows: Sequence[Result]) -> dict[str, Fraction]:
    """Points by place; equals get those of their best place, or the mean of the places that they share."""
    ranked = [row for row in rows if row.rank is not None]
    found: dict[str, Fraction] = {}
    for _, group in groupby(ranked, key=lambda row: row.rank):
        equals, before = list(group), len(found)
        row = [points(column, place) for place in range(before, before + len(equals))]
        share = row[0] if column.when_tied == "same" else sum(row, Fraction(0)) / len(row)
        found |= {one.entry: share for one in equals}
    return found


def points(column: Column, place: int) -> Fraction:
    """The points of a place (from 0)."""
    return Fraction(column.points[place]) if place < len(column.points) else Fraction(0)


def plain(column: Column, row: Result) -> Fraction | None:
    """The value of a result's awards, or what is taken of it."""
    if column.take is None:
        worths = dict(column.awards)
        return sum((Fraction(worths.get(award, 0)) for award in row.awards), Fraction(0))
    found = {"score": row.score, "scaled": row.scaled, "points": row.points, "rank": row.rank}[column.take]
    return None if found is None else Fraction(found)


def best(column: Column, worths: list[Worth]) -> list[Worth]:
    """Only the best of all contests count, where the column says so."""
    counted = [worth for worth in worths if worth.code == "counted"]
    if column.best is None or len(counted) <= column.best:
        return worths
    sign = -1 if column.better == "higher" else 1
    counted.sort(key=lambda worth: (sign * (worth.value or 0), worth.result.contest, place(worth.result)))
    left = {id(worth) for worth in counted[column.best :]}
    return [Worth(one.result, one.value, "not_best") if id(one) in left else one for one in worths]


def gathered(column: Column, worths: Iterable[Worth]) -> Fraction | None:
    """What a delegation has in a column."""
    values = [worth.value for worth in worths if worth.code == "counted" and worth.value is not None]
    if column.combine == "count":
        return Fraction(len(values))
    if column.combine == "sum":
        return rounded(column, sum(values, Fraction(0)))
    if not values:
        return None
    if column.combine == "best":
        return rounded(column, max(values) if column.better == "higher" else min(values))
    return rounded(column, sum(values, Fraction(0)) / len(values))


def rounded(column: Column, value: Fraction) -> Fraction:
    """Rounded where the column says so."""
    if column.rounding is None:
        return value
    digits = column.rounding.digits
    return Fraction(written(ROUNDINGS[column.rounding.mode](value.numerator * 10**digits, value.denominator), digits))


def shown(value: Fraction | None, column: Column) -> Decimal | None:
    """A number as people read it."""
    digits = column.rounding.digits if column.rounding else None
    return None if value is None else to_decimal(value.numerator, value.denominator, digits)


def told(columns: Mapping[str, Column], key: str, worths: Iterable[Worth]) -> Iterator[Counted]:
    """What became of each result in a column."""
    for one in worths:
        yield Counted(key, one.result.contest, one.result.entry, shown(one.value, columns[key]), one.code)
