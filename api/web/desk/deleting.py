"""Deleting a draft: first what goes with it, or why it stays."""

from litestar import get, post

from api.kinds import Asker, Id
from api.problems import STATUS
from api.web.desk.filling import REFUSED, do, fresh
from api.web.desk.frame import Desk, desk_of, frame
from api.web.desk.steps import Effect, effect
from api.web.forms import Form, typed, wrong
from api.web.pages import Answer, Asked, page
from events import access, organising
from events.access import Right
from events.errors import Conflict


@get("/desk/events/{event_id:uuid}/delete")
async def ask(request: Asked, actor: Asker, event_id: Id) -> Answer:
    """What goes with it."""
    return await _page(request, await desk_of(request, actor, event_id, Right.ORGANISE), fresh())


@post("/desk/events/{event_id:uuid}/delete")
async def delete(request: Asked, actor: Asker, event_id: Id) -> Answer:
    """Delete it; pressed twice it is gone already."""
    access.signed_in(actor)
    given = await typed(request)

    async def work() -> str:
        await organising.delete(actor, event_id)
        return "/desk/events"

    try:
        return await do(request, actor, given, work, said="said.event_deleted")
    except REFUSED as refusal:
        desk = await desk_of(request, actor, event_id, Right.ORGANISE)
        return await _page(request, desk, wrong(given, refusal, desk.lang), status=STATUS[type(refusal)])


async def _page(request: Asked, desk: Desk, form: Form, *, status: int = 200) -> Answer:
    reasons = await organising.keeps_event(desk.actor, desk.event.id)
    what = "delete_template" if desk.event.is_template else "delete"
    context = {
        "form": form if form.errors or not reasons else wrong(dict(form.given), Conflict(*reasons), desk.lang),
        "title": desk.say(f"desk.other_{what}"),
        "words": desk.event.title.in_language(desk.lang),
        "effects": [] if reasons else await _effects(desk),
        "asks": [],
        "sample": "",
        "do": "" if reasons else "delete",
        "label": desk.say(f"desk.other_{what}"),
        "back": desk.path,
    }
    return await page(request, "desk/preview.html", frame(desk, "") | context, status=status)


async def _effects(desk: Desk) -> list[Effect]:
    going = await organising.draft_going(desk.actor, desk.event.id)
    lines = [
        ("sessions_go", going.sessions),
        ("contests_go", going.contests),
        ("entries_go", going.entries),
        ("officials_told", going.officials),
    ]
    first = effect(desk, "template_deleted" if desk.event.is_template else "event_deleted")
    rest = [effect(desk, key, n) for key, n in lines if n]
    return [first, *rest, effect(desk, "log_stays"), effect(desk, "no_way_back")]


ROUTES = [ask, delete]
