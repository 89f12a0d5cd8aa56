"""Who has a duty in a session."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from events import access, clock, db, ids, notices
from events.access import Actor, Right
from events.errors import Conflict, refuse
from events.messages import duties
from events.scheduling import checks
from events.scheduling.clashing import clashes_of_official, reasons
from events.scheduling.forms import OfficialForm, OfficialView, SessionDuty
from events.text import bilingual

OFFICIALS = """SELECT session_official.account, session_official.duty, COALESCE(person.name, account.name) AS name
FROM session_official JOIN account ON account.id = session_official.account
    LEFT JOIN person ON person.id = account.person
WHERE session_official.event_id = {} AND session_official.session_id = {} ORDER BY session_official.id"""
DUTIES = """SELECT session_official.account, session_official.duty, COALESCE(person.name, account.name) AS name,
    session.event_id, session.id, session.title, session.starts_at, session.ends_at, event.title AS event_title,
    event.zone, venue.name AS venue_name
FROM session_official
    JOIN session ON session.event_id = session_official.event_id AND session.id = session_official.session_id
    JOIN event ON event.id = session.event_id JOIN account ON account.id = session_official.account
    LEFT JOIN person ON person.id = account.person LEFT JOIN venue ON venue.id = session.venue
WHERE session.state = 'planned' AND"""
SESSION = """SELECT session.title, session.starts_at, venue.name AS venue_name
FROM session LEFT JOIN venue ON venue.id = session.venue WHERE session.event_id = {} AND session.id = {}"""
IN_ORDER = "ORDER BY session.starts_at, session.id, session_official.id LIMIT 1000"
ASSIGN = """
INSERT INTO session_official (event_id, id, session_id, account, duty) VALUES ({}, {}, {}, {}, {})
ON CONFLICT (event_id, session_id, account) DO UPDATE SET duty = excluded.duty"""
REMOVE = """
DELETE FROM session_official WHERE event_id = {} AND session_id = {} AND account = {} RETURNING id"""
# A calendar shows a person's duties: whoever asks by time has to see that something changed.
TOUCH = "UPDATE session SET version = version + 1, updated_at = {} WHERE event_id = {} AND id = {} RETURNING venue"


async def officials(actor: Actor, event_id: UUID, session_id: UUID) -> list[OfficialView]:
    """Who has a duty in a session, by name; for those who may see the event's inside (Right.SEE)."""
    await access.event_for(actor, Right.SEE, event_id)
    return await _officials(event_id, session_id)


async def duties_of_event(actor: Actor, event_id: UUID) -> list[SessionDuty]:
    """Who has a duty in which planned session of an event, in the order of time (Right.SEE); the first 1,000."""
    await access.event_for(actor, Right.SEE, event_id)
    return [_duty(row) for row in await db.rows(f"{DUTIES} session.event_id = {{}} {IN_ORDER}", event_id)]


async def own_duties(actor: Actor) -> list[SessionDuty]:
    """The actor's duties in sessions that are not over, in the order of time; drafts keep theirs to themselves."""
    account = access.signed_in(actor)
    mine = "session_official.account = {} AND session.ends_at >= {} AND NOT event.is_template"
    rows = await db.rows(
        f"{DUTIES} {mine} AND event.state NOT IN ('draft', 'cancelled', 'finished') {IN_ORDER}", account, clock.now()
    )
    return [_duty(row) for row in rows]


async def assign_official(
    actor: Actor, event_id: UUID, session_id: UUID, form: OfficialForm, *, accept_clashes: bool = False
) -> list[OfficialView]:
    """Give an account a duty in a session, or another duty; Conflict with clash_official when it is busy elsewhere."""
    async with db.transaction():
        await checks.event_to_schedule(actor, event_id)
        await _touch(event_id, session_id)
        refuse([reason async for reason in checks.unknown_officials((form,), "/account")])
        before = await _duties(event_id, session_id)
        await _assign(event_id, session_id, form)
        if not accept_clashes and (found := await clashes_of_official(actor, event_id, session_id, form.account)):
            raise Conflict(*reasons(found))
        await _tell(actor, event_id, session_id, assigned=form.account)
        await _tell_them(actor.account, event_id, session_id, before=before)
        return await _officials(event_id, session_id)


async def remove_official(actor: Actor, event_id: UUID, session_id: UUID, account: UUID) -> list[OfficialView]:
    """Take an account's duty in a session away; NotFound when it has none."""
    async with db.transaction():
        await checks.event_to_schedule(actor, event_id)
        await _touch(event_id, session_id)
        before = await _duties(event_id, session_id)
        if not await db.rows(REMOVE, event_id, session_id, account):
            raise access.not_found()
        await _tell(actor, event_id, session_id, removed=account)
        await _tell_them(actor.account, event_id, session_id, before=before)
        return await _officials(event_id, session_id)


async def replace_officials(actor: Actor, event_id: UUID, session_id: UUID, forms: tuple[OfficialForm, ...]) -> None:
    """Have exactly these officials in a session; who comes and who goes is told."""
    before = await _duties(event_id, session_id)
    await db.rows("DELETE FROM session_official WHERE event_id = {} AND session_id = {}", event_id, session_id)
    for form in forms:
        await _assign(event_id, session_id, form)
    await _tell_them(actor.account, event_id, session_id, before=before)


async def end_duties(actor: Actor, event_id: UUID, session_id: UUID) -> None:
    """Tell the officials of a session that will not take place that their duty has ended."""
    await _tell_them(actor.account, event_id, session_id, before=await _duties(event_id, session_id), after={})


async def tell_officials(event_id: UUID, *, by: UUID | None) -> None:
    """Tell everybody with a duty in a planned session of an event that is announced now."""
    for row in await db.rows("SELECT id FROM session WHERE event_id = {} AND state = 'planned' ORDER BY id", event_id):
        await _tell_them(by, event_id, row["id"], before={})


async def _duties(event_id: UUID, session_id: UUID) -> dict[UUID, str]:
    return {one.account: one.duty for one in await _officials(event_id, session_id)}


async def _tell_them(
    by: UUID | None, event_id: UUID, session_id: UUID, *,
    before: dict[UUID, str], after: dict[UUID, str] | None = None,
) -> None:  # fmt: skip
    """Tell whose duty has come, gone or changed; those of a draft hear of theirs when it is announced."""
    after = await _duties(event_id, session_id) if after is None else after
    if before == after or await duties.is_hidden(event_id):
        return
    row = await db.row(SESSION, event_id, session_id)
    assert row is not None
    where = {"session": duties.stored(row["title"]), "at": row["starts_at"], "where": duties.stored(row["venue_name"])}
    known: dict[str, Any] = {"by": by, "event": event_id} | where
    for account in before.keys() - after.keys():
        await duties.ended(account, before[account] or "official", **known)
    for account, duty in after.items():
        if before.get(account) != duty:
            await duties.given(account, duty or "official", **known)


async def _assign(event_id: UUID, session_id: UUID, form: OfficialForm) -> None:
    await db.rows(ASSIGN, event_id, ids.new(), session_id, form.account, form.duty)


async def _touch(event_id: UUID, session_id: UUID) -> None:
    if not await db.rows(TOUCH, clock.now(), event_id, session_id):
        raise access.not_found()


async def _officials(event_id: UUID, session_id: UUID) -> list[OfficialView]:
    rows = await db.rows(OFFICIALS, event_id, session_id)
    return [OfficialView(account=row["account"], name=row["name"], duty=row["duty"]) for row in rows]


def _duty(row: db.Row) -> SessionDuty:
    event_title = bilingual(row["event_title"])
    return SessionDuty(
        event_id=row["event_id"],
        event_title=event_title,
        session_id=row["id"],
        title=bilingual(row["title"]) or event_title,
        starts_at=row["starts_at"],
        ends_at=row["ends_at"],
        zone=row["zone"],
        venue_name=bilingual(row["venue_name"]) if row["venue_name"] else None,
        account=row["account"],
        name=row["name"],
        duty=row["duty"],
    )


async def _tell(actor: Actor, event_id: UUID, session_id: UUID, **change: UUID) -> None:
    await notices.post("session.changed", event=event_id, subject=session_id, by=actor.account, officials=change)
