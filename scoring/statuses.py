"""What stands where a value would: a status is never a zero."""

from __future__ import annotations

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


def gravest(statuses: list[Status]) -> Status:
    """The gravest of several statuses: disqualified before did not finish before did not start."""
    return max(statuses, key=GRAVITY.__getitem__)
