"""An event's life: where it stands, the next step with what it will do and to how many, and the other ways to go on."""

from litestar import get, post

from api.kinds import Asker, Id
from api.problems import STATUS
from api.web.desk.filling import REFUSED, do, fresh
from api.web.desk.frame import Desk, desk_of, frame
from api.web.desk.home import shown_need
from api.web.desk.steps import NEXT, effects, life_line
from api.web.forms import Form, typed, wrong
from api.web.pages import Answer, Asked, page
from api.web.shapes import places_of
from api.wording import words
from events import organising, registering
from events.access import Right
from events.errors import Reason
from events.organising import AdvanceForm
from events.terms import OVER, EventState

# Where what stands in the way of a step is put right.
MENDED = {"/ends_at": "/move", "/closes_at": "/edit"}


@get("/desk/events/{event_id:uuid}")
async def life(request: Asked, actor: Asker, event_id: Id) -> Answer:
    """Where the event stands."""
    return await _page(request, await desk_of(request, actor, event_id), fresh())


@post("/desk/events/{event_id:uuid}")
async def step(request: Asked, actor: Asker, event_id: Id) -> Answer:
    """Take the next step."""
    desk = await desk_of(request, actor, event_id, Right.ORGANISE)
    given = await typed(request)
    state = NEXT.get(desk.event.state)

    async def work() -> str:
        await organising.advance(actor, event_id, AdvanceForm(state=EventState(given.get("do", ""))))
        return desk.path

    if given.get("do") not in tuple(EventState):
        return await _page(request, desk, fresh(), status=422)
    try:
        return await do(request, actor, given, work, said=f"said.event_{given['do']}")
    except REFUSED as refusal:
        form = wrong({"token": given.get("token", "")}, refusal, desk.lang)
        return await _page(request, desk, form if state else fresh(), status=STATUS[type(refusal)])


async def _page(request: Asked, desk: Desk, form: Form, *, status: int = 200) -> Answer:
    organises = desk.may(Right.ORGANISE)
    event = desk.event
    needs = await organising.needs(desk.actor, event.id)
    context = {
        "form": form,
        "life": life_line(desk),
        "next": await _next(desk) if organises else None,
        "needs": [shown_need(one, desk.lang, here=True) for one in needs],
        "numbers": {"places": places_of(event.places), "days": await _days(desk)},
        "others": list(_others(desk)) if organises else [],
        "state_words": desk.say(f"desk.state_{event.state}"),
    }
    return await page(request, "desk/event.html", frame(desk, "") | context, status=status)


async def _next(desk: Desk) -> dict[str, object] | None:
    """What the next step does and to how many, and what must be done before."""
    state = NEXT.get(desk.event.state)
    if state is None or desk.event.is_template:
        return None
    blocked = await organising.obstacles(desk.actor, desk.event.id, AdvanceForm(state=state))
    return {
        "title": desk.say(f"desk.step_{state}"),
        "words": desk.say(f"desk.step_{state}_words"),
        "effects": await effects(desk, state),
        "blocked": [{"words": words(reason, desk.lang), "url": _where(desk, reason)} for reason in blocked],
        "do": state.value,
        "label": desk.say(f"desk.step_{state}_do"),
    }


def _where(desk: Desk, reason: Reason) -> str:
    return desk.path + MENDED.get(reason.pointer, "/edit")


async def _days(desk: Desk) -> list[dict[str, object]]:
    """Registrations a day, once there are some."""
    if not desk.may(Right.REVIEW):
        return []
    found = await registering.by_day(desk.actor, desk.event.id)
    return [{"label": f"{day:%m-%d}", "value": n} for day, n in found.items()] if sum(found.values()) else []


def _others(desk: Desk) -> list[dict[str, str]]:
    """The other ways to go on, each a page that says first what will happen."""
    event, path = desk.event, desk.path
    found = [("edit", "/edit", "edit"), ("copy", "/copy", "copy")]
    if event.is_template:
        return _links(desk, path, [*found, ("delete_template", "/delete", "cross")])
    if event.state not in OVER:
        found += [("move", "/move", "swap")] + ([("postpone", "/postpone", "clock")] if _public(desk) else [])
        found += [(f"skip_{state}", f"/step/{state}", "next") for state in _skips(desk)]
        found += [("cancel", "/step/cancelled", "cross") if _public(desk) else ("delete", "/delete", "cross")]
    return _links(desk, path, found)


def _links(desk: Desk, path: str, found: list[tuple[str, str, str]]) -> list[dict[str, str]]:
    return [{"label": desk.say(f"desk.other_{key}"), "url": path + end, "sign": sign} for key, end, sign in found]


def _public(desk: Desk) -> bool:
    return desk.event.state != EventState.DRAFT


def _skips(desk: Desk) -> list[EventState]:
    """States that may follow besides the next one."""
    further = {
        EventState.ANNOUNCED: [EventState.UNDER_WAY],
        EventState.OPEN: [EventState.UNDER_WAY],
        EventState.CLOSED: [EventState.OPEN],
    }
    return further.get(desk.event.state, [])


ROUTES = [life, step]
