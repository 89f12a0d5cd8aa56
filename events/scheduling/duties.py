"""Who has a duty in a session."""

from __future__ import annotations

from uuid import UUID

from events import access, clock, db, ids, notices
from events.access import Actor, Right
from events.errors import Conflict, refuse
from events.scheduling import checks
from events.scheduling.clashing import clashes_of_official, reasons
from events.scheduling.forms import OfficialForm, OfficialView

OFFICIALS = """SELECT session_official.account, session_official.duty, COALESCE(person.name, account.name) AS name
FROM session_official JOIN account ON account.id = session_official.account
    LEFT JOIN person ON person.id = account.person
WHERE session_official.event_id = {} AND session_official.session_id = {} ORDER BY session_official.id"""
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


async def assign_official(
    actor: Actor, event_id: UUID, session_id: UUID, form: OfficialForm, *, accept_clashes: bool = False
) -> list[OfficialView]:
    """Give an account a duty in a session, or another duty; Conflict with clash_official when it is busy elsewhere."""
    async with db.transaction():
        await checks.event_to_schedule(actor, event_id)
        await _touch(event_id, session_id)
        refuse([reason async for reason in checks.unknown_officials((form,), "/account")])
        await _assign(event_id, session_id, form)
        if not accept_clashes and (found := await clashes_of_official(actor, event_id, session_id, form.account)):
            raise Conflict(*reasons(found))
        await _tell(actor, event_id, session_id, assigned=form.account)
        return await _officials(event_id, session_id)


async def remove_official(actor: Actor, event_id: UUID, session_id: UUID, account: UUID) -> list[OfficialView]:
    """Take an account's duty in a session away; NotFound when it has none."""
    async with db.transaction():
        await checks.event_to_schedule(actor, event_id)
        await _touch(event_id, session_id)
        if not await db.rows(REMOVE, event_id, session_id, account):
            raise access.not_found()
        await _tell(actor, event_id, session_id, removed=account)
        return await _officials(event_id, session_id)


async def replace_officials(event_id: UUID, session_id: UUID, forms: tuple[OfficialForm, ...]) -> None:
    """Have exactly these officials in a session."""
    await db.rows("DELETE FROM session_official WHERE event_id = {} AND session_id = {}", event_id, session_id)
    for form in forms:
        await _assign(event_id, session_id, form)


async def _assign(event_id: UUID, session_id: UUID, form: OfficialForm) -> None:
    await db.rows(ASSIGN, event_id, ids.new(), session_id, form.account, form.duty)


async def _touch(event_id: UUID, session_id: UUID) -> None:
    if not await db.rows(TOUCH, clock.now(), event_id, session_id):
        raise access.not_found()


async def _officials(event_id: UUID, session_id: UUID) -> list[OfficialView]:
    rows = await db.rows(OFFICIALS, event_id, session_id)
    return [OfficialView(account=row["account"], name=row["name"], duty=row["duty"]) for row in rows]


async def _tell(actor: Actor, event_id: UUID, session_id: UUID, **change: UUID) -> None:
    await notices.post("session.changed", event=event_id, subject=session_id, by=actor.account, officials=change)
