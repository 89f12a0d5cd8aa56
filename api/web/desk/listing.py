"""The events in which somebody has a duty: by state, kind and text."""

from litestar import get
from msgspec import Struct

from api.kinds import Asker
from api.problems import lang_of
from api.reading import read
from api.web.desk.frame import SHOWN, address, at_desk, chips, desk_card, pager
from api.web.desk.unions_of import may_create
from api.web.forms import Option, asked
from api.web.pages import Asked, Page, page
from api.wording import say
from events import organising
from events.organising import EventQuery
from events.terms import EventState, Kind
from events.text import Line


class Filters(Struct, frozen=True):
    """What the list can be asked; `sort` is "starts" or "-starts"."""

    state: EventState | None = None
    kind: Kind | None = None
    templates: bool = False
    q: Line = ""
    sort: str = "-starts"
    cursor: str = ""


@get("/desk/events")
async def listing(request: Asked, actor: Asker) -> Page:
    """All events that somebody may look inside, newest first."""
    at_desk(actor)
    lang = lang_of(request.scope)
    filters = read({name: value for name, value in asked(request).items() if value}, Filters, strict=False)
    query = EventQuery(
        official=True, state=filters.state, kind=filters.kind, q=filters.q.strip(), templates=filters.templates
    )
    newest = filters.sort != "starts"
    found = await organising.list_events(actor, query, cursor=filters.cursor, limit=SHOWN, newest_first=newest)
    everything = say(lang, "common.all")
    states = [Option(say(lang, f"common.state_{state}"), value=state.value) for state in EventState]
    kinds = [Option(say(lang, f"common.kind_{kind}"), value=kind.value) for kind in Kind]
    which = [Option(say(lang, "desk.templates"), value="1")]
    context = {
        "q": filters.q,
        "states": chips(request, "state", states, everything),
        "kinds": chips(request, "kind", kinds, everything),
        "which": chips(request, "templates", which, say(lang, "desk.real_events")),
        "hidden": {"state": filters.state, "kind": filters.kind, "templates": "1" if filters.templates else ""},
        "sort": "-starts" if newest else "starts",
        "heads": {"starts": address(request, sort="starts" if newest else "")},
        "events": [desk_card(one, lang) for one in found.items],
        "pager": pager(request, found, total=await organising.count(actor, query)),
        "may_create": may_create(actor),
    }
    return await page(request, "desk/events.html", context)


ROUTES = [listing]
