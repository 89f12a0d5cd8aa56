"""Ending a duty at an event, in a session or on a panel: first what that means, then it is done."""

from collections.abc import Awaitable, Callable
from typing import NamedTuple, Never
from uuid import UUID

from litestar import get, post

from api.kinds import Asker, Id
from api.problems import STATUS
from api.web.desk.arena import Arena, arena_of_stage
from api.web.desk.editing import is_draft
from api.web.desk.filling import REFUSED, do, fresh
from api.web.desk.frame import Desk, desk_of, frame
from api.web.desk.steps import Effect, effect
from api.web.forms import Form, asked, typed, wrong
from api.web.pages import Answer, Asked, page
from events import access, accounts, marking, scheduling
from events.access import Right
from events.accounts import GrantView
from events.terms import Role


@get("/desk/events/{event_id:uuid}/officials/{grant_id:uuid}/end")
async def ask_role(request: Asked, actor: Asker, event_id: Id, grant_id: Id) -> Answer:
    """What the end of a role at the event means."""
    desk = await desk_of(request, actor, event_id, Right.ORGANISE)
    return await _page(request, desk, await _of_role(desk, grant_id), fresh())


@post("/desk/events/{event_id:uuid}/officials/{grant_id:uuid}/end")
async def end_role(request: Asked, actor: Asker, event_id: Id, grant_id: Id) -> Answer:
    """End it."""
    desk = await desk_of(request, actor, event_id, Right.ORGANISE)

    async def work() -> str:
        await _grant(desk, grant_id)
        await accounts.revoke_role(actor, grant_id)
        return f"{desk.path}/officials"

    return await _done(request, desk, work, lambda: _of_role(desk, grant_id))


@get("/desk/events/{event_id:uuid}/sessions/{session_id:uuid}/officials/{account_id:uuid}/end")
async def ask_session(request: Asked, actor: Asker, event_id: Id, session_id: Id, account_id: Id) -> Answer:
    """What the end of a duty in a session means."""
    desk = await desk_of(request, actor, event_id, Right.ORGANISE)
    return await _page(request, desk, await _of_session(desk, session_id, account_id), fresh())


@post("/desk/events/{event_id:uuid}/sessions/{session_id:uuid}/officials/{account_id:uuid}/end")
async def end_session(request: Asked, actor: Asker, event_id: Id, session_id: Id, account_id: Id) -> Answer:
    """End it."""
    desk = await desk_of(request, actor, event_id, Right.ORGANISE)

    async def work() -> str:
        await scheduling.remove_official(actor, event_id, session_id, account_id)
        return f"{desk.path}/sessions/{session_id}/officials"

    return await _done(request, desk, work, lambda: _of_session(desk, session_id, account_id))


@get("/desk/events/{event_id:uuid}/stages/{stage_id:uuid}/panels/{panel_id:uuid}/end")
async def ask_seat(request: Asked, actor: Asker, event_id: Id, stage_id: Id, panel_id: Id) -> Answer:
    """What the end of a judge's time on a seat (?seat=) means."""
    arena, _ = await arena_of_stage(request, actor, event_id, stage_id, right=Right.ORGANISE)
    return await _page(request, arena.desk, await _of_seat(arena, panel_id, _seat(request)), fresh())


@post("/desk/events/{event_id:uuid}/stages/{stage_id:uuid}/panels/{panel_id:uuid}/end")
async def end_seat(request: Asked, actor: Asker, event_id: Id, stage_id: Id, panel_id: Id) -> Answer:
    """End it."""
    arena, _ = await arena_of_stage(request, actor, event_id, stage_id, right=Right.ORGANISE)

    async def work() -> str:
        await marking.vacate_seat(actor, event_id, stage_id, panel_id, seat=_seat(request))
        return arena.stage_path("panels")

    return await _done(request, arena.desk, work, lambda: _of_seat(arena, panel_id, _seat(request)))


class Told(NamedTuple):
    """What ends, whose it is, what that means, the way back and the tab that it is under."""

    what: str
    name: str
    effects: list[Effect]
    back: str
    tab: str


async def _of_role(desk: Desk, grant_id: UUID) -> Told:
    one = await _grant(desk, grant_id)
    seats = await marking.seats_of(desk.actor, desk.event.id, one.account) if one.role == Role.JUDGE else 0
    lines = [
        effect(desk, "role_ends"),
        *([effect(desk, "seats_stay", seats)] if seats else []),
        *_hears(desk, one.account, sees=Right.SEE in access.RIGHTS[one.role]),
        effect(desk, "given_again"),
    ]
    name = one.person_name or one.account_name
    return Told(desk.say(f"desk.role_{one.role}"), name, lines, f"{desk.path}/officials", "/officials")


async def _grant(desk: Desk, grant_id: UUID) -> GrantView:
    """Only what was handed out for this event is ended here."""
    found = await accounts.grants_of_event(desk.actor, desk.event.id)
    return next((one for one in found if one.id == grant_id), None) or _gone()


async def _of_session(desk: Desk, session_id: UUID, account_id: UUID) -> Told:
    session = await scheduling.session(desk.actor, desk.event.id, session_id)
    found = await scheduling.officials(desk.actor, desk.event.id, session_id)
    one = next((one for one in found if one.account == account_id), None) or _gone()
    lines = [effect(desk, "session_duty_ends"), *_hears(desk, account_id), effect(desk, "given_again")]
    what = " · ".join(part for part in (one.duty, session.title.in_language(desk.lang)) if part)
    return Told(what, one.name, lines, f"{desk.path}/sessions/{session_id}/officials", "/sessions")


async def _of_seat(arena: Arena, panel_id: UUID, seat: str) -> Told:
    assert arena.stage is not None
    desk, here = arena.desk, (arena.desk.event.id, arena.stage.id)
    found = await marking.list_panels(desk.actor, *here)
    panel = next((one for one in found if one.id == panel_id), None) or _gone()
    one = next((one for one in panel.seats if one.seat == seat and one.until is None), None) or _gone()
    marks = sum(count.marks for count in await marking.marks_by_seat(desk.actor, *here) if count.seat == seat)
    lines = [
        effect(desk, "seat_free"),
        *([effect(desk, "marks_stay", marks)] if marks else []),
        *([effect(desk, "leader_stays")] if one.account == panel.leader else []),
        *_hears(desk, one.account),
        effect(desk, "given_again"),
    ]
    what = f"{panel.title.in_language(desk.lang)} {seat}"
    return Told(what, one.name, lines, arena.stage_path("panels"), "/contests")


def _hears(desk: Desk, account: UUID, *, sees: bool = False) -> list[Effect]:
    """Whether they are told: not of what they do themselves, nor of a draft that they do not see."""
    hidden = is_draft(desk.event) and not sees
    return [] if hidden or account == desk.actor.account else [effect(desk, "told", 1)]


def _gone() -> Never:
    raise access.not_found()


def _seat(request: Asked) -> str:
    return asked(request).get("seat", "")


async def _done(
    request: Asked, desk: Desk, work: Callable[[], Awaitable[str]], told: Callable[[], Awaitable[Told]]
) -> Answer:
    given = await typed(request)
    try:
        return await do(request, desk.actor, given, work, said="said.duty_ended")
    except REFUSED as refusal:
        form = wrong(given, refusal, desk.lang)
        return await _page(request, desk, await told(), form, status=STATUS[type(refusal)])


async def _page(request: Asked, desk: Desk, told: Told, form: Form, *, status: int = 200) -> Answer:
    context = {
        "form": form,
        "title": desk.say("desk.dismiss", name=told.name),
        "words": told.what,
        "effects": told.effects,
        "asks": [],
        "sample": "",
        "do": "end",
        "label": desk.say("desk.dismiss_do"),
        "back": told.back,
    }
    return await page(request, "desk/preview.html", frame(desk, told.tab) | context, status=status)


ROUTES = [ask_role, end_role, ask_session, end_session, ask_seat, end_seat]
