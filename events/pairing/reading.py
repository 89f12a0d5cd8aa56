"""Fixtures as they are seen: derived from the draw and the results, each time anew."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from uuid import UUID

from events import access, db
from events.access import Actor
from events.contests.looking import contest_row, stage_row
from events.drawing import MeetingRules
from events.drawing.reading import opened
from events.drawing.ruling import published
from events.pairing.structs import (
    FixturesView,
    FixtureView,
    FromView,
    LineView,
    PlaceView,
    SideView,
    TableView,
    Winner,
)
from events.tables import Stage
from events.text import bilingual
from scoring.pairing import fixtures as pairing
from scoring.pairing.fixtures import Fixture, Plan, Result, Table
from scoring.pairing.knockout import Side
from scoring.pairing.tables import Line

Sides = Mapping[str, SideView]


async def fixtures(actor: Actor, event_id: UUID, stage_id: UUID) -> FixturesView:
    """Who meets whom in a stage; NotFound before it is drawn, or where nobody meets."""
    event = await access.event_to_see(actor, event_id)
    row = await stage_row(event_id, stage_id)
    plan = await plan_of(row) or _nothing()
    contest = await contest_row(event_id, row.contest_id)
    shown = await opened(actor, event, contest, row)
    sides = {str(slot["entry_id"]): _side(slot, opened=shown) for slot in await _slots(row)}
    found = pairing.played(plan, await results_of(row))
    return FixturesView(
        stage_id=stage_id,
        meeting=MeetingRules(**{name: getattr(plan.meeting, name) for name in MeetingRules.__struct_fields__}),
        fixtures=[_fixture(one, sides) for one in found.fixtures],
        tables=[_table(one, found.fixtures, sides) for one in found.tables],
        places=[PlaceView(place=place, side=sides[entry]) for place, entry in found.places],
        over=found.over,
    )


async def plan_of(row: Stage) -> Plan | None:
    """What is played in a stage; none before it is drawn, or where nobody meets. Entries are named by their ids."""
    recipe = published(row)
    if recipe is None or recipe.meeting is None or row.drawn_at is None:
        return None
    slots = await _slots(row)
    ids = {str(slot["number"]): str(slot["entry_id"]) for slot in slots}
    unions = {ids[number]: union for number, union in recipe.parted.items() if number in ids}
    return Plan(recipe.meeting, tuple(str(slot["entry_id"]) for slot in slots), unions, row.draw_key or "")


async def results_of(row: Stage) -> dict[int, Result]:
    """The results that count, by the number of the match."""
    found = await db.rows(
        "SELECT * FROM match_result WHERE event_id = {} AND stage_id = {} AND superseded_at IS NULL ORDER BY number",
        row.event_id, row.id,
    )  # fmt: skip
    return {one["number"]: _result(one) for one in found}


def _nothing() -> Plan:
    raise access.not_found()


def _result(one: db.Row) -> Result:
    winner = str(one["winner_id"]) if one["winner_id"] else None
    return Result(str(one["home_id"]), str(one["away_id"]), winner, one["home_score"], one["away_score"])


async def _slots(row: Stage) -> list[db.Row]:
    return await db.rows(
        "SELECT slot.entry_id, slot.code, entry.number, entry.name, unions.name AS union_name FROM slot "
        "JOIN entry ON entry.event_id = slot.event_id AND entry.id = slot.entry_id "
        'LEFT JOIN unions ON unions.id = entry."union" '
        "WHERE slot.event_id = {} AND slot.stage_id = {} ORDER BY slot.position",
        row.event_id, row.id,
    )  # fmt: skip


def _side(slot: db.Row, *, opened: bool) -> SideView:
    return SideView(
        code=slot["code"],
        entry_id=slot["entry_id"] if opened else None,
        number=slot["number"] if opened else None,
        name=slot["name"] if opened else None,
        union_name=bilingual(slot["union_name"]) if opened and slot["union_name"] else None,
    )


def _fixture(one: Fixture, sides: Sides) -> FixtureView:
    return FixtureView(
        number=one.number,
        round=one.round,
        group=one.group,
        bracket=one.bracket,
        home=sides[one.home] if one.home else None,
        away=sides[one.away] if one.away else None,
        home_from=_from(one.home_from),
        away_from=_from(one.away_from),
        ready=one.ready,
        winner=_winner(one.result),
        home_score=one.result.home_score if one.result else None,
        away_score=one.result.away_score if one.result else None,
    )


def _from(side: Side | None) -> FromView | None:
    match = side and (side.winner_of or side.loser_of)
    return FromView(match=match, loser=side.loser_of is not None) if side and match else None


def _winner(result: Result | None) -> Winner | None:
    if result is None:
        return None
    return "draw" if result.winner is None else "home" if result.winner == result.home else "away"


def _table(table: Table, found: Sequence[Fixture], sides: Sides) -> TableView:
    inside = [one for one in found if one.group == table.group and not one.bracket]
    return TableView(group=table.group, lines=[_line(line, inside, sides[line.entry]) for line in table.lines])


def _line(line: Line, inside: Sequence[Fixture], side: SideView) -> LineView:
    own = [one.result for one in inside if one.result and line.entry in (one.home, one.away)]
    won, drawn = sum(one.winner == line.entry for one in own), sum(one.winner is None for one in own)
    scores = [_scores(one, line.entry) for one in own]
    return LineView(
        rank=line.rank,
        side=side,
        played=len(own),
        won=won,
        drawn=drawn,
        lost=len(own) - won - drawn,
        scored=sum(ours for ours, _ in scores),
        conceded=sum(theirs for _, theirs in scores),
        points=int(line.values.get("points", 0)),
    )


def _scores(result: Result, entry: str) -> tuple[int, int]:
    both = (result.home_score or 0, result.away_score or 0)
    return both if result.home == entry else both[::-1]
