"""Copying: an event or a template to another day, a whole series to another year."""

from datetime import timedelta
from typing import Annotated
from uuid import UUID

from litestar import get, post
from msgspec import Meta, Struct

from api.kinds import Asker, Id
from api.problems import STATUS, lang_of
from api.web.desk.filling import REFUSED, both, do, fill, fresh, moment, shown_moment
from api.web.desk.frame import Desk, at_desk, cursor_of, desk_card, desk_of, desk_path, frame, pager
from api.web.desk.steps import effect
from api.web.desk.unions_of import may_create, organisers
from api.web.forms import Form, typed, wrong
from api.web.pages import Answer, Asked, page
from events import access, clock, contests, organising, scheduling
from events.access import Actor, Right
from events.organising import CopyForm, EventQuery, SeriesForm
from events.text import Bilingual

YEAR = timedelta(days=364)  # the same day of the week
FIELDS = {"starts_at": "starts", "title": "title_zh", "union": "organiser"}


class SeriesCopy(Struct, frozen=True, kw_only=True):
    """How a series is copied."""

    title: Bilingual
    days: Annotated[int, Meta(ge=1, le=3660)] = 364


@get("/desk/events/{event_id:uuid}/copy")
async def ask_copy(request: Asked, actor: Asker, event_id: Id) -> Answer:
    """When the copy begins and what it is called."""
    desk = await desk_of(request, actor, event_id, Right.ORGANISE)
    event = desk.event
    later = event.starts_at
    while later <= clock.now():
        later += YEAR
    titles = {"title_zh": event.title.zh, "title_en": event.title.en}
    return await _copy_page(request, desk, fresh(titles | shown_moment("starts", later, event.zone)))


@post("/desk/events/{event_id:uuid}/copy")
async def copy(request: Asked, actor: Asker, event_id: Id) -> Answer:
    """A draft like it."""
    desk = await desk_of(request, actor, event_id, Right.ORGANISE)
    given = await typed(request)

    async def work() -> str:
        data = {"starts_at": moment(given, "starts", desk.event.zone), "title": both(given, "title")}
        return desk_path((await organising.copy_event(actor, event_id, fill(data, CopyForm))).id) + "/edit"

    try:
        return await do(request, actor, given, work, said="said.copied")
    except REFUSED as refusal:
        form = wrong(given, refusal, desk.lang, FIELDS)
        return await _copy_page(request, desk, form, status=STATUS[type(refusal)])


@get("/desk/series")
async def all_series(request: Asked, actor: Asker) -> Answer:
    """Every series, newest first."""
    at_desk(actor)
    return await _series_page(request, actor, fresh())


@post("/desk/series")
async def add_series(request: Asked, actor: Asker) -> Answer:
    """A new series."""
    at_desk(actor)
    given = await typed(request)

    async def work() -> str:
        data = {"title": both(given, "title"), "union": given.get("organiser", "")}
        await organising.add_series(actor, fill(data, SeriesForm))
        return "/desk/series"

    try:
        return await do(request, actor, given, work, said="said.saved")
    except REFUSED as refusal:
        form = wrong(given, refusal, lang_of(request.scope), FIELDS)
        return await _series_page(request, actor, form, status=STATUS[type(refusal)])


@get("/desk/series/{series_id:uuid}")
async def one_series(request: Asked, actor: Asker, series_id: Id) -> Answer:
    """The events of a series, and copying it."""
    at_desk(actor)
    return await _one_page(request, actor, series_id, form=fresh({"days": str(YEAR.days)}))


@post("/desk/series/{series_id:uuid}")
async def copy_series(request: Asked, actor: Asker, series_id: Id) -> Answer:
    """Copy every event of it."""
    _may_copy(actor)
    given = await typed(request)

    async def work() -> str:
        form = fill({"title": both(given, "title"), "days": given.get("days", "")}, SeriesCopy)
        made, _ = await organising.copy_series(actor, series_id, form.title, days=form.days)
        return f"/desk/series/{made.id}"

    try:
        return await do(request, actor, given, work, said="said.series_copied")
    except REFUSED as refusal:
        form = wrong(given, refusal, lang_of(request.scope), FIELDS)
        return await _one_page(request, actor, series_id, form=form, status=STATUS[type(refusal)])


def _may_copy(actor: Actor) -> None:
    access.signed_in(actor)
    if not may_create(actor):
        raise access.not_found()


async def _copy_page(request: Asked, desk: Desk, form: Form, *, status: int = 200) -> Answer:
    sessions = await scheduling.sessions(desk.actor, desk.event.id)
    listed = await contests.list_contests(desk.actor, desk.event.id, limit=500)
    lines = [effect(desk, "copied_sessions", len(sessions)), effect(desk, "copied_contests", len(listed.items))]
    plain = {"hint": "", "options": []}
    context = {
        "form": form,
        "title": desk.say("desk.other_copy"),
        "words": desk.say("desk.copy_words"),
        "effects": [*lines, effect(desk, "copied_empty")],
        "asks": [
            plain | {"name": "title_zh", "kind": "text", "label": desk.say("desk.title_zh"), "required": False},
            plain | {"name": "title_en", "kind": "text", "label": desk.say("desk.title_en"), "required": False},
            plain | {"name": "starts", "kind": "moment", "label": desk.say("desk.starts"), "required": True},
        ],
        "sample": "",
        "do": "go",
        "label": desk.say("desk.copy_do"),
        "back": desk.path,
    }
    return await page(request, "desk/preview.html", frame(desk, "") | context, status=status)


async def _series_page(request: Asked, actor: Actor, form: Form, *, status: int = 200) -> Answer:
    lang = lang_of(request.scope)
    found = await organising.list_series(actor, cursor=cursor_of(request))
    context = {
        "form": form,
        "series": [{"title": one.title, "url": f"/desk/series/{one.id}"} for one in found.items],
        "pager": pager(request, found),
        "organisers": await organisers(actor, lang) if may_create(actor) else [],
    }
    return await page(request, "desk/series.html", context, status=status)


async def _one_page(request: Asked, actor: Actor, series_id: UUID, *, form: Form, status: int = 200) -> Answer:
    lang = lang_of(request.scope)
    series = await organising.series(actor, series_id)
    query = EventQuery(official=True, series=series_id)
    found = await organising.list_events(actor, query, cursor=cursor_of(request))
    titles = {"title_zh": series.title.zh, "title_en": series.title.en}
    context = {
        "series": series,
        "form": Form(titles | dict(form.given), form.errors),
        "events": [desk_card(one, lang) for one in found.items],
        "pager": pager(request, found, total=await organising.count(actor, query)),
        "copied": await organising.count(actor, query) if may_create(actor) else 0,
    }
    return await page(request, "desk/series_one.html", context, status=status)


ROUTES = [ask_copy, copy, all_series, add_series, one_series, copy_series]
