"""Who may go on into a stage, and what they carry along: from the published results before it. Nothing is written."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from events import db
from events.contests.teams import teams_of
from events.errors import conflict
from events.publishing.grounds import Source, published_boards, source_of
from events.publishing.structs import Board, Row, Ruling
from events.tables import Stage
from scoring import carrying
from scoring.marks import Mark, check
from scoring.schemes import Scheme


@dataclass(frozen=True)
class Gate:
    """The way into a stage: the board before it (none for the first), who goes on, and who is equal at the cut."""

    before: Board | None
    going: Sequence[UUID]
    cut: Sequence[UUID]

    @property
    def rows(self) -> dict[UUID | None, Row]:
        """The rows of the board before, by entry."""
        return {row.entry_id: row for row in self.before.rows} if self.before else {}


@dataclass(frozen=True)
class Luggage:
    """What entries carry: marks, and the results that they come from."""

    sources: Sequence[Source]
    marks: Sequence[Mark]


async def gate_of(row: Stage, entries: Iterable[UUID]) -> Gate:
    """Who of the contest's entries goes on by the newest published result of the stage before."""
    number = await _number_before(row)
    if number is None:
        return Gate(None, list(entries), [])
    board = (await published_boards(row.event_id, row.contest_id)).get(number)
    if board is None:
        conflict("before_unpublished", "", number=number)
    still = set(entries)
    rows = [one for one in board.rows if one.entry_id in still and one.entry_id]
    going = [one for one in rows if one.advances or not board.advances]
    cut = [one for one in rows if not one.advances and cut_of(one)]
    return Gate(board, _ids(going), _ids(cut))


def cut_of(row: Row) -> Ruling | None:
    """The ruling that leaves it to people whether an entry goes on."""
    return next((one for one in row.rulings if one.award is None and one.code == "to_decide"), None)


async def luggage_of(row: Stage, rules: Scheme, entries: Sequence[UUID]) -> Luggage:
    """What the stage's scheme takes from earlier stages and from the members of teams."""
    named = [str(entry) for entry in entries]
    sources = await _stages(row, rules)
    wanted = sorted(carrying.stages(rules))  # by the numbers that stages have now, whatever their boards said
    grounds = {number: source.ground for number, source in zip(wanted, sources, strict=True)}
    marks = carrying.carry(rules, grounds, named)
    if carrying.of_teams(rules):
        teams = await _teams(row)
        for source, members in teams:
            marks += carrying.team_marks(rules, source.ground, {one: members[one] for one in named if one in members})
        sources = [*sources, *(source for source, _ in teams)]
    if wrong := sum(bool(check(rules, mark)) for mark in marks):
        conflict("carried_does_not_fit", "", n=wrong)
    return Luggage(sources, marks)


async def _number_before(row: Stage) -> int | None:
    found = await db.row(
        "SELECT MAX(number) AS number FROM stage WHERE event_id = {} AND contest_id = {} AND number < {}",
        row.event_id, row.contest_id, row.number,
    )  # fmt: skip
    return found["number"] if found else None


async def _stages(row: Stage, rules: Scheme) -> list[Source]:
    boards = await published_boards(row.event_id, row.contest_id)
    wanted = sorted(carrying.stages(rules))
    if missing := [number for number in wanted if number not in boards or number >= row.number]:
        conflict("before_unpublished", "", number=missing[0])
    return [await source_of(boards[number]) for number in wanted]


async def _teams(row: Stage) -> list[tuple[Source, Mapping[str, Sequence[str]]]]:
    """The results of the contest in which members compete, with the members of each team."""
    found = await teams_of(row.event_id, row.contest_id)
    if not found:
        conflict("no_team_members")
    return [(await _last(row.event_id, contest), teams) for contest, teams in found.items()]


async def _last(event_id: UUID, contest_id: UUID) -> Source:
    """The result of a contest: that of its last stage."""
    boards = await published_boards(event_id, contest_id)
    last = await db.row(
        "SELECT MAX(number) AS number FROM stage WHERE event_id = {} AND contest_id = {}", event_id, contest_id
    )
    if last is None or last["number"] not in boards:
        conflict("members_unpublished")
    return await source_of(boards[last["number"]])


def _ids(rows: Iterable[Row]) -> list[UUID]:
    return [row.entry_id for row in rows if row.entry_id]
