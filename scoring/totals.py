"""Marks -> scores: exact, quick for many entries, and explained in full for one.

Inside, every value is an integer over a denominator that the scheme alone decides; nothing is ever a float.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction

from scoring.arithmetic import to_decimal
from scoring.entering import enter, rank_marks
from scoring.explaining import trace
from scoring.facts import Mark, Status
from scoring.members import Member
from scoring.plans import Plan, plan
from scoring.rows import Number, Row
from scoring.schemes import Scheme, is_relative
from scoring.traces import Trace


@dataclass(frozen=True, slots=True)
class Missing:
    """A place where marks are missing: `have` of `needed` are in."""

    aspect: str
    attempt: int
    have: int
    needed: int


@dataclass(frozen=True, slots=True)
class Total:
    """What one entry's marks come to so far; final in the scheme's sense when `complete`.

    `disputed`: aspects and attempts whose judges lie further apart than the scheme allows. `numbers`: the exact value
    of each node, integers over the plan's denominators.
    """

    entry: str
    status: Status | None
    missing: tuple[Missing, ...]
    disputed: tuple[tuple[str, int], ...]
    numbers: tuple[Number, ...] = field(repr=False)
    repeated: Mapping[int, Sequence[Number]] = field(repr=False)
    plan: Plan = field(repr=False, compare=False)

    @property
    def complete(self) -> bool:
        """No mark is missing (a status completes what it concerns)."""
        return not self.missing

    @property
    def value(self) -> Decimal | None:
        """The score from the marks that are in, rounded where the scheme says; None without marks or with a status.

        A score whose decimals never end (an unrounded mean) is shown with 9; ranks are made from the exact number.
        """
        shown = show(self.plan.tops[0], self.numbers[0])
        return shown if isinstance(shown, Decimal) else None

    @property
    def exact(self) -> Fraction | Status | None:
        """The score as it is before anybody reads it; the status that stands for it; None without marks."""
        return self.of(self.plan.tops[0])

    def of(self, member: Member) -> Fraction | Status | None:
        """The exact value of a node that is not inside a repeat."""
        number = self.numbers[member.index]
        return Fraction(number, member.denominator) if isinstance(number, int) else number

    @property
    def values(self) -> dict[str, Decimal | Status | None]:
        """The value or status of each node that is not inside a repeat, by key, `aside` nodes included."""
        members = [member for member in self.plan.members.values() if not member.within]
        return {member.key: show(member, self.numbers[member.index]) for member in members}

    def attempts(self, node: str) -> tuple[Decimal | Status | None, ...]:
        """The values of a repeated node, or of a node inside a repeat, attempt by attempt; KeyError for other nodes."""
        member = self.plan.members[node]
        times = member.times or member.within
        if not times:
            raise KeyError(node)
        numbers = self.repeated.get(member.index, [None] * times)
        return tuple(show_once(member, number) for number in numbers)


def show(member: Member, number: Number) -> Decimal | Status | None:
    """A node's number as people read it."""
    return to_decimal(number, member.denominator, member.digits) if isinstance(number, int) else number


def show_once(member: Member, number: Number) -> Decimal | Status | None:
    """One attempt's number as people read it."""
    return to_decimal(number, member.inner, member.digits_once) if isinstance(number, int) else number


def evaluate(scheme: Scheme, marks: Iterable[Mark], entries: Sequence[str]) -> dict[str, Total]:
    """The total of every entry, in the order of `entries`; marks of others are left aside. Raises MarksError.

    Values must be such that `marks.check` allows them; marks entered twice are the caller's to supersede.
    """
    ready = plan(scheme)
    rows = {entry: ready.row(entry) for entry in entries}
    enter(ready, rows, marks)
    rank_marks(ready, rows.values())
    ready.run_all(rows.values())
    return {entry: total(ready, row) for entry, row in rows.items()}


def total(ready: Plan, row: Row) -> Total:
    """A row that was run, as a total."""
    score = row.results[0]
    return Total(
        entry=row.entry,
        status=score if isinstance(score, Status) else None,
        missing=tuple(Missing(*place, *counts) for place, counts in row.missing.items()) if row.missing else (),
        disputed=tuple(row.disputed),
        numbers=tuple(row.results),
        repeated=row.attempts,
        plan=ready,
    )


def explain(scheme: Scheme, marks: Iterable[Mark], entry: str) -> Trace:
    """How one entry came to its total. Pass all marks of the contest when the scheme is relative (as_ranks)."""
    return explain_many(scheme, marks, [entry])[entry][0]


def explain_many(scheme: Scheme, marks: Iterable[Mark], entries: Collection[str]) -> dict[str, tuple[Trace, ...]]:
    """How several entries came to their totals, as `explain` does it for one, and to what is aside of them."""
    ready, wanted = plan(scheme), frozenset(entries)
    listed = sorted(marks, key=lambda mark: (mark.entry, mark.aspect, mark.attempt, mark.judge or ""))
    rows = {entry: ready.row(entry) for entry in entries}
    if is_relative(scheme):
        rows |= {entry: ready.row(entry) for entry in {mark.entry for mark in listed} - wanted}
    enter(ready, rows, listed)
    rank_marks(ready, rows.values())
    for mark in listed:
        if mark.entry in wanted:
            rows[mark.entry].marks.setdefault((mark.aspect, mark.attempt), []).append(mark)
    done = {entry: ready.run(rows[entry]) for entry in entries}
    return {entry: tuple(trace(top, row) for top in ready.tops) for entry, row in done.items()}
