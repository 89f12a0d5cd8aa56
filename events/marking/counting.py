"""How many marks have come in, by entry and seat."""

from __future__ import annotations

from uuid import UUID

import msgspec

from events import access, db
from events.access import Actor, Right
from events.contests.looking import stage_row


class SeatCount(msgspec.Struct, frozen=True):
    """How many marks that count a seat (none: values without a judge) has given an entry."""

    code: str
    seat: str | None
    marks: int


async def seats_of(actor: Actor, event_id: UUID, account: UUID) -> int:
    """On how many seats of an event's panels somebody sits now (Right.SEE_MARKS)."""
    await access.event_for(actor, Right.SEE_MARKS, event_id)
    sql = "SELECT COUNT(*) AS n FROM panel_seat WHERE event_id = {} AND account = {} AND until IS NULL"
    found = await db.row(sql, event_id, account)
    return int(found["n"]) if found else 0


async def marks_by_seat(actor: Actor, event_id: UUID, stage_id: UUID) -> list[SeatCount]:
    """The marks of a stage that count, counted, for those who may see marks; nothing for who has none."""
    await access.event_for(actor, Right.SEE_MARKS, event_id)
    await stage_row(event_id, stage_id)
    rows = await db.rows(
        "SELECT slot.code, mark.seat, COUNT(*) AS n FROM mark JOIN slot ON slot.event_id = mark.event_id "
        "AND slot.stage_id = mark.stage_id AND slot.entry_id = mark.entry_id "
        "WHERE mark.event_id = {} AND mark.stage_id = {} AND mark.superseded_at IS NULL "
        "GROUP BY slot.code, mark.seat ORDER BY slot.code, mark.seat",
        event_id, stage_id,
    )  # fmt: skip
    return [SeatCount(row["code"], row["seat"] or None, int(row["n"])) for row in rows]
