"""Stored marks as the facts that scoring starts from; values are kept as whole millionths."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from events import db
from scoring.marks import Mark, Status

MILLION = 1_000_000
STATUSES = {status.value: status for status in Status}
MARKS = (
    "SELECT CAST(entry_id AS text) AS entry, aspect, attempt, seat, value_e6, status FROM mark "
    "WHERE event_id = {} AND stage_id = {}"
)
PART = 5000
IN_ORDER = (
    f"{MARKS} AND superseded_at IS NULL AND (entry_id, aspect, attempt, seat) > ({{}}, {{}}, {{}}, {{}}) "
    f"ORDER BY entry_id, aspect, attempt, seat LIMIT {PART}"
)


async def marks_that_count(event_id: UUID, stage_id: UUID) -> list[Mark]:
    """The marks of a stage that count; entries by the text of their id.

    Read in parts, in the order of their index, so that others get their turn where there are many.
    """
    found: list[Mark] = []
    place: Sequence[object] = (UUID(int=0), "", 0, "")
    while True:
        part = await db.rows(IN_ORDER, event_id, stage_id, *place)
        found += map(mark_of, part)
        if len(part) < PART:
            return found
        last = part[-1]
        place = (UUID(last["entry"]), last["aspect"], last["attempt"], last["seat"])


async def marks_of(event_id: UUID, stage_id: UUID, entries: Iterable[str]) -> list[Mark]:
    """The marks of some entries that count."""
    which, arguments = db.one_of([UUID(entry) for entry in entries])
    found = await db.rows(f"{MARKS} AND entry_id {which} AND superseded_at IS NULL", event_id, stage_id, *arguments)
    return [mark_of(row) for row in found]


async def marks_that_counted(event_id: UUID, stage_id: UUID, at: datetime) -> list[Mark]:
    """The marks of a stage that counted at some moment."""
    found = await db.rows(
        f"{MARKS} AND superseded_at IS NULL AND entered_at <= {{}} "
        f"UNION ALL {MARKS} AND superseded_at > {{}} AND entered_at <= {{}}",
        event_id, stage_id, at, event_id, stage_id, at, at,
    )  # fmt: skip
    return [mark_of(row) for row in found]


def mark_of(row: db.Row) -> Mark:
    """One stored mark."""
    value = row["value_e6"]
    return Mark(
        row["entry"],
        row["aspect"],
        row["attempt"],
        row["seat"] or None,
        None if value is None else Decimal(value).scaleb(-6),
        STATUSES[row["status"]] if row["status"] else None,
    )


def text_of(value_e6: int | None) -> str | None:
    """A stored value as people write it: 7250000 is "7.25"."""
    if value_e6 is None:
        return None
    sign, whole, rest = "-" if value_e6 < 0 else "", *divmod(abs(value_e6), MILLION)
    return f"{sign}{whole}.{rest:06d}".rstrip("0").rstrip(".")


def millionths(value: Decimal) -> int | None:
    """A value as it is stored; None when it has more than six decimals."""
    scaled = value.scaleb(6)
    return int(scaled) if scaled == int(scaled) else None
