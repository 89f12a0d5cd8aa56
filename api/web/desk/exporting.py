"""Saving an event's registrations as a spreadsheet: what will be in it, in which form, and that it is noted."""

from litestar import get, post
from litestar.response import Stream
from msgspec import Struct, structs

from api.downloads import FileKind, download
from api.kinds import Asker, Id
from api.problems import STATUS
from api.web.desk.filling import REFUSED, fill, fresh
from api.web.desk.frame import Desk, address, desk_of, frame
from api.web.desk.registrations import filters_of
from api.web.forms import Form, Option, typed, wrong
from api.web.pages import Answer, Asked, page
from events import contests, exports, registering
from events.access import Right


class Wanted(Struct, frozen=True):
    """The file that is wanted."""

    kind: FileKind
    personal: bool = False


@get("/desk/events/{event_id:uuid}/registrations/export")
async def ask(request: Asked, actor: Asker, event_id: Id) -> Answer:
    """What will be saved."""
    return await _page(request, await desk_of(request, actor, event_id, Right.REVIEW), fresh({"kind": FileKind.XLSX}))


@post("/desk/events/{event_id:uuid}/registrations/export", status_code=200)
async def save(request: Asked, actor: Asker, event_id: Id) -> Answer | Stream:
    """The file."""
    desk = await desk_of(request, actor, event_id, Right.REVIEW)
    given = await typed(request)
    try:
        wanted = fill({"kind": given.get("kind", ""), "personal": bool(given.get("personal"))}, Wanted)
    except REFUSED as refusal:
        return await _page(request, desk, wrong(given, refusal, desk.lang), status=STATUS[type(refusal)])
    reader = structs.replace(actor, language=desk.lang)
    rows = await exports.registrations(reader, event_id, filters_of(request).query(), personal=wanted.personal)
    return download(rows, wanted.kind, f"{desk.event.title.in_language(desk.lang)} {desk.say('desk.registrations')}")


async def _page(request: Asked, desk: Desk, form: Form, *, status: int = 200) -> Answer:
    context = {
        "form": form,
        "count": await registering.how_many(desk.actor, desk.event.id, filters_of(request).query()),
        "only": await _only(request, desk),
        "kinds": [
            Option(desk.say(f"desk.export_{kind}"), value=kind, note=desk.say(f"desk.export_{kind}_note"))
            for kind in FileKind
        ],
        "personal": desk.may(Right.KEEP_PEOPLE),
        "back": address(request).replace("/registrations/export", "/registrations", 1),
    }
    return await page(request, "desk/export.html", frame(desk, "/registrations") | context, status=status)


async def _only(request: Asked, desk: Desk) -> list[str]:
    """The filters in words."""
    filters = filters_of(request)
    found = [desk.say(f"desk.registration_{filters.state}")] if filters.state else []
    if filters.contest:
        contest = await contests.contest(desk.actor, desk.event.id, filters.contest)
        found.append(contest.title.in_language(desk.lang))
    return found


ROUTES = [ask, save]
