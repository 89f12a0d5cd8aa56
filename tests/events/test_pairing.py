"""Matches: from the draw to the last result, with nothing undone that was played."""

import pytest

from events import contests, drawing, pairing
from events.access import ANONYMOUS
from events.contests import EntryForm, StageForm
from events.drawing import DrawForm, DrawRules, MeetingRules
from events.errors import Conflict, Invalid, NotFound
from events.pairing import FixturesView, FixtureView, ResultForm
from events.terms import StageState
from tests.events.contest_factory import Arena, make_stage, mark, words
from tests.events.factory import make_official, make_union

HOME, AWAY = ResultForm(winner="home"), ResultForm(winner="away")


async def make_meeting(meeting: MeetingRules, *names: str, seeds: int = 0) -> Arena:
    """A stage in which entries meet, drawn; the seeds are the first."""
    arena = await make_stage(*names, judges_see_names=True)
    rules = DrawRules(meeting=meeting, seeds=list(range(1, seeds + 1)))
    await drawing.set_rules(arena.organiser, arena.event, arena.stage, rules)
    await drawing.draw(arena.organiser, arena.event, arena.stage, DrawForm(key="7"))
    return arena


async def enter(arena: Arena, number: int, form: ResultForm) -> FixturesView:
    return await pairing.enter_result(arena.organiser, arena.event, arena.stage, number, form=form)


def pair(one: FixtureView) -> tuple[str | None, str | None]:
    return (one.home.name if one.home else None, one.away.name if one.away else None)


async def test_a_knock_out_from_the_draw_to_the_final(database: str) -> None:
    arena = await make_meeting(MeetingRules(format="knock_out", third=True), *"abcdef", seeds=6)
    drawn = await pairing.fixtures(ANONYMOUS, arena.event, arena.stage)
    assert [pair(one) for one in drawn.fixtures if one.ready] == [("d", "e"), ("c", "f")]
    await enter(arena, 1, ResultForm(home_score=3, away_score=1))
    after = await enter(arena, 2, AWAY)
    assert [pair(one) for one in after.fixtures[2:4]] == [("a", "d"), ("b", "f")]
    assert (await contests.stage(ANONYMOUS, arena.event, arena.stage)).state == StageState.MARKING
    for number in (3, 4, 5):
        await enter(arena, number, HOME)
    over = await enter(arena, 6, ResultForm(winner="away", home_score=2, away_score=2))
    assert over.over
    assert [(one.place, one.side.name) for one in over.places] == [
        (1, "b"),
        (2, "a"),
        (3, "d"),
        (4, "f"),
        (5, "c"),
        (5, "e"),
    ]
    assert len(await arena.told("match.result")) == 6


async def test_what_was_played_is_not_undone(database: str) -> None:
    arena = await make_meeting(MeetingRules(format="knock_out"), *"abcd", seeds=4)
    await enter(arena, 1, HOME)
    corrected = await enter(arena, 1, AWAY)
    assert pair(corrected.fixtures[2]) == ("d", None)
    assert await enter(arena, 1, AWAY) == corrected
    assert [notice.data["again"] for notice in await arena.told("match.result")] == [False, True]
    await enter(arena, 2, HOME)
    await enter(arena, 3, HOME)
    with pytest.raises(Conflict, match="later_match_played"):
        await enter(arena, 1, HOME)
    with pytest.raises(Conflict, match="later_match_played"):
        await pairing.take_back(arena.organiser, arena.event, arena.stage, 2)
    for number in (3, 2, 1):
        left = await pairing.take_back(arena.organiser, arena.event, arena.stage, number)
    assert [one.winner for one in left.fixtures] == [None] * 3
    assert (await contests.stage(ANONYMOUS, arena.event, arena.stage)).state == StageState.DRAWN


async def test_a_stage_in_play_is_not_drawn_again(database: str) -> None:
    arena = await make_meeting(MeetingRules(format="round_robin"), *"abc")
    await enter(arena, 1, HOME)
    with pytest.raises(Conflict, match="marking_begun"):
        await drawing.draw(arena.organiser, arena.event, arena.stage, DrawForm(key="8", reason="why not"))
    await contests.add_entries(arena.organiser, arena.event, arena.contest, [EntryForm(name="late")])
    with pytest.raises(Conflict, match="fixtures_made"):
        await drawing.append(arena.organiser, arena.event, arena.stage)


async def test_a_round_robin_has_a_table(database: str) -> None:
    arena = await make_meeting(MeetingRules(format="round_robin", win=3), *"abc", seeds=3)
    for number, (home, away) in enumerate([(1, 1), (0, 2), (4, 0)], 1):
        found = await enter(arena, number, ResultForm(home_score=home, away_score=away))
    (table,) = found.tables
    assert found.over
    assert sum(line.points for line in table.lines) == 3 + 3 + 2
    assert [line.rank for line in table.lines] == [1, 2, 3]
    best = table.lines[0]
    assert (best.played, best.won + best.drawn + best.lost) == (2, 2)
    assert sum(line.scored for line in table.lines) == sum(line.conceded for line in table.lines) == 8


@pytest.mark.parametrize(
    ("meeting", "more"), [(MeetingRules(format="groups", places=1), 1), (MeetingRules(format="swiss", rounds=2), 2)]
)
async def test_groups_and_swiss_go_on_by_themselves(database: str, meeting: MeetingRules, more: int) -> None:
    arena = await make_meeting(meeting, *"abcd")
    first = await pairing.fixtures(ANONYMOUS, arena.event, arena.stage)
    assert [one.number for one in first.fixtures] == [1, 2]
    await enter(arena, 1, HOME)
    later = await enter(arena, 2, HOME)
    assert [one.ready for one in later.fixtures[2:]] == [True] * more


async def test_what_is_wrong_with_a_result(database: str) -> None:
    arena = await make_meeting(MeetingRules(format="knock_out"), *"abcd")
    wrong = [
        (ResultForm(), "/winner winner_or_scores"),
        (ResultForm(home_score=1), "/away_score both_scores"),
        (ResultForm(away_score=1, winner="home"), "/home_score both_scores"),
        (ResultForm(home_score=1, away_score=1), "/winner winner_needed"),
        (ResultForm(winner="draw"), "/winner winner_needed"),
        (ResultForm(winner="home", home_score=1, away_score=3), "/winner scores_say_otherwise"),
        (ResultForm(winner="away", home_score=1, away_score=0), "/winner scores_say_otherwise"),
    ]
    for form, message in wrong:
        with pytest.raises(Invalid, match=f"^{message}$"):
            await enter(arena, 1, form)
    with pytest.raises(Conflict, match="match_not_ready"):
        await enter(arena, 3, HOME)
    for number in (0, 4):
        with pytest.raises(NotFound):
            await enter(arena, number, HOME)
    with pytest.raises(NotFound):
        await pairing.take_back(arena.organiser, arena.event, arena.stage, 1)


async def test_where_nobody_meets_there_are_no_fixtures(database: str) -> None:
    arena = await make_stage()
    with pytest.raises(NotFound):
        await pairing.fixtures(arena.organiser, arena.event, arena.stage)
    with pytest.raises(Conflict, match="no_fixtures"):
        await enter(arena, 1, HOME)


async def test_organisers_and_chief_judges_enter_results(database: str) -> None:
    arena = await make_meeting(MeetingRules(format="knock_out"), *"abcd")
    await pairing.enter_result(arena.chief, arena.event, arena.stage, 1, form=HOME)
    stranger = await make_official("organiser", union=await make_union("js"))
    with pytest.raises(NotFound):
        await pairing.enter_result(stranger, arena.event, arena.stage, 2, form=HOME)
    with pytest.raises(NotFound):
        await pairing.take_back(stranger, arena.event, arena.stage, 1)


async def test_matches_open_no_code_by_which_somebody_is_marked_and_marks_keep_their_draw(database: str) -> None:
    arena = await make_stage(*"abcd")
    rules = DrawRules(meeting=MeetingRules(format="round_robin"))
    await drawing.set_rules(arena.organiser, arena.event, arena.stage, rules)
    await drawing.draw(arena.organiser, arena.event, arena.stage, DrawForm(key="7"))
    home = (await pairing.fixtures(ANONYMOUS, arena.event, arena.stage)).fixtures[0].home
    assert home is not None
    assert (home.name, home.entry_id) == (None, None)
    await enter(arena, 1, HOME)
    slots = (await drawing.drawn(arena.organiser, arena.event, arena.stage)).slots
    await arena.enter(arena.chief, mark(slots[0].code, "base", "10"))
    await pairing.take_back(arena.organiser, arena.event, arena.stage, 1)
    with pytest.raises(Conflict, match="marking_begun"):
        await drawing.draw(arena.organiser, arena.event, arena.stage, DrawForm(key="8", reason="again"))


async def test_who_plays_is_seen_unless_it_opens_the_codes_of_another_stage(database: str) -> None:
    arena = await make_stage(*"abcd")
    stage = await contests.add_stage(arena.organiser, arena.event, arena.contest, StageForm(title=words()))
    rules = DrawRules(meeting=MeetingRules(format="round_robin"))
    await drawing.set_rules(arena.organiser, arena.event, stage.id, rules)
    await drawing.draw(arena.organiser, arena.event, stage.id, DrawForm(key="7"))
    blind = (await pairing.fixtures(ANONYMOUS, arena.event, stage.id)).fixtures[0].home
    assert blind is not None
    assert (blind.name, blind.entry_id, bool(blind.code)) == (None, None, True)
    await contests.remove_stage(arena.organiser, arena.event, arena.stage)
    await pairing.enter_result(arena.organiser, arena.event, stage.id, 1, form=HOME)  # without rules of marking
    known = (await pairing.fixtures(ANONYMOUS, arena.event, stage.id)).fixtures[0].home
    assert known is not None
    assert known.name in {*"abcd"}
