"""Registering somebody else: found by name, pinyin or phone among the people of one's unions."""

from uuid import UUID

from litestar import get, post

from api.kinds import Asker, Id
from api.problems import STATUS
from api.web.desk.filling import REFUSED, do, fill, fresh
from api.web.desk.frame import Desk, cursor_of, desk_of, frame, pager
from api.web.event import ticket_url
from api.web.finding import LONGEST_SEARCH, find
from api.web.forms import Form, Option, asked, typed, wrong
from api.web.pages import Answer, Asked, page
from events import access, contests, people, registering
from events.access import Actor, Right
from events.errors import invalid
from events.people import PersonView
from events.registering import RegistrationForm

FIELDS = {"contest_id": "division", "division_id": "division"}
PEOPLE = 20


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
        return find(request, given) or await _page(request, desk, fresh(given))

    async def work() -> str:
        contest, _, division = given.get("division", "").partition("/")
        data = {"person": given.get("person", ""), "contest_id": contest, "division_id": division}
        if not data["person"]:
            invalid("person_needed", "/person")
        return ticket_url(await registering.register(actor, event_id, fill(data, RegistrationForm)))

    try:
        return await do(request, actor, given, work, said="said.registered")
    except REFUSED as refusal:
        form = wrong(given, refusal, desk.lang, FIELDS)
        return await _page(request, desk, form, status=STATUS[type(refusal)])


async def _desk(request: Asked, actor: Actor, event_id: UUID) -> Desk:
    desk = await desk_of(request, actor, event_id, Right.REVIEW)
    if not actor.scope(Right.REGISTER_OTHERS)[1]:
        raise access.not_found()
    return desk


async def _page(request: Asked, desk: Desk, form: Form, *, status: int = 200) -> Answer:
    text = form.given.get("q", asked(request).get("q", ""))[:LONGEST_SEARCH]
    found = await people.search(desk.actor, text, right=Right.REGISTER_OTHERS, cursor=cursor_of(request), limit=PEOPLE)
    context = {
        "form": form,
        "q": text,
        "people": [_option(desk, one) for one in found.items],
        "pager": pager(request, found),
        "choices": await _choices(desk),
        "back": f"{desk.path}/registrations",
    }
    return await page(request, "desk/register_other.html", frame(desk, "/registrations") | context, status=status)


def _option(desk: Desk, one: PersonView) -> Option:
    union = one.union_name.in_language(desk.lang) if one.union_name else ""
    return Option(one.name, value=str(one.id), note=" · ".join(part for part in (union, one.phone) if part))


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
