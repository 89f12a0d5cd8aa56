"""Who has a duty in one session: handed over by account, with a word for what it is; clashes are named first."""

from uuid import UUID

from litestar import get, post

from api.kinds import Asker, Id
from api.problems import STATUS
from api.web.desk.filling import REFUSED, do, fill, fresh
from api.web.desk.frame import Desk, desk_of, frame
from api.web.desk.officials import FIELDS, accounts_named
from api.web.desk.sessions import refused
from api.web.forms import Form, Typed, typed
from api.web.pages import Answer, Asked, page
from events import scheduling
from events.access import Right
from events.scheduling import OfficialForm
from events.terms import OVER


@get("/desk/events/{event_id:uuid}/sessions/{session_id:uuid}/officials")
async def officials(request: Asked, actor: Asker, event_id: Id, session_id: Id) -> Answer:
    """Everybody with a duty in the session."""
    return await _page(request, await desk_of(request, actor, event_id, Right.ORGANISE), session_id, fresh())


@post("/desk/events/{event_id:uuid}/sessions/{session_id:uuid}/officials")
async def change(request: Asked, actor: Asker, event_id: Id, session_id: Id) -> Answer:
    """Hand a duty over, in spite of a clash if that is wanted."""
    desk = await desk_of(request, actor, event_id, Right.ORGANISE)
    given = await typed(request)

    async def work() -> str:
        await _assign(desk, session_id, given)
        return request.url.path

    try:
        return await do(request, actor, given, work, said="said.saved")
    except REFUSED as refusal:
        form = refused(given, refusal, desk, FIELDS)
        return await _page(request, desk, session_id, form, status=STATUS[type(refusal)])


async def _assign(desk: Desk, session_id: UUID, given: Typed) -> None:
    anyway = given.get("do") == "save_anyway"
    for account in await accounts_named(desk.actor, given.get("person", "")):
        form = fill({"account": str(account.id), "duty": given.get("duty", "").strip()}, OfficialForm)
        await scheduling.assign_official(desk.actor, desk.event.id, session_id, form, accept_clashes=anyway)


async def _page(request: Asked, desk: Desk, session_id: UUID, form: Form, *, status: int = 200) -> Answer:
    session = await scheduling.session(desk.actor, desk.event.id, session_id)
    found = await scheduling.officials(desk.actor, desk.event.id, session_id)
    context = {
        "form": form,
        "session": session,
        "place": session.venue_name.in_language(desk.lang) if session.venue_name else "",
        "officials": [
            {
                "end_url": f"{request.url.path}/{one.account}/end",
                "person": {"name": one.name, "union": one.duty, "code": ""},
            }
            for one in found
        ],
        "open": desk.event.state not in OVER,
        "back": f"{desk.path}/sessions",
    }
    return await page(request, "desk/session_officials.html", frame(desk, "/sessions") | context, status=status)


ROUTES = [officials, change]
