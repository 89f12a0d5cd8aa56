"""An organiser's way from an idea to an official result, all by clicking, and every page of it for everybody."""

import json
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import pytest
from playwright.async_api import Page

from api.wording import Lang, say
from events import clock, contests, db, drawing, marking, organising, registering, scheduling
from events.access import Actor
from events.contests import DivisionForm, DraftForm, StageForm, StageView
from events.marking import MarkForm, MarksForm
from events.organising import EventQuery, EventView
from events.registering import RegistrationForm
from events.scheduling import OfficialForm, SessionForm
from events.terms import StageState
from events.text import Bilingual
from tests.api.pages import World
from tests.browser.conftest import Opener
from tests.browser.test_every_page import flaws, look
from tests.events.contest_factory import DOCUMENT, WORDS, Arena, make_arena
from tests.events.factory import START, make_account, make_event, make_official, make_participant
from tests.events.factory import actor as actor_of

WIDE = 1280
HEAVIER = DOCUMENT | {"awards": [{"key": "gold", "title": WORDS, "places": 1}], "scaled": {}}
STAGE = ("scheme", "fill", "panels", "draw", "draw/rules", "start-list", "marks", "agreement", "publish", "what-if",
         "matches")  # fmt: skip
DRAFT = ("scheme/start", "scheme/edit?at=/root/children/0", "scheme/edit?at=/standings", "scheme/try", "scheme/compare")
# A draft in which something is wrong.
WRONG = DOCUMENT | {"standings": {"tie_breaks": [{"node": "style"}, {"node": "nothing"}]}}


class Desk:
    """Somebody at the desk, who notes what is wrong with each page that opens."""

    def __init__(self, page: Page, lang: Lang) -> None:
        self.page, self.lang = page, lang
        self.wrong: dict[str, object] = {}

    def text(self, key: str, **params: object) -> str:
        return say(self.lang, key, **params)

    async def look(self) -> None:
        """Look closely at the page that is open."""
        if found := await flaws(self.page):
            self.wrong[self.page.url] = found
        await self.page.set_viewport_size({"width": WIDE, "height": 900})

    async def follow(self, key: str, **params: object) -> None:
        """Click a link by its words, and look."""
        await self.page.locator("main").get_by_role("link", name=self.text(key, **params), exact=True).first.click()
        await self.page.wait_for_load_state()
        await self.look()

    async def press(self, key: str, **params: object) -> None:
        """Press a button by its words, and look at what comes."""
        await self.page.get_by_role("button", name=self.text(key, **params), exact=True).first.click()
        await self.page.wait_for_load_state()
        await self.look()

    async def fill(self, **fields: str) -> None:
        """Type into fields by their names."""
        for name, value in fields.items():
            field = self.page.locator(f'main [name="{name}"]').first
            kind = await field.evaluate("one => one.type")
            if kind == "radio":
                await self.page.locator(f'main [name="{name}"][value="{value}"]').check()
            elif kind == "select-one":
                await field.select_option(value)
            else:
                await field.fill(value)

    async def told(self, key: str) -> None:
        """What the page says happened."""
        await self.page.get_by_text(self.text(key)).first.wait_for()


@pytest.fixture
async def organiser(world: World) -> Actor:
    """Who organises for the union."""
    await make_account("judge-1")
    return await make_official("organiser", union=world.union, name="desk")


async def made_event(organiser: Actor) -> EventView:
    """The event that was just created."""
    found = await organising.list_events(organiser, EventQuery(organised=True, q="桥梁"))
    return await organising.event(organiser, found.items[0].id)


async def stage_of(organiser: Actor, event: EventView) -> StageView:
    return (await contests.list_contests(organiser, event.id)).items[0].stages[0]


async def announce(desk: Desk, world: World) -> None:
    """From the desk to an open event with a contest."""
    starts = clock.now() + timedelta(days=30)
    day = f"{starts:%Y-%m-%d}"
    await desk.page.goto("/desk")
    await desk.look()
    await desk.follow("desk.new_event")
    await desk.fill(
        title_zh="桥梁焊接比武", title_en="Bridge welding", kind="competition", organiser=str(world.union),
        starts_day=day, starts_clock="09:00", ends_day=day, ends_clock="17:00", capacity="10",
    )  # fmt: skip
    await desk.press("desk.save_draft")
    await desk.told("said.saved")
    await desk.follow("desk.contests")
    await desk.fill(title_zh="焊接", title_en="Welding", divisions="职工组")
    await desk.press("desk.add")
    await desk.page.locator("main .steps").get_by_role("link", name=desk.text("desk.step_of_contest_scheme")).click()
    await desk.look()
    await desk.follow("desk.choose_scheme")
    await desk.page.locator('button[value="take:five_judges_drop_high_low"]').click()
    await desk.told("said.scheme_set")
    await desk.look()
    await desk.follow("desk.life")
    await desk.press("desk.step_announced_do")
    await desk.press("desk.step_open_do")
    await desk.told("said.event_open")


async def prepare(desk: Desk, organiser: Actor, event: EventView) -> None:
    """Entries are there: judges, then the draw."""
    await desk.follow("desk.contests")
    steps = desk.page.locator("main .steps")
    await steps.get_by_role("link", name=desk.text("desk.step_of_contest_panels")).click()
    for number in range(1, 6):
        await desk.fill(person=f"judge-{number}", part="leader" if number == 1 else "judge")
        await desk.press("desk.add")
    await steps.get_by_role("link", name=desk.text("desk.step_of_contest_draw")).click()
    await desk.look()
    await desk.press("desk.publish_list", n=3)
    await desk.press("desk.draw_now", n=3)
    await desk.told("said.drawn")
    await desk.follow("common.print")
    await desk.page.go_back()
    await desk.page.wait_for_load_state()


async def mark_everything(organiser: Actor, event: EventView) -> None:
    """Marks come in by the verbs, and the leader signs for the panel."""
    stage = await stage_of(organiser, event)
    codes = [slot.code for slot in (await drawing.drawn(organiser, event.id, stage.id)).slots]
    panel = (await marking.list_panels(organiser, event.id, stage.id))[0]
    for seat in panel.seats:
        judge = await actor_of(seat.account)
        marks = [MarkForm(entry=code, aspect="score", value=f"{7 + number}") for number, code in enumerate(codes)]
        await marking.enter(judge, event.id, stage.id, MarksForm(marks=marks))
    assert panel.leader is not None
    form = marking.SignOffForm(panel_id=panel.id)
    await marking.sign_off(await actor_of(panel.leader), event.id, stage.id, form)


@pytest.mark.parametrize("lang", ["zh", "en"])
async def test_from_an_idea_to_an_official_result(world: World, organiser: Actor, opened: Opener, lang: Lang) -> None:
    for number in range(2, 6):
        await make_account(f"judge-{number}")
    async with opened(organiser, lang=lang, width=WIDE) as page:
        desk = Desk(page, lang)
        await announce(desk, world)
        event = await made_event(organiser)
        contest = (await contests.list_contests(organiser, event.id)).items[0]
        form = RegistrationForm(contest_id=contest.id, division_id=contest.divisions[0].id)
        for name in ("王芳", "李强", "张䶮"):
            await registering.register(await make_participant(world.union, name), event.id, form)
        await desk.follow("desk.registrations")
        await prepare(desk, organiser, event)
        await mark_everything(organiser, event)
        chief = await make_official("chief_judge", event=event.id, name="chief")
        stage = await stage_of(organiser, event)
        async with opened(chief, lang=lang, width=WIDE) as other:
            await _sign(Desk(other, lang), event, contest.title)
        await _publish(desk, event, stage)
        assert desk.wrong == {}, json.dumps(desk.wrong, indent=1, ensure_ascii=False)
    assert (await stage_of(organiser, event)).state == StageState.OFFICIAL


async def _sign(desk: Desk, event: EventView, contest: Bilingual) -> None:
    """The chief judge finds the stage from the desk and signs."""
    await desk.page.goto("/desk")
    await desk.page.get_by_role("link", name=event.title.in_language(desk.lang)).last.click()
    await desk.page.wait_for_load_state()
    await desk.follow("desk.contests")
    await desk.page.locator("main .steps").get_by_role("link", name=desk.text("desk.step_of_contest_marks")).click()
    await desk.look()
    await desk.press("desk.sign_stage")
    await desk.told("said.marks_sign")
    assert desk.wrong == {}, json.dumps(desk.wrong, indent=1, ensure_ascii=False)


async def _publish(desk: Desk, event: EventView, stage: StageView) -> None:
    """Provisional, then official."""
    steps = desk.page.locator("main .steps")
    await steps.get_by_role("link", name=desk.text("desk.step_of_contest_publish")).click()
    await desk.look()
    await desk.press("desk.publish_provisional")
    await desk.told("said.provisional")
    await desk.page.locator('[name="early"]').check()
    await desk.press("desk.publish_official")
    await desk.told("said.official")


@pytest.fixture
async def arena(sqlite_url: str) -> AsyncIterator[Arena]:
    """A contest in the middle of being marked."""
    db.connect(sqlite_url)
    made = await make_arena(judges=3)
    await made.enter_all(made.codes[0])
    yield made
    await db.close()


async def of_parts(arena: Arena) -> AsyncIterator[str]:
    """Pages of a session's officials, of a division and of a stage; somebody is in the division."""
    admin, event = await make_official("administrator", name="keeper"), f"/desk/events/{arena.event}"
    form = SessionForm(starts_at=START, ends_at=START + timedelta(hours=1), title=Bilingual(zh="预赛", en="Heats"))
    session = await scheduling.add_session(admin, arena.event, form)
    assert admin.account is not None
    official = OfficialForm(account=admin.account, duty="计时")
    await scheduling.assign_official(admin, arena.event, session.id, official)
    contest = f"{event}/contests/{arena.contest}"
    made = [
        await contests.add_division(admin, arena.event, arena.contest, DivisionForm(title=Bilingual(zh=zh, en=en)))
        for zh, en in (("职工组", "Workers"), ("学生组", "Students"))
    ]
    joining = RegistrationForm(contest_id=arena.contest, division_id=made[0].id)
    await registering.register(await make_participant(arena.union), arena.event, joining)
    yield f"{event}/sessions/{session.id}/officials"
    yield f"{event}/sessions/{session.id}/officials/{admin.account}/end"
    yield f"{event}/stages/{arena.stage}/panels/{arena.panel}/end?seat=J1"
    yield f"{contest}/remove"
    yield f"{event}/sessions"
    yield f"{event}/officials"
    yield f"{contest}?edit={made[0].id}"
    yield f"{contest}/divisions/{made[0].id}/remove"
    yield f"{contest}?edit={arena.stage}"
    yield f"{event}/stages/{arena.stage}/remove"


@pytest.mark.parametrize(("lang", "dark"), [("zh", True), ("en", False)])
async def test_every_page_of_the_desk_is_for_everybody(arena: Arena, opened: Opener, lang: str, dark: bool) -> None:
    review = await make_event(arena.union, approval="review")
    await registering.register(await make_participant(arena.union), review, RegistrationForm())
    event, mine = f"/desk/events/{arena.event}", f"/desk/events/{review}"
    ends = ["", "/edit", "/move", "/postpone", "/copy", "/step/cancelled", "/sessions", "/officials", "/registrations",
            "/registrations?state=refused", "/registrations/export", "/check-in", "/register", "/contests",
            "/tallies", "/judges"]  # fmt: skip
    paths = ["/desk", "/desk/events", "/desk/events?q=nothing", "/desk/events/new", "/desk/series", "/desk/venues",
             f"{event}/contests/{arena.contest}", f"{event}/contests/{arena.contest}/entries"]  # fmt: skip
    paths += [path async for path in of_parts(arena)]
    draft = await make_event(arena.union, state="draft")
    paths += [f"/desk/events/{draft}/delete", f"{mine}/delete", f"/desk/events/{draft}/sessions"]
    paths += [mine + end for end in ends] + [f"{event}/stages/{arena.stage}/{end}" for end in (*STAGE, *DRAFT)]
    admin = await make_official("administrator")
    await contests.keep_draft(admin, arena.event, arena.stage, DraftForm(document=WRONG, sample={"A|base|1|0": "9"}))
    async with opened(admin, lang=lang, dark=dark) as page:
        wrong = {path: found for path in paths if (found := await look(page, path))}
        wrong["comparison"] = await compared(page, f"{event}/stages/{arena.stage}/what-if")
    assert wrong == {"comparison": {}}, json.dumps(wrong, indent=1, ensure_ascii=False)


async def compared(page: Page, path: str) -> dict[str, object]:
    """What is wrong with the comparison of other rules."""
    await page.goto(path)
    await page.locator("aside summary").click()
    await page.fill("textarea[name=source]", json.dumps(HEAVIER))
    await page.locator("button[value=compare]").click()
    await page.locator("button[value=adopt]").wait_for()
    return await flaws(page)


@pytest.mark.parametrize("lang", ["zh", "en"])
async def test_refused_forms_of_the_desk_are_for_everybody(arena: Arena, opened: Opener, lang: str) -> None:
    event = f"/desk/events/{arena.event}"
    paths = ["/desk/events/new", "/desk/venues", "/desk/series", f"{event}/move", f"{event}/sessions",
             f"{event}/officials", f"{event}/check-in", f"{event}/contests",
             f"{event}/contests/{arena.contest}/entries", f"{event}/stages/{arena.stage}/scheme/start",
             f"{event}/stages/{arena.stage}/what-if", f"{event}/tallies"]  # fmt: skip
    wrong: dict[str, object] = {}
    async with opened(await make_official("administrator"), lang=lang) as page:
        for path in paths:
            await page.goto(path)
            await page.evaluate("document.querySelectorAll('main form').forEach(one => { one.noValidate = true })")
            await page.locator("main form[method=post] button.now").first.click()
            await page.locator(".errors").wait_for()
            if found := await flaws(page):
                wrong[path] = found
    assert wrong == {}, json.dumps(wrong, indent=1, ensure_ascii=False)


async def test_a_scheme_is_built_from_nothing_tried_and_saved(arena: Arena, opened: Opener) -> None:
    form = StageForm(title=Bilingual(zh="预赛", en="Heats"))
    stage = await contests.add_stage(arena.organiser, arena.event, arena.contest, form)
    path = f"/desk/events/{arena.event}/stages/{stage.id}/scheme"
    async with opened(arena.organiser, lang="en", width=WIDE) as page:
        desk, total = Desk(page, "en"), page.locator("#outline .note")
        await page.goto(f"{path}/start")
        await page.get_by_role("button", name="From nothing").click()
        for kind, title, worth in (("judgement", "Finish", "40"), ("pass", "Safety", "60")):
            if kind == "pass":
                await page.get_by_role("link", name="Total", exact=True).click()
            await desk.fill(new_kind=kind)
            await page.get_by_role("button", name="Add", exact=True).first.click()
            await page.wait_for_url("**/children/*")
            await desk.fill(title_zh=title, title_en=title, value=worth)
            # kept and totalled while the page stays
            await page.locator("[name=value]").press("Tab")
            await total.get_by_text(f"Totals {worth if kind == 'judgement' else '100'}").wait_for()
        await desk.fill(value="many")
        await page.locator("[name=value]").press("Tab")
        await page.locator("#e-value").wait_for()
        await desk.look()
        # what is being kept is waited for
        await desk.fill(value="60")
        await page.get_by_role("link", name="Try", exact=True).first.click()
        await page.get_by_role("button", name="Make up marks").click()
        await page.get_by_role("link", name="How it was reckoned B").click()
        await page.get_by_text("Why B stands there").wait_for()
        await desk.look()
        await page.get_by_role("link", name="Write", exact=True).click()
        await page.get_by_role("button", name="Save as a version").click()
        await desk.told("said.scheme_set")
        assert desk.wrong == {}
    saved = (await contests.list_schemes(arena.organiser, arena.event, arena.contest))[0]
    root: Any = saved.document["root"]
    assert [child["value"] for child in root["children"]] == ["40", "60"]


async def test_the_desk_works_without_script(world: World, organiser: Actor, opened: Opener) -> None:
    async with opened(organiser, lang="en", width=WIDE, script=False) as page:
        await page.goto("/desk/venues")
        await page.locator('[name="name_zh"]').fill("新场馆")
        await page.locator('[name="organiser"]').select_option(str(world.union))
        await page.get_by_role("button", name="Add").click()
        assert await page.locator("h1").inner_text() == "新场馆"
