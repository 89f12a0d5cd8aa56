"""The desk: what needs somebody now, then the events, coming ones first."""

from datetime import timedelta
from uuid import UUID

from litestar import get

from api.kinds import Asker
from api.problems import lang_of
from api.web.desk.frame import at_desk, desk_card, desk_path
from api.web.desk.unions_of import may_create
from api.web.forms import Option
from api.web.home import today_here
from api.web.pages import Asked, Page, page
from api.wording import Lang, say
from events import organising
from events.access import Actor, Right
from events.organising import EventItem, EventQuery, Need
from events.terms import EventState

COMING = 8
COPIED = 6
BY_HAND = (EventState.DRAFT, EventState.ANNOUNCED, EventState.CLOSED)
# Where each kind of need is dealt with, below the event's address.
PLACES = {
    "review": "/registrations?state=pending",
    "clash": "/sessions",
    "sign_off": "/contests",
    "publish": "/contests",
    "official": "/contests",
    "new_day": "/move",
}


@get("/desk")
async def home(request: Asked, actor: Asker) -> Page:
    """What needs me now, and my events."""
    at_desk(actor)
    lang = lang_of(request.scope)
    coming = await organising.list_events(actor, EventQuery(official=True, first=today_here()), limit=COMING)
    context = {
        "needs": [shown_need(one, lang) for one in await organising.needs(actor)],
        "events": [desk_card(one, lang, next_step=next_step(one, lang)) for one in coming.items],
        "more": "/desk/events",
        "federation": _federation(actor, lang),
        "may_create": may_create(actor),
        "templates": await _to_copy(actor, lang) if may_create(actor) else [],
    }
    return await page(request, "desk/home.html", context)


def shown_need(need: Need, lang: Lang, *, here: bool = False) -> dict[str, object]:
    """A need as a line that leads to where it is dealt with."""
    note = say(lang, f"desk.need_{need.kind}_words") if here else need.event.in_language(lang)
    return {
        "n": need.n,
        "label": say(lang, f"desk.need_{need.kind}"),
        "note": note,
        "url": desk_path(need.event_id) + PLACES.get(need.kind, ""),
    }


def next_step(event: EventItem, lang: Lang) -> str:
    """What somebody has to do next in an event's life, in words."""
    if event.postponed:
        return say(lang, "desk.next_new_day")
    return say(lang, f"desk.next_{event.state}") if event.state in BY_HAND else ""


def _federation(actor: Actor, lang: Lang) -> list[Option]:
    """What somebody keeps of the federation."""
    places = (
        (Right.KEEP_PEOPLE, "people", "people"),
        (Right.KEEP_UNIONS, "unions", "union"),
        (Right.KEEP_ACCOUNTS, "accounts", "key"),
    )
    return [
        Option(say(lang, f"{name}.title"), f"/desk/{name}", note=say(lang, f"{name}.desk_note"), value=sign)
        for right, name, sign in places
        if actor.scope(right)[1]
    ]


async def _to_copy(actor: Actor, lang: Lang) -> list[Option]:
    """Templates first, then what was on a year ago."""
    year_ago = today_here() - timedelta(days=365)
    ready = await organising.list_events(actor, EventQuery(official=True, templates=True), limit=COPIED)
    past = EventQuery(official=True, first=year_ago - timedelta(days=60), last=today_here())
    held = await organising.list_events(actor, past, limit=COPIED)
    template = say(lang, "desk.template")
    return [_option(one, lang, note=template) for one in ready.items] + [_option(one, lang) for one in held.items]


def _option(event: EventItem, lang: Lang, *, note: str = "") -> Option:
    return Option(event.title.in_language(lang), f"{copy_path(event.id)}", note=note)


def copy_path(event_id: UUID) -> str:
    """Where an event is copied."""
    return f"{desk_path(event_id)}/copy"


ROUTES = [home]
