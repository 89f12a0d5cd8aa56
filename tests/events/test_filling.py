"""Who goes on into a stage, what they carry, and what teams get from their members."""

from dataclasses import replace
from decimal import Decimal
from uuid import UUID

import pytest

from events import contests, drawing, marking, publishing
from events.contests import ContestForm, EntryChange, EntryForm, SchemeForm, StageForm, TeamForm
from events.drawing import DrawForm
from events.errors import Conflict, Invalid, NotFound
from events.marking import SignOffForm
from events.publishing import FillForm, OfficialForm
from events.terms import EntryState
from tests.events.contest_factory import DOCUMENT, WORDS, Arena, make_arena, mark, words

HEATS = DOCUMENT | {"advance": [{"places": 1}, {"places": 1, "ties": "decide"}], "standings": {"better": "higher"}}
FINAL: dict[str, object] = {
    "format": "magpie-scheme/1", "key": "final", "title": WORDS,
    "root": {"kind": "criterion", "key": "all", "title": WORDS, "children": [
        {"kind": "given", "key": "before", "title": WORDS, "weight": "0.5", "carried": {"stage": 1}},
        {"kind": "given", "key": "style1", "title": WORDS, "carried": {"stage": 1, "node": "style"}, "needed": 0},
        {"kind": "given", "key": "now", "title": WORDS, "scale": {"min": "0", "max": "100"}},
    ]},
}  # fmt: skip
TEAM: dict[str, object] = {
    "format": "magpie-scheme/1", "key": "team", "title": WORDS,
    "root": {"kind": "criterion", "key": "team", "title": WORDS, "children": [
        {"kind": "given", "key": "member", "title": WORDS, "carried": {"members": True, "absent": "did_not_start"},
         "repeat": {"times": 2, "statuses": "skip", "needed": 1}}]},
}  # fmt: skip


async def official(arena: Arena, *, reason: str = "") -> None:
    form = OfficialForm(early=True, reason=reason)
    await publishing.publish_official(arena.organiser, arena.event, arena.stage, form)


async def held(*styles: str, document: dict[str, object] = HEATS) -> Arena:
    """A stage with an official result, its entries marked so in the order of their codes."""
    arena = await make_arena(*(f"选手{number}" for number in range(len(styles))), document=document)
    for code, style in zip(arena.codes, styles, strict=True):
        await arena.enter_all(code, style=style)
    await signed(arena)
    return arena


async def signed(arena: Arena) -> None:
    """Confirmed by the panel's leader and the chief judge."""
    await marking.sign_off(arena.judges[0], arena.event, arena.stage, SignOffForm(panel_id=arena.panel))
    await marking.sign_off(arena.chief, arena.event, arena.stage, SignOffForm())


async def next_stage(arena: Arena, document: dict[str, object] = FINAL) -> Arena:
    """A further stage of the contest, with its rules."""
    stage = await contests.add_stage(arena.organiser, arena.event, arena.contest, StageForm(title=words()))
    form = SchemeForm(document=document)
    await contests.set_scheme(arena.organiser, arena.event, arena.contest, stage.id, form=form)
    return replace(arena, stage=stage.id)


async def names(arena: Arena) -> list[str]:
    """Who is drawn into a stage, by name."""
    draw = await drawing.draw(arena.organiser, arena.event, arena.stage, DrawForm(key="1"))
    return sorted(slot.name or "" for slot in draw.slots)


async def fill(arena: Arena, *decided: UUID) -> publishing.Filled:
    form = FillForm(decided=list(decided) or None)
    return await publishing.fill_stage(arena.organiser, arena.event, arena.stage, form)


async def test_a_stage_that_was_renumbered_is_not_taken_for_another(database: str) -> None:
    heats = await held("9", "7")
    final = await next_stage(heats)
    await official(heats)
    third = StageForm(title=words(), number=3)
    await contests.change_stage(heats.organiser, heats.event, heats.stage, third)
    await contests.add_stage(heats.organiser, heats.event, heats.contest, StageForm(title=words(), number=1))
    with pytest.raises(Conflict, match="before_unpublished"):
        await fill(final)


async def test_who_advanced_goes_on_with_what_is_carried(database: str) -> None:
    heats = await held("9", "7", "5")
    final = await next_stage(heats)
    view = await publishing.preview_filling(final.organiser, final.event, final.stage)
    assert view.blocked == ["before_unpublished"]
    with pytest.raises(Conflict, match="before_unpublished"):
        await fill(final)
    await official(heats)
    view = await publishing.preview_filling(final.organiser, final.event, final.stage)
    assert [(row.rank, [one.value for one in row.values]) for row in view.rows] == [
        ("1", ["21", "9"]), ("2", ["19", "7"])
    ]  # fmt: skip
    assert [(one.kind, one.version) for one in view.sources] == [("official", 1)]
    assert await fill(final) == publishing.Filled(entries=2, added=2, values=4)
    assert await fill(final) == publishing.Filled(entries=2, added=0, values=0)
    assert len(await names(final)) == 2
    await publishing.restate(final.event, final.stage)
    board = (await publishing.board(final.organiser, final.event, final.stage)).board()
    assert [(row.score, row.scores) for row in board.rows] == [("19.5", ["21", "9", None]), ("16.5", ["19", "7", None])]
    assert len(await final.told("stage.filled")) == 2


async def test_equals_at_the_cut_are_decided_by_people(database: str) -> None:
    heats = await held("9", "7", "7")
    await official(heats)
    final = await next_stage(heats)
    rows = (await publishing.preview_filling(final.organiser, final.event, final.stage)).rows
    assert [row.to_decide for row in rows] == [False, True, True]
    with pytest.raises(Invalid, match="/decided decide_at_the_cut"):
        await fill(final)
    with pytest.raises(Invalid, match="/decided not_at_the_cut"):
        await fill(final, rows[0].entry_id)
    assert (await fill(final, rows[1].entry_id)).entries == 2
    assert await names(final) == sorted([rows[0].name, rows[1].name])
    with pytest.raises(Conflict, match="goes_on_no_more"):
        await fill(final, rows[2].entry_id)
    listed = await contests.list_entries(final.organiser, final.event, final.contest, stage_id=final.stage)
    assert len(listed.items) == 2


async def test_a_correction_of_the_result_before_is_brought_by_filling_again(database: str) -> None:
    heats = await held("9", "7", "5")
    await official(heats)
    final = await next_stage(heats)
    await fill(final)
    await names(final)
    await heats.enter(heats.chief, mark(heats.codes[0], "base", "12", reason="typing error"))
    await official(heats, reason="typing error")
    rows = (await publishing.preview_filling(final.organiser, final.event, final.stage)).rows
    assert [[one.changed for one in row.values] for row in rows] == [[True, False], [False, False]]
    assert await fill(final) == publishing.Filled(entries=2, added=0, values=1)
    await publishing.restate(final.event, final.stage)
    board = (await publishing.board(final.organiser, final.event, final.stage)).board()
    assert board.rows[0].scores[0] == "23"
    gone = EntryChange(state=EntryState.WITHDRAWN)
    await contests.change_entry(final.organiser, final.event, final.contest, rows[1].entry_id, form=gone)
    assert (await fill(final)).entries == 1


async def test_a_filling_is_taken_back_before_the_draw_only(database: str) -> None:
    heats = await held("9", "7", "5")
    await official(heats)
    final = await next_stage(heats)
    await fill(final)
    with pytest.raises(Conflict, match="stage_filled"):
        await contests.remove_stage(final.organiser, final.event, final.stage)
    with pytest.raises(Conflict, match="marks_do_not_fit"):
        await next_stage_rules(final, DOCUMENT)
    await publishing.empty_stage(final.organiser, final.event, final.stage)
    assert (await contests.stage(final.organiser, final.event, final.stage)).filled_at is None
    await fill(final)
    await names(final)
    with pytest.raises(Conflict, match="already_drawn"):
        await publishing.empty_stage(final.organiser, final.event, final.stage)
    for who in (final.chief, final.judges[0]):
        with pytest.raises(NotFound):
            await publishing.preview_filling(who, final.event, final.stage)


async def test_a_stage_that_is_emptied_can_be_taken_away(database: str) -> None:
    heats = await held("9", "7")
    await official(heats)
    final = await next_stage(heats)
    await fill(final)
    await publishing.empty_stage(final.organiser, final.event, final.stage)
    await contests.remove_stage(final.organiser, final.event, final.stage)
    view = await contests.contest(final.organiser, final.event, final.contest)
    assert [stage.id for stage in view.stages] == [heats.stage]


async def next_stage_rules(arena: Arena, document: dict[str, object]) -> None:
    form = SchemeForm(document=document)
    await contests.set_scheme(arena.organiser, arena.event, arena.contest, arena.stage, form=form)


async def test_teams_get_the_results_of_their_members(database: str) -> None:
    single = await held("9", "7", "5")
    await official(single)
    entries = (await contests.list_entries(single.organiser, single.event, single.contest)).items
    made = await contests.add_contest(single.organiser, single.event, ContestForm(title=words("团体", "Teams")))
    teams = await next_stage(replace(single, contest=made.id), TEAM)
    forms = [EntryForm(name="甲队"), EntryForm(name="乙队")]
    first, second = await contests.add_entries(teams.organiser, teams.event, teams.contest, forms)
    with pytest.raises(Conflict, match="no_team_members"):
        await fill(teams)
    await set_team(teams, first.id, entries[0].id, entries[1].id)
    with pytest.raises(Conflict, match="in_another_team"):
        await set_team(teams, second.id, entries[1].id)
    with pytest.raises(Invalid, match="members_of_one_contest"):
        await set_team(teams, second.id, first.id)
    [alone] = await set_team(teams, second.id, entries[2].id)
    assert (alone.number, alone.contest.en, alone.name) == (entries[2].number, "Welding", entries[2].name)
    seen = await contests.list_team_members(single.chief, single.event, teams.contest)
    assert [one.name for one in seen] == [None, None, None]  # whose contest is marked blind
    await fill(teams)
    assert await names(teams) == ["乙队", "甲队"]
    await publishing.restate(teams.event, teams.stage)
    board = (await publishing.board(teams.organiser, teams.event, teams.stage)).board()
    published = (await publishing.public_board(single.event, single.stage)).board()
    scores = {row.entry_id: Decimal(row.score or 0) for row in published.rows}
    assert {row.name: row.score for row in board.rows} == {
        "甲队": f"{scores[entries[0].id] + scores[entries[1].id]:f}", "乙队": f"{scores[entries[2].id]:f}"
    }  # fmt: skip


async def set_team(arena: Arena, team: UUID, *members: UUID) -> list[contests.TeamMemberView]:
    form = TeamForm(members=list(members))
    return await contests.set_team(arena.organiser, arena.event, arena.contest, team, form=form)
