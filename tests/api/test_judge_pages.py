"""Judges' pages: duties, the sheet as a form, what each may see, signing; and the hall's board in every state."""

import re
from datetime import timedelta

import pytest

from events import clock, contests, drawing, marking, publishing
from events.access import Actor
from events.contests import EntryChange
from events.marking import SignOffForm
from events.publishing import ProvisionalForm
from events.terms import EntryState
from tests.api.pages import Browser, browser
from tests.events.contest_factory import DOCUMENT, Arena, make_arena, make_stage, mark
from tests.events.factory import make_account, make_participant

WORDS = {"zh": "词", "en": "Word"}
JUDGED = [
    {"kind": "panel", "key": f"p{number}", "title": WORDS, "judges": 3, "scale": {"min": "0", "max": "10"}}
    for number in range(11)
]
WITHOUT_GIVEN = {"kind": "criterion", "key": "all", "title": WORDS, "children": JUDGED}

pytestmark = pytest.mark.usefixtures("database")


def sheet_of(arena: Arena) -> str:
    """The address of the sheet."""
    return f"/judge/events/{arena.event}/stages/{arena.stage}"


def board_of(arena: Arena) -> str:
    """The address of the board."""
    return f"/events/{arena.event}/stages/{arena.stage}/board"


async def sends(who: Actor, arena: Arena, **fields: str) -> int:
    """The status of a sheet's form that somebody sends for the first entry."""
    async with browser(who) as page:
        named = {name.replace("__", "."): value for name, value in fields.items()}
        return (await page.send(sheet_of(arena), **{"entry": arena.codes[0], "do": "next"} | named)).status_code


async def given(arena: Arena) -> dict[tuple[str, str | None], str]:
    """The marks of the first entry that count."""
    found = (await marking.list_marks(arena.chief, arena.event, arena.stage, limit=500)).items
    return {(one.aspect, one.seat): one.value or str(one.status) for one in found if one.code == arena.codes[0]}


async def test_judging_is_for_those_who_have_a_duty() -> None:
    arena = await make_arena()
    someone = await make_account("someone")
    for path in (sheet_of(arena), f"{sheet_of(arena)}/panel"):
        for who, status in ((None, 401), (someone, 404), (arena.judges[0], 200), (arena.chief, 200)):
            async with browser(who) as page:
                assert (await page.look(path)).status_code == status
    async with browser(arena.judges[1]) as page:
        assert (await page.look(f"{sheet_of(arena)}/panel")).status_code == 404


async def test_home_tells_what_there_is_to_mark() -> None:
    arena = await make_arena()
    await arena.enter_all(arena.codes[0])
    async with browser(arena.judges[0]) as page:
        text = await page.read("/judge")
        assert "已评 1 / 3" in text
        assert "J1 号席 · 组长" in text
    async with browser(arena.chief, "en") as page:
        home = await page.look("/judge")
        assert "Chief judge" in home.text
        assert f'href="{sheet_of(arena)}"' in home.text  # the scheme has values for the chief judge to give
    async with browser(await make_account("nobody")) as page:
        assert "还没有交给您的评分" in await page.read("/judge")


async def test_who_has_nothing_to_mark_is_led_to_signing() -> None:
    arena = await make_arena(document=DOCUMENT | {"root": WITHOUT_GIVEN, "standings": {"better": "higher"}})
    async with browser(arena.chief, "en") as page:
        home = await page.look("/judge")
        assert f'href="{sheet_of(arena)}"' not in home.text
        assert f'href="{sheet_of(arena)}/panel"' in home.text
        sheet = await page.look(sheet_of(arena))
        assert "Save, next entry" not in sheet.text
        panel = await page.read(f"{sheet_of(arena)}/panel")
        assert "the result of 3 entries can be published" in panel
        assert f"{arena.codes[0]} · Word 0/3, Word 0/3, Word 0/3 and more" in panel


async def test_a_form_saves_an_entry_and_goes_on() -> None:
    arena = await make_arena()
    async with browser(arena.judges[1]) as page:
        answer = await page.send(sheet_of(arena), entry=arena.codes[0], do="next", **{"style.1": "7.25", "care.1": "2"})
        assert answer.headers["location"].endswith(f"?entry={arena.codes[1]}")
    assert await given(arena) == {("style", "J2"): "7.25", ("care", "J2"): "2"}
    assert await sends(arena.judges[1], arena, style__1="7.25", care__1="3") == 303
    assert await given(arena) == {("style", "J2"): "7.25", ("care", "J2"): "3"}


async def test_what_is_wrong_stands_at_its_field() -> None:
    arena = await make_arena()
    async with browser(arena.judges[0]) as page:
        answer = await page.send(sheet_of(arena), entry=arena.codes[0], **{"style.1": "11", "care.1": "2"})
        assert answer.status_code == 422
        assert 'href="#a-style.1"' in answer.text
        assert 'value="11"' in answer.text
    assert await given(arena) == {}


async def test_a_status_stands_for_all_aspects() -> None:
    arena = await make_arena()
    assert await sends(arena.judges[0], arena, status="recused") == 303
    assert await given(arena) == {("style", "J1"): "recused", ("care", "J1"): "recused"}
    assert await sends(arena.judges[0], arena, style__1="5") == 303
    assert await given(arena) == {("style", "J1"): "5", ("care", "J1"): "recused"}


async def test_values_without_a_judge_are_the_chiefs() -> None:
    arena = await make_arena()
    async with browser(arena.chief) as page:
        text = (await page.look(sheet_of(arena))).text
        assert 'name="base.1"' in text
        assert 'name="style.1"' not in text
    assert await sends(arena.chief, arena, base__1="12.5", faults__1="1") == 303
    assert await given(arena) == {("base", None): "12.5", ("faults", None): "1"}


async def test_others_marks_show_once_all_are_in() -> None:
    arena = await make_arena()
    code = arena.codes[0]
    await arena.enter(arena.judges[1], mark(code, "style", "6.75"))
    async with browser(arena.judges[0]) as page:
        assert "6.75" not in (await page.look(f"{sheet_of(arena)}?entry={code}")).text
        await arena.enter(arena.judges[0], mark(code, "style", "7"))
        await arena.enter(arena.judges[2], mark(code, "style", "7"))
        assert "J2 6.75" in (await page.look(f"{sheet_of(arena)}?entry={code}")).text
    async with browser(arena.chief) as page:
        assert "J2 6.75" in (await page.look(f"{sheet_of(arena)}?entry={code}")).text


async def test_judges_far_apart_give_a_reason() -> None:
    arena = await make_arena()
    code = arena.codes[0]
    for judge, level in zip(arena.judges, "033", strict=True):
        await arena.enter(judge, mark(code, "care", level))
    async with browser(arena.judges[0]) as page:
        assert "各裁判相差超过 1" in await page.read(f"{sheet_of(arena)}?entry={code}")
        await page.send(sheet_of(arena), entry=code, **{"care.1": "0", "reason": "焊缝漏焊"})
    found = (await marking.list_marks(arena.chief, arena.event, arena.stage, limit=500)).items
    assert [one.reason for one in found if one.seat == "J1"] == ["焊缝漏焊"]


async def test_levels_are_sentences() -> None:
    arena = await make_arena()
    async with browser(arena.judges[0]) as page:
        text = await page.read(sheet_of(arena))
        assert "部分超出行业标准" in text
        assert "0 至 10 · 每档 0.25" in text


async def test_before_the_draw_there_is_nothing_to_mark() -> None:
    arena = await make_stage("王芳")
    async with browser(arena.chief) as page:
        assert "现在没有需要您打的分" in await page.read(sheet_of(arena))


async def test_who_has_withdrawn_is_locked() -> None:
    arena = await make_arena()
    slot = (await drawing.drawn(arena.organiser, arena.event, arena.stage)).slots[0]
    assert slot.entry_id is not None
    gone = EntryChange(state=EntryState.WITHDRAWN)
    await contests.change_entry(arena.organiser, arena.event, arena.contest, slot.entry_id, form=gone)
    async with browser(arena.judges[0]) as page:
        text = (await page.look(f"{sheet_of(arena)}?entry={slot.code}")).text
        assert "这位选手已退赛" in text
        assert text.count("<fieldset") == text.count(" disabled><legend") == 1
        assert "已评 1 / 3" in await page.read("/judge")


async def test_signing_from_panel_to_stage() -> None:
    arena = await make_arena()
    leader, path = arena.judges[0], f"{sheet_of(arena)}/panel"
    async with browser(leader) as page:
        assert f"{arena.codes[0]} · " in await page.read(path)
        assert (await page.send(path, do="sign", panel=str(arena.panel))).status_code == 409
        for code in arena.codes:
            await arena.enter_all(code)
        assert "分数已全部到齐" in await page.read(path)
        assert (await page.send(path, do="sign", panel=str(arena.panel))).status_code == 303
        assert "已签字，不能再改" in await page.read(sheet_of(arena))
        assert await sends(leader, arena, style__1="9") == 422
        assert (await given(arena))["style", "J1"] == "5"
    async with browser(arena.chief) as page:
        assert (await page.send(path, do="sign")).status_code == 303
    assert (await marking.progress(arena.chief, arena.event, arena.stage)).state == "signed"


async def test_a_signature_is_taken_back_with_a_reason() -> None:
    arena = await make_arena()
    for code in arena.codes:
        await arena.enter_all(code)
    made = await marking.sign_off(arena.judges[0], arena.event, arena.stage, SignOffForm(panel_id=arena.panel))
    path = f"{sheet_of(arena)}/panel"
    async with browser(arena.judges[0]) as page:
        assert (await page.send(path, do="withdraw", sign_off=str(made.id), reason=" ")).status_code == 422
        assert (await page.send(path, do="withdraw", sign_off=str(made.id), reason="漏看一项")).status_code == 303
        assert "撤回签字" not in await page.read(path)


async def test_the_board_has_a_page_in_every_state() -> None:
    arena = await make_arena(live_public=True)
    async with browser() as hall:
        assert "这里会显示公开的成绩" in await hall.read(board_of(arena))
        await arena.enter_all(arena.codes[0], style="9")
        await publishing.settle()
        await publishing.restate(arena.event, arena.stage)
        assert await says(hall, arena, "实时", arena.codes[0])
        await publishing.freeze(arena.organiser, arena.event, arena.stage)
        assert await says(hall, arena, "封榜", arena.codes[0])
        for code in arena.codes[1:]:
            await arena.enter_all(code)
        await marking.sign_off(arena.judges[0], arena.event, arena.stage, SignOffForm(panel_id=arena.panel))
        await marking.sign_off(arena.chief, arena.event, arena.stage, SignOffForm())
        until = ProvisionalForm(objections_until=clock.now() + timedelta(hours=2))
        await publishing.publish_provisional(arena.organiser, arena.event, arena.stage, until)
        slots = (await drawing.drawn(arena.organiser, arena.event, arena.stage)).slots
        assert await says(hall, arena, "公示中", slots[0].name or "")


async def says(hall: Browser, arena: Arena, state: str, name: str) -> bool:
    """Whether the board says how it stands, and names somebody in its first row."""
    text = (await hall.look(board_of(arena))).text
    head = re.search(r'id="state">.*?</svg>([^<]*)</span>', text)
    row = re.search(r'data-part="name">([^<]*)<', text)
    assert head is not None
    assert row is not None
    return (head[1], row[1]) == (state, name)


async def test_a_board_that_is_not_public_is_not_shown_to_anybody() -> None:
    arena = await make_arena(document=DOCUMENT)
    await arena.enter_all(arena.codes[0])
    await publishing.restate(arena.event, arena.stage)
    for who in (None, arena.organiser, await make_participant()):
        async with browser(who) as hall:
            assert arena.codes[0] not in await hall.read(board_of(arena))
