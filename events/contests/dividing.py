"""Divisions of a contest: added, changed and taken away, without anybody in them being lost."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import msgspec

from events import access, clock, db, eligibility, ids, messages, notices, places
from events.access import Actor, Right
from events.contests.looking import contest_row, division_view, unless_stale
from events.contests.structs import DivisionForm, DivisionView
from events.eligibility import Candidate, Eligibility
from events.errors import Conflict, Reason, conflict, invalid, refuse
from events.messages import duties
from events.tables import Division, Event
from events.terms import OVER, StageState
from events.text import bilingual

DIVISION = "SELECT * FROM division WHERE event_id = {} AND contest_id = {} AND id = {}"
# Who is in a division: who has or awaits a place by registration, and who was entered directly.
REGISTERED = "event_id = {} AND division_id = {} AND state IN ('pending', 'confirmed', 'waiting')"
ENTERED = "event_id = {} AND division_id = {} AND registration_id IS NULL AND state <> 'withdrawn'"
MEMBERS = f"""SELECT (SELECT COUNT(*) FROM registration WHERE {REGISTERED})
    + (SELECT COUNT(*) FROM entry WHERE {ENTERED}) AS n"""  # noqa: S608
TOLD = f"""SELECT person FROM registration WHERE {REGISTERED}
    UNION SELECT person FROM entry WHERE {ENTERED} AND person IS NOT NULL"""  # noqa: S608
PEOPLE = f"""SELECT person.sex, person.born, unions.path
    FROM (SELECT * FROM registration WHERE {REGISTERED}) member JOIN person ON person.id = member.person
    LEFT JOIN unions ON unions.id = member."union" """  # noqa: S608


async def add_division(actor: Actor, event_id: UUID, contest_id: UUID, form: DivisionForm) -> DivisionView:
    """Add a division to a contest (organisers)."""
    await access.event_for(actor, Right.ORGANISE, event_id)
    await contest_row(event_id, contest_id)
    refuse(form.flaws(msgspec.structs.asdict(form)))
    row = Division(event_id=event_id, id=ids.new(), contest_id=contest_id, version=1, **_columns(form))
    async with db.transaction():
        await Division.insert(row)
        await notices.post("division.added", event=event_id, subject=row.id, by=actor.account)
    return division_view(row)


async def change_division(
    actor: Actor, event_id: UUID, contest_id: UUID, division_id: UUID, *, form: DivisionForm, version: int | None = None
) -> DivisionView:
    """Write a division anew (organisers); Conflict when conditions would shut out somebody who is in."""
    event = await access.event_for(actor, Right.ORGANISE, event_id)
    refuse(form.flaws(msgspec.structs.asdict(form)))
    async with db.transaction():
        row = await _held(event_id, contest_id, division_id, version=version)
        await _refuse_narrowing(event, row, form.eligibility, "/eligibility")
        changes = _columns(form) | {"version": row.version + 1}
        await Division.update(changes).where((Division.event_id == event_id) & (Division.id == division_id))
        await notices.post("division.changed", event=event_id, subject=division_id, by=actor.account)
    return division_view(Division(**(row.to_dict() | changes)))


async def remove_division(
    actor: Actor, event_id: UUID, contest_id: UUID, division_id: UUID, *,
    move_to: UUID | None = None, version: int | None = None,
) -> None:  # fmt: skip
    """Take a division away (organisers); who is in it goes to the division `move_to`, or to none when it was the last.

    Conflict when somebody is in it and nowhere is said, would not be let in there, or the contest is drawn already.
    """
    event = await access.event_for(actor, Right.ORGANISE, event_id)
    async with db.transaction():
        row = await _held(event_id, contest_id, division_id, version=version)
        target = await _target(row, move_to)
        moved = await _members(row)
        if moved:
            await _refuse_moving(event, row, target, members=moved)
        await _tell_moved(event, row, target)
        await _move(row, move_to)
        await db.rows("DELETE FROM division WHERE event_id = {} AND id = {}", event_id, division_id)
        await notices.post(
            "division.removed", event=event_id, subject=division_id, by=actor.account,
            contest=contest_id, moved=moved, moved_to=move_to,
        )  # fmt: skip


async def members_of_division(actor: Actor, event_id: UUID, contest_id: UUID, division_id: UUID) -> int:
    """How many are in a division (organisers), registered or entered directly."""
    await access.event_for(actor, Right.ORGANISE, event_id)
    return await _members(await _division(event_id, contest_id, division_id))


async def _held(event_id: UUID, contest_id: UUID, division_id: UUID, *, version: int | None) -> Division:
    """A division that nobody else changes or joins until the transaction ends."""
    await places.hold_still(event_id)
    row = await _division(event_id, contest_id, division_id, hold=db.engine().dialect("{for_update}"))
    unless_stale(row.version, version)
    return row


async def _division(event_id: UUID, contest_id: UUID, division_id: UUID, *, hold: str = "") -> Division:
    found = await db.row(f"{DIVISION} {hold}", event_id, contest_id, division_id)
    if found is None:
        raise access.not_found()
    return Division(**found)


async def _target(row: Division, move_to: UUID | None) -> Division | None:
    others = await Division.objects().where(
        (Division.event_id == row.event_id) & (Division.contest_id == row.contest_id) & (Division.id != row.id)
    )
    if move_to is not None:
        return next((one for one in others if one.id == move_to), None) or invalid("unknown_division", "/move_to")
    if others and (members := await _members(row)):
        conflict("division_in_use", "/move_to", n=members)
    return None


async def _members(row: Division) -> int:
    found = await db.row(MEMBERS, row.event_id, row.id, row.event_id, row.id)
    return int(found["n"]) if found else 0


async def _refuse_moving(event: Event, row: Division, target: Division | None, *, members: int) -> None:
    drawn = await db.row(
        "SELECT id FROM stage WHERE event_id = {} AND contest_id = {} AND state <> {}",
        row.event_id, row.contest_id, StageState.PREPARED,
    )  # fmt: skip
    if drawn:
        raise Conflict(Reason("division_drawn", params={"n": members}))
    if target:
        await _refuse_narrowing(event, row, eligibility.eligibility(target.eligibility), "/move_to")


async def _refuse_narrowing(event: Event, row: Division, rule: Eligibility, pointer: str) -> None:
    """Conflict when somebody who is in by the division's present conditions would not be by others."""
    present = eligibility.eligibility(row.eligibility)
    if rule in (present, Eligibility()):
        return
    day = event.starts_at.astimezone(ZoneInfo(event.zone)).date()
    paths = [await _path(one.union) for one in (present, rule)]
    people = await db.rows(PEOPLE, row.event_id, row.id)
    shut_out = sum(
        _fits(present, person, paths[0], on=day) and not _fits(rule, person, paths[1], on=day) for person in people
    )
    if shut_out:
        conflict("division_too_narrow", pointer, n=shut_out)


async def _path(union: UUID | None) -> str | None:
    found = await db.row("SELECT path FROM unions WHERE id = {}", union) if union else None
    return found["path"] if found else None


def _fits(rule: Eligibility, person: db.Row, path: str | None, *, on: date) -> bool:
    inside = rule.union is not None and path is not None and (person["path"] or "").startswith(path)
    unions = frozenset({rule.union}) if inside and rule.union else frozenset[UUID]()
    return not any(eligibility.unmet(rule, Candidate(person["sex"], person["born"], unions), on))


async def _tell_moved(event: Event, row: Division, target: Division | None) -> None:
    """Tell everybody who is in the division where they are now; an event that is over disturbs nobody any more."""
    if event.state in OVER:
        return
    contest = await contest_row(row.event_id, row.contest_id)
    after = bilingual(target.title) if target else duties.words()["no_division"]
    said: dict[str, Any] = {"contest": bilingual(contest.title), "before": bilingual(row.title), "after": after}
    for member in await db.rows(TOLD, row.event_id, row.id, row.event_id, row.id):
        await messages.send("registration.division_changed", person=member["person"], event=event.id, **said)


async def _move(row: Division, move_to: UUID | None) -> None:
    """Every registration and entry of a division to another one or to none, those that have ended as well."""
    await db.rows(
        "UPDATE registration SET division_id = {}, version = version + 1, updated_at = {}"
        " WHERE event_id = {} AND division_id = {}",
        move_to, clock.now(), row.event_id, row.id,
    )  # fmt: skip
    await db.rows(
        "UPDATE entry SET division_id = {} WHERE event_id = {} AND division_id = {}", move_to, row.event_id, row.id
    )


def _columns(form: DivisionForm) -> dict[Any, Any]:
    return {"title": form.title.stored(), "eligibility": msgspec.json.encode(form.eligibility).decode()}
