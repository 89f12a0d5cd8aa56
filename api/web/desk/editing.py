"""Creating and editing an event. Of one that people know of, time and place are moved elsewhere, with a reason."""

from litestar import get, post
from msgspec import structs

from api.kinds import Asker, Id
from api.problems import STATUS, lang_of
from api.web.desk.filling import REFUSED, both, do, ending, fill, fresh, moment, shown_moment
from api.web.desk.frame import Desk, desk_of, desk_path
from api.web.desk.unions_of import may_create, organisers
from api.web.desk.venue_choice import MOST, venue_options
from api.web.forms import Form, Option, Typed, typed, wrong
from api.web.home import cities
from api.web.pages import Answer, Asked, page
from api.web.shapes import city
from api.wording import Lang, say
from events import access, organising, scheduling, settings
from events.access import Actor, Right
from events.errors import refuse
from events.organising import EventChange, EventForm, EventView, MoveForm
from events.terms import Approval, EventState, Kind, Sex

FIELDS = {
    "title": "title_zh",
    "summary": "summary_zh",
    "description": "about_zh",
    "union": "organiser",
    "starts_at": "starts",
    "ends_at": "ends",
    "opens_at": "opens",
    "closes_at": "closes",
    "places": "capacity",
    "approval": "review",
    "eligibility": "age_min",
}


@get("/desk/events/new")
async def new(request: Asked, actor: Asker) -> Answer:
    """An empty form."""
    _let_in(actor)
    return await _page(request, actor, fresh({"review": Approval.AUTOMATIC.value, "capacity": ""}))


@post("/desk/events/new")
async def create(request: Asked, actor: Asker) -> Answer:
    """A new draft, or a template."""
    _let_in(actor)
    given = await typed(request)

    async def work() -> str:
        zone = settings.current().zone
        whose = {"union": given.get("organiser", ""), "is_template": bool(given.get("is_template"))}
        said = _said(await with_city(given), zone, given.get("organiser", ""))
        form = fill(said | _placed(given, zone) | whose, EventForm)
        return desk_path((await organising.create(actor, form)).id)

    try:
        return await do(request, actor, given, work, said="said.saved")
    except REFUSED as refusal:
        form = wrong(given, refusal, lang_of(request.scope), FIELDS)
        return await _page(request, actor, form, status=STATUS[type(refusal)])


@get("/desk/events/{event_id:uuid}/edit")
async def edit(request: Asked, actor: Asker, event_id: Id) -> Answer:
    """The form with what is there."""
    desk = await desk_of(request, actor, event_id, Right.ORGANISE)
    return await _page(request, actor, fresh(_given(desk.event)), desk=desk)


@post("/desk/events/{event_id:uuid}/edit")
async def change(request: Asked, actor: Asker, event_id: Id) -> Answer:
    """Write what was changed."""
    desk = await desk_of(request, actor, event_id, Right.ORGANISE)
    given = await typed(request)

    async def work() -> str:
        union = desk.event.eligibility.union or desk.event.union.id
        said = _said(await with_city(given), desk.event.zone, str(union))
        if is_draft(desk.event):
            await _move_draft(actor, desk.event, _whole(said | _placed(given, desk.event.zone), desk.event))
        cleared = {name: None for name in ("series", "opens_at", "closes_at", "places") if not said[name]}
        form = structs.replace(fill(said | cleared, EventChange), city=str(said["city"]))
        await organising.change(actor, event_id, form)
        return desk.path

    try:
        return await do(request, actor, given, work, said="said.saved")
    except REFUSED as refusal:
        form = wrong(given, refusal, desk.lang, FIELDS)
        return await _page(request, actor, form, desk=desk, status=STATUS[type(refusal)])


def is_draft(event: EventView) -> bool:
    """Whether nobody knows of the event yet, so that it may be moved without a word."""
    return event.state == EventState.DRAFT or event.is_template


def _whole(data: dict[str, object], event: EventView) -> EventForm:
    """All of a draft as it would be, so that everything wrong in the form is said at once."""
    form = fill(data | {"union": str(event.union.id)}, EventForm)
    refuse(form.flaws(structs.asdict(form)))
    return form


async def _move_draft(actor: Actor, event: EventView, wanted: EventForm) -> None:
    now = (event.starts_at, event.ends_at, event.venue.id if event.venue else None)
    if (wanted.starts_at, wanted.ends_at, wanted.venue) != now:
        form = MoveForm(reason="", starts_at=wanted.starts_at, ends_at=wanted.ends_at, venue=wanted.venue)
        await organising.move(actor, event.id, form)


def _let_in(actor: Actor) -> None:
    access.signed_in(actor)
    if not may_create(actor):
        raise access.not_found()


async def with_city(given: Typed) -> Typed:
    """What was typed, with the city of the venue where none was chosen."""
    if given.get("city") or not given.get("venue"):
        return given
    found = {str(one.id): one.city for one in (await scheduling.venues(limit=MOST)).items}
    return {**given, "city": found.get(given["venue"], "").removesuffix("市")}


def _said(given: Typed, zone: str, union: str) -> dict[str, object]:
    """What both forms of the verbs have."""
    limits = {name: given.get(name, "") for name in ("age_min", "age_max", "sex")}
    limits["union"] = union if given.get("own_union") else ""
    return {
        "kind": given.get("kind", ""),
        "title": both(given, "title"),
        "summary": both(given, "summary"),
        "description": both(given, "about"),
        "series": given.get("series", ""),
        "city": given["city"] if given.get("city") in cities() else "",
        "opens_at": moment(given, "opens", zone),
        "closes_at": moment(given, "closes", zone),
        "places": given.get("capacity", "").strip(),
        "approval": given.get("review", ""),
        "eligibility": {name: value for name, value in limits.items() if value},
    }


def _placed(given: Typed, zone: str) -> dict[str, object]:
    """When and where."""
    return {
        "starts_at": moment(given, "starts", zone),
        "ends_at": ending(given, zone),
        "venue": given.get("venue", ""),
    }


def _given(event: EventView) -> Typed:
    """An event as the form shows it."""
    rule, places = event.eligibility, event.places.places
    both_of = {"title": event.title, "summary": event.summary, "about": event.description}
    return {
        **{f"{name}_{lang}": getattr(value, lang) for name, value in both_of.items() for lang in ("zh", "en")},
        **shown_moment("starts", event.starts_at, event.zone),
        **shown_moment("ends", event.ends_at, event.zone),
        **shown_moment("opens", event.opens_at, event.zone),
        **shown_moment("closes", event.closes_at, event.zone),
        "kind": event.kind.value,
        "series": str(event.series or ""),
        "city": event.city.removesuffix("市"),
        "venue": str(event.venue.id) if event.venue else "",
        "capacity": "" if places is None else str(places),
        "review": event.approval.value,
        "age_min": "" if rule.age_min is None else str(rule.age_min),
        "age_max": "" if rule.age_max is None else str(rule.age_max),
        "sex": rule.sex.value if rule.sex else "",
        "own_union": "yes" if rule.union else "",
    }


async def _page(request: Asked, actor: Actor, form: Form, *, desk: Desk | None = None, status: int = 200) -> Answer:
    lang = lang_of(request.scope)
    event = desk.event if desk else None
    whose = [] if event else await organisers(actor, lang)
    first = {"organiser": whose[0].value} if whose else {}
    context = {
        "form": structs.replace(form, given={**first, **form.given}),
        "desk_event": event,
        "placing": event is None or is_draft(event),
        "move_url": f"{desk.path}/move" if desk else "",
        "organisers": whose,
        "series": await _series(actor, lang),
        "venues": await venue_options(lang),
        "cities": [Option(city(name, lang), value=name) for name in cities()],
        "back": desk.path if desk else "/desk",
    }
    return await page(request, "desk/event_form.html", context | _choices(lang), status=status)


def _choices(lang: Lang) -> dict[str, object]:
    reviews = [(Approval.AUTOMATIC, "none"), (Approval.REVIEW, "organiser")]
    return {
        "kinds": [Option(say(lang, f"common.kind_{kind}"), value=kind.value) for kind in Kind],
        "sexes": [Option(say(lang, f"desk.only_{sex}"), value=sex.value) for sex in Sex],
        "reviews": [
            Option(say(lang, f"desk.review_{key}"), value=value.value, note=say(lang, f"desk.review_{key}_note"))
            for value, key in reviews
        ],
    }


async def _series(actor: Actor, lang: Lang) -> list[Option]:
    found = await organising.list_series(actor, limit=500)
    return [Option(one.title.in_language(lang), value=str(one.id)) for one in found.items]


ROUTES = [new, create, edit, change]
