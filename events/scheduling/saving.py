"""Sessions are added, changed (or moved) and cancelled; each save looks for clashes first."""

from __future__ import annotations

from uuid import UUID

from events import access, calendars, clock, db, ids, notices
from events.access import Actor, is_public
from events.errors import Reason, Stale, conflict
from events.scheduling import checks, moving, reading, whole
from events.scheduling.duties import end_duties, replace_officials
from events.scheduling.forms import SessionForm, SessionView
from events.scheduling.moving import Place
from events.tables import Event, Session
from events.terms import SessionState

CHANGE = """
UPDATE session SET automatic = FALSE, title = {}, contest_id = {}, starts_at = {}, ends_at = {}, venue = {},
    previous_starts_at = {}, previous_venue = {}, version = version + 1, updated_at = {}
WHERE event_id = {} AND id = {}"""
CANCEL = """
UPDATE session SET state = 'cancelled', version = version + 1, updated_at = {} WHERE event_id = {} AND id = {}"""


async def add_session(actor: Actor, event_id: UUID, form: SessionForm, *, accept_clashes: bool = False) -> SessionView:
    """Add a session (Right.ORGANISE); Conflict names every clash unless they are accepted.

    The first one takes the place of the session that a new event has by itself, where nobody is in that.
    """
    async with db.transaction():
        event = await checks.event_to_schedule(actor, event_id)
        await checks.check(event, form)
        made = await _put(event, form)
        await replace_officials(actor, event_id, made, form.officials or ())
        if not accept_clashes:
            await checks.refuse_clashes(actor, event_id, made, _place(event, form).venue)
        await _tell("added", actor, event, made, at=_place(event, form)._asdict())
        await calendars.refresh(event_id)
        return await reading.stored(event_id, made)


async def change_session(
    actor: Actor,
    event_id: UUID,
    session_id: UUID,
    form: SessionForm,
    *,
    version: int | None = None,
    accept_clashes: bool = False,
) -> SessionView:
    """Replace a session by the form; of an announced event the old time and place are kept to be shown.

    Stale when `version` is no longer the session's; Conflict names every clash unless they are accepted.
    """
    async with db.transaction():
        event = await checks.event_to_schedule(actor, event_id)
        session = await _session_to_change(event, session_id, version)
        await checks.check(event, form)
        await _change(actor, event, session, form)
        if not accept_clashes:
            await checks.refuse_clashes(actor, event_id, session_id, _place(event, form).venue)
        await _tell_change(actor, event, session, _place(event, form))
        await calendars.refresh(event_id)
        return await reading.stored(event_id, session_id)


async def cancel_session(actor: Actor, event_id: UUID, session_id: UUID, *, version: int | None = None) -> SessionView:
    """Have a session not take place; it stays visible as cancelled and clashes with nothing."""
    async with db.transaction():
        event = await checks.event_to_schedule(actor, event_id)
        await _session_to_change(event, session_id, version)
        await _cancel(actor, event, session_id)
        await calendars.refresh(event_id)
        return await reading.stored(event_id, session_id)


async def drop_contest(actor: Actor, event: Event, contest_id: UUID) -> None:
    """Cancel the sessions of a contest that is taken out; those of a draft, of which nobody knows, go with it.

    Within the caller's transaction, who renders the calendars after it.
    """
    await calendars.hold(event.id)
    planned = (Session.contest_id == contest_id) & (Session.state == SessionState.PLANNED.value)
    for session in await Session.objects().where((Session.event_id == event.id) & planned).order_by(Session.id):
        if is_public(event):
            await _cancel(actor, event, session.id)
        else:
            await whole.drop(event.id, session.id)
    if not await Session.exists().where(Session.event_id == event.id):
        await whole.first_session(event)


async def _cancel(actor: Actor, event: Event, session_id: UUID) -> None:
    await end_duties(actor, event.id, session_id)
    await db.rows(CANCEL, clock.now(), event.id, session_id)
    await _tell("cancelled", actor, event, session_id)


async def _session_to_change(event: Event, session_id: UUID, version: int | None) -> Session:
    session = await Session.objects().get((Session.event_id == event.id) & (Session.id == session_id))
    if session is None:
        raise access.not_found()
    if version is not None and session.version != version:
        raise Stale(Reason("stale"))
    if session.state == SessionState.CANCELLED:
        conflict("session_cancelled")
    return session


def _place(event: Event, form: SessionForm) -> Place:
    return Place(form.starts_at, form.ends_at, form.venue or event.venue)


async def _put(event: Event, form: SessionForm) -> UUID:
    """A new row, or that of the automatic session, so that calendars show what becomes of that one."""
    if first := await whole.giving_way(event.id):
        place = _place(event, form)
        now = clock.now()
        await db.rows(CHANGE, form.title.stored(), form.contest_id, *place, None, None, now, event.id, first)
        return first
    made = _made(event, form)
    await Session.insert(made)
    return made.id


def _made(event: Event, form: SessionForm) -> Session:
    now = clock.now()
    return Session(
        event_id=event.id,
        id=ids.new(),
        contest_id=form.contest_id,
        title=form.title.stored(),
        venue=form.venue or event.venue,
        starts_at=form.starts_at,
        ends_at=form.ends_at,
        state=SessionState.PLANNED.value,
        sequence=0,
        created_at=now,
        updated_at=now,
    )


async def _change(actor: Actor, event: Event, session: Session, form: SessionForm) -> None:
    place = _place(event, form)
    old = moving.to_show(event, session, place)
    await db.rows(
        CHANGE, form.title.stored(), form.contest_id, *place, *old, clock.now(), event.id, session.id
    )  # fmt: skip
    if form.officials is not None:
        await replace_officials(actor, event.id, session.id, form.officials)


async def _tell_change(actor: Actor, event: Event, session: Session, after: Place) -> None:
    before = moving.place_of(session)
    if before == after:
        await _tell("changed", actor, event, session.id)
    else:
        await _tell("moved", actor, event, session.id, before=before._asdict(), after=after._asdict())


async def _tell(what: str, actor: Actor, event: Event, session_id: UUID, **data: object) -> None:
    await notices.post(f"session.{what}", event=event.id, subject=session_id, by=actor.account, public=True, **data)
