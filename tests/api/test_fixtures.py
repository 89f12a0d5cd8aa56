"""Fixtures and results of matches: public pages, the desk, the API."""

from collections.abc import Callable
from typing import Any

import pytest

from api.wording import texts
from events import drawing, pairing
from events.drawing import DrawForm, DrawRules, MeetingRules
from events.pairing import ResultForm
from tests.api.pages import browser, words
from tests.api.test_desk import sent, went
from tests.events.contest_factory import Arena, make_stage

FORMATS = ("round_robin", "knock_out", "groups", "swiss")


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    """One database is enough: the verbs behind it are tried on both."""
    return sqlite_url


async def make_meeting(name: str, *entries: str) -> Arena:
    """A drawn stage of a format; the seeds are all entries in the order given."""
    arena = await make_stage(*entries, judges_see_names=True)
    meeting = MeetingRules(format=name, rounds=2, places=1, third=True)  # type: ignore[arg-type]  # one of FORMATS
    rules = DrawRules(meeting=meeting, seeds=list(range(1, len(entries) + 1)))
    await drawing.set_rules(arena.organiser, arena.event, arena.stage, rules)
    await drawing.draw(arena.organiser, arena.event, arena.stage, DrawForm(key="7"))
    return arena


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("name", FORMATS)
async def test_everybody_sees_who_meets_whom_at_every_moment(database: str, lang: str, name: str) -> None:
    arena = await make_meeting(name, "安娜", "本", "科拉", "朵拉", "艾娃")
    public, desk = (f"{start}/events/{arena.event}/stages/{arena.stage}" for start in ("", "/desk"))
    async with browser(lang=lang) as reader, browser(arena.organiser, lang) as organiser:
        assert f'{public}/fixtures"' in (await reader.look(f"/events/{arena.event}")).text
        assert f'{public}/fixtures"' in (await reader.look(f"{public}/draw")).text
        finish = f"/desk/events/{arena.event}/step/finished"
        lacking = texts(lang)["desk.effect_without_result"].partition("|")[0]
        assert lacking in await organiser.read(finish)
        while True:
            assert "安娜" in await reader.read(f"{public}/fixtures")
            assert (await organiser.look(f"{desk}/matches")).status_code == 200
            found = await pairing.fixtures(arena.organiser, arena.event, arena.stage)
            following = next((one.number for one in found.fixtures if one.ready and one.winner is None), None)
            if following is None:
                break
            form = ResultForm(home_score=2, away_score=1)
            await pairing.enter_result(arena.organiser, arena.event, arena.stage, following, form=form)
        assert lacking not in await organiser.read(finish)
    assert found.over


async def test_results_are_entered_corrected_and_taken_back_on_the_desk(database: str) -> None:
    arena = await make_meeting("knock_out", "anna", "ben", "cora", "dora")
    path = f"/desk/events/{arena.event}/stages/{arena.stage}/matches"
    async with browser(arena.organiser, "en") as reader:
        assert "Match 1" in await reader.read(path)
        equal = await sent(reader, path, do="enter", number="1", home_score="1", away_score="1")
        assert equal.status_code == 422
        assert "Somebody has to win this match" in words(equal)
        await went(reader, path, do="enter", number="1", home_score="3", away_score="1")
        assert "Match 2" in await reader.read(path)
        assert "Take the result back" in await reader.read(f"{path}?match=1")
        await went(reader, path, do="enter", number="2", winner="away")
        await went(reader, path, do="enter", number="4", winner="home")
        undone = await sent(reader, f"{path}?match=2", do="take_back", number="2")
        assert undone.status_code == 409
        assert "depend on it" in words(undone)
        await went(reader, path, do="take_back", number="4")
        await went(reader, path, do="enter", number="2", winner="home")
    found = await pairing.fixtures(arena.organiser, arena.event, arena.stage)
    assert [(one.winner, one.home_score) for one in found.fixtures] == [
        ("home", 3),
        ("home", None),
        *[(None, None)] * 2,
    ]


async def test_pages_of_a_stage_in_which_entries_meet(database: str) -> None:
    arena = await make_meeting("round_robin", "anna", "ben", "cora")
    path = f"/desk/events/{arena.event}/stages/{arena.stage}"
    async with browser(arena.organiser, "en") as reader:
        for page in ("scheme", "panels", "draw", "draw/rules", "start-list", "marks", "matches", "publish"):
            assert (await reader.look(f"{path}/{page}")).status_code == 200, page
        assert "Round robin" in await reader.read(f"{path}/draw")
        bare = await make_stage_of(arena)
        assert "No fixtures yet" in await reader.read(f"/desk/events/{arena.event}/stages/{bare}/matches")
    async with browser(arena.chief, "en") as chief:
        await went(chief, f"{path}/matches", do="enter", number="1", winner="draw")


async def make_stage_of(arena: Arena) -> str:
    from events import contests
    from events.contests import StageForm
    from tests.events.contest_factory import words as title

    made = await contests.add_stage(arena.organiser, arena.event, arena.contest, StageForm(title=title()))
    return str(made.id)


async def test_fixtures_and_results_over_the_api(caller: Callable[..., Any], anyone: Any) -> None:
    arena = await make_meeting("knock_out", "anna", "ben", "cora")
    path = f"/events/{arena.event}/stages/{arena.stage}"
    organiser = await caller(arena.organiser)
    drawn = (await anyone.get(f"{path}/fixtures")).json()
    assert [(one["number"], one["ready"]) for one in drawn["fixtures"]] == [(1, True), (2, False)]
    assert drawn["fixtures"][1]["away_from"] == {"match": 1, "loser": False}
    result = f"{path}/matches/1/result"
    assert (await anyone.ask("PUT", result, {"winner": "home"})).status_code == 401
    entered = (await organiser.ask("PUT", result, {"home_score": 2, "away_score": 0})).json()
    assert entered["fixtures"][1]["away"]["name"] == "ben"
    wrong = await organiser.ask("PUT", f"{path}/matches/2/result", {"home_score": 1})
    assert [(one["pointer"], one["code"]) for one in wrong.json()["errors"]] == [("/away_score", "both_scores")]
    assert (await organiser.ask("PUT", f"{path}/matches/9/result", {"winner": "home"})).status_code == 404
    for loose in ("1_0", "+1", "01", "%D9%A1"):
        loosely = await organiser.ask("PUT", f"{path}/matches/{loose}/result", {"winner": "away"})
        assert loosely.status_code == 422
    assert (await organiser.ask("DELETE", result)).json() == drawn
