"""Venues of the unions, with their numbered stations."""

from typing import Annotated
from uuid import UUID

from litestar import get, post
from msgspec import Meta, Struct

from api.kinds import Asker, Id
from api.problems import STATUS, lang_of
from api.web.desk.filling import REFUSED, both, do, fill, fresh
from api.web.desk.frame import at_desk, cursor_of, pager
from api.web.desk.unions_of import may_create, organisers
from api.web.forms import Form, Option, Typed, asked, typed, wrong
from api.web.home import cities
from api.web.pages import Answer, Asked, page
from api.web.shapes import city
from events import access, scheduling
from events.access import Actor, Right
from events.errors import invalid
from events.scheduling import StationForm, VenueForm, VenueView

FIELDS = {"name": "name_zh", "union": "organiser", "first": "first", "last": "last", "number": "first"}
MOST_STATIONS = 200


class Range(Struct, frozen=True, kw_only=True):
    """Stations from one number to another."""

    first: Annotated[int, Meta(ge=1, le=100_000)]
    last: Annotated[int, Meta(ge=1, le=100_000)]


@get("/desk/venues")
async def venues(request: Asked, actor: Asker) -> Answer:
    """Every venue, and a form for a new one."""
    at_desk(actor)
    return await _list_page(request, actor, fresh())


@post("/desk/venues")
async def add(request: Asked, actor: Asker) -> Answer:
    """A new venue."""
    at_desk(actor)
    given = await typed(request)

    async def work() -> str:
        return _path((await scheduling.add_venue(actor, _form(given))).id)

    try:
        return await do(request, actor, given, work, said="said.saved")
    except REFUSED as refusal:
        form = wrong(given, refusal, lang_of(request.scope), FIELDS)
        return await _list_page(request, actor, form, status=STATUS[type(refusal)])


@get("/desk/venues/{venue_id:uuid}")
async def venue(request: Asked, actor: Asker, venue_id: Id) -> Answer:
    """One venue with its stations."""
    at_desk(actor)
    found = await scheduling.venue(venue_id)
    return await _page(request, actor, found, fresh(_given(found)))


@post("/desk/venues/{venue_id:uuid}")
async def change(request: Asked, actor: Asker, venue_id: Id) -> Answer:
    """Change the venue, add stations or remove one."""
    at_desk(actor)
    given = await typed(request)
    found = await scheduling.venue(venue_id)

    async def work() -> str:
        if given.get("do") == "stations":
            await _add_stations(actor, venue_id, fill(_only(given, "first", "last"), Range))
        elif given.get("do") == "remove":
            await scheduling.remove_station(actor, venue_id, fill(_only(given, "id"), Which).id)
        else:
            await scheduling.change_venue(actor, venue_id, _form(given))
        return _path(venue_id)

    try:
        return await do(request, actor, given, work, said="said.saved")
    except REFUSED as refusal:
        shown = wrong(_given(found) | given, refusal, lang_of(request.scope), FIELDS)
        return await _page(request, actor, found, shown, status=STATUS[type(refusal)])


class Which(Struct, frozen=True):
    """One of a list."""

    id: UUID


async def _add_stations(actor: Actor, venue_id: UUID, wanted: Range) -> None:
    if wanted.last < wanted.first or wanted.last - wanted.first >= MOST_STATIONS:
        invalid("station_range", "/last", most=MOST_STATIONS)
    for number in range(wanted.first, wanted.last + 1):
        await scheduling.add_station(actor, venue_id, StationForm(number=number))


def _path(venue_id: UUID) -> str:
    return f"/desk/venues/{venue_id}"


def _only(given: Typed, *names: str) -> Typed:
    return {name: given.get(name, "") for name in names}


def _form(given: Typed) -> VenueForm:
    plain = _only(given, "address", "city", "latitude", "longitude")
    return fill({**plain, "name": both(given, "name"), "union": given.get("organiser", "")}, VenueForm)


def _given(found: VenueView) -> Typed:
    return {
        "name_zh": found.name.zh,
        "name_en": found.name.en,
        "address": found.address,
        "city": found.city.removesuffix("市"),
        "latitude": found.latitude or "",
        "longitude": found.longitude or "",
        "organiser": str(found.union),
    }


async def _choices(request: Asked, actor: Actor) -> dict[str, object]:
    lang = lang_of(request.scope)
    return {
        "cities": [Option(city(name, lang), value=name) for name in cities()],
        "organisers": await organisers(actor, lang) if may_create(actor) else [],
    }


async def _list_page(request: Asked, actor: Actor, form: Form, *, status: int = 200) -> Answer:
    lang, text = lang_of(request.scope), asked(request).get("q", "")[:80]
    found = await scheduling.venues(text=text, cursor=cursor_of(request))
    rows = [{"name": one.name, "address": one.address, "city": city(one.city, lang), "url": _path(one.id)}
            for one in found.items]  # fmt: skip
    context = {"form": form, "q": text, "venues": rows, "pager": pager(request, found)}
    return await page(request, "desk/venues.html", context | await _choices(request, actor), status=status)


async def _page(request: Asked, actor: Actor, found: VenueView, form: Form, *, status: int = 200) -> Answer:
    may_change = actor.may(Right.ORGANISE, union_path=await access.union_path(found.union))
    context = {
        "form": form,
        "venue": found,
        "may_change": may_change,
        "stations": await scheduling.stations(found.id),
    }
    return await page(request, "desk/venue.html", context | await _choices(request, actor), status=status)


ROUTES = [venues, add, venue, change]
