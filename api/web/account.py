"""My account: the membership it is linked to, the password, the browsers that are signed in, tokens for programs."""

from uuid import UUID

from litestar import get, post
from msgspec import Struct

from api import auth
from api.kinds import Asker
from api.problems import STATUS, lang_of
from api.reading import read
from api.web.forms import Form, Option, Typed, asked, typed, wrong
from api.web.pages import Answer, Asked, own_path, page, redirect
from events import access, accounts
from events.access import Actor
from events.accounts import LinkForm, NewToken, PasswordForm, TokenForm
from events.accounts.forms import Language
from events.errors import Refusal


class Spoken(Struct, frozen=True):
    """The language that is chosen."""

    language: Language


NOTHING = Form()
LANGUAGES = [Option("中文", value="zh"), Option("English", value="en")]  # each in its own


@get("/me/link")
async def link_page(request: Asked, actor: Asker) -> Answer:
    """Where an account is linked to the real-name membership."""
    access.signed_in(actor)
    given = asked(request)
    after = own_path(given.get("next"))
    if actor.person:
        return redirect(after)
    return await page(request, "link.html", {"form": NOTHING, "after": after})


@post("/me/link")
async def link(request: Asked, actor: Asker) -> Answer:
    """Link, and go on where it was needed."""
    given = await typed(request)
    after = own_path(given.get("next"))
    try:
        fields = {name: given.get(name, "").strip() for name in ("name", "identity_number")}
        await accounts.link(actor, read(fields, LinkForm))
    except Refusal as refusal:
        form = wrong(given, refusal, lang_of(request.scope))
        context = {"form": form, "after": after}
        return await page(request, "link.html", context, status=STATUS[type(refusal)])
    return redirect(after, said="said.linked")


@get("/me/account")
async def account_page(request: Asked, actor: Asker) -> Answer:
    """Account and security."""
    return await _page(request, actor, NOTHING)


@post("/me/account")
async def change_account(request: Asked, actor: Asker) -> Answer:
    """Change the password, sign browsers out, make and end tokens: the button pressed says which."""
    given = await typed(request)
    do, _, which = given.get("do", "").partition(" ")
    try:
        if do == "new_token":
            made = await accounts.issue_token(actor, read({"name": given.get("token_name", "").strip()}, TokenForm))
            return await _page(request, actor, NOTHING, made=made)
        said = await _change(request, actor, given, do=do, which=which)
    except Refusal as refusal:
        kept = {"token_name": given.get("token_name", ""), "old": "", "new": ""}
        form = wrong(kept, refusal, lang_of(request.scope), {"name": "token_name"})
        return await _page(request, actor, form, status=STATUS[type(refusal)])
    return redirect("/me/account", said=said)


async def _change(request: Asked, actor: Actor, given: Typed, *, do: str, which: str) -> str:
    """Do one of the account's changes; gives what is to be said of it."""
    here = request.cookies.get(auth.COOKIE, "")
    if do == "password":
        form = read({name: given.get(name, "") for name in ("old", "new")}, PasswordForm)
        await accounts.change_password(actor, form, token=here)
        return "said.password"
    if do == "language":
        await accounts.set_language(actor, read({"language": given.get("language", "")}, Spoken).language)
        return "said.saved"
    if do == "devices":
        await accounts.sign_out_everywhere(actor, but=here)
        return "said.devices"
    if do == "device":
        await accounts.sign_out_device(actor, read(which, UUID))
        return "said.device"
    if do == "end_token":
        await accounts.revoke_token(actor, read(which, UUID))
        return "said.token_ended"
    return ""


async def _page(request: Asked, actor: Actor, form: Form, *, made: NewToken | None = None, status: int = 200) -> Answer:
    account = await accounts.own(actor)
    context = {
        "form": Form({"language": account.language, **form.given}, form.errors),
        "account": account,
        "languages": LANGUAGES,
        "devices": await accounts.devices(actor, token=request.cookies.get(auth.COOKIE, "")),
        "tokens": await accounts.tokens(actor),
        "made": made,
    }
    return await page(request, "account.html", context, status=status)


ROUTES = [link_page, link, account_page, change_account]
