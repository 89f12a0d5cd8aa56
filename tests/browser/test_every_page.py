"""Every page in every state: no axe violation, no sideways scrolling at 320 px, nothing too small for a thumb."""

import json
from collections.abc import AsyncIterator, Iterator

import pytest
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Page

from events import access, contests, db, demo, organising, publishing
from events.access import Actor
from events.organising import EventQuery
from events.terms import EventState, Kind
from tests.api.pages import STATES, World
from tests.browser.conftest import Opener

# Links within text may be as high as the text (WCAG 2.2, 2.5.8); what is pressed is 44 px high, its label counted in.
SMALL = """() => [...document.querySelectorAll("button, .button, select, summary, input:not([type=hidden]), .chip")]
    .filter(one => one.checkVisibility({ visibilityProperty: true }) && !one.closest(".sr, [hidden]"))
    .map(one => one.closest("label") ?? one).filter(one => one.getBoundingClientRect().height < 43.5)
    .map(one => one.outerHTML.slice(0, 120))"""
SIDEWAYS = "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"


def pages_of(world: World) -> Iterator[tuple[Actor | None, list[str]]]:
    """Who opens what."""
    visitor = ["/", "/?q=nothing", "/?kind=games&city=合肥", "/calendar", "/sign-in", "/sign-up", "/recover",
               "/recover/secret", "/nothing", "/me"]  # fmt: skip
    yield None, visitor + [world.path(name) for name in STATES if name != "draft"]
    tickets = [world.path("simple", f"/tickets/{world.ticket.reference}?fresh=1"),
               world.path("full", f"/tickets/{world.waiting.reference}")]  # fmt: skip
    steps = [world.path("open", "/register"), world.path("few", "/register/details")]
    yield world.member, ["/", "/me", "/me/account", "/me/messages", "/me/past", world.path("full"), *tickets, *steps]
    yield world.stranger, ["/me", "/me/link", "/me/past", world.path("open")]
    yield (
        world.organiser,
        [world.path("draft"), world.path("full", "/log"), tickets[0], world.path("simple", "/register")],
    )


async def look(page: Page, path: str) -> dict[str, object]:
    """What is wrong with a page; nothing, if it is as it should be."""
    await page.goto(path)
    return await flaws(page)


async def flaws(page: Page) -> dict[str, object]:
    """What is wrong with the page that is open."""
    await page.set_viewport_size({"width": 360, "height": 740})
    found = await Axe().run(page)
    wrong: dict[str, object] = {
        one["id"]: [node["html"][:160] for node in one["nodes"][:3]] for one in found.response["violations"]
    }
    if small := await page.evaluate(SMALL):
        wrong["too small"] = small
    await page.set_viewport_size({"width": 320, "height": 740})
    if await page.evaluate(SIDEWAYS) > 0:
        wrong["sideways"] = await page.evaluate(SIDEWAYS)
    return wrong


@pytest.mark.parametrize(("lang", "dark"), [("zh", False), ("en", True)])
async def test_every_page_is_for_everybody(world: World, opened: Opener, lang: str, dark: bool) -> None:
    wrong: dict[str, object] = {}
    for actor, paths in pages_of(world):
        async with opened(actor, lang=lang, dark=dark) as page:
            wrong |= {path: found for path in paths if (found := await look(page, path))}
    assert wrong == {}, json.dumps(wrong, indent=1, ensure_ascii=False)


@pytest.mark.parametrize("lang", ["zh", "en"])
async def test_refused_forms_are_for_everybody(world: World, opened: Opener, lang: str) -> None:
    wrong: dict[str, object] = {}
    forms = [
        (None, "/sign-in"), (None, "/sign-up"), (None, "/recover/secret"), (world.stranger, "/me/link"),
        (world.member, world.path("open", "/register")), (world.member, world.path("few", "/register/details")),
    ]  # fmt: skip
    for actor, path in forms:
        async with opened(actor, lang=lang) as page:
            await page.goto(path)
            await page.evaluate("document.querySelector('main form[method=post]').noValidate = true")
            await page.locator("main form[method=post] button.now").click()
            await page.locator(".errors").wait_for()
            if found := await flaws(page):
                wrong[path] = found
    assert wrong == {}, json.dumps(wrong, indent=1, ensure_ascii=False)


@pytest.fixture
async def living(sqlite_url: str) -> AsyncIterator[list[str]]:
    """The demo federation, and what of it is worth a look: full days, long titles, results, boards."""
    db.connect(sqlite_url)
    await demo.load(lambda *_: None)
    yield [path async for path in _worth_a_look()]
    await db.close()


async def _worth_a_look() -> AsyncIterator[str]:
    yield "/"
    for state in (EventState.FINISHED, EventState.UNDER_WAY, EventState.OPEN, EventState.CANCELLED):
        found = await organising.list_events(access.ANONYMOUS, EventQuery(kind=Kind.COMPETITION, state=state), limit=20)
        for event in found.items:
            yield f"/events/{event.id}"
            for tally in await publishing.list_tallies(access.ANONYMOUS, event.id):
                yield f"/events/{event.id}/tallies/{tally.id}"
            for result in await publishing.results(access.ANONYMOUS, event.id):
                stage = f"/events/{event.id}/stages/{result.stage_id}"
                yield f"{stage}/results"
                yield f"{stage}/board"
                yield f"{stage}/entries/{result.rows[1].entry_id}"
                yield f"{stage}/draw"
    games = await organising.list_events(access.ANONYMOUS, EventQuery(kind=Kind.GAMES, state=EventState.UNDER_WAY))
    for contest in (await contests.list_contests(access.ANONYMOUS, games.items[0].id)).items:
        yield f"/events/{contest.event_id}/stages/{contest.stages[0].id}/fixtures"


@pytest.mark.parametrize("lang", ["zh", "en"])
async def test_a_living_federation_is_for_everybody(living: list[str], opened: Opener, lang: str) -> None:
    async with opened(lang=lang, dark=lang == "zh") as page:
        wrong = {path: found for path in living if (found := await look(page, path))}
    assert wrong == {}, json.dumps(wrong, indent=1, ensure_ascii=False)
