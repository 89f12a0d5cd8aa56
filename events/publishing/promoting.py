"""Proposals for a promotion of level by an official result; whoever keeps the levels decides about them.

A person is proposed once in a year, in whichever event: the first official result counts.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID
from zoneinfo import ZoneInfo

import msgspec

from events import access, db, ids
from events.access import Actor, Right
from events.contests.looking import rules_of, stage_row
from events.contests.teams import teams_of
from events.publishing.grounds import source_of
from events.publishing.reading import PUBLISHED, newest, ready
from events.publishing.structs import Board
from events.tables import Promotion, Stage
from events.terms import StageState
from events.text import Bilingual, bilingual
from scoring.awards import awards
from scoring.grants import Ground
from scoring.promotions import Proposal, Register, propose

CHUNK = 500
PEOPLE = "SELECT id, person FROM entry WHERE event_id = {} AND id "
ELSEWHERE = (
    "SELECT entry.person, promotion.level FROM promotion "
    "JOIN entry ON entry.event_id = promotion.event_id AND entry.id = promotion.entry_id "
    "WHERE promotion.year = {} AND promotion.proposed AND promotion.stage_id <> {} AND entry.person "
)
LISTED = (
    "SELECT promotion.*, entry.number, entry.name, unions.name AS union_name FROM promotion "
    "JOIN entry ON entry.event_id = promotion.event_id AND entry.id = promotion.entry_id "
    'LEFT JOIN unions ON unions.id = entry."union" '
    "WHERE promotion.event_id = {} AND promotion.stage_id = {} ORDER BY promotion.position"
)


class PromotionView(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody who is proposed for a level, or was in line for it and is not, and why (docs/schemes.md, rulings)."""

    entry_id: UUID
    number: int
    name: str
    union: Bilingual | None
    level: str
    title: Bilingual
    year: int
    proposed: bool
    code: str
    params: dict[str, str]


@dataclass(frozen=True)
class People:
    """Who stands behind the entries of a board: persons by entry, and the own entry of each."""

    behind: Mapping[str, Sequence[str]]
    own: Mapping[tuple[str, str], UUID]


async def promotions(actor: Actor, event_id: UUID, stage_id: UUID) -> list[PromotionView]:
    """The proposals of a stage's official result, as they fell (who may publish); none before it is official."""
    await access.event_for(actor, Right.PUBLISH, event_id)
    row = await stage_row(event_id, stage_id)
    found = await db.rows(LISTED, event_id, stage_id)
    if row.state != StageState.OFFICIAL or not found:
        return []
    titles = await _titles(event_id, stage_id)
    return [_view(one, titles) for one in found]


async def keep_promotions(row: Stage, board: Board) -> None:
    """Write the proposals of an official board in place of those before, within the caller's transaction."""
    await db.rows("DELETE FROM promotion WHERE event_id = {} AND stage_id = {}", row.event_id, row.id)
    rules = await rules_of(row.event_id, board.scheme_id)
    if not rules.promotions:
        return
    people, year = await _people(row, board), await _year(row.event_id)
    ground = await _ground(board)
    register = Register(people.behind, promoted=await _promoted(row, people, year))
    found = propose(rules, ground, register, awards(rules, ground))
    rows = [_row(row, one, people.own[one.entry, one.person], (number, year)) for number, one in enumerate(found, 1)]
    for start in range(0, len(rows), CHUNK):
        await Promotion.insert(*rows[start : start + CHUNK])


async def _ground(board: Board) -> Ground:
    """The board as it gives."""
    source = await source_of(board)
    slots = await db.rows(
        "SELECT CAST(entry_id AS text) AS entry, heat FROM slot WHERE event_id = {} AND stage_id = {}",
        board.event_id, board.stage_id,
    )  # fmt: skip
    heats = {slot["entry"]: str(slot["heat"]) for slot in slots}
    sides = {str(row.entry_id): row.delegation.stored() for row in board.rows if row.delegation}
    competing = sum(not row.out_of_competition for row in board.rows)
    return Ground(source.ground.board, source.ground.totals, sides, heats, competing)


async def _people(row: Stage, board: Board) -> People:
    """The persons behind entries and behind the members of teams; who is not known is known by the entry."""
    teams = {team: members for found in (await teams_of(row.event_id, row.contest_id)).values()
             for team, members in found.items()}  # fmt: skip
    owns = {str(one.entry_id): teams.get(str(one.entry_id), [str(one.entry_id)]) for one in board.rows}
    which, arguments = db.one_of({UUID(own) for listed in owns.values() for own in listed})
    known = {str(one["id"]): one["person"] for one in await db.rows(f"{PEOPLE} {which}", row.event_id, *arguments)}
    persons = {own: str(known.get(own) or own) for listed in owns.values() for own in listed}
    return People(
        {entry: [persons[own] for own in listed] for entry, listed in owns.items()},
        {(entry, persons[own]): UUID(own) for entry, listed in owns.items() for own in listed},
    )


async def _promoted(row: Stage, people: People, year: int) -> dict[str, str]:
    """Who of them was proposed in the year by another result; their rows are held, so that two results take turns."""
    which, arguments = db.one_of(sorted({UUID(one) for listed in people.behind.values() for one in listed}))
    hold = db.engine().dialect("{for_update}")
    await db.rows(f"SELECT id FROM person WHERE id {which} ORDER BY id {hold}", *arguments)  # noqa: S608
    found = await db.rows(f"{ELSEWHERE} {which}", year, row.id, *arguments)
    return {str(one["person"]): one["level"] for one in found}


async def _year(event_id: UUID) -> int:
    found = await db.row("SELECT starts_at, zone FROM event WHERE id = {}", event_id)
    assert found is not None
    return int(found["starts_at"].astimezone(ZoneInfo(found["zone"])).year)


async def _titles(event_id: UUID, stage_id: UUID) -> dict[str, Bilingual]:
    """What the levels are called in the rules of the newest published result."""
    board = (await ready(await newest(event_id, stage_id, PUBLISHED), blind=False)).board()
    rules = await rules_of(event_id, board.scheme_id)
    return {one.key: Bilingual(one.title.zh, one.title.en) for one in rules.promotions if one.title}


def _row(row: Stage, found: Proposal, entry: UUID, counted: tuple[int, int]) -> Promotion:
    position, year = counted
    params = {name: str(value) for name, value in found.params.items() if name not in ("delegation", "entry")}
    return Promotion(
        event_id=row.event_id, id=ids.new(), stage_id=row.id, entry_id=entry, position=position,
        level=found.level, year=year, proposed=found.proposed, code=found.code,
        params=msgspec.json.encode(params).decode(),
    )  # fmt: skip


def _view(row: db.Row, titles: Mapping[str, Bilingual]) -> PromotionView:
    return PromotionView(
        entry_id=row["entry_id"],
        number=row["number"],
        name=row["name"],
        union=bilingual(row["union_name"]) if row["union_name"] else None,
        level=row["level"],
        title=titles.get(row["level"], Bilingual(zh=row["level"])),
        year=row["year"],
        proposed=row["proposed"],
        code=row["code"],
        params=msgspec.json.decode(row["params"], type=dict[str, str]),
    )
