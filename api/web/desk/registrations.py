"""Registrations of an event: found, accepted or turned down, many at once."""

from uuid import UUID

from litestar import get, post
from msgspec import Struct, structs

from api.kinds import Asker, Id
from api.problems import STATUS
from api.reading import read
from api.web.desk.filling import REFUSED, do, fill, fresh
from api.web.desk.frame import SHOWN, Desk, address, chips, cursor_of, desk_of, frame, pager
from api.web.event import ticket_url
from api.web.forms import Form, Option, Typed, asked, typed, wrong
from api.web.pages import Answer, Asked, page
from api.web.tickets import shown_state
from events import contests, registering
from events.access import Right
from events.errors import invalid
from events.people import identity
from events.registering import RegistrationQuery, RegistrationView, ReviewForm, Sort
from events.terms import EventState, RegistrationState
from events.text import Line

STATES = tuple(RegistrationState)
SORTS = (Sort.OLDEST, Sort.NAME, Sort.UNION, Sort.CONTEST, Sort.STATE)
LONGEST = 80
GOING_ON = (EventState.OPEN, EventState.CLOSED, EventState.UNDER_WAY)


class Filters(Struct, frozen=True):
    """What the list can be asked by its address; who is looked for is sent in a form, for names stay out of logs."""

    state: RegistrationState | None = None
    contest: UUID | None = None
    sort: Sort = Sort.NEWEST

    def query(self, text: str = "") -> RegistrationQuery:
        """What the verbs are asked: within the filters, whoever a text is about by name, reference or whole phone."""
        phone = identity.plain_phone(text)
        is_phone = bool(identity.PHONE.fullmatch(phone))
        return RegistrationQuery(
            state=self.state,
            contest_id=self.contest,
            q="" if is_phone else text.strip(),
            phone=phone if is_phone else "",
            sort=self.sort,
        )


class Sought(Struct, frozen=True):
    """Whom somebody looks for."""

    q: Line = ""


@get("/desk/events/{event_id:uuid}/registrations")
async def registrations(request: Asked, actor: Asker, event_id: Id) -> Answer:
    """The registrations, newest first."""
    return await _page(request, await desk_of(request, actor, event_id, Right.REVIEW), fresh())


@post("/desk/events/{event_id:uuid}/registrations")
async def review(request: Asked, actor: Asker, event_id: Id) -> Answer:
    """Look for somebody; or accept or turn down those that are ticked, all of them or none."""
    desk = await desk_of(request, actor, event_id, Right.REVIEW)
    given = await typed(request)
    if given.get("do") == "find":
        return await _page(request, desk, fresh(given))
    ticked = [value for value in (await request.form()).getall("id", []) if isinstance(value, str)]

    async def work() -> str:
        if not ticked:
            invalid("none_ticked", "/registrations")
        form = fill({"registrations": ticked, "confirm": given.get("do") == "confirm"}, ReviewForm)
        await registering.review(actor, event_id, structs.replace(form, reason=given.get("reason", "").strip()))
        return address(request)

    key = given | {"id": " ".join(ticked)}
    said = "said.confirmed" if given.get("do") == "confirm" else "said.refused"
    try:
        return await do(request, actor, key, work, said=said)
    except REFUSED as refusal:
        form = wrong(given, refusal, desk.lang, {"registrations": ""})
        return await _page(request, desk, form, ticked=ticked, status=STATUS[type(refusal)])


async def _page(
    request: Asked, desk: Desk, form: Form, *, ticked: list[str] | None = None, status: int = 200
) -> Answer:
    filters = filters_of(request)
    query = filters.query(read({"q": form.given.get("q", "")[:LONGEST]}, Sought).q)
    counts = await registering.counts(desk.actor, desk.event.id)
    found = await registering.list_registrations(
        desk.actor, desk.event.id, query, cursor=cursor_of(request), limit=SHOWN
    )
    sought = bool(query.q or query.phone)
    plain = not sought and filters.contest is None
    total = (counts[filters.state] if filters.state else sum(counts.values())) if plain else None
    context = {
        "form": form,
        "ticked": ticked or [],
        "q": form.given.get("q", ""),
        "sought": sought,
        "more": bool(found.next),
        "everybody_url": address(request),
        "filters": await _filters(request, desk, counts),
        "rows": [_row(desk, one) for one in found.items],
        "pager": pager(request, found, total=total),
        "export_url": address(request, sort="").replace("/registrations", "/registrations/export", 1),
        "check_in_url": f"{desk.path}/check-in" if desk.may(Right.CHECK_IN) else "",
        "register_url": f"{desk.path}/register" if _takes_others(desk) else "",
        "may_decide": desk.event.state in GOING_ON,
    }
    return await page(request, "desk/registrations.html", frame(desk, "/registrations") | context, status=status)


def _takes_others(desk: Desk) -> bool:
    return desk.event.state == EventState.OPEN and desk.may(Right.REGISTER_OTHERS)


def filters_of(request: Asked) -> Filters:
    """What the address asks."""
    return read({name: value for name, value in asked(request).items() if value}, Filters, strict=False)


async def _filters(request: Asked, desk: Desk, counts: dict[RegistrationState, int]) -> list[dict[str, object]]:
    everything = desk.say("common.all")
    states = [Option(desk.say(f"desk.registration_{one}"), value=one.value, count=counts[one]) for one in STATES]
    listed = (await contests.list_contests(desk.actor, desk.event.id, limit=500)).items
    found: list[dict[str, object]] = [
        {"label": desk.say("desk.state"), "options": chips(request, "state", states, everything)}
    ]
    if listed:
        options = [Option(one.title.in_language(desk.lang), value=str(one.id)) for one in listed]
        found.append({"label": desk.say("desk.contest"), "options": chips(request, "contest", options, everything)})
    return [*found, {"label": desk.say("desk.sort"), "options": _sorts(request, desk, contests=bool(listed))}]


def _sorts(request: Asked, desk: Desk, *, contests: bool) -> list[Option]:
    sorts = [one for one in SORTS if contests or one != Sort.CONTEST]
    options = [Option(desk.say(f"desk.sort_{one}"), value=one.value) for one in sorts]
    return chips(request, "sort", options, desk.say("desk.sort_newest"))


def _row(desk: Desk, one: RegistrationView) -> dict[str, object]:
    entered = [title.in_language(desk.lang) for title in (one.contest_title, one.division_title) if title]
    return {
        "id": one.id,
        "person": named(desk, one),
        "division": " · ".join(entered),
        "state": shown_state(one),
        "sent": one.created_at,
        "position": one.position,
        "reasons": [text for text in (one.note, one.reason) if text],
        "reference": one.reference,
        "url": ticket_url(one),
    }


def named(desk: Desk, one: RegistrationView) -> Typed:
    """A registration's person as the desk names them."""
    return {
        "name": one.person_name,
        "union": one.union_name.in_language(desk.lang) if one.union_name else "",
        "code": "",
    }


ROUTES = [registrations, review]
