"""Teams whose members compete for themselves: which entries of another contest count for a team."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

import msgspec

from events import access, db, ids, notices
from events.access import Actor, Right
from events.contests.looking import contest_row, knows_names
from events.errors import conflict, invalid
from events.tables import TeamMember
from events.text import Bilingual, bilingual

MEMBERS = (
    "SELECT team_member.team_id, entry.id, entry.number, entry.name, entry.contest_id, contest.title FROM team_member "
    "JOIN entry ON entry.event_id = team_member.event_id AND entry.id = team_member.entry_id "
    "JOIN entry team ON team.event_id = team_member.event_id AND team.id = team_member.team_id "
    "JOIN contest ON contest.event_id = entry.event_id AND contest.id = entry.contest_id "
    "WHERE team_member.event_id = {} AND team.contest_id = {} AND entry.state <> 'withdrawn' "
    "AND team.state <> 'withdrawn' ORDER BY team.number, entry.number"
)
TEAM = "SELECT id FROM entry WHERE event_id = {} AND contest_id = {} AND id = {} AND state <> 'withdrawn'"


class TeamForm(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The entries that count for a team, all of one other contest of the event; none takes the members away."""

    members: list[UUID]


class TeamMemberView(msgspec.Struct, frozen=True, kw_only=True):
    """A member of a team; no name for those who must not know who it is."""

    team_id: UUID
    entry_id: UUID
    number: int
    name: str | None
    contest_id: UUID
    contest: Bilingual


async def set_team(
    actor: Actor, event_id: UUID, contest_id: UUID, team_id: UUID, *, form: TeamForm
) -> list[TeamMemberView]:
    """Say who the members of a team are (organisers), in place of those before; one entry counts for one team."""
    await access.event_for(actor, Right.ORGANISE, event_id)
    members = list(dict.fromkeys(form.members))
    async with db.transaction():
        await contest_row(event_id, contest_id)
        # holding the contest, so that two changes at once do not give one entry to two teams
        await db.rows("UPDATE contest SET version = version WHERE event_id = {} AND id = {}", event_id, contest_id)
        if not await db.rows(TEAM, event_id, contest_id, team_id):
            raise access.not_found()
        await _unless_unfit(event_id, contest_id, team_id, members)
        await db.rows("DELETE FROM team_member WHERE event_id = {} AND team_id = {}", event_id, team_id)
        rows = [TeamMember(event_id=event_id, id=ids.new(), team_id=team_id, entry_id=member) for member in members]
        if rows:
            await TeamMember.insert(*rows)
        await notices.post(
            "team.set", event=event_id, subject=contest_id, by=actor.account, entry=str(team_id), members=len(rows)
        )
    return [one for one in await list_team_members(actor, event_id, contest_id) if one.team_id == team_id]


async def list_team_members(actor: Actor, event_id: UUID, contest_id: UUID) -> list[TeamMemberView]:
    """The members of every team of a contest, for officials of the event."""
    event = await access.event_for(actor, Right.SEE, event_id)
    found = await db.rows(MEMBERS, event_id, contest_id)
    theirs = {contest_id, *(row["contest_id"] for row in found)}  # whose names they are
    named = all([await knows_names(actor, event, await contest_row(event_id, one)) for one in theirs])
    return [_view(row, named=named) for row in found]


async def teams_of(event_id: UUID, contest_id: UUID) -> dict[UUID, dict[str, list[str]]]:
    """By the contest in which they compete, the members of each team, as scoring names entries."""
    found: dict[UUID, dict[str, list[str]]] = {}
    for row in await db.rows(MEMBERS, event_id, contest_id):
        found.setdefault(row["contest_id"], {}).setdefault(str(row["team_id"]), []).append(str(row["id"]))
    return found


async def _unless_unfit(event_id: UUID, contest_id: UUID, team_id: UUID, members: Iterable[UUID]) -> None:
    """Members are entries of one other contest, and of no other team of this one."""
    wanted = set(members)
    which, arguments = db.one_of(wanted)
    found = await db.rows(
        f"SELECT id, contest_id FROM entry WHERE event_id = {{}} AND state <> 'withdrawn' AND id {which}",  # noqa: S608
        event_id, *arguments,
    )  # fmt: skip
    if {row["id"] for row in found} != wanted:
        invalid("unknown_reference", "/members")
    others = await db.rows(MEMBERS, event_id, contest_id)
    here = {row["contest_id"] for row in found} | {row["contest_id"] for row in others if row["team_id"] != team_id}
    if wanted and (len(here) > 1 or contest_id in here):
        invalid("members_of_one_contest", "/members")
    if taken := [row["number"] for row in others if row["team_id"] != team_id and row["id"] in wanted]:
        conflict("in_another_team", "/members", numbers=taken)


def _view(row: db.Row, *, named: bool) -> TeamMemberView:
    return TeamMemberView(
        team_id=row["team_id"],
        entry_id=row["id"],
        number=row["number"],
        name=row["name"] if named else None,
        contest_id=row["contest_id"],
        contest=bilingual(row["title"]),
    )
