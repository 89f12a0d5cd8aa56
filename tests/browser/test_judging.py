"""Five judges on five tablets mark while the hall watches; tablets lose the network, reload and have two tabs."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack

import pytest
from playwright.async_api import Page, Route, expect

from api.auth import COOKIE
from events import db, marking, publishing
from events.accounts.signing import open_browser
from events.marking import MarkForm, MarkView, SignOffForm
from tests.browser.conftest import Opener
from tests.browser.test_every_page import look
from tests.events.contest_factory import WORDS, Arena, make_arena, mark

ASPECTS = ("style", "care", "speed")
DOCUMENT: dict[str, object] = {
    "format": "magpie-scheme/1",
    "key": "hall",
    "title": WORDS,
    "root": {
        "kind": "criterion", "key": "all", "title": WORDS,
        "children": [
            {"kind": "panel", "key": "style", "title": {"zh": "外观", "en": "Style"}, "judges": 5, "drop_high": 1,
             "drop_low": 1, "scale": {"min": "0", "max": "10", "step": "0.5"}},
            {"kind": "judgement", "key": "care", "title": {"zh": "规范", "en": "Care"}, "judges": 5, "value": "30"},
            {"kind": "panel", "key": "speed", "title": {"zh": "速度", "en": "Speed"}, "judges": 5,
             "scale": {"min": "0", "max": "60", "step": "0.25"}},
        ],
    },
    "standings": {"better": "higher", "tie_breaks": [{"node": "style"}, {"lot": True}]},
}  # fmt: skip
NAMES = ("王芳", "李强", "张䶮", "欧阳娜", "努尔兰·哈力克", "㛃梅")
PATIENCE = 40_000


@pytest.fixture
async def world(sqlite_url: str) -> AsyncIterator[Arena]:
    """Six entries, five judges, a board that everybody may watch: all that the server has."""
    db.connect(sqlite_url)
    yield await make_arena(*NAMES, judges=5, document=DOCUMENT, live_public=True)
    await db.close()


@pytest.fixture
def arena(world: Arena) -> Arena:
    return world


def sheet_of(arena: Arena, code: str = "") -> str:
    """The address of the sheet."""
    return f"/judge/events/{arena.event}/stages/{arena.stage}" + (f"?entry={code}" if code else "")


def board_of(arena: Arena) -> str:
    """The address of the hall's board."""
    return f"/events/{arena.event}/stages/{arena.stage}/board"


def thought(judge: int, entry: int) -> tuple[str, str, str]:
    """What a judge thinks of an entry: later entries are better, so that everybody has to move."""
    return str(4 + entry), str(min(3, 1 + (judge + entry) % 3)), f"{20 + 5 * entry + judge}.5"


async def tap(page: Page, values: tuple[str, str, str]) -> None:
    """Give an entry its three marks: a key, a sentence, a number on the keypad."""
    for name, value in zip(ASPECTS[:2], values[:2], strict=True):
        await page.locator(f'[name="{name}.1"][value="{value}"]').locator("xpath=..").click()
    await page.locator('[name="speed.1"]').click()
    for key in values[2]:
        await page.locator(f'[data-key="{key}"]').click()


async def turn(page: Page) -> None:
    """Go on to the next entry."""
    code = await page.locator("#code").inner_text()
    await page.locator(".sheet-end .now").click()
    await expect(page.locator("#code")).not_to_have_text(code)


async def sent(page: Page) -> None:
    """Until nothing is kept on the tablet any more."""
    await expect(page.locator("#sent")).to_have_attribute("data-count", "0", timeout=PATIENCE)


async def judge_all(page: Page, arena: Arena, judge: int) -> None:
    """Mark every entry."""
    await page.goto(sheet_of(arena, arena.codes[0]))
    for entry in range(len(arena.codes)):
        await tap(page, thought(judge, entry))
        if entry < len(arena.codes) - 1:
            await turn(page)
    await expect(page.locator(".sheet-end .now")).to_have_text("保存")  # there is no next entry
    await sent(page)


async def marks_of(arena: Arena) -> list[MarkView]:
    """Every mark that was ever entered."""
    return (await marking.list_marks(arena.chief, arena.event, arena.stage, history=True, limit=500)).items


def once_each(marks: list[MarkView]) -> bool:
    """Whether nobody's mark was taken twice or changed on its way."""
    places = Counter((mark.code, mark.aspect, mark.attempt, mark.seat) for mark in marks)
    return set(places.values()) == {1}


async def test_the_board_follows_five_tablets(arena: Arena, opened: Opener) -> None:
    async with AsyncExitStack() as stack:
        hall = await stack.enter_async_context(opened(width=1440))
        await hall.goto(board_of(arena))
        await hall.evaluate("window.stays = true")
        tablets = [await stack.enter_async_context(opened(judge, width=820)) for judge in arena.judges]
        work = [judge_all(tablet, arena, number) for number, tablet in enumerate(tablets) if number != 2]
        await asyncio.gather(*work, judge_offline(tablets[2], arena, 2))
        marks = await marks_of(arena)
        assert len(marks) == 5 * 6 * 3
        assert once_each(marks)
        await expect(hall.locator('.board-row [data-part="name"]')).to_have_text(arena.codes[::-1])
        board = (await publishing.public_board(arena.event, arena.stage)).board()
        scores = [row.score or "" for row in board.rows]
        await expect(hall.locator('.board-row [data-part="score"]')).to_have_text(scores)
        assert await hall.evaluate("window.stays") is True


async def judge_offline(page: Page, arena: Arena, judge: int) -> None:
    """Mark two entries, lose the network for two, reload while the server does not answer, mark the rest."""
    await page.goto(sheet_of(arena, arena.codes[0]))
    for entry in range(2):
        await tap(page, thought(judge, entry))
        await turn(page)
    await sent(page)
    await page.context.set_offline(True)
    for entry in (2, 3):
        await tap(page, thought(judge, entry))
        await turn(page)
    await expect(page.locator("#sent")).to_contain_text("6 个分数存在本机")
    await page.route("**/marks", _silent)
    await page.context.set_offline(False)
    await page.goto(sheet_of(arena, arena.codes[3]))
    await expect(page.locator("#sent")).to_contain_text("6 个分数存在本机")
    assert await page.locator('[name="style.1"]:checked').get_attribute("value") == thought(judge, 3)[0]
    assert await page.locator('[name="speed.1"]').input_value() == thought(judge, 3)[2]
    await page.unroute("**/marks")
    await turn(page)
    for entry in (4, 5):
        await tap(page, thought(judge, entry))
        if entry == 4:
            await turn(page)
    await sent(page)


async def _silent(route: Route) -> None:
    await route.abort()


async def test_an_answer_that_is_lost_doubles_nothing(arena: Arena, opened: Opener) -> None:
    lost: list[str] = []

    async def taken_but_lost(route: Route) -> None:
        if lost:
            await route.continue_()
            return
        lost.append((await route.fetch()).status_text)
        await route.abort()

    async with opened(arena.judges[0], width=820) as page:
        await page.goto(sheet_of(arena, arena.codes[0]))
        await page.route("**/marks", taken_but_lost)
        await tap(page, thought(0, 0))
        await sent(page)
        assert len(lost) == 1
        marks = await marks_of(arena)
        assert len(marks) == 3
        assert once_each(marks)


async def test_two_tabs_send_once(arena: Arena, opened: Opener) -> None:
    async with opened(arena.judges[0], width=820) as page:
        other = await page.context.new_page()
        for tab, code in ((page, arena.codes[0]), (other, arena.codes[1])):
            await tab.goto(sheet_of(arena, code))
        await tap(other, thought(0, 1))
        await page.bring_to_front()  # a tab that nobody sees takes seconds to be tapped
        await tap(page, thought(0, 0))
        await asyncio.gather(sent(page), sent(other))
        marks = await marks_of(arena)
        assert len(marks) == 6
        assert once_each(marks)


async def test_marks_are_kept_where_there_is_no_database(arena: Arena, opened: Opener) -> None:
    async with opened(arena.judges[0], width=820) as page:
        await page.add_init_script("Object.defineProperty(window, 'indexedDB', { value: undefined })")
        await page.route("**/marks", _silent)
        await page.goto(sheet_of(arena, arena.codes[0]))
        await tap(page, thought(0, 0))
        await expect(page.locator("#sent")).to_contain_text("3 个分数存在本机")
        await page.reload()
        await page.unroute("**/marks")
        await sent(page)
        marks = await marks_of(arena)
        assert len(marks) == 3
        assert once_each(marks)


async def test_marks_wait_for_their_own_judge(arena: Arena, opened: Opener, address: str) -> None:
    async with opened(arena.judges[0], width=820) as page:
        cookies = await page.context.cookies()
        other = arena.judges[1].account
        assert other is not None
        secret = (await open_browser(other, "test")).token
        await page.goto(sheet_of(arena, arena.codes[0]))
        await page.context.add_cookies([{"name": COOKIE, "value": secret, "url": address}])
        await tap(page, thought(0, 0))
        await expect(page.locator("#sent")).to_contain_text("用您的账号登录", timeout=PATIENCE)
        assert await marks_of(arena) == []
        await page.context.add_cookies([{"name": COOKIE, "value": cookies[0]["value"], "url": address}])
        await page.reload()
        await sent(page)
        assert {mark.seat for mark in await marks_of(arena)} == {"J1"}


async def test_what_was_tapped_last_is_sent_before_signing(arena: Arena, opened: Opener) -> None:
    async with opened(arena.judges[0], width=820) as page:
        await page.goto(sheet_of(arena, arena.codes[0]))
        await tap(page, thought(0, 0))
        await page.get_by_role("link", name="进度与签字").click()
        await page.wait_for_url("**/panel")
        assert len(await marks_of(arena)) == 3


async def test_a_wrong_tap_is_undone_before_it_leaves(arena: Arena, opened: Opener) -> None:
    async with opened(arena.judges[0], width=820) as page:
        await page.goto(sheet_of(arena, arena.codes[0]))
        await page.locator('[name="style.1"][value="9"]').locator("xpath=..").click()
        await page.locator("#undo").click()
        await expect(page.locator('[name="style.1"]:checked')).to_have_count(0)
        await sent(page)
        assert await marks_of(arena) == []


async def test_what_is_typed_is_not_called_sent_and_what_may_not_be_given_is_told(arena: Arena, opened: Opener) -> None:
    async with opened(arena.judges[0], width=820) as page:
        await page.goto(sheet_of(arena, arena.codes[0]))
        await page.locator('[name="speed.1"]').click()
        await page.locator('[data-key="4"]').click()
        await expect(page.locator("#sent")).to_contain_text("正在送出 1 个分数")
        await sent(page)
        await page.locator('[name="speed.1"]').fill("61")
        await page.keyboard.press("Enter")
        row = page.locator('[data-name="speed.1"] [data-error]')
        await expect(row).to_contain_text("61 不能给，没有送出。可以给：0 至 60")
        async with page.expect_response(lambda answer: answer.request.method == "POST"):
            await page.locator('[name="style.1"][value="9"]').locator("xpath=..").click()
        await expect(page.locator("#filled")).to_have_text("1 / 3 项")
        await sent(page)
        await page.reload()
        assert await page.locator('[name="speed.1"]').input_value() == "4"
        assert {mark.aspect: mark.value for mark in await marks_of(arena)} == {"speed": "4", "style": "9"}


async def test_what_is_typed_while_the_server_is_asked_stays(arena: Arena, opened: Opener) -> None:
    asked, typed = asyncio.Event(), asyncio.Event()

    async def answer_late(route: Route) -> None:
        asked.set()
        await typed.wait()
        await route.continue_()

    async with opened(arena.judges[0], width=820) as page:
        await page.goto(sheet_of(arena, arena.codes[0]))
        await page.route("**/api/v1/**/sheet", answer_late)
        await page.locator('[name="speed.1"]').click()
        await page.locator('[data-key="4"]').click()
        await asked.wait()
        await page.locator('[name="speed.1"]').fill("61")
        async with page.expect_response("**/api/v1/**/sheet"):
            typed.set()
        await page.locator('[name="style.1"][value="9"]').locator("xpath=..").click()
        await sent(page)
        assert await page.locator('[name="speed.1"]').input_value() == "61"
        await expect(page.locator("#filled")).to_have_text("1 / 3 项")


async def test_a_refused_mark_is_told_at_its_row(arena: Arena, opened: Opener) -> None:
    async with opened(arena.judges[1], width=820) as page:
        await page.goto(sheet_of(arena, arena.codes[0]))
        await _mark_all_and_sign(arena)
        await page.locator('[name="style.1"][value="9"]').locator("xpath=..").click()
        await sent(page)
        row = page.locator('[data-name="style.1"] [data-error]')
        await expect(row).to_contain_text("已经签字")
        await page.reload()
        await expect(page.locator("#refused")).to_contain_text("已经签字")
        await page.locator("#seen").click()
        await expect(page.locator("#refused")).to_be_hidden()


async def _mark_all_and_sign(arena: Arena) -> None:
    for judge in arena.judges:
        marks: list[MarkForm] = [mark(code, key, "2") for code in arena.codes for key in ASPECTS]
        await arena.enter(judge, *marks)
    await marking.sign_off(arena.judges[0], arena.event, arena.stage, SignOffForm(panel_id=arena.panel))


async def test_by_keyboard_alone(arena: Arena, opened: Opener) -> None:
    async with opened(arena.judges[0], width=820) as page:
        await page.goto(sheet_of(arena, arena.codes[0]))
        await _tab_to(page, '[name="style.1"]')
        await page.keyboard.press("ArrowRight")
        await _tab_to(page, '[name="care.1"]')
        await page.keyboard.press("Space")
        await _tab_to(page, '[name="speed.1"]')
        await page.keyboard.type("42.25")
        await page.keyboard.press("Enter")
        await page.keyboard.press("Enter")
        await expect(page.locator("#code")).to_have_text(arena.codes[1])
        await sent(page)
        values = {mark.aspect: mark.value for mark in await marks_of(arena)}
        assert values == {"style": "0.5", "care": "0", "speed": "42.25"}


async def _tab_to(page: Page, selector: str) -> None:
    for _ in range(40):
        await page.keyboard.press("Tab")
        if await page.evaluate("s => document.activeElement.matches(s)", selector):
            return
    raise AssertionError(f"{selector} is not reached by Tab")


async def test_without_script_a_form_does(arena: Arena, opened: Opener) -> None:
    async with opened(arena.judges[0], width=820, script=False) as page:
        await page.goto(sheet_of(arena, arena.codes[0]))
        for name, value in (("style.1", "7.5"), ("care.1", "2")):
            await page.locator(f'[name="{name}"][value="{value}"]').locator("xpath=..").click()
        await page.locator('[name="speed.1"]').fill("31")
        await page.locator(".sheet-end .now").click()
        await expect(page.locator("#code")).to_have_text(arena.codes[1])
        values = {mark.aspect: mark.value for mark in await marks_of(arena)}
        assert values == {"style": "7.5", "care": "2", "speed": "31"}
        await page.goto(board_of(arena))
        assert await page.locator(".board-row").count() == len(arena.codes)


@pytest.mark.parametrize(("lang", "dark"), [("zh", False), ("en", True)])
async def test_judges_pages_are_for_everybody(arena: Arena, opened: Opener, lang: str, dark: bool) -> None:
    await arena.enter(arena.judges[0], mark(arena.codes[0], "style", "7"))
    wrong: dict[str, object] = {}
    for actor in (arena.judges[0], arena.chief):
        paths = ["/judge", sheet_of(arena, arena.codes[0]), f"{sheet_of(arena)}/panel", board_of(arena)]
        async with opened(actor, lang=lang, dark=dark) as page:
            wrong |= {path: found for path in paths if (found := await look(page, path))}
    assert wrong == {}
