"""The schedule of an event: sessions with what they clash with, added, changed and cancelled."""

from collections.abc import Mapping
from itertools import groupby
from uuid import UUID
from zoneinfo import ZoneInfo

from litestar import get, post

from api.kinds import Asker, Id
from api.problems import STATUS
from api.web.desk.filling import REFUSED, both, do, ending, fill, fresh, moment, shown_moment
from api.web.desk.frame import Desk, desk_of, frame
from api.web.desk.steps import effect
from api.web.desk.venue_choice import venue_options
from api.web.forms import Form, Option, Typed, asked, typed, wrong
from api.web.pages import Answer, Asked, page
from api.wording import words
from events import contests, registering, scheduling
from events.access import Right
from events.errors import Refusal
from events.scheduling import SessionForm, SessionView
from events.scheduling.clashing import reasons
from events.terms import OVER, EventState, SessionState

FIELDS = {"title": "title_zh", "starts_at": "starts", "ends_at": "ends", "contest_id": "contest"}


@get("/desk/events/{event_id:uuid}/sessions")
async def sessions(request: Asked, actor: Asker, event_id: Id) -> Answer:
    """The schedule, and a form for a new session or (?edit=) one that is there."""
    desk = await desk_of(request, actor, event_id, Right.ORGANISE)
    listed = await scheduling.sessions(actor, event_id)
    editing = _one(listed, asked(request).get("edit", ""))
    return await _page(request, desk, listed, form=fresh(_given(editing, desk)), editing=editing)


@post("/desk/events/{event_id:uuid}/sessions")
async def save(request: Asked, actor: Asker, event_id: Id) -> Answer:
    """Add a session, or change the one that is edited; clashes are named and may be accepted."""
    desk = await desk_of(request, actor, event_id, Right.ORGANISE)
    given = await typed(request)
    listed = await scheduling.sessions(actor, event_id)
    editing = _one(listed, asked(request).get("edit", ""))
    anyway = given.get("do") == "save_anyway"

    async def work() -> str:
        form = _form(given, desk)
        if editing:
            await scheduling.change_session(actor, event_id, editing.id, form, accept_clashes=anyway)
        else:
            await scheduling.add_session(actor, event_id, form, accept_clashes=anyway)
        return f"{desk.path}/sessions"

    try:
        return await do(request, actor, given, work, said="said.saved")
    except REFUSED as refusal:
        form = refused(given, refusal, desk, FIELDS)
        return await _page(request, desk, listed, form=form, editing=editing, status=STATUS[type(refusal)])


@get("/desk/events/{event_id:uuid}/sessions/{session_id:uuid}/cancel")
async def ask_cancel(request: Asked, actor: Asker, event_id: Id, session_id: Id) -> Answer:
    """What cancelling a session would do."""
    desk = await desk_of(request, actor, event_id, Right.ORGANISE)
    return await _cancel_page(request, desk, session_id, form=fresh())


@post("/desk/events/{event_id:uuid}/sessions/{session_id:uuid}/cancel")
async def cancel(request: Asked, actor: Asker, event_id: Id, session_id: Id) -> Answer:
    """Have it not take place."""
    desk = await desk_of(request, actor, event_id, Right.ORGANISE)
    given = await typed(request)

    async def work() -> str:
        await scheduling.cancel_session(actor, event_id, session_id)
        return f"{desk.path}/sessions"

    try:
        return await do(request, actor, given, work, said="said.session_cancelled")
    except REFUSED as refusal:
        form = wrong(given, refusal, desk.lang)
        return await _cancel_page(request, desk, session_id, form=form, status=STATUS[type(refusal)])


def _one(listed: list[SessionView], wanted: str) -> SessionView | None:
    return next((one for one in listed if str(one.id) == wanted and one.state == SessionState.PLANNED), None)


def _form(given: Typed, desk: Desk) -> SessionForm:
    zone = desk.event.zone
    times = {"starts_at": moment(given, "starts", zone), "ends_at": ending(given, zone)}
    where = {"venue": given.get("venue", ""), "contest_id": given.get("contest", "")}
    return fill({**times, **where, "title": both(given, "title")}, SessionForm)


def _given(editing: SessionView | None, desk: Desk) -> Typed:
    """What stands in the form at first: the session that is edited, or the event's own time and place."""
    event = desk.event
    if editing is None:
        starts = shown_moment("starts", event.starts_at, event.zone)
        return starts | {"venue": str(event.venue.id) if event.venue else ""}
    own = editing.title if editing.title != event.title else None
    return {
        **shown_moment("starts", editing.starts_at, event.zone),
        **shown_moment("ends", editing.ends_at, event.zone),
        "title_zh": own.zh if own else "",
        "title_en": own.en if own else "",
        "venue": str(editing.venue or ""),
        "contest": str(editing.contest_id or ""),
    }


def refused(given: Typed, refusal: Refusal, desk: Desk, fields: Mapping[str, str]) -> Form:
    """The form once more; clashes are one thing to decide about, whatever fields they touch."""
    clashes = [words(reason, desk.lang) for reason in refusal.reasons if reason.code.startswith("clash_")]
    if clashes:
        return Form(given, {"clash": " ".join(clashes)})
    return wrong(given, refusal, desk.lang, fields)


async def _page(
    request: Asked,
    desk: Desk,
    listed: list[SessionView],
    *,
    form: Form,
    editing: SessionView | None,
    status: int = 200,
) -> Answer:
    found = await contests.list_contests(desk.actor, desk.event.id, limit=500)
    context = {
        "form": form,
        "days": await _days(desk, listed),
        "editing": editing,
        "cancel_url": f"{desk.path}/sessions/{editing.id}/cancel" if editing else "",
        "sessions_url": f"{desk.path}/sessions",
        "open": desk.event.state not in OVER,
        "venues": await venue_options(desk.lang),
        "contests": [Option(one.title.in_language(desk.lang), value=str(one.id)) for one in found.items],
        "told": await told(desk) if editing else 0,
        "automatic": "" if editing else await _automatic(desk, listed),
    }
    return await page(request, "desk/sessions.html", frame(desk, "/sessions") | context, status=status)


async def _automatic(desk: Desk, listed: list[SessionView]) -> str:
    """What becomes of the session that the event has by itself, once another is added."""
    if not any(one.automatic and one.state == SessionState.PLANNED for one in listed):
        return ""
    stays = not await scheduling.gives_way(desk.actor, desk.event.id)
    return desk.say("desk.automatic_stays" if stays else "desk.automatic_gives_way")


async def told(desk: Desk) -> int:
    """How many people read of a change: all who are in, once the event is public."""
    if desk.event.state == EventState.DRAFT or not desk.may(Right.REVIEW):
        return 0
    counts = await registering.counts(desk.actor, desk.event.id)
    return sum(n for state, n in counts.items() if state in ("confirmed", "pending", "waiting"))


async def _days(desk: Desk, listed: list[SessionView]) -> list[dict[str, object]]:
    clashes: dict[UUID, list[str]] = {}
    for clash in await scheduling.clashes(desk.actor, desk.event.id):
        clashes.setdefault(clash.session_id, []).append(words(reasons([clash])[0], desk.lang))
    duties: dict[UUID, list[str]] = {}
    for duty in await scheduling.duties_of_event(desk.actor, desk.event.id):
        duties.setdefault(duty.session_id, []).append(duty.name)
    zone = ZoneInfo(desk.event.zone)
    by_day = groupby(listed, lambda one: one.starts_at.astimezone(zone).date())
    rows = [
        [_row(desk, one, clashes.get(one.id, [])) | {"officials": duties.get(one.id, [])} for one in group]
        for _, group in by_day
    ]
    return [{"starts": group[0]["starts"], "sessions": group} for group in rows]


def _row(desk: Desk, one: SessionView, clashes: list[str]) -> dict[str, object]:
    cancelled = one.state == SessionState.CANCELLED
    moved = one.previous_starts_at is not None or one.previous_venue is not None
    editable, zone = not cancelled and desk.event.state not in OVER, ZoneInfo(desk.event.zone)
    return {
        "id": one.id,
        "title": one.title.in_language(desk.lang),
        "starts": one.starts_at,
        "ends": one.ends_at,
        "ends_on": one.ends_at.astimezone(zone).date() > one.starts_at.astimezone(zone).date(),
        "place": one.venue_name.in_language(desk.lang) if one.venue_name else "",
        "cancelled": cancelled,
        "automatic": one.automatic and not cancelled,
        "moved": moved and not cancelled,
        "old_starts": one.previous_starts_at,
        "url": f"{desk.path}/sessions?edit={one.id}#session" if editable else "",
        "officials_url": "" if cancelled else f"{desk.path}/sessions/{one.id}/officials",
        "clashes": clashes,
    }


async def _cancel_page(request: Asked, desk: Desk, session_id: UUID, *, form: Form, status: int = 200) -> Answer:
    session = await scheduling.session(desk.actor, desk.event.id, session_id)
    people = await told(desk)
    lines = [effect(desk, "session_cancelled"), *([effect(desk, "calendars_follow", people)] if people else [])]
    context = {
        "form": form,
        "title": desk.say("desk.cancel_session"),
        "words": session.title.in_language(desk.lang),
        "effects": [*lines, effect(desk, "no_way_back")],
        "asks": [],
        "sample": "",
        "do": "cancel",
        "label": desk.say("desk.cancel_session"),
        "back": f"{desk.path}/sessions",
    }
    return await page(request, "desk/preview.html", frame(desk, "/sessions") | context, status=status)


ROUTES = [sessions, save, ask_cancel, cancel]
