"""A draft that nobody has heard of is deleted; a contest is taken out of its event while no mark has been given."""

from __future__ import annotations

from uuid import UUID

import msgspec
from msgspec import Struct

from events import access, calendars, contests, db, messages, notices, registering, scheduling
from events.access import Actor, Right
from events.contests import Going
from events.errors import Conflict, Reason
from events.messages import duties
from events.organising.writing import held
from events.tables import Contest, Event
from events.terms import OVER, EventState
from events.text import Bilingual, bilingual

# In the order in which nothing points to what is gone; the outbox and what copies say of it outlive the draft.
LEFT = (
    "UPDATE notice SET event_id = NULL WHERE event_id = {}",
    "UPDATE event SET copied_from = NULL WHERE copied_from = {}",
    "DELETE FROM registration WHERE event_id = {}",
    "DELETE FROM tally WHERE event_id = {}",
    "DELETE FROM session_official WHERE event_id = {}",
    "DELETE FROM session WHERE event_id = {}",
    "DELETE FROM role_grant WHERE event_id = {}",
    "DELETE FROM judge_conflict WHERE event_id = {}",
    "DELETE FROM judging WHERE event_id = {}",
    "DELETE FROM capacity WHERE event_id = {}",
    "DELETE FROM event WHERE id = {}",
)
GOING = """SELECT (SELECT COUNT(*) FROM session WHERE event_id = {}) AS sessions,
    (SELECT COUNT(*) FROM contest WHERE event_id = {}) AS contests,
    (SELECT COUNT(*) FROM entry WHERE event_id = {} AND state <> 'withdrawn') AS entries,
    (SELECT COUNT(DISTINCT account) FROM role_grant WHERE event_id = {}) AS officials"""


class DraftGoing(Struct, frozen=True):
    """How much goes with a draft."""

    sessions: int
    contests: int
    entries: int
    officials: int


async def delete(actor: Actor, event_id: UUID, *, version: int | None = None) -> None:
    """Delete a draft or template with all that is in it (organisers); Conflict with everything that keeps it.

    Who has a role in it is told. What the outbox says of it stays, with a last notice of who deleted it.
    """
    async with db.transaction():
        found = await held(actor, event_id, version)
        await db.rows(f"SELECT id FROM event WHERE id = {{}} {db.engine().dialect('{for_update}')}", event_id)  # noqa: S608
        if reasons := await _keeping(found):
            raise Conflict(*reasons)
        title = bilingual(found.title)
        await _tell_officials(actor, found)
        for contest in await _contests(event_id):
            await contests.erase(event_id, contest)
        for statement in LEFT:
            await db.rows(statement, event_id)
        await notices.post("event.deleted", subject=event_id, by=actor.account, title=title, union=found.union)


async def keeps_event(actor: Actor, event_id: UUID) -> list[Reason]:
    """Every reason why `delete` would be refused now."""
    return await _keeping(await access.event_for(actor, Right.ORGANISE, event_id))


async def draft_going(actor: Actor, event_id: UUID) -> DraftGoing:
    """What would go with a draft (organisers)."""
    await access.event_for(actor, Right.ORGANISE, event_id)
    row = await db.row(GOING, *[event_id] * 4)
    assert row is not None
    return DraftGoing(**row)


async def remove_contest(actor: Actor, event_id: UUID, contest_id: UUID, *, version: int | None = None) -> None:
    """Take a contest away with its divisions, stages, entries and panels (organisers); its sessions are cancelled.

    Whoever is registered for it is told and may register anew; Conflict with everything that keeps it.
    """
    async with db.transaction():
        found = await held(actor, event_id, None)
        contest = await contests.contest_held(event_id, contest_id, version=version)
        if reasons := await _keeping_contest(found, contest_id):
            raise Conflict(*reasons)
        title = bilingual(contest.title)
        await registering.end_for_contest(found, contest_id, title, by=actor.account)
        if access.is_public(found):
            await _tell_contest(actor, found, contest_id, title)
        await scheduling.drop_contest(actor, found, contest_id)
        await contests.erase(event_id, contest_id)
        await registering.promote(found)
        await calendars.refresh(event_id)
        await notices.post(
            "contest.removed", event=event_id, subject=contest_id, by=actor.account, number=contest.number, title=title
        )


async def keeps_contest(actor: Actor, event_id: UUID, contest_id: UUID) -> list[Reason]:
    """Every reason why `remove_contest` would be refused now."""
    return await _keeping_contest(await access.event_for(actor, Right.ORGANISE, event_id), contest_id)


async def contest_going(actor: Actor, event_id: UUID, contest_id: UUID) -> Going:
    """What would go with a contest (organisers)."""
    await access.event_for(actor, Right.ORGANISE, event_id)
    return await contests.going(event_id, contest_id)


async def _tell_contest(actor: Actor, found: Event, contest_id: UUID, title: Bilingual) -> None:
    """Tell judges, and whoever was entered directly, that the contest does not take place."""
    for judge in await contests.judges_of(found.id, contest_id):
        await duties.ended(judge, "judge", by=actor.account, event=found.id, contest=title)
    for person in await contests.entered_people(found.id, contest_id):
        await messages.send("contest.removed", person=person, event=found.id, contest=title)


async def _keeping(found: Event) -> list[Reason]:
    if found.state != EventState.DRAFT:
        return [Reason("event_not_draft")]
    row = await db.row(
        "SELECT COUNT(*) AS n FROM registration WHERE event_id = {} AND state NOT IN ('withdrawn', 'refused')", found.id
    )
    registered = [Reason("event_has_registrations", params={"n": row["n"]})] if row and row["n"] else []
    return registered + await contests.keeps_contests(found.id, await _contests(found.id))


async def _keeping_contest(found: Event, contest_id: UUID) -> list[Reason]:
    over = [Reason("contest_over")] if found.state in OVER else []
    return over + await contests.keeps_contests(found.id, [contest_id])


async def _contests(event_id: UUID) -> list[UUID]:
    return [row["id"] for row in await Contest.select(Contest.id).where(Contest.event_id == event_id)]


async def _tell_officials(actor: Actor, found: Event) -> None:
    """Tell who works on the draft; messages that speak of it keep its title."""
    title = msgspec.to_builtins(bilingual(found.title))
    officials = await db.rows(
        "SELECT DISTINCT account FROM role_grant WHERE event_id = {} AND role IN ('organiser', 'registrar',"
        " 'chief_judge')",
        found.id,
    )  # fmt: skip
    for row in officials:
        if row["account"] != actor.account:
            await messages.send("event.deleted", account=row["account"], event_title=title)
    await messages.outlive(found.id, title)
