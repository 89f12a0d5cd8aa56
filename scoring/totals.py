"""Marks -> scores: exact, quick for many entries, and explained in full for one.

Inside, every value is an integer over a denominator that the scheme alone decides; nothing is ever a float.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from scoring.marks import Mark
from scoring.schemes import Scheme
from scoring.statuses import Status
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
    """What one entry's marks come to so far. It is final in the scheme's sense when `complete`."""

    entry: str
    status: Status | None
    missing: tuple[Missing, ...]

    @property
    def complete(self) -> bool:
        """No mark is missing (a status completes what it concerns)."""
        return not self.missing

    @property
    def value(self) -> Decimal | None:
        """The score from the marks that are in, rounded where the scheme says; None without marks or with a status."""
        raise NotImplementedError

    @property
    def values(self) -> Mapping[str, Decimal | Status | None]:
        """The value or status of each node that is not inside a repeat, by key, `aside` nodes included."""
        raise NotImplementedError

    def attempts(self, node: str) -> tuple[Decimal | Status | None, ...]:
        """The values of a repeated node, or of a node inside a repeat, attempt by attempt."""
        raise NotImplementedError


def evaluate(scheme: Scheme, marks: Iterable[Mark], entries: Sequence[str]) -> dict[str, Total]:
    """The total of every entry, in the order of `entries`; marks of other entries are left aside. Raises MarksError."""
    raise NotImplementedError


def explain(scheme: Scheme, marks: Iterable[Mark], entry: str) -> Trace:
    """How one entry came to its total. Pass all marks of the contest when the scheme is relative (as_ranks)."""
    raise NotImplementedError
