"""Marks as they were entered, with what superseded what."""

from __future__ import annotations

from collections.abc import AsyncIterator
from uuid import UUID

from events import access, db, paging
from events.access import Actor, Right
from events.contests.facts import text_of
from events.contests.looking import stage_row
from events.marking.structs import MarkView
from events.paging import Page
from scoring.marks import Status


async def list_marks(
    actor: Actor, event_id: UUID, stage_id: UUID, *, history: bool = False, cursor: str = "", limit: int = 50
) -> Page[MarkView]:
    """The marks of a stage as entered (with `history` also superseded ones), for those who may see marks."""
    await access.event_for(actor, Right.SEE_MARKS, event_id)
    await stage_row(event_id, stage_id)
    conditions = ["mark.event_id = {} AND mark.stage_id = {}"]
    arguments: list[object] = [event_id, stage_id]
    if not history:
        conditions.append("mark.superseded_at IS NULL")
    if cursor:
        conditions.append("mark.id > {}")
        arguments.extend(paging.key_of(cursor, tuple[UUID]))
    found = await db.rows(
        "SELECT mark.*, slot.code FROM mark JOIN slot ON slot.event_id = mark.event_id "  # noqa: S608
        "AND slot.stage_id = mark.stage_id AND slot.entry_id = mark.entry_id "
        f"WHERE {' AND '.join(conditions)} ORDER BY mark.id LIMIT {limit + 1:d}",
        *arguments,
    )
    return paging.page(found, limit, _view, lambda row: (row["id"],))


async def every_mark(actor: Actor, event_id: UUID, stage_id: UUID, *, history: bool = True) -> AsyncIterator[MarkView]:
    """All of `list_marks`, for a stream."""
    cursor: str | None = ""
    while cursor is not None:
        found = await list_marks(actor, event_id, stage_id, history=history, cursor=cursor, limit=paging.LARGEST)
        for mark in found.items:
            yield mark
        cursor = found.next


def _view(row: db.Row) -> MarkView:
    return MarkView(
        id=row["id"],
        entry_id=row["entry_id"],
        code=row["code"],
        aspect=row["aspect"],
        attempt=row["attempt"],
        seat=row["seat"] or None,
        value=text_of(row["value_e6"]),
        status=Status(row["status"]) if row["status"] else None,
        reason=row["reason"],
        entered_by=row["entered_by"],
        entered_at=row["entered_at"],
        superseded_at=row["superseded_at"],
    )
