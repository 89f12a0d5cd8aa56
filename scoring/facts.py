"""The facts that scoring starts from: marks, and the statuses that stand where a value would (never a zero)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum


class Status(StrEnum):
    """Why there is no value. The first two are about a judge, the others about the entry; the later, the graver."""

    RECUSED = "recused"
    ABSENT = "absent"
    DID_NOT_START = "did_not_start"
    DID_NOT_FINISH = "did_not_finish"
    DISQUALIFIED = "disqualified"


JUDGE_STATUSES = frozenset({Status.RECUSED, Status.ABSENT})
ENTRY_STATUSES = frozenset(Status) - JUDGE_STATUSES
GRAVITY = {status: gravity for gravity, status in enumerate(Status)}


def gravest(statuses: Iterable[Status]) -> Status:
    """The gravest of several statuses: disqualified before did not finish before did not start."""
    return max(statuses, key=GRAVITY.__getitem__)


@dataclass(frozen=True, slots=True)
class Mark:
    """A value or a status that one judge gave one entry on one aspect; without a judge: a given or an agreed value.

    `attempt` counts from 1. A status may also name a criterion: disqualified on the root concerns the whole entry.
    """

    entry: str
    aspect: str
    attempt: int = 1
    judge: str | None = None
    value: Decimal | None = None
    status: Status | None = None
