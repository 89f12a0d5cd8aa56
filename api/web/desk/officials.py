"""Who has a duty at an event: roles handed over by account."""

import re

from litestar import get, post
from msgspec import Struct

from api.kinds import Asker, Id
from api.problems import STATUS
from api.web.desk.filling import REFUSED, do, fill, fresh, tidy
from api.web.desk.frame import Desk, desk_of, frame
from api.web.forms import Form, Option, Typed, typed, wrong
from api.web.pages import Answer, Asked, page
from events import accounts, scheduling
from events.access import Actor, Right
from events.accounts import AccountView, GrantForm, GrantView
from events.errors import NotFound, invalid
from events.scheduling import SessionDuty
from events.terms import Role

ROLES = (Role.ORGANISER, Role.REGISTRAR, Role.CHIEF_JUDGE, Role.JUDGE)
FIELDS = {"account": "person"}
BETWEEN = re.compile(r"[\n,，、;；]")  # as people write lists


class Handed(Struct, frozen=True, kw_only=True):
    """A role for somebody named by login."""

    role: Role


@get("/desk/events/{event_id:uuid}/officials")
async def officials(request: Asked, actor: Asker, event_id: Id) -> Answer:
    """Everybody with a duty here."""
    return await _page(request, await desk_of(request, actor, event_id, Right.ORGANISE), fresh())


@post("/desk/events/{event_id:uuid}/officials")
async def change(request: Asked, actor: Asker, event_id: Id) -> Answer:
    """Hand a duty over."""
    desk = await desk_of(request, actor, event_id, Right.ORGANISE)
    given = await typed(request)

    async def work() -> str:
        role = fill({"role": given.get("role", "")}, Handed).role
        for account in await accounts_named(actor, given.get("person", "")):
            await accounts.grant_role(actor, GrantForm(account=account.id, role=role, event_id=event_id))
        return f"{desk.path}/officials"

    try:
        return await do(request, actor, given, work, said="said.saved")
    except REFUSED as refusal:
        return await _page(request, desk, wrong(given, refusal, desk.lang, FIELDS), status=STATUS[type(refusal)])


async def accounts_named(actor: Actor, logins: str) -> list[AccountView]:
    """The accounts with these names, phones or mails, one a line; Invalid names all that there are not."""
    wanted = tidy(BETWEEN.split(logins)) or invalid("missing", "/person")
    found = {login: await _found(actor, login) for login in wanted}
    if unknown := [login for login, account in found.items() if account is None]:
        invalid("unknown_accounts", "/person", names=unknown)
    return list({account.id: account for account in found.values() if account}.values())


async def _found(actor: Actor, login: str) -> AccountView | None:
    try:
        return await accounts.find(actor, login)
    except NotFound:
        return None


async def _page(request: Asked, desk: Desk, form: Form, *, status: int = 200) -> Answer:
    found = await accounts.grants_of_event(desk.actor, desk.event.id)
    context = {
        "form": form,
        "officials": [_official(desk, one) for one in found],
        "duties": [_duty(desk, one) for one in await scheduling.duties_of_event(desk.actor, desk.event.id)],
        "sessions_url": f"{desk.path}/sessions",
        "judges_url": f"{desk.path}/judges",
        "roles": [Option(desk.say(f"desk.role_{role}"), value=role.value) for role in ROLES],
    }
    return await page(request, "desk/officials.html", frame(desk, "/officials") | context, status=status)


def _official(desk: Desk, one: GrantView) -> dict[str, object]:
    name = one.person_name or one.account_name
    below = one.account_name if one.person_name else ""
    person: Typed = {"name": name, "union": below, "code": ""}
    role, url = desk.say(f"desk.role_{one.role}"), f"{desk.path}/officials/{one.id}/end"
    return {"person": person, "role": role, "since": one.granted_at, "end_url": url}


def _duty(desk: Desk, one: SessionDuty) -> dict[str, object]:
    person: Typed = {"name": one.name, "union": one.duty, "code": ""}
    url = f"{desk.path}/sessions/{one.session_id}/officials"
    return {"person": person, "title": one.title, "starts": one.starts_at, "url": url}


ROUTES = [officials, change]
