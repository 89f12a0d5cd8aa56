"""The contests of an event: where each stands, and adding one with its divisions, first stage and scheme at once."""

from litestar import get, post

from api.kinds import Asker, Id
from api.problems import STATUS
from api.web.desk.arena import Arena, board_state, steps
from api.web.desk.filling import REFUSED, both, do, fill, fresh, tidy
from api.web.desk.frame import Desk, cursor_of, desk_of, frame, pager
from api.web.event import stage_url
from api.web.forms import Form, Option, typed, wrong
from api.web.pages import Answer, Asked, page
from api.wording import Lang
from events import contests, marking
from events.access import Right
from events.contests import ContestForm, ContestView, DivisionForm, SchemeForm, StageForm
from events.terms import StageState
from events.text import Bilingual

FIELDS = {"title": "title_zh", "library": "scheme"}
CONTESTS = 20
MOST_ENTRIES = 500
FINAL = Bilingual(zh="决赛", en="Final")


@get("/desk/events/{event_id:uuid}/contests")
async def contest_list(request: Asked, actor: Asker, event_id: Id) -> Answer:
    """Where every contest stands."""
    return await _page(request, await desk_of(request, actor, event_id, Right.SEE_MARKS), fresh())


@post("/desk/events/{event_id:uuid}/contests")
async def add(request: Asked, actor: Asker, event_id: Id) -> Answer:
    """A new contest, ready for entries."""
    desk = await desk_of(request, actor, event_id, Right.ORGANISE)
    given = await typed(request)

    async def work() -> str:
        made = await contests.add_contest(actor, event_id, fill({"title": both(given, "title")}, ContestForm))
        for line in tidy(given.get("divisions", "").split("\n")):
            title = {"zh": line, "en": ""}
            await contests.add_division(actor, event_id, made.id, fill({"title": title}, DivisionForm))
        stage = await contests.add_stage(actor, event_id, made.id, StageForm(title=FINAL))
        if given.get("scheme"):
            form = SchemeForm(library=given["scheme"])
            await contests.set_scheme(actor, event_id, made.id, stage.id, form=form)
        return f"{desk.path}/contests/{made.id}"

    try:
        return await do(request, actor, given, work, said="said.saved")
    except REFUSED as refusal:
        form = wrong(given, refusal, desk.lang, FIELDS)
        return await _page(request, desk, form, status=STATUS[type(refusal)])


def library(lang: Lang) -> list[Option]:
    """The ready schemes to choose from."""
    return [
        Option(one.title.in_language(lang), value=one.key, note=one.description.in_language(lang))
        for one in contests.library()
    ]


async def _page(request: Asked, desk: Desk, form: Form, *, status: int = 200) -> Answer:
    found = await contests.list_contests(desk.actor, desk.event.id, cursor=cursor_of(request), limit=CONTESTS)
    context = {
        "form": form,
        "contests": [await _row(desk, one) for one in found.items],
        "pager": pager(request, found),
        "schemes": library(desk.lang),
        "organises": desk.may(Right.ORGANISE),
    }
    return await page(request, "desk/contests.html", frame(desk, "/contests") | context, status=status)


async def _row(desk: Desk, contest: ContestView) -> dict[str, object]:
    stage = next((one for one in contest.stages if one.state != StageState.OFFICIAL), None)
    stage = stage or (contest.stages[-1] if contest.stages else None)
    arena = Arena(desk, contest, stage)
    entries = await contests.list_entries(desk.actor, desk.event.id, contest.id, limit=MOST_ENTRIES)
    panels = await marking.list_panels(desk.actor, desk.event.id, stage.id) if stage else []
    moving = stage is not None and stage.state != StageState.PREPARED
    return {
        "id": contest.id,
        "title": contest.title,
        "divisions": [one.title.in_language(desk.lang) for one in contest.divisions],
        "entries": len(entries.items),
        "judges": len({seat.account for panel in panels for seat in panel.seats if seat.until is None}),
        "state": board_state(stage),
        "steps": await steps(arena),
        "url": arena.path,
        "board_url": stage_url(desk.event.id, stage.id, "board") if stage and moving else "",
    }


ROUTES = [contest_list, add]
