"""Telling those who have a duty in an event of it, once the world knows of the event."""

from __future__ import annotations

from uuid import UUID

from events import db, messages, scheduling
from events.messages import duties
from events.text import bilingual

SEATED = """SELECT DISTINCT panel_seat.account, contest.title FROM panel_seat
    JOIN panel ON panel.event_id = panel_seat.event_id AND panel.id = panel_seat.panel_id
    JOIN stage ON stage.event_id = panel.event_id AND stage.id = panel.stage_id
    JOIN contest ON contest.event_id = stage.event_id AND contest.id = stage.contest_id
    WHERE panel_seat.event_id = {} AND panel_seat.until IS NULL"""
UNSEATED = """SELECT account, role FROM role_grant WHERE event_id = {}
    AND role IN ('judge', 'delegation_leader', 'employer')
    AND account NOT IN (SELECT account FROM panel_seat WHERE event_id = {} AND until IS NULL)"""
ON_DUTY = """SELECT account FROM role_grant WHERE event_id = {} UNION
    SELECT account FROM session_official WHERE event_id = {} UNION
    SELECT leader FROM panel WHERE event_id = {} AND leader IS NOT NULL UNION
    SELECT account FROM panel_seat WHERE event_id = {} AND until IS NULL"""


async def on_duty(event_id: UUID, *, by: UUID | None) -> list[UUID]:
    """The accounts with a duty in an event, but for one."""
    return [row["account"] for row in await db.rows(ON_DUTY, *[event_id] * 4) if row["account"] != by]


async def tell_on_duty(event_id: UUID, kind: str, *, by: UUID | None, reason: str | None = None) -> None:
    """Tell everybody with a duty in an event of what `by` did with it, in this transaction; of a draft nobody hears."""
    if await duties.is_hidden(event_id):
        return
    for account in await on_duty(event_id, by=by):
        await messages.send(kind, account=account, event=event_id, reason=reason)


async def tell_duties(event_id: UUID, *, by: UUID | None) -> None:
    """Tell judges and officials of sessions, who heard nothing while the event was a draft, in this transaction."""
    for row in await db.rows(SEATED, event_id):
        await duties.given(row["account"], "judge", by=by, event=event_id, contest=bilingual(row["title"]))
    for row in await db.rows(UNSEATED, event_id, event_id):
        await duties.given(row["account"], row["role"], by=by, event=event_id)
    await scheduling.tell_officials(event_id, by=by)
