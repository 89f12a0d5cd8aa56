"""Registering somebody else, who is found first.

What is looked for is sent as a form: phones and identity numbers stand in no address.
"""

from collections.abc import Sequence
from uuid import UUID

from litestar import get, post

from api.kinds import Asker, Id
from api.problems import STATUS
from api.web.desk.filling import REFUSED, fill, fresh, key_of
from api.web.desk.frame import Desk, desk_of, frame
from api.web.desk.unions_of import union_meant
from api.web.event import ticket_url
from api.web.forms import Form, Option, Typed, once_by, typed, wrong
from api.web.pages import Answer, Asked, page, redirect
from events import access, contests, registering
from events.access import Actor, Right
from events.errors import invalid
from events.idempotency import Remembering
from events.people import PersonView
from events.registering import FindForm, RegistrationForm, RegistrationView

FIELDS = {"contest_id": "division", "division_id": "division"}
FOUND_BY = {"text": "q"}
MOST = registering.MOST_FOUND


@get("/desk/events/{event_id:uuid}/register")
async def ask(request: Asked, actor: Asker, event_id: Id) -> Answer:
    """Find the person, choose what for."""
    return await _page(request, await _desk(request, actor, event_id), fresh())


@post("/desk/events/{event_id:uuid}/register")
async def register(request: Asked, actor: Asker, event_id: Id) -> Answer:
    """Register them; then on to the ticket."""
    desk = await _desk(request, actor, event_id)
    given = await typed(request)
    if given.get("do") == "find":
        return await _found(request, desk, given)

    async def verb(remembering: Remembering[RegistrationView]) -> RegistrationView:
        contest, _, division = given.get("division", "").partition("/")
        data = {"person": given.get("person", ""), "contest_id": contest, "division_id": division}
        if not data["person"]:
            invalid("person_needed", "/person")
        return await registering.register(actor, event_id, fill(data, RegistrationForm), remembering=remembering)

    try:
        place = await once_by(actor, key_of(request, given), verb, ticket_url)
        return redirect(place, said="said.registered")
    except REFUSED as refusal:
        form = wrong(given, refusal, desk.lang, FIELDS)
        return await _page(request, desk, form, await _people_again(desk, given), status=STATUS[type(refusal)])


async def _people_again(desk: Desk, given: Typed) -> list[PersonView]:
    """Those who were to choose from before, if they can still be looked up."""
    try:
        return await _people(desk, given) if given.get("q") else []
    except REFUSED:
        return []


async def _found(request: Asked, desk: Desk, given: Typed) -> Answer:
    """Those who were looked for, to choose from."""
    try:
        found = await _people(desk, given)
    except REFUSED as refusal:
        form = wrong(given, refusal, desk.lang, FOUND_BY)
        return await _page(request, desk, form, status=STATUS[type(refusal)])
    only = {"person": str(found[0].id)} if len(found) == 1 else {}
    return await _page(request, desk, fresh(given | only), found, searched=True)


async def _people(desk: Desk, given: Typed) -> list[PersonView]:
    union = await union_meant(given.get("union", ""))
    form = fill({"text": given.get("q", "").strip(), "union": union}, FindForm)
    return await registering.find_people(desk.actor, desk.event.id, form)


async def _desk(request: Asked, actor: Actor, event_id: UUID) -> Desk:
    desk = await desk_of(request, actor, event_id, Right.REVIEW)
    access.require(actor, Right.REGISTER_OTHERS, event=desk.event.id, union_path=desk.event.union.path)
    return desk


async def _page(
    request: Asked,
    desk: Desk,
    form: Form,
    found: Sequence[PersonView] = (),
    *,
    searched: bool = False,
    status: int = 200,
) -> Answer:
    context = {
        "form": form,
        "searched": searched,
        "own": bool(desk.actor.scope(Right.REGISTER_OTHERS)[1]),
        "people": [_option(desk, one) for one in found],
        "most": MOST if len(found) == MOST else 0,
        "choices": await _choices(desk),
        "back": f"{desk.path}/registrations",
    }
    return await page(request, "desk/register_other.html", frame(desk, "/registrations") | context, status=status)


def _option(desk: Desk, one: PersonView) -> Option:
    union = one.union_name.in_language(desk.lang) if one.union_name else ""
    note = " · ".join(part for part in (union, one.phone, one.identity_number) if part)
    return Option(one.name, value=str(one.id), note=note)


async def _choices(desk: Desk) -> list[Option]:
    """Every contest with its divisions, as "contest/division"."""
    listed = (await contests.list_contests(desk.actor, desk.event.id, limit=500)).items
    return [
        Option(
            " · ".join(part.title.in_language(desk.lang) for part in (contest, division) if part),
            value=f"{contest.id}/{division.id if division else ''}",
        )
        for contest in listed
        for division in (*contest.divisions, *([] if contest.divisions else [None]))
    ]


ROUTES = [ask, register]
