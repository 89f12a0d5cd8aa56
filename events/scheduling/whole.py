"""What happens to all sessions of an event at once. The rights are the caller's business, and so is the transaction.

None of these renders calendars: the caller ends its transaction with `calendars.refresh(event_id)`, once, after its own
writes, so that a change of the event and of its sessions counts as one.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from uuid import UUID

from events import clock, db, ids, notices
from events.scheduling import moving
from events.tables import Event, Session
from events.terms import SessionState
from events.text import Bilingual

STILL = timedelta(0)
GIVING_WAY = """
SELECT id FROM session WHERE event_id = {} AND automatic AND state = 'planned'
    AND NOT EXISTS (SELECT 1 FROM session_official WHERE session_official.event_id = session.event_id
        AND session_official.session_id = session.id)
    AND NOT EXISTS (SELECT 1 FROM registration WHERE registration.event_id = session.event_id
        AND registration.state IN ('pending', 'confirmed', 'waiting'))
ORDER BY id LIMIT 1"""
SHIFT = """
UPDATE session SET starts_at = {}, ends_at = {}, venue = {}, previous_starts_at = {}, previous_venue = {},
    version = version + 1, updated_at = {}
WHERE event_id = {} AND id = {}"""


async def first_session(event: Event) -> UUID:
    """Give a new event the session that every event has, with its times and its venue. Gives the session's id."""
    now = clock.now()
    made = Session(
        event_id=event.id,
        id=ids.new(),
        title=Bilingual().stored(),
        venue=event.venue,
        starts_at=event.starts_at,
        ends_at=max(event.ends_at, event.starts_at + timedelta(minutes=1)),  # an event may last no time, a session not
        state=SessionState.PLANNED.value,
        automatic=True,
        sequence=0,
        created_at=now,
        updated_at=now,
    )
    await Session.insert(made)
    return made.id


async def giving_way(event_id: UUID) -> UUID | None:
    """The session that the event has by itself, while nobody has a duty in it or is registered for the event.

    It gives way to the first one that is added: that takes its place, and its entry in the calendars.
    """
    found = await db.row(GIVING_WAY, event_id)
    return found["id"] if found else None


async def drop(event_id: UUID, session_id: UUID) -> None:
    """Take a session of which nobody knows out of the schedule, with the duties in it; feeds see the event change."""
    await db.rows("DELETE FROM session_official WHERE event_id = {} AND session_id = {}", event_id, session_id)
    await db.rows("DELETE FROM session WHERE event_id = {} AND id = {}", event_id, session_id)
    await db.rows("UPDATE event SET updated_at = {} WHERE id = {}", clock.now(), event_id)


async def shift(
    event_id: UUID,
    delta: timedelta = STILL,
    *,
    from_venue: UUID | None = None,
    to_venue: UUID | None = None,
    by: UUID | None = None,
) -> None:
    """Move every planned session by `delta`, and those at `from_venue` to `to_venue` if one is given.

    If the event is announced the old times and places are kept to be shown. `by` is the account for the notices.
    """
    event = await Event.objects().get(Event.id == event_id)
    if event is None:
        return
    planned = (Session.event_id == event_id) & (Session.state == SessionState.PLANNED.value)
    for session in await Session.objects().where(planned).order_by(Session.id):
        venue = to_venue if to_venue is not None and session.venue == from_venue else session.venue
        place = moving.Place(session.starts_at + delta, session.ends_at + delta, venue)
        await _shift(event, session, place, by)


async def copy_sessions(
    from_event: UUID, to_event: UUID, delta: timedelta, *, contests: Mapping[UUID, UUID] | None = None
) -> None:
    """Copy the planned sessions of an event to another, later by `delta`; `contests` maps old contests to new ones.

    Where none is planned the copy gets a first session of its own.
    """
    planned = (Session.event_id == from_event) & (Session.state == SessionState.PLANNED.value)
    found = await Session.objects().where(planned).order_by(Session.starts_at).order_by(Session.id)
    for old in found:
        await Session.insert(_copy(old, to_event, delta, contest=(contests or {}).get(old.contest_id)))
    event = None if found else await Event.objects().get(Event.id == to_event)
    if event is not None:
        await first_session(event)


def _copy(old: Session, event_id: UUID, delta: timedelta, *, contest: UUID | None) -> Session:
    now = clock.now()
    return Session(
        event_id=event_id,
        id=ids.new(),
        contest_id=contest,
        title=old.title,
        venue=old.venue,
        starts_at=old.starts_at + delta,
        ends_at=old.ends_at + delta,
        state=SessionState.PLANNED.value,
        automatic=old.automatic,
        sequence=0,
        created_at=now,
        updated_at=now,
    )


async def _shift(event: Event, session: Session, place: moving.Place, by: UUID | None) -> None:
    before = moving.place_of(session)
    if place == before:
        return
    old = moving.to_show(event, session, place)
    await db.rows(SHIFT, *place, *old, clock.now(), event.id, session.id)
    await notices.post(
        "session.moved", event=event.id, subject=session.id, by=by, public=True,
        before=before._asdict(), after=place._asdict(),
    )  # fmt: skip
