"""The facts of a stage's board, read from the database."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from events import access, db
from events.contests.facts import marks_that_count
from events.contests.looking import rules_of
from events.marking.seats import Seat, seats_now, seats_of
from events.publishing.boards import Entrant, Facts, Head
from events.terms import StageState
from events.text import Bilingual, bilingual

HEAD = (
    "SELECT stage.*, contest.title AS contest_title, event.title AS event_title, scheme.version AS scheme_version "
    "FROM stage JOIN contest ON contest.event_id = stage.event_id AND contest.id = stage.contest_id "
    "JOIN event ON event.id = stage.event_id "
    "LEFT JOIN scheme ON scheme.event_id = stage.event_id AND scheme.id = stage.scheme_id "
    "WHERE stage.event_id = {} AND stage.id = {}"
)
ENTRANTS = (
    "SELECT entry.id, entry.number, entry.state, entry.name, slot.code, slot.position, slot.heat, slot.lot, "
    "unions.name AS union_name, unions.path FROM slot "
    "JOIN entry ON entry.event_id = slot.event_id AND entry.id = slot.entry_id "
    'LEFT JOIN unions ON unions.id = entry."union" '
    "WHERE slot.event_id = {} AND slot.stage_id = {} AND entry.state <> 'withdrawn' ORDER BY slot.position"
)


class Frame(NamedTuple):
    """What a board stands in beside entries and marks: the stage with its titles, and the seats that are taken."""

    row: db.Row
    seats: list[Seat]


async def frame_of(event_id: UUID, stage_id: UUID) -> Frame | None:
    """The frame of a stage's board; None before it is drawn."""
    found = await db.row(HEAD, event_id, stage_id)
    if found is None:
        raise access.not_found()
    if found["scheme_id"] is None or found["drawn_at"] is None:
        return None
    return Frame(found, await seats_now(event_id, stage_id))


async def facts_of(
    event_id: UUID, stage_id: UUID, *, state: StageState | None = None, objections_until: datetime | None = None
) -> Facts | None:
    """What the board of a stage is made of, in its state or the one it is about to take; None before it is drawn."""
    frame = await frame_of(event_id, stage_id)
    return await facts_within(frame, state=state, objections_until=objections_until) if frame else None


async def facts_within(
    frame: Frame, *, state: StageState | None = None, objections_until: datetime | None = None
) -> Facts:
    """The same, where the frame is known."""
    event_id, stage_id = frame.row["event_id"], frame.row["id"]
    rules = await rules_of(event_id, frame.row["scheme_id"])
    until = objections_until or frame.row["objections_until"]
    return Facts(
        head=_head(frame.row, state or StageState(frame.row["state"]), until),
        rules=rules,
        entrants=await _entrants(event_id, stage_id),
        marks=await marks_that_count(event_id, stage_id),
        seats=seats_of(frame.seats, rules),
    )


def _head(row: db.Row, state: StageState, objections_until: datetime | None) -> Head:
    return Head(
        event_id=row["event_id"],
        event=bilingual(row["event_title"]),
        contest_id=row["contest_id"],
        contest=bilingual(row["contest_title"]),
        stage_id=row["id"],
        stage=bilingual(row["title"]),
        stage_number=row["number"],
        state=state,
        scheme_id=row["scheme_id"],
        scheme_version=row["scheme_version"],
        objections_until=objections_until,
    )


async def _entrants(event_id: UUID, stage_id: UUID) -> list[Entrant]:
    found = await db.rows(ENTRANTS, event_id, stage_id)
    delegations = await delegations_of({contingent(row["path"]) for row in found if row["path"]})
    sides = [delegations.get(contingent(row["path"] or "")) for row in found]
    return [
        Entrant(
            id=row["id"],
            number=row["number"],
            code=row["code"],
            position=row["position"],
            lot=row["lot"],
            state=row["state"],
            name=row["name"],
            union=bilingual(row["union_name"]) if row["union_name"] else None,
            delegation=side[1] if side else None,
            delegation_id=side[0] if side else None,
            heat=row["heat"],
        )
        for row, side in zip(found, sides, strict=True)
    ]


def contingent(path: str) -> str:
    """A union's city or industry, which sends the delegation: the second step of its path."""
    return "".join(f"{code}." for code in path.split(".")[:2] if code)


async def delegations_of(paths: set[str]) -> dict[str, tuple[UUID, Bilingual]]:
    """The unions at these paths, with what they are called."""
    which, arguments = db.one_of(paths)
    found = await db.rows(f"SELECT id, path, name FROM unions WHERE path {which}", *arguments)  # noqa: S608
    return {row["path"]: (row["id"], bilingual(row["name"])) for row in found}
