"""Marks: what one judge gives one entry on one aspect, and whether a scheme allows it.

Codes of `check` (pointer): unknown_aspect (/aspect); attempt_out_of_range (/attempt: low, high); judge_needed,
judge_not_allowed (/judge); value_or_status, value_needed_here (/value); value_too_small (/value: least), value_too_large
(/value: most), value_off_step (/value: step, least), value_too_fine (/value: digits); value_not_finite (/value);
status_not_allowed (/status: allowed).
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from scoring.problems import Problem
from scoring.problems import ProblemError as ProblemError
from scoring.schemes import Scheme
from scoring.statuses import Status as Status


@dataclass(frozen=True, slots=True)
class Mark:
    """A value or a status that one judge gave one entry on one aspect; without a judge it is a given or an agreed value.

    `attempt` counts from 1. A status may also name a criterion: disqualified on the root concerns the whole entry.
    """

    entry: str
    aspect: str
    attempt: int = 1
    judge: str | None = None
    value: Decimal | None = None
    status: Status | None = None


class MarksError(ProblemError):
    """Marks that cannot be evaluated: unknown aspect, attempt out of range, two marks of one judge in one place."""


def check(scheme: Scheme, mark: Mark) -> tuple[Problem, ...]:
    """Every reason why the scheme does not allow this mark; empty means allowed. Codes: see the module."""
    raise NotImplementedError
