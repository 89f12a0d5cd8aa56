"""Accounts on the desk of those who keep them: found, looked at, shut out, helped back in.

What is looked for is sent as a form: phones, mail addresses and identity numbers stand in no address.
"""

from uuid import UUID

from litestar import get, post
from msgspec import Struct

from api.kinds import Asker, Id
from api.problems import STATUS, lang_of
from api.reading import read
from api.web.desk.filling import REFUSED, do, fill, fresh
from api.web.desk.frame import SHOWN, chips, cursor_of, pager
from api.web.forms import Form, Option, Typed, asked, typed, wrong
from api.web.pages import Answer, Asked, Page, page, redirect
from api.wording import Lang, say
from events import access, accounts, organising
from events.access import Actor, Right
from events.accounts import AccountItem, DisableForm, GrantView, Happening, RecoveryLink, Which
from events.terms import ContactKind


class Filters(Struct, frozen=True):
    """Which accounts are listed."""

    which: Which = "roles"


class Released(Struct, frozen=True):
    """The contact that an account loses."""

    kind: ContactKind


HAPPENINGS = 20
SAID = {
    "disable": "said.account_disabled", "enable": "said.account_enabled", "sign_out": "said.account_signed_out",
    "unlink": "said.account_unlinked", "release": "said.contact_released",
}  # fmt: skip


@get("/desk/accounts")
async def listing(request: Asked, actor: Asker) -> Page:
    """The accounts with roles first of all, for those are the ones to look after."""
    access.require(actor, Right.KEEP_ACCOUNTS)
    which = asked(request).get("which", "roles")
    kept = fill({"which": which}, Filters).which
    found = await accounts.everyone(actor, which=kept, cursor=cursor_of(request), limit=SHOWN)
    context = {"pager": pager(request, found), "form": Form()}
    return await _list(request, found.items, context)


@post("/desk/accounts")
async def find(request: Asked, actor: Asker) -> Answer:
    """Those that were looked for; a single one opens at once."""
    access.require(actor, Right.KEEP_ACCOUNTS)
    given = await typed(request)
    text = given.get("q", "").strip()[:80]
    found = await accounts.search(actor, text) if text else []
    if len(found) == 1:
        return redirect(account_path(found[0].id))
    return await _list(request, found, {"pager": None, "form": Form(given), "searched": True})


@get("/desk/accounts/{account_id:uuid}")
async def one(request: Asked, actor: Asker, account_id: Id) -> Answer:
    """One account."""
    access.require(actor, Right.KEEP_ACCOUNTS)
    return await _page(request, actor, account_id, fresh())


@post("/desk/accounts/{account_id:uuid}")
async def change(request: Asked, actor: Asker, account_id: Id) -> Answer:
    """What is to be done with it: the button pressed says which."""
    access.require(actor, Right.KEEP_ACCOUNTS)
    given = await typed(request)
    action, _, which = given.get("do", "").partition(" ")

    async def work() -> str:
        await _change(actor, account_id, given, action=action, which=which)
        return account_path(account_id)

    try:
        if action == "recovery":
            link = await accounts.issue_link(actor, account_id)
            return await _page(request, actor, account_id, fresh(), link=link)
        return await do(request, actor, given, work, said=SAID.get(action, ""))
    except REFUSED as refusal:
        form = wrong({"reason": "", **given}, refusal, lang_of(request.scope))
        return await _page(request, actor, account_id, form, status=STATUS[type(refusal)])


async def _change(actor: Actor, account: UUID, given: Typed, *, action: str, which: str) -> None:
    match action:
        case "disable":
            await accounts.disable(actor, account, read({"reason": given.get("reason", "")}, DisableForm))
        case "enable":
            await accounts.enable(actor, account)
        case "sign_out":
            await accounts.end_sign_ins(actor, account)
        case "unlink":
            await accounts.unlink(actor, account)
        case "release":
            await accounts.release(actor, account, fill({"kind": which}, Released).kind)


def account_path(account: UUID) -> str:
    """The address of an account on the desk."""
    return f"/desk/accounts/{account}"


def shown_roles(roles: list[str], lang: Lang) -> str:
    """Roles in words, one behind the other."""
    return ("、" if lang == "zh" else ", ").join(say(lang, f"desk.role_{role}") for role in roles)


async def _list(request: Asked, found: list[AccountItem], context: dict[str, object]) -> Page:
    lang = lang_of(request.scope)
    kinds = [Option(say(lang, f"accounts.which_{which}"), value=which) for which in ("all", "disabled")]
    context = {
        "accounts": [_row(one, lang) for one in found],
        "which": chips(request, "which", kinds, say(lang, "accounts.which_roles")),
        "searched": False,
    } | context
    return await page(request, "desk/accounts.html", context)


def _row(account: AccountItem, lang: Lang) -> dict[str, object]:
    union = account.union_name.in_language(lang) if account.union_name else ""
    below = [account.name if account.person_name else "", union, shown_roles([*account.roles], lang)]
    return {
        "name": account.person_name or account.name,
        "below": " · ".join(part for part in below if part),
        "disabled": account.disabled,
        "url": account_path(account.id),
    }


async def _page(
    request: Asked, actor: Actor, account: UUID, form: Form, *, link: RecoveryLink | None = None, status: int = 200
) -> Answer:
    lang = lang_of(request.scope)
    grants = await accounts.grants_of_account(actor, account)
    past = await accounts.history(actor, account, cursor=cursor_of(request), limit=HAPPENINGS)
    context = {
        "form": form,
        "account": await accounts.look(actor, account),
        "roles": await shown_grants(actor, grants, lang),
        "own": account == actor.account,
        "give": f"{account_path(account)}/role",
        "link": link,
        "history": [_happening(one, account, lang) for one in past.items],
        "pager": pager(request, past),
    }
    return await page(request, "desk/account.html", context, status=status)


def _happening(one: Happening, account: UUID, lang: Lang) -> dict[str, object]:
    """What happened, the particulars, and who did it; that the owner signed in goes without saying."""
    contact = {ContactKind.PHONE: "register.phone", ContactKind.MAIL: "register.mail"}
    parts = [say(lang, f"desk.role_{one.role}") if one.role else "", one.device]
    parts += [say(lang, contact[one.contact]) if one.contact else ""]
    if one.role:
        parts += [one.where.in_language(lang) if one.where else say(lang, "accounts.everywhere")]
    who = say(lang, "accounts.by_owner") if one.by == account else say(lang, "accounts.by", name=one.who)
    return {
        "at": one.at,
        "words": say(lang, f"audit.kind_{one.kind.replace('.', '_')}"),
        "detail": " · ".join(part for part in parts if part),
        "who": who if one.by else "",
    }


async def shown_grants(actor: Actor, grants: list[GrantView], lang: Lang) -> list[dict[str, object]]:
    """Roles with the place where each holds."""
    events = await organising.some(actor, {grant.event_id for grant in grants if grant.event_id})
    rows: list[dict[str, object]] = []
    for grant in grants:
        event = events.get(grant.event_id) if grant.event_id else None
        where = event.title if event else grant.union_name
        row = {"id": grant.id, "role": say(lang, f"desk.role_{grant.role}"), "since": grant.granted_at}
        row["end_url"] = f"{account_path(grant.account)}/roles/{grant.id}/end"
        rows.append(row | {"where": where.in_language(lang) if where else say(lang, "accounts.everywhere")})
    return rows


ROUTES = [listing, find, one, change]
