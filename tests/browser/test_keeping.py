"""Keeping people and unions in a real browser: every page for everybody, by keyboard, and without script."""

import json
from dataclasses import dataclass
from datetime import date
from uuid import UUID

import pytest
from playwright.async_api import FilePayload, Page

from events import people
from events.access import SYSTEM, Actor
from events.people import PersonForm
from tests.api.pages import World
from tests.browser.conftest import Opener
from tests.browser.test_every_page import flaws, look
from tests.events.factory import make_official, make_union
from tests.events.test_people import number

PHONE = "13812345678"
WRONG = "姓名,身份证号,工会\n王芳1,123,ah\n李娜,,nowhere\n"


@dataclass(frozen=True)
class Kept:
    """Two records of one person, a union with nothing below, and who keeps them."""

    keeper: Actor
    one: UUID
    other: UUID
    empty: UUID


@pytest.fixture
async def kept(world: World) -> Kept:
    forms = [
        PersonForm(name="欧阳正明", union=world.union, phone=PHONE, born=date(1990, 3, 8)),
        PersonForm(name="欧阳正明", union=world.union, phone=PHONE, identity_number=number(), mail="wang@example.com"),
    ]
    one, other = [(await people.register(SYSTEM, form)).id for form in forms]
    empty = await make_union("hefei", world.union, "city")
    return Kept(await make_official("administrator", name="keeper"), one, other, empty)


@pytest.mark.parametrize(("lang", "dark"), [("zh", False), ("en", True)])
async def test_every_page_of_keeping_is_for_everybody(
    world: World, kept: Kept, opened: Opener, lang: str, dark: bool
) -> None:
    person, unions = f"/desk/people/{kept.one}", "/desk/unions"
    paths = [
        "/desk", "/desk/people", "/desk/people?q=nobody", "/desk/people/new", "/desk/people/duplicates",
        "/desk/people/import", "/desk/people/import?rows=3&added=1&changed=1&unchanged=1", person,
        f"/desk/people/{world.member.person}", f"/desk/people/{kept.other}/edit", f"{person}/leave", f"{person}/merge",
        f"/desk/people/merge?one={kept.one}&other={kept.other}", unions, f"{unions}?q=nothing",
        f"{unions}/{world.union}", f"{unions}/{kept.empty}", f"{unions}/{kept.empty}/edit",
        f"{unions}/{kept.empty}/move", f"{unions}/{kept.empty}/remove", f"{unions}/import",
    ]  # fmt: skip
    async with opened(kept.keeper, lang=lang, dark=dark) as page:
        wrong = {path: found for path in paths if (found := await look(page, path))}
    assert wrong == {}, json.dumps(wrong, indent=1, ensure_ascii=False)


@pytest.mark.parametrize("lang", ["zh", "en"])
async def test_refused_forms_of_keeping_are_for_everybody(world: World, kept: Kept, opened: Opener, lang: str) -> None:
    paths = ["/desk/people/new", f"/desk/people/merge?one={kept.one}&other={kept.other}", "/desk/people/import",
             f"/desk/unions/{kept.empty}", f"/desk/unions/{kept.empty}/move"]  # fmt: skip
    wrong: dict[str, object] = {}
    async with opened(kept.keeper, lang=lang) as page:
        for path in paths:
            await page.goto(path)
            await page.evaluate("document.querySelectorAll('main form').forEach(one => { one.noValidate = true })")
            await page.locator("main form[method=post]:not([role=search]) button.now").first.click()
            await page.locator(".errors").wait_for()
            if found := await flaws(page):
                wrong[path] = found
        await page.goto("/desk/people/import")
        await _choose(page, WRONG)
        await page.locator("button[value=take]").click()
        await page.locator(".errors").wait_for()
        if found := await flaws(page):
            wrong["a wrong file"] = found
    assert wrong == {}, json.dumps(wrong, indent=1, ensure_ascii=False)


async def _choose(page: Page, text: str) -> None:
    file = FilePayload(name="会员.csv", mimeType="text/csv", buffer=text.encode())
    await page.set_input_files('[name="file"]', file)


async def test_by_keyboard_a_person_is_found_by_phone_and_two_records_become_one(kept: Kept, opened: Opener) -> None:
    async with opened(kept.keeper, lang="en", width=1280) as page:
        await page.goto("/desk/people")
        await page.locator('[name="q"]').focus()
        await page.keyboard.type(PHONE)
        await page.keyboard.press("Enter")
        await page.get_by_role("link", name="欧阳正明").first.wait_for()
        assert PHONE not in page.url
        await page.get_by_role("link", name="欧阳正明").first.press("Enter")
        await page.get_by_role("link", name="Compare").press("Enter")
        await page.locator('[name="keep"]').first.focus()
        await page.keyboard.press("ArrowDown")
        await page.keyboard.press("Enter")
        await page.get_by_text("The two records are one now.").wait_for()
    merged = [(await people.look(SYSTEM, one)).merged_into for one in (kept.one, kept.other)]
    assert sorted(one is None for one in merged) == [False, True]


async def test_numbers_are_never_kept_as_a_draft(world: World, kept: Kept, opened: Opener) -> None:
    async with opened(kept.keeper) as page:
        await page.goto("/desk/people/new")
        await page.locator('[name="name"]').fill("张䶮")
        await page.locator('[name="phone"]').fill(PHONE)
        await page.locator('[name="identity_number"]').fill(number())
        await page.reload()
        assert await page.locator('[name="name"]').input_value() == "张䶮"
        assert await page.locator('[name="phone"]').input_value() == ""
        stored = await page.evaluate("JSON.stringify(sessionStorage)")
        assert PHONE not in stored
        assert number() not in stored


async def test_keeping_works_without_script(world: World, kept: Kept, opened: Opener) -> None:
    async with opened(kept.keeper, lang="en", width=1280, script=False) as page:
        await page.goto("/desk/people")
        await page.locator('[name="q"]').fill(number())
        await page.get_by_role("button", name="Search").click()
        assert page.url.endswith(str(kept.other))
        await page.goto("/desk/people/import")
        await _choose(page, f"姓名,身份证号,工会\n孙权,{number('001')},ah\n")
        await page.get_by_role("button", name="Check only").click()
        assert "to be added 1" in await page.locator(".note").first.inner_text()
        await _choose(page, f"姓名,身份证号,工会\n孙权,{number('001')},ah\n")
        await page.get_by_role("button", name="Import", exact=True).click()
        assert "added 1" in await page.locator(".note").first.inner_text()


async def test_the_list_can_be_saved_again_and_again(kept: Kept, opened: Opener) -> None:
    async with opened(kept.keeper, lang="en", width=1280) as page:
        await page.goto("/desk/people")
        for _ in range(2):
            async with page.expect_download() as saved:
                await page.get_by_role("button", name="Save as a spreadsheet").click()
            assert (await saved.value).suggested_filename.endswith(".xlsx")
