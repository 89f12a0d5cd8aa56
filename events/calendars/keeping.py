"""The stored VEVENTs follow the sessions."""

from __future__ import annotations

from uuid import UUID

from events import clock, db, settings
from events.calendars.rendering import Facts, vevent
from events.terms import EventState, Kind, SessionState
from events.text import bilingual

FACTS = """SELECT session.event_id, session.id, session.title, session.starts_at, session.ends_at, session.state,
    session.previous_starts_at, session.sequence, session.vevent_digest, session.venue,
    event.kind, event.title AS event_title, event.summary, event.zone, event.state AS event_state, event.postponed,
    event.reason, event.is_template, venue.name AS venue_name, venue.address, venue.latitude_e6, venue.longitude_e6,
    previous.name AS previous_venue_name
FROM session JOIN event ON event.id = session.event_id LEFT JOIN venue ON venue.id = session.venue
    LEFT JOIN venue previous ON previous.id = session.previous_venue
WHERE session.event_id = {} ORDER BY session.id"""
STORE = """
UPDATE session SET vevent = {}, vevent_en = {}, vevent_digest = {}, sequence = {}, updated_at = {}
WHERE event_id = {} AND id = {}"""


async def hold(event_id: UUID) -> None:
    """Have other changes of this event's schedule wait for the end of the caller's transaction.

    Else two of them could each render what the other is about to replace. Venues are locked after events, never before.
    """
    await db.rows("UPDATE event SET version = version WHERE id = {}", event_id)


async def refresh(event_id: UUID) -> None:
    """Render what changed of an event's sessions, within the caller's transaction, after all its other writes.

    Call it once a verb: SEQUENCE rises by one each time that time, place or status of an announced session differ.
    """
    async with db.transaction():
        await hold(event_id)
        for row in await db.rows(FACTS, event_id):
            await _follow(row)


async def refresh_all() -> int:
    """Render what changed of every event, such as after a change of MAGPIE_BASE_URL; gives the number of events."""
    events = await db.rows("SELECT DISTINCT event_id FROM session ORDER BY event_id")
    for event in events:
        await refresh(event["event_id"])
    return len(events)


async def _follow(row: db.Row) -> None:
    facts = _facts(row)
    digest = facts.digest()
    if digest == row["vevent_digest"]:
        return
    now, sequence = clock.now(), row["sequence"] + _counts(row, digest)
    zh, en = (vevent(facts, language, sequence=sequence, stamp=now) for language in ("zh", "en"))
    await db.rows(STORE, zh, en, digest, sequence, now, row["event_id"], row["id"])


def _counts(row: db.Row, digest: str) -> bool:
    """Whether a change of what people already know touches time, place or status."""
    known = row["vevent_digest"] and row["event_state"] != EventState.DRAFT and not row["is_template"]
    return bool(known) and row["vevent_digest"].partition(".")[0] != digest.partition(".")[0]


def _facts(row: db.Row) -> Facts:
    status = _status(row)
    return Facts(
        id=row["id"],
        event_id=row["event_id"],
        kind=Kind(row["kind"]),
        title=bilingual(row["title"]),
        event_title=bilingual(row["event_title"]),
        summary=bilingual(row["summary"]),
        starts_at=row["starts_at"],
        ends_at=row["ends_at"],
        zone=row["zone"],
        status=status,
        venue=row["venue"],
        venue_name=bilingual(row["venue_name"]),
        address=row["address"] or "",
        latitude_e6=row["latitude_e6"],
        longitude_e6=row["longitude_e6"],
        previous_starts_at=row["previous_starts_at"],
        previous_venue_name=bilingual(row["previous_venue_name"]),
        reason=(row["reason"] or "") if row["event_state"] == EventState.CANCELLED else "",
        base_url=settings.current().base_url.rstrip("/"),
    )


def _status(row: db.Row) -> str:
    if row["state"] == SessionState.CANCELLED or row["event_state"] == EventState.CANCELLED:
        return "CANCELLED"
    return "TENTATIVE" if row["postponed"] else "CONFIRMED"
