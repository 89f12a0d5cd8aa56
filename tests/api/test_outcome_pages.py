"""What follows from results, in the browser's words: prizes, who goes on, other rules, agreement, tables."""

import json

import httpx
import pytest

from events import contests, marking, publishing
from events.contests import EntryForm, SchemeForm, StageForm
from events.publishing import TallyForm
from events.terms import BoardKind
from tests.api.pages import browser, words
from tests.api.test_desk import sent, went
from tests.events.contest_factory import DOCUMENT, Arena, make_arena
from tests.events.contest_factory import words as title
from tests.events.test_filling import FINAL, TEAM, held, official, signed

PRIZE = {"zh": "金奖", "en": "Gold prize"}
RULES = DOCUMENT | {
    "scaled": {}, "awards": [{"key": "gold", "title": PRIZE, "places": 1}],
    "advance": [{"places": 1}, {"places": 1, "ties": "decide"}], "standings": {"better": "higher"},
    "promotions": [{"key": "technician", "title": {"zh": "技师", "en": "Technician"}, "places": 1}],
}  # fmt: skip


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    """One database is enough: the verbs behind the pages are tried on both."""
    return sqlite_url


def page_of(arena: Arena, name: str) -> str:
    return f"/desk/events/{arena.event}/stages/{arena.stage}/{name}"


async def test_a_result_shows_what_it_gives_and_why(database: str) -> None:
    arena = await held("9", "7", "7", document=RULES)
    await official(arena)
    results = f"/events/{arena.event}/stages/{arena.stage}/results"
    row = (await publishing.public_board(arena.event, arena.stage)).board().rows[1]
    async with browser(lang="en") as reader:
        said = await reader.read(results)
        assert "Gold prize 1 Goes on 1" in said
        assert said.count("to be decided") == 2
        assert "nobody" not in said
        why = await reader.read(f"/events/{arena.event}/stages/{arena.stage}/entries/{row.entry_id}")
        assert "Goes on not given equal to others at the cut; the organisers decide" in why
        assert "the scores have no spread: everybody gets 700" in why
        file = await reader.look(f"{results}.xlsx")
        assert (file.status_code, file.content[:2]) == (200, b"PK")
    async with browser(arena.organiser, "en") as reader:
        desk = await reader.read(page_of(arena, "publish"))
        assert "Technician proposed" in desk
        assert (await reader.look(page_of(arena, "promotions.xlsx"))).content[:2] == b"PK"


async def test_who_goes_on_is_previewed_decided_and_taken_back(database: str) -> None:
    arena = await held("9", "7", "7", document=RULES)
    stage = await contests.add_stage(arena.organiser, arena.event, arena.contest, StageForm(title=title()))
    form = SchemeForm(document=FINAL)
    await contests.set_scheme(arena.organiser, arena.event, arena.contest, stage.id, form=form)
    path = f"/desk/events/{arena.event}/stages/{stage.id}/fill"
    async with browser(arena.organiser, "en") as reader:
        assert "The result of a stage before is not published yet" in await reader.read(path)
        await official(arena)
        assert "1 goes on into this stage" in await reader.read(path)
        assert "It is not said yet who goes on" in await reader.read(path.replace("/fill", "/draw"))
        undecided = await sent(reader, path, do="fill")
        assert "2 entries are equal at the cut" in words(undecided)
        chosen = (await publishing.preview_filling(arena.organiser, arena.event, stage.id)).rows[2].entry_id
        await went(reader, path, do="fill", decided=str(chosen))
        assert (await contests.stage(arena.organiser, arena.event, stage.id)).filled_at is not None
        await went(reader, path, do="empty")
        assert (await went(reader, path, do="fill", nobody="yes")).endswith("/fill")
    entries = await contests.list_entries(arena.organiser, arena.event, arena.contest, stage_id=stage.id)
    assert len(entries.items) == 1


async def test_teams_are_named_by_numbers(database: str) -> None:
    arena = await held("9", "7", document=RULES)
    made = await contests.add_contest(arena.organiser, arena.event, contests.ContestForm(title=title("团体", "Teams")))
    stage = await contests.add_stage(arena.organiser, arena.event, made.id, StageForm(title=title()))
    await contests.set_scheme(arena.organiser, arena.event, made.id, stage.id, form=SchemeForm(document=TEAM))
    await contests.add_entries(arena.organiser, arena.event, made.id, [EntryForm(name="甲队")])
    path = f"/desk/events/{arena.event}/stages/{stage.id}/fill"
    async with browser(arena.organiser, "en") as reader:
        wrong = await sent(reader, path, do="teams", source=str(arena.contest), teams="1: 1 77")
        assert "77" in words(wrong)
        assert 'id="e-teams"' in wrong.text
        assert 'id="e-source"' in (await sent(reader, path, do="teams", source="", teams="1: 1")).text
        await went(reader, path, do="teams", source=str(arena.contest), teams="1： 1，2")
        assert "1: 1 2" in (await reader.look(path)).text
    members = await contests.list_team_members(arena.organiser, arena.event, made.id)
    assert [one.number for one in members] == [1, 2]


async def compared(arena: Arena, source: str) -> tuple[httpx.Response, httpx.Response]:
    """The comparison, and what came of adopting it without a reason."""
    path = page_of(arena, "what-if")
    async with browser(arena.organiser, "en") as reader:
        found = await sent(reader, path, do="compare", source=source)
        digest = found.text.partition('name="digest" value="')[2].partition('"')[0]
        refused = await sent(reader, path, do="adopt", source=source, digest=digest)
        await went(reader, path, do="adopt", source=source, digest=digest, reason="the rulebook says so")
        return found, refused


async def test_other_rules_are_compared_and_adopted_by_a_form(database: str) -> None:
    arena = await make_arena("a", "b", document=RULES)
    for code, style in zip(arena.codes, ("9", "7"), strict=True):
        await arena.enter_all(code, style=style)
    stop = publishing.start()
    other = json.dumps(RULES).replace('"key": "style"', '"key": "style", "weight": "-1"')
    found, refused = await compared(arena, other)
    await publishing.settle()
    stop()
    assert "places changed 2" in words(found)
    assert "up 1" in words(found)
    assert 'id="e-reason"' in refused.text
    board = (await publishing.board(arena.organiser, arena.event, arena.stage)).board()
    assert (board.scheme_version, board.rows[0].code) == (2, arena.codes[1])
    [kept] = await publishing.versions(arena.organiser, arena.event, arena.stage)
    assert (kept.kind, kept.reason) == (BoardKind.REPLACED, "the rulebook says so")
    async with browser(arena.organiser, "zh") as reader:
        assert "旧规则" in await reader.read(page_of(arena, "publish"))


async def test_agreement_is_told_in_words_without_names_to_the_chief_judge_alone(database: str) -> None:
    arena = await make_arena("a", "b", "c")
    async with browser(arena.chief, "en") as reader:
        assert "No marks to compare yet" in await reader.read(page_of(arena, "agreement"))
        for code, style in zip(arena.codes, ("9", "7", "5"), strict=True):
            await arena.enter_all(code, style=style)
        assert "Kendall's W = 1.000: they rank almost alike (3 entries)" in await reader.read(
            page_of(arena, "agreement")
        )
    assert await marking.judges_agreement(arena.organiser, arena.event, arena.stage)
    async with browser(arena.judges[0]) as reader:
        assert (await reader.look(page_of(arena, "agreement"))).status_code == 404


async def test_a_table_of_delegations_is_public_and_kept_by_organisers(database: str) -> None:
    arena = await held("9", "7", document=RULES)
    await official(arena)
    path = f"/desk/events/{arena.event}/tallies"
    async with browser(arena.organiser, "en") as reader:
        assert 'id="e-scheme"' in (await sent(reader, path, do="add")).text
        assert "/columns" in words(await sent(reader, path, do="add", source='{"format": "magpie-table/1"}'))
        await went(reader, path, do="add", scheme="delegation_points")
    [tally] = await publishing.list_tallies(arena.organiser, arena.event)
    async with browser(lang="en") as reader:
        assert "Delegation points by rank" in await reader.read(f"/events/{arena.event}")
        said = await reader.read(f"/events/{arena.event}/tallies/{tally.id}")
        assert "1 of 1 contests so far" in said
        assert "Union ah" in said
        assert "16" in said
    other = await publishing.add_tally(arena.organiser, arena.event, TallyForm(library="medal_table"))
    async with browser(arena.organiser, "en") as reader:
        await went(reader, path, do="remove", id=str(other.id))
    assert [one.id for one in await publishing.list_tallies(arena.organiser, arena.event)] == [tally.id]


async def test_what_parted_equals_is_told_by_its_title_also_where_it_has_no_column(database: str) -> None:
    style, *others = DOCUMENT["root"]["children"]  # type: ignore[index]
    style = style | {"title": {"zh": "动作", "en": "Movement"}}
    craft = {"kind": "criterion", "key": "craft", "title": PRIZE, "children": [style]}
    root = DOCUMENT["root"] | {"children": [craft, *others]}  # type: ignore[operator]
    arena = await make_arena("a", "b", document=DOCUMENT | {"root": root})
    for code, score, base in zip(arena.codes, ("9", "8"), ("10", "11"), strict=True):
        await arena.enter_all(code, style=score, base=base)
    await signed(arena)
    await official(arena)
    async with browser(lang="en") as reader:
        said = await reader.read(f"/events/{arena.event}/stages/{arena.stage}/results")
    assert "parted by “Movement”" in said
