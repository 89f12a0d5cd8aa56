"""My phone and mail: claimed, proven by the code that was sent there, replaced."""

from litestar import get, post

from api.kinds import Asker
from api.problems import STATUS, lang_of
from api.reading import read
from api.web.forms import Form, Typed, asked, typed, wrong
from api.web.pages import Answer, Asked, own_path, page, redirect
from events import access, accounts, messages
from events.access import Actor
from events.accounts import AccountView, ClaimForm, ProofForm
from events.errors import Refusal
from events.terms import ContactKind

HOME = "/me/contact"


@get("/me/contact")
async def contact_page(request: Asked, actor: Asker) -> Answer:
    """What is proven, and where a code is waited for."""
    access.signed_in(actor)
    return await _page(request, actor, Form(), asked(request).get("next", ""))


@post("/me/contact")
async def change_contact(request: Asked, actor: Asker) -> Answer:
    """Enter a code, ask for another, claim another phone or mail, or give a claim up: the button pressed says which."""
    access.signed_in(actor)
    given = await typed(request)
    action, _, which = given.get("do", "").partition(" ")
    after = given.get("next", "")
    try:
        said = await _change(actor, given, action=action, which=which)
    except Refusal as refusal:
        # What was typed as a code stands at the field of its kind, and passwords are not shown again.
        fields = {"code": f"code_{which}", "contact": "contact"}
        shown = {name: value for name, value in given.items() if name != "password"} | {"password": ""}
        form = wrong(shown, refusal, lang_of(request.scope), fields)
        return await _page(request, actor, form, after, status=STATUS[type(refusal)])
    if action == "prove" and after:
        return redirect(own_path(after), said=said)
    return redirect(HOME, said=said)


async def _change(actor: Actor, given: Typed, *, action: str, which: str) -> str:
    """Do what was pressed; gives what is to be said of it."""
    if action == "claim":
        form = read({"contact": given.get("contact", "").strip(), "password": given.get("password", "")}, ClaimForm)
        await accounts.claim(actor, form)
        return "said.code_sent"
    kind = read(which, ContactKind)
    if action == "again":
        await accounts.send_code(actor, kind)
        return "said.code_sent"
    if action == "drop":
        await accounts.drop_claim(actor, kind)
        return "said.claim_dropped"
    await accounts.prove(actor, read({"kind": kind, "code": given.get(f"code_{kind}", "").strip()}, ProofForm))
    return "said.contact_proven"


async def _page(request: Asked, actor: Actor, form: Form, after: str, *, status: int = 200) -> Answer:
    account = await accounts.own(actor)
    context = {
        "form": form,
        "account": account,
        "waiting": waiting(account),
        "after": own_path(after) if after else "",
        "reached": {kind.value: messages.reaches(kind) for kind in ContactKind},
    }
    return await page(request, "contact.html", context, status=status)


def waiting(account: AccountView) -> list[dict[str, str]]:
    """The claims of an account, for each of which a code is waited for."""
    claims = {ContactKind.PHONE: account.unproven_phone, ContactKind.MAIL: account.unproven_mail}
    return [{"kind": kind.value, "address": address} for kind, address in claims.items() if address]


ROUTES = [contact_page, change_contact]
