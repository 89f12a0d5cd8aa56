"""How judges of a panel agree, and who is strict: advice for the chief judge, never applied to a mark.

`marks` are what was given on one aspect (or in sum) in one panel; whoever is recused or absent gave none. All numbers
are exact fractions, except correlations (see `concordance`); `shown` rounds for the page.

- deviation: the mark less the mean of all marks of that entry; only where two judges or more gave one. Severity is the
  mean of them: over 0 is generous, under 0 strict; `distance` is the mean of their sizes.
- dropped: the share of a judge's marks that are among the `high` highest or `low` lowest of an entry with enough marks
  to drop so many and keep one. Of k equal marks of which j are dropped each counts j / k, so that no order matters.
- correlation: of the judge's ranks with those by the mean of the others, over entries that others marked too.
- spread of an entry: its highest less its lowest mark.
- concordance: Kendall's W over the entries that every judge of the panel marked.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from statistics import mean

from scoring.arithmetic import half_away, written
from scoring.concordance import Concordance, concordance, correlation

Table = Mapping[str, Mapping[str, Fraction]]


@dataclass(frozen=True, slots=True)
class Given:
    """A mark: which judge gave which entry how much; a status instead of a value is no mark and is left out."""

    entry: str
    judge: str
    value: Decimal | None


@dataclass(frozen=True, slots=True)
class OfJudge:
    """One judge beside the panel; None where there is nothing to compare."""

    judge: str
    marks: int
    severity: Fraction | None
    distance: Fraction | None
    dropped: Fraction | None
    correlation: Decimal | None


@dataclass(frozen=True, slots=True)
class OfEntry:
    """One entry's marks: how many, their mean, and how far they spread."""

    entry: str
    marks: int
    mean: Fraction
    spread: Fraction


@dataclass(frozen=True, slots=True)
class Agreement:
    """A panel: its judges and entries by name, and how far they rank alike."""

    judges: tuple[OfJudge, ...]
    entries: tuple[OfEntry, ...]
    concordance: Concordance


def agreement(marks: Iterable[Given], *, high: int = 0, low: int = 0) -> Agreement:
    """Everything about one panel; `high` and `low` marks of an entry are dropped.

    ValueError for two marks of a judge on an entry.
    """
    table = by_entry(marks)
    judges = sorted({judge for given in table.values() for judge in given})
    dropped = {entry: shares(given, high, low) for entry, given in table.items()}
    rows = [[given[judge] for given in table.values() if len(given) == len(judges)] for judge in judges]
    return Agreement(
        tuple(of_judge(judge, table, dropped) for judge in judges),
        tuple(of_entry(entry, list(given.values())) for entry, given in table.items()),
        concordance(rows),
    )


def by_entry(marks: Iterable[Given]) -> dict[str, dict[str, Fraction]]:
    """Marks by entry and judge, entries by name; those without a value are left out."""
    table: dict[str, dict[str, Fraction]] = {}
    for mark in sorted(marks, key=lambda mark: (mark.entry, mark.judge)):
        if mark.value is not None:
            given = table.setdefault(mark.entry, {})
            if mark.judge in given:
                raise ValueError(f"{mark.judge} has marked {mark.entry} twice")
            given[mark.judge] = Fraction(mark.value)
    return table


def of_judge(judge: str, table: Table, dropped: Table) -> OfJudge:
    """One judge beside the others."""
    mine = [given for given in table.values() if judge in given]
    shared = [given for given in mine if len(given) > 1]
    deviations = [given[judge] - mean(given.values()) for given in shared]
    own = [given[judge] for given in shared]
    rest = [mean(value for other, value in given.items() if other != judge) for given in shared]
    return OfJudge(
        judge,
        len(mine),
        average(deviations),
        average([abs(deviation) for deviation in deviations]),
        average([given[judge] for given in dropped.values() if judge in given]),
        correlation(own, rest),
    )


def of_entry(entry: str, values: Sequence[Fraction]) -> OfEntry:
    """One entry's marks."""
    return OfEntry(entry, len(values), mean(values), max(values) - min(values))


def average(values: Sequence[Fraction]) -> Fraction | None:
    """The mean; None of nothing."""
    return mean(values) if values else None


def shares(given: Mapping[str, Fraction], high: int, low: int) -> dict[str, Fraction]:
    """How much of each mark is dropped; nothing where no mark would be left."""
    if high + low >= len(given):
        return dict.fromkeys(given, Fraction(0))
    return {judge: cut(value, given.values(), high, low) for judge, value in given.items()}


def cut(value: Fraction, values: Iterable[Fraction], high: int, low: int) -> Fraction:
    """The part of a mark that is dropped, shared by all marks like it."""
    known = list(values)
    over, under, alike = sum(v > value for v in known), sum(v < value for v in known), known.count(value)
    out = min(max(high - over, 0), alike) + min(max(low - under, 0), alike)
    return Fraction(min(out, alike), alike)


def shown(number: Fraction, digits: int = 3) -> Decimal:
    """A fraction for the page: rounded, the middle away from zero."""
    return written(half_away(number.numerator * 10**digits, number.denominator), digits)
