"""Checking people in by the reference on their ticket: typed, or read by a scanner that types like a keyboard."""

from urllib.parse import urlencode

from litestar import get, post

from api.kinds import Asker, Id
from api.problems import STATUS
from api.web.desk.filling import REFUSED, do, fresh
from api.web.desk.frame import Desk, desk_of, frame
from api.web.desk.registrations import named
from api.web.forms import Form, asked, typed, wrong
from api.web.pages import Answer, Asked, page
from api.web.tickets import shown_state
from events import registering
from events.access import Right
from events.errors import Invalid, NotFound, Reason


@get("/desk/events/{event_id:uuid}/check-in")
async def check_in_page(request: Asked, actor: Asker, event_id: Id) -> Answer:
    """A field for the next reference, and who came last (?last=)."""
    return await _page(request, await desk_of(request, actor, event_id, Right.CHECK_IN), fresh())


@post("/desk/events/{event_id:uuid}/check-in")
async def check_in(request: Asked, actor: Asker, event_id: Id) -> Answer:
    """Confirm that somebody is there."""
    desk = await desk_of(request, actor, event_id, Right.CHECK_IN)
    given = await typed(request)
    reference = reference_in(given.get("reference", ""))

    async def work() -> str:
        found = await registering.check_in(actor, event_id, reference)
        return f"{desk.path}/check-in?{urlencode({'last': found.reference})}"

    try:
        return await do(request, actor, given, work)
    except NotFound:
        refusal = Invalid(Reason("unknown_reference_number", "/reference"))
        return await _page(request, desk, wrong(given, refusal, desk.lang), status=422)
    except REFUSED as refusal:
        form = Form(given | {"reference": ""}, {"reference": wrong(given, refusal, desk.lang).errors[""]})
        return await _page(request, desk, form, last=reference, status=STATUS[type(refusal)])


def reference_in(text: str) -> str:
    """The reference in what was typed: by itself, or as the end of the address in a ticket's QR code."""
    return text.strip().rstrip("/").rpartition("/")[2].partition("?")[0].upper()


async def _page(request: Asked, desk: Desk, form: Form, *, last: str = "", status: int = 200) -> Answer:
    found = await registering.presence(desk.actor, desk.event.id)
    context = {
        "form": form,
        "last": await _last(desk, last or asked(request).get("last", "")),
        "here": found.here,
        "expected": found.expected,
        "back": f"{desk.path}/registrations" if desk.may(Right.REVIEW) else "",
    }
    return await page(request, "desk/check_in.html", frame(desk, "/registrations") | context, status=status)


async def _last(desk: Desk, reference: str) -> dict[str, object] | None:
    try:
        one = await registering.ticket(desk.actor, desk.event.id, reference)
    except NotFound:
        return None
    entered = [title.in_language(desk.lang) for title in (one.contest_title, one.division_title) if title]
    return {
        "person": named(desk, one),
        "entered": " · ".join(entered),
        "state": shown_state(one),
        "at": one.checked_in_at,
        "reference": one.reference,
    }


ROUTES = [check_in_page, check_in]
