"""Registering from a poster on the bus: one thumb, or the keyboard alone, or without script."""

from playwright.async_api import Page

from events import people, registering
from events.people import PersonForm
from events.people.identity import check_character
from tests.api.pages import World
from tests.browser.conftest import Opener

PASSWORD = "correct horse battery"
START = "34010119900101123"
NUMBER = START + check_character(START)
MOST_SCREENS = 3
IS_HERE = """wanted => {
    const here = document.activeElement
    return /[#[]/.test(wanted) ? here.matches(wanted) : here.textContent.trim() === wanted
}"""
IS_SEEN = """() => {
    const box = document.activeElement.getBoundingClientRect()
    const top = document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2)
    const near = document.activeElement.closest("label") ?? document.activeElement
    const ring = [near, document.activeElement].some(one => getComputedStyle(one).outlineStyle != "none")
    return ring && near.contains(top)
}"""


async def _make_member(world: World) -> None:
    """Somebody whom the union knows, without an account."""
    await people.register(world.organiser, PersonForm(name="欧阳娜", union=world.union, identity_number=NUMBER))


async def test_a_newcomer_registers_on_a_phone(world: World, opened: Opener) -> None:
    await _make_member(world)
    async with opened(width=360) as page:
        await page.goto(world.path("open"))
        await page.get_by_role("link", name="报名", exact=True).click()
        await _sign_up(page)
        screens = await _register(page)
        assert screens <= MOST_SCREENS
        await _has_ticket(page)


async def test_the_same_without_script(world: World, opened: Opener) -> None:
    await _make_member(world)
    async with opened(width=360, script=False) as page:
        await page.goto(world.path("open"))
        await page.get_by_role("link", name="报名", exact=True).click()
        await _sign_up(page)
        await _register(page)
        await _has_ticket(page)


async def test_the_same_by_keyboard_alone(world: World, opened: Opener) -> None:
    await _make_member(world)
    async with opened(width=820) as page:
        await page.goto(world.path("open"))
        await _tab_to(page, "报名")
        await page.keyboard.press("Enter")
        await page.wait_for_url("**/sign-up**")
        typed = {"contact": "13800138000", "password": PASSWORD, "name": "欧阳娜", "identity_number": NUMBER}
        for name, value in typed.items():
            await _tab_to(page, f"#f-{name}")
            await page.keyboard.type(value)
        await _tab_to(page, "#f-terms")
        await page.keyboard.press("Space")
        await page.keyboard.press("Enter")
        await page.wait_for_url("**/register")
        await _tab_to(page, "[name=division]")
        await page.keyboard.press("Space")
        await page.keyboard.press("Enter")
        await page.wait_for_url("**/details")
        await _tab_to(page, "#f-consent")
        await page.keyboard.press("Space")
        await page.keyboard.press("Enter")
        await page.wait_for_url("**/confirm")
        await _tab_to(page, "报名")
        await page.keyboard.press("Enter")
        await _has_ticket(page)


async def test_what_was_typed_survives_a_lost_page(world: World, opened: Opener) -> None:
    async with opened(world.member) as page:
        await page.goto(world.path("few", "/register/details"))
        await page.locator("#f-note").fill("我坐轮椅")
        await page.reload()
        assert await page.locator("#f-note").input_value() == "我坐轮椅"


async def test_an_error_takes_the_focus_and_leads_to_its_field(world: World, opened: Opener) -> None:
    async with opened(world.member) as page:
        await page.goto(world.path("open", "/register"))
        await page.evaluate("document.querySelector('main form[method=post]').noValidate = true")
        await page.get_by_role("button", name="继续").click()
        summary = page.get_by_role("alert")
        await summary.wait_for()
        assert await summary.evaluate("element => element === document.activeElement")
        await summary.get_by_role("link").click()
        assert await page.evaluate("document.activeElement.id") == "f-division"


async def test_pressing_twice_registers_once(world: World, opened: Opener) -> None:
    async with opened(world.member) as page:
        await page.goto(world.path("few", "/register/details"))
        await page.get_by_label("同意主办方").check()
        await page.get_by_role("button", name="继续").click()
        await page.get_by_role("button", name="报名").dblclick()
        await _has_ticket(page)
        await page.go_back()
        await page.wait_for_url("**/tickets/**")
    found = await registering.own(world.member, event_id=world.events["few"])
    assert len(found.items) == 1


async def test_the_way_out_asks_first(world: World, opened: Opener) -> None:
    async with opened(world.member) as page:
        await page.goto(world.path("simple", f"/tickets/{world.ticket.reference}"))
        await page.locator("summary", has_text="退出报名").click()
        await page.get_by_role("button", name="退出报名").click()
        await page.get_by_text("您已退出", exact=False).first.wait_for()


async def _sign_up(page: Page) -> None:
    await page.get_by_label("手机号或邮箱").fill("13800138000")
    await page.get_by_label("密码", exact=False).first.fill(PASSWORD)
    await page.locator("#f-name").fill("欧阳娜")
    await page.locator("#f-identity_number").fill(NUMBER)
    await page.locator("#f-terms").check()
    await page.get_by_role("button", name="继续").click()
    await page.wait_for_url("**/register")


async def _register(page: Page) -> int:
    """Go through the steps; gives how many screens there were."""
    await page.get_by_label("职工组").check()
    await page.get_by_role("button", name="继续").click()
    await page.wait_for_url("**/details")
    assert "欧阳娜" in await page.inner_text("main")
    await page.locator("#f-consent").check()
    await page.get_by_role("button", name="继续").click()
    await page.wait_for_url("**/confirm")
    await page.get_by_role("button", name="报名").click()
    return 3


async def _has_ticket(page: Page) -> None:
    await page.wait_for_url("**/tickets/**")
    assert "报名成功" in await page.inner_text("h1")
    assert await page.locator(".ticket svg.qr-code").count() == 1


async def _tab_to(page: Page, wanted: str) -> None:
    """Press Tab until the wanted thing (a selector, or the words on it) has the focus, and see that it shows."""
    for _ in range(60):
        await page.keyboard.press("Tab")
        if await page.evaluate(IS_HERE, wanted):
            assert await page.evaluate(IS_SEEN), wanted
            return
    raise AssertionError(wanted)
