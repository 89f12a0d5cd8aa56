"""Steps that cannot be taken back, each with a page that says first what will happen: cancel, move, postpone."""

from collections.abc import Mapping
from typing import Annotated, TypeAlias

from litestar import get, post
from litestar.params import PathParameter
from msgspec import structs

from api.kinds import Asker, Id
from api.problems import STATUS
from api.web.desk.filling import REFUSED, do, ending, fill, fresh, moment, shown_moment
from api.web.desk.frame import Desk, desk_of, frame
from api.web.desk.steps import Effect, as_state, effect, effects
from api.web.desk.venue_choice import venue_options
from api.web.forms import Form, Typed, typed, wrong
from api.web.pages import Answer, Asked, page
from events import access, organising, registering
from events.access import Right
from events.organising import AdvanceForm, MoveForm
from events.terms import EventState, RegistrationState

StepName: TypeAlias = Annotated[str, PathParameter()]
FIELDS = {"starts_at": "starts", "ends_at": "ends"}
TOLD = (RegistrationState.CONFIRMED, RegistrationState.PENDING, RegistrationState.WAITING)


@get("/desk/events/{event_id:uuid}/step/{step:str}")
async def ask_step(request: Asked, actor: Asker, event_id: Id, step: StepName) -> Answer:
    """What a step would do."""
    desk = await desk_of(request, actor, event_id, Right.ORGANISE)
    return await _step_page(request, desk, _known(step), form=fresh())


@post("/desk/events/{event_id:uuid}/step/{step:str}")
async def take_step(request: Asked, actor: Asker, event_id: Id, step: StepName) -> Answer:
    """Take the step."""
    desk = await desk_of(request, actor, event_id, Right.ORGANISE)
    given, wanted = await typed(request), _known(step)

    async def work() -> str:
        form = fill({"state": step, "reason": given.get("reason", "")}, AdvanceForm)
        await organising.advance(actor, event_id, form)
        return desk.path

    try:
        return await do(request, actor, given, work, said=f"said.event_{step}")
    except REFUSED as refusal:
        form = wrong(given | {"reason": given.get("reason", "")}, refusal, desk.lang)
        return await _step_page(request, desk, wanted, form=form, status=STATUS[type(refusal)])


@get("/desk/events/{event_id:uuid}/move")
async def ask_move(request: Asked, actor: Asker, event_id: Id) -> Answer:
    """A new time or venue."""
    desk = await desk_of(request, actor, event_id, Right.ORGANISE)
    event = desk.event
    times = shown_moment("starts", event.starts_at, event.zone) | shown_moment("ends", event.ends_at, event.zone)
    form = fresh(times | {"venue": str(event.venue.id) if event.venue else ""})
    return await _move_page(request, desk, form)


@post("/desk/events/{event_id:uuid}/move")
async def move(request: Asked, actor: Asker, event_id: Id) -> Answer:
    """Move it, with every session."""
    desk = await desk_of(request, actor, event_id, Right.ORGANISE)
    given = await typed(request)

    async def work() -> str:
        zone = desk.event.zone
        times = {"starts_at": moment(given, "starts", zone), "ends_at": ending(given, zone)}
        await organising.move(actor, event_id, _form(given, times | {"venue": given.get("venue", "")}))
        return desk.path

    try:
        return await do(request, actor, given, work, said="said.event_moved")
    except REFUSED as refusal:
        form = wrong(given, refusal, desk.lang, FIELDS)
        return await _move_page(request, desk, form, status=STATUS[type(refusal)])


@get("/desk/events/{event_id:uuid}/postpone")
async def ask_postpone(request: Asked, actor: Asker, event_id: Id) -> Answer:
    """Put it off to a day that nobody knows yet."""
    return await _postpone_page(request, await desk_of(request, actor, event_id, Right.ORGANISE), fresh())


@post("/desk/events/{event_id:uuid}/postpone")
async def postpone(request: Asked, actor: Asker, event_id: Id) -> Answer:
    """Postpone it."""
    desk = await desk_of(request, actor, event_id, Right.ORGANISE)
    given = await typed(request)

    async def work() -> str:
        await organising.move(actor, event_id, _form(given, {}))
        return desk.path

    try:
        return await do(request, actor, given, work, said="said.event_postponed")
    except REFUSED as refusal:
        form = wrong(given, refusal, desk.lang)
        return await _postpone_page(request, desk, form, status=STATUS[type(refusal)])


def _known(state: str) -> EventState:
    found = as_state(state)
    if found is None:
        raise access.not_found()
    return found


def _form(given: Typed, data: Mapping[str, object]) -> MoveForm:
    """The verb says what it thinks of an empty reason."""
    reason = given.get("reason", "").strip()
    return structs.replace(fill({**data, "reason": reason or "-"}, MoveForm), reason=reason)


def _ask(desk: Desk, name: str, kind: str, **more: object) -> dict[str, object]:
    """One thing that a preview asks for."""
    plain = {"name": name, "kind": kind, "label": desk.say(f"desk.{name}"), "hint": "", "required": True, "options": []}
    return plain | more


async def _step_page(request: Asked, desk: Desk, state: EventState, *, form: Form, status: int = 200) -> Answer:
    hint = desk.say("desk.reason_told")
    asks = [_ask(desk, "reason", "text", hint=hint)] if state == EventState.CANCELLED else []
    told = {"effects": await effects(desk, state), "asks": asks, "key": f"step_{state}"}
    return await _page(request, desk, form, told, status=status)


async def _move_page(request: Asked, desk: Desk, form: Form, *, status: int = 200) -> Answer:
    public = desk.event.state != EventState.DRAFT
    asks = [
        _ask(desk, "starts", "moment"),
        _ask(desk, "ends", "moment", hint=desk.say("desk.ends_hint")),
        _ask(desk, "venue", "select", options=await venue_options(desk.lang), required=False),
        _ask(desk, "reason", "text", hint=desk.say("desk.reason_told"), required=public),
    ]
    lines = [effect(desk, "sessions_move"), *await _told(desk), effect(desk, "old_time_shown")]
    return await _page(request, desk, form, {"effects": lines, "asks": asks, "key": "move"}, status=status)


async def _postpone_page(request: Asked, desk: Desk, form: Form, *, status: int = 200) -> Answer:
    asks = [_ask(desk, "reason", "text", hint=desk.say("desk.reason_told"))]
    lines = [effect(desk, "marked_postponed"), *await _told(desk), effect(desk, "keep_registrations")]
    return await _page(request, desk, form, {"effects": lines, "asks": asks, "key": "postpone"}, status=status)


async def _told(desk: Desk) -> list[Effect]:
    """How many people are told of it."""
    counts = await registering.counts(desk.actor, desk.event.id) if desk.may(Right.REVIEW) else {}
    return [effect(desk, "told", sum(counts.get(state, 0) for state in TOLD))]


async def _page(request: Asked, desk: Desk, form: Form, told: Mapping[str, object], *, status: int) -> Answer:
    key = told["key"]
    context = {
        "form": form,
        "title": desk.say(f"desk.{key}"),
        "words": desk.say(f"desk.{key}_words"),
        "label": desk.say(f"desk.{key}_do"),
        "sample": "",
        "do": "go",
        "back": desk.path,
    }
    return await page(request, "desk/preview.html", {**frame(desk, ""), **context, **told}, status=status)


ROUTES = [ask_step, take_step, ask_move, move, ask_postpone, postpone]
