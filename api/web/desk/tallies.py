"""The tables of delegations that an event has: added from the library or as a document, and taken away."""

from collections.abc import Iterable
from uuid import UUID

from litestar import get, post
from msgspec import Struct

from api.kinds import Asker, Id
from api.problems import STATUS
from api.web.desk.filling import REFUSED, do, fill, fresh
from api.web.desk.frame import Desk, desk_of, frame
from api.web.desk.rules.steps import read_json
from api.web.event import tally_url
from api.web.forms import Form, Option, Typed, typed
from api.web.pages import Answer, Asked, page
from api.wording import Lang, words
from events import publishing
from events.access import Right
from events.errors import Reason, invalid
from events.publishing import TallyForm


class Which(Struct, frozen=True):
    """A table."""

    id: UUID


@get("/desk/events/{event_id:uuid}/tallies")
async def tallies(request: Asked, actor: Asker, event_id: Id) -> Answer:
    """Which there are."""
    return await _page(request, await desk_of(request, actor, event_id, Right.ORGANISE), fresh())


@post("/desk/events/{event_id:uuid}/tallies")
async def change(request: Asked, actor: Asker, event_id: Id) -> Answer:
    """Add one or take one away."""
    desk = await desk_of(request, actor, event_id, Right.ORGANISE)
    given = await typed(request)
    removes = given.get("do") == "remove"

    async def work() -> str:
        if removes:
            await publishing.remove_tally(actor, event_id, fill({"id": given.get("id", "")}, Which).id)
        else:
            await publishing.add_tally(actor, event_id, _form(given))
        return f"{desk.path}/tallies"

    try:
        return await do(request, actor, given, work, said=f"said.tally_{'removed' if removes else 'added'}")
    except REFUSED as refusal:
        form = Form(given, _errors(refusal.reasons, given, desk.lang))
        return await _page(request, desk, form, status=STATUS[type(refusal)])


def _form(given: Typed) -> TallyForm:
    source, ready = given.get("source", "").strip(), given.get("scheme", "")
    if bool(source) == bool(ready):
        invalid("document_or_library" if source else "choose_scheme", "/document" if source else "/scheme")
    return TallyForm(document=read_json(source, "/document")) if source else TallyForm(library=ready)


def _errors(reasons: Iterable[Reason], given: Typed, lang: Lang) -> dict[str, str]:
    """Each problem with its place in the document, where it is about one."""
    found: dict[str, list[str]] = {}
    for reason in reasons:
        field = "scheme" if given.get("scheme") or reason.pointer == "/scheme" else "source"
        place = reason.pointer.removeprefix("/document") if field == "source" else ""
        found.setdefault(field, []).append(f"{place} {words(reason, lang)}".strip())
    return {field: " ".join(said) for field, said in found.items()}


async def _page(request: Asked, desk: Desk, form: Form, *, status: int = 200) -> Answer:
    context = {
        "form": form,
        "tallies": [
            {
                "id": one.id,
                "title": one.title,
                "note": one.description.in_language(desk.lang),
                "url": tally_url(desk.event.id, one.id),
            }
            for one in await publishing.list_tallies(desk.actor, desk.event.id)
        ],
        "ready": [
            Option(one.title.in_language(desk.lang), value=one.key, note=one.description.in_language(desk.lang))
            for one in publishing.tally_library()
        ],
    }
    return await page(request, "desk/tallies.html", frame(desk, "/contests") | context, status=status)


ROUTES = [tallies, change]
