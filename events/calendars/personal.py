"""What belongs in one person's calendar: registrations, duties, and the events that the person organises."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from events import access, db
from events.access import Actor
from events.calendars.attending import SEAT_TO_SESSION, TAKES_PART
from events.calendars.rendering import with_alarms, with_mark
from events.calendars.words import WORDS, Language

COLUMNS = "session.id, session.ends_at, session.vevent, session.vevent_en, event.state AS event_state"
WINDOW = """session.ends_at >= {} AND NOT event.is_template
    AND (session.state = 'planned' AND event.state <> 'cancelled' OR session.ends_at >= {})"""
REGISTERED = f"""SELECT {COLUMNS}, registration.state AS mark FROM registration
JOIN session ON session.event_id = registration.event_id JOIN event ON event.id = session.event_id
WHERE {WINDOW} AND event.state <> 'draft' AND registration.person = {{}}
    AND registration.state IN ('pending', 'confirmed', 'waiting') AND {TAKES_PART}"""  # noqa: S608
ON_DUTY = f"""SELECT {COLUMNS}, '' AS mark FROM session_official
JOIN session ON session.event_id = session_official.event_id AND session.id = session_official.session_id
JOIN event ON event.id = session.event_id
WHERE {WINDOW} AND event.state <> 'draft' AND session_official.account = {{}}"""  # noqa: S608
ON_PANEL = f"""SELECT {COLUMNS}, '' AS mark FROM {SEAT_TO_SESSION} JOIN event ON event.id = session.event_id
WHERE {WINDOW} AND event.state <> 'draft' AND panel_seat.account = {{}} AND panel_seat.until IS NULL"""  # noqa: S608
ORGANISED = f"""SELECT {COLUMNS}, event.state AS mark FROM session JOIN event ON event.id = session.event_id
JOIN unions ON unions.id = event."union"
WHERE {WINDOW} AND (event.created_by = {{}} OR event.id IN (
    SELECT event_id FROM role_grant WHERE account = {{}} AND role = 'organiser' AND event_id IS NOT NULL))"""  # noqa: S608
CHANGES = (
    "SELECT updated_at AS at FROM registration WHERE person = {} ORDER BY updated_at DESC LIMIT 1",
    "SELECT since AS at FROM panel_seat WHERE account = {} ORDER BY since DESC LIMIT 1",
    "SELECT until AS at FROM panel_seat WHERE account = {} AND until IS NOT NULL ORDER BY until DESC LIMIT 1",
    "SELECT granted_at AS at FROM role_grant WHERE account = {} ORDER BY granted_at DESC LIMIT 1",
)


class Entries(NamedTuple):
    """VEVENTs in order, and when what puts them there last changed."""

    texts: list[str]
    changed: datetime | None


async def personal_entries(actor: Actor, language: Language, *, since: datetime, cancelled_since: datetime) -> Entries:
    """A person's sessions that end at `since` or later, cancelled ones at `cancelled_since` or later."""
    account, (seen, seeing) = actor.account, access.seen_by(actor)
    found: dict[UUID, db.Row] = {}
    # Whoever has a duty in a session is told of that, not of waiting for a place in it: the later answer counts.
    for sql, *who in (
        (REGISTERED, actor.person),
        (ON_DUTY, account),
        (ON_PANEL, account),
        (f"{ORGANISED} AND {seen}", account, account, *seeing),  # a draft of one's own, too, only by right
    ):
        found |= {row["id"]: row for row in await db.rows(str(sql), since, cancelled_since, *who)}
    rows = sorted(found.values(), key=lambda row: (row["ends_at"], row["id"]))
    return Entries([_entry(row, language) for row in rows], await _last_change(actor))


async def _last_change(actor: Actor) -> datetime | None:
    who = (actor.person, actor.account, actor.account, actor.account)
    found = [await db.row(sql, one) for sql, one in zip(CHANGES, who, strict=True)]
    return max((row["at"] for row in found if row), default=None)


def _entry(row: db.Row, language: Language) -> str:
    text: str = row["vevent_en"] if language == "en" else row["vevent"]
    words = WORDS[language]
    mark = {"waiting": words.waiting, "pending": words.pending, "draft": words.draft}.get(row["mark"], "")
    if mark and "\r\nSTATUS:CANCELLED\r\n" not in text:
        text = with_mark(text, mark)
    return with_alarms(text, language)
