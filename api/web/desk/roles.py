"""Giving a role: which one, where it holds, what it allows, and then it is given. Each step is an address.

Withdrawing one: what that means, and then it is done.
"""

from typing import Never
from urllib.parse import urlencode
from uuid import UUID

from litestar import get, post
from msgspec import Struct

from api.kinds import Asker, Id
from api.problems import STATUS, lang_of
from api.web.desk.accounts import account_path, shown_grants
from api.web.desk.filling import REFUSED, do, fill, fresh
from api.web.forms import Form, Option, asked, typed, wrong
from api.web.pages import Answer, Asked, page
from api.wording import Lang, say
from events import access, accounts, organising, unions
from events.access import Actor, Right
from events.accounts import GrantForm, GrantView
from events.organising import EventQuery
from events.terms import Role
from events.text import Line

SEVERAL = 10


class Chosen(Struct, frozen=True):
    """What is chosen so far; `q` looks for an event or a union."""

    role: Role | None = None
    event: UUID | None = None
    union: UUID | None = None
    q: Line = ""

    @property
    def placed(self) -> bool:
        """Whether it is known where the role is to hold."""
        return bool(self.event or self.union or self.role == Role.ADMINISTRATOR)

    def url(self, **changes: object) -> str:
        """This page with another choice."""
        chosen = {"role": self.role, "event": self.event, "union": self.union} | changes
        return f"?{urlencode({name: value for name, value in chosen.items() if value})}"


class Scope(Struct, frozen=True):
    """Where a role is to hold, in words."""

    name: str
    words: str


@get("/desk/accounts/{account_id:uuid}/role")
async def ask(request: Asked, actor: Asker, account_id: Id) -> Answer:
    """Choose the role, then the place, then look at what comes of it."""
    access.require(actor, Right.KEEP_ACCOUNTS)
    return await _page(request, actor, account_id, fresh())


@post("/desk/accounts/{account_id:uuid}/role")
async def give(request: Asked, actor: Asker, account_id: Id) -> Answer:
    """Give the role that the address names."""
    access.require(actor, Right.KEEP_ACCOUNTS)
    given, chosen = await typed(request), _chosen(request)

    async def work() -> str:
        wanted = {"account": account_id, "role": chosen.role or "", "event_id": chosen.event, "union": chosen.union}
        await accounts.grant_role(actor, fill({k: v for k, v in wanted.items() if v}, GrantForm))
        return account_path(account_id)

    try:
        return await do(request, actor, given | {"role": chosen.url()}, work, said="said.role_given")
    except REFUSED as refusal:
        form = wrong(given, refusal, lang_of(request.scope))
        return await _page(request, actor, account_id, form, status=STATUS[type(refusal)])


def _chosen(request: Asked) -> Chosen:
    found = fill({name: value.strip() for name, value in asked(request).items()}, Chosen)
    return Chosen(role=found.role, q=found.q) if found.role == Role.ADMINISTRATOR else found


async def _page(request: Asked, actor: Actor, account: UUID, form: Form, *, status: int = 200) -> Answer:
    lang, chosen = lang_of(request.scope), _chosen(request)
    known = await accounts.look(actor, account)
    context = {
        "form": form,
        "name": known.person_name or known.name,
        "account": account_path(account),
        "chosen": chosen,
        "role": say(lang, f"desk.role_{chosen.role}") if chosen.role else "",
        "roles": [_role(role, chosen, lang) for role in Role] if chosen.role is None else [],
        "places": await _places(actor, chosen, lang) if chosen.role and not chosen.placed else None,
        "preview": await _preview(actor, chosen, lang) if chosen.role and chosen.placed else None,
    }
    return await page(request, "desk/account_role.html", context, status=status)


def _role(role: Role, chosen: Chosen, lang: Lang) -> Option:
    return Option(say(lang, f"desk.role_{role}"), chosen.url(role=role.value), note=say(lang, f"accounts.about_{role}"))


async def _places(actor: Actor, chosen: Chosen, lang: Lang) -> dict[str, list[Option]]:
    """Events and unions that fit what was typed: the coming events and the top unions while nothing was."""
    q = chosen.q
    found = await organising.list_events(actor, EventQuery(official=True, q=q), limit=SEVERAL, newest_first=True)
    tree = await unions.find(q, limit=SEVERAL) if q else await unions.children(limit=SEVERAL)
    return {
        "events": [
            Option(one.title.in_language(lang), chosen.url(event=one.id), note=one.union.name.in_language(lang))
            for one in found.items
        ],
        "unions": [
            Option(one.name.in_language(lang), chosen.url(union=one.id), note=say(lang, f"accounts.level_{one.level}"))
            for one in tree.items
        ],
    }


async def _preview(actor: Actor, chosen: Chosen, lang: Lang) -> dict[str, object]:
    """What the role allows, and where."""
    assert chosen.role is not None
    allowed = access.rights(chosen.role, in_event=chosen.event is not None)
    return {
        "scope": await _scope(actor, chosen, lang),
        "rights": [say(lang, f"accounts.right_{right}") for right in allowed],
    }


async def _scope(actor: Actor, chosen: Chosen, lang: Lang) -> Scope:
    if chosen.event:
        event = await organising.event(actor, chosen.event)
        return Scope(event.title.in_language(lang), say(lang, "accounts.in_event"))
    if chosen.union:
        union = await unions.look(chosen.union)
        return Scope(union.name.in_language(lang), say(lang, "accounts.in_union"))
    return Scope(say(lang, "accounts.everywhere"), say(lang, "accounts.in_everything"))


@get("/desk/accounts/{account_id:uuid}/roles/{grant_id:uuid}/end")
async def ask_end(request: Asked, actor: Asker, account_id: Id, grant_id: Id) -> Answer:
    """What withdrawing a role means."""
    access.require(actor, Right.KEEP_ACCOUNTS)
    return await _end_page(request, actor, await _grant(actor, account_id, grant_id), fresh())


@post("/desk/accounts/{account_id:uuid}/roles/{grant_id:uuid}/end")
async def end(request: Asked, actor: Asker, account_id: Id, grant_id: Id) -> Answer:
    """Withdraw it."""
    access.require(actor, Right.KEEP_ACCOUNTS)
    given = await typed(request)

    async def work() -> str:
        await accounts.revoke_role(actor, (await _grant(actor, account_id, grant_id)).id)
        return account_path(account_id)

    try:
        return await do(request, actor, given, work, said="said.role_withdrawn")
    except REFUSED as refusal:
        form = wrong(given, refusal, lang_of(request.scope))
        grant = await _grant(actor, account_id, grant_id)
        return await _end_page(request, actor, grant, form, status=STATUS[type(refusal)])


async def _grant(actor: Actor, account: UUID, grant_id: UUID) -> GrantView:
    """Only what is this account's is ended here."""
    found = await accounts.grants_of_account(actor, account)
    return next((one for one in found if one.id == grant_id), None) or _gone()


def _gone() -> Never:
    raise access.not_found()


async def _end_page(request: Asked, actor: Actor, grant: GrantView, form: Form, *, status: int = 200) -> Answer:
    lang = lang_of(request.scope)
    name, back = grant.person_name or grant.account_name, account_path(grant.account)
    (shown,) = await shown_grants(actor, [grant], lang)
    lines = ["role_ends_there", "" if grant.account == actor.account else "role_told", "role_again"]
    context = {
        "form": form,
        "way": [(say(lang, "common.nav_desk"), "/desk"), (say(lang, "accounts.title"), "/desk/accounts"), (name, back)],
        "title": say(lang, "accounts.withdraw_title", name=name),
        "words": f"{shown['role']} · {shown['where']}",
        "effects": [{"n": None, "words": say(lang, f"accounts.{line}")} for line in lines if line],
        "do": "end",
        "label": say(lang, "accounts.withdraw"),
        "back": back,
    }
    return await page(request, "desk/confirm.html", context, status=status)


ROUTES = [ask, give, ask_end, end]
