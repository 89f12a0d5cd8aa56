"""Proving a contact and keeping accounts, by hand and by keyboard; every page of it for everybody."""

import json

import pytest
from playwright.async_api import Page

from api.wording import Lang, say
from events import accounts, db, people
from events.access import SYSTEM
from events.accounts import SignUpForm
from events.messages.delivering import code_of
from events.people import PersonForm
from tests.api.pages import World
from tests.browser.conftest import Opener
from tests.browser.test_every_page import flaws
from tests.events.factory import actor, make_official

PASSWORD, PHONE = "correct horse battery", "13812345678"


class Looking:
    """Somebody who notes what is wrong with each page that opens."""

    def __init__(self, page: Page, lang: Lang) -> None:
        self.page, self.lang = page, lang
        self.wrong: dict[str, object] = {}

    async def look(self, name: str) -> None:
        if found := await flaws(self.page):
            self.wrong[name] = found

    async def press(self, name: str, button: str) -> None:
        """Press a button, whatever the browser thinks of the form, and look at what comes."""
        await self.page.evaluate("document.querySelectorAll('form').forEach(one => one.noValidate = true)")
        async with self.page.expect_navigation():
            await self.page.locator(f"main {button}").first.click()
        await self.look(name)

    async def text(self, key: str) -> None:
        await self.page.get_by_text(say(self.lang, key), exact=False).first.wait_for()


async def newcomer(name: str = "newcomer") -> accounts.AccountView:
    return await accounts.sign_up(SignUpForm(name=name, password=PASSWORD, phone=PHONE))


async def code(account: accounts.AccountView) -> str:
    row = await db.row("SELECT code_id FROM claim WHERE account = {}", account.id)
    assert row is not None
    return code_of(row["code_id"])


@pytest.mark.parametrize(("lang", "dark"), [("zh", False), ("en", True)])
async def test_a_contact_is_proven(world: World, opened: Opener, lang: Lang, dark: bool) -> None:
    made = await newcomer()
    async with opened(await actor(made.id), lang=lang, dark=dark) as page:
        looking = Looking(page, lang)
        await page.goto("/me/contact?next=/me")
        await looking.look("code asked for")
        await page.locator("#f-code_phone").fill("12")
        await looking.press("wrong code", "button[value='prove phone']")
        await page.get_by_role("alert").get_by_role("link").click()
        assert await page.evaluate("document.activeElement.id") == "f-code_phone"
        await page.locator("main summary").click()
        await looking.press("nothing to claim", "button[value=claim]")
        await page.locator("#f-code_phone").fill(await code(made))
        await looking.press("proven", "button[value='prove phone']")
        await page.goto("/me/account")
        await looking.look("account")
    assert looking.wrong == {}, json.dumps(looking.wrong, indent=1, ensure_ascii=False)


async def test_a_code_is_entered_by_keyboard_and_pasted(world: World, opened: Opener) -> None:
    made = await newcomer()
    right = await code(made)
    async with opened(await actor(made.id), width=820) as page:
        await page.goto("/me/contact")
        for _ in range(40):
            await page.keyboard.press("Tab")
            if await page.evaluate("document.activeElement.id") == "f-code_phone":
                break
        await page.keyboard.insert_text(f"{right[:3]} {right[3:]}")  # as a paste does
        await page.keyboard.press("Enter")
        await page.get_by_text(say("zh", "said.contact_proven")).wait_for()
    assert (await accounts.own(await actor(made.id))).phone == "138****5678"


@pytest.mark.parametrize(("lang", "dark"), [("zh", True), ("en", False)])
async def test_accounts_are_kept(world: World, opened: Opener, lang: Lang, dark: bool) -> None:
    made = await newcomer()
    async with opened(world.organiser, lang=lang, dark=dark) as page:
        looking = Looking(page, lang)
        await page.goto("/desk/accounts")
        await looking.look("list")
        await page.locator("#f-q").fill("nobody at all")
        await looking.press("nobody found", "form[role=search] button")
        await page.locator("#f-q").fill(PHONE)
        await looking.press("account", "form[role=search] button")
        await page.goto(page.url + "/role")
        await looking.look("which role")
        await page.locator("main .links a[href*=registrar]").click()
        await looking.look("which place")
        await page.locator("main .links a").first.click()
        await page.locator("main .preview").wait_for()
        await looking.look("preview")
        await looking.press("role given", ".preview button.now")
        await looking.press("link made", "button[value=recovery]")
        await looking.press("reason missing", "button[value=disable]")
        await page.locator("#f-reason").fill("离职")
        await looking.press("disabled", "button[value=disable]")
        await looking.text("said.account_disabled")
    assert looking.wrong == {}, json.dumps(looking.wrong, indent=1, ensure_ascii=False)
    assert (await accounts.look(SYSTEM, made.id)).roles == ["registrar"]


@pytest.mark.parametrize("lang", ["zh", "en"])
async def test_a_duty_in_one_event_finds_whom_to_register(world: World, opened: Opener, lang: Lang) -> None:
    event = world.events["simple"]
    await people.register(SYSTEM, PersonForm(name="欧阳娜", union=world.union, phone=PHONE))
    async with opened(await make_official("registrar", event=event), lang=lang) as page:
        looking = Looking(page, lang)
        await page.goto(f"/desk/events/{event}/register")
        await looking.look("whom")
        await page.locator("#f-q").fill("欧阳娜")
        await looking.press("union needed", "button[value=find]")
        await page.locator("#f-q").fill("13912345678")
        await looking.press("nobody", "button[value=find]")
        await page.locator("#f-q").fill(PHONE)
        await looking.press("found", "button[value=find]")
        await looking.press("registered", ".stay button.now")
        await looking.text("said.registered")
    assert looking.wrong == {}, json.dumps(looking.wrong, indent=1, ensure_ascii=False)
