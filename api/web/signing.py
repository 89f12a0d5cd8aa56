"""Signing up, in and out, and a lost password."""

from functools import partial

from litestar import get, post
from litestar.params import FromPath

from api import auth
from api.kinds import Asker
from api.problems import STATUS, lang_of
from api.reading import read
from api.web.forms import Form, Typed, asked, typed, wrong
from api.web.pages import YEAR, Answer, Asked, Page, cookie, own_path, page, redirect
from api.wording import Lang
from events import access, accounts, clock, ids, messages
from events.accounts import LinkForm, Origin, RecoveryForm, SignedIn, SignInForm, SignUpForm
from events.errors import Conflict, Reason, Refusal, refuse
from events.terms import ContactKind
from events.text import Line

CONTACT = {"phone": "contact", "mail": "contact", "name": "contact"}


@get("/sign-in")
async def sign_in_page(request: Asked) -> Answer:
    """Where one signs in."""
    return await _sign_in_page(request, Form(), asked(request).get("next", ""))


@post("/sign-in")
async def sign_in(request: Asked) -> Answer:
    """Sign this browser in and go on where it was."""
    given = await typed(request)
    try:
        fields = {name: given.get(name, "") for name in ("login", "password")}
        form = read(fields | {"device": device(request)}, SignInForm)
        made = await accounts.sign_in(form, auth.origin_of(request))
    except Refusal as refusal:
        again = wrong(_without_secrets(given), refusal, lang_of(request.scope))
        return await _sign_in_page(request, again, given.get("next", ""), STATUS[type(refusal)])
    return _signed_in(own_path(given.get("next")), made)


@post("/sign-out")
async def sign_out(request: Asked) -> Answer:
    """End this browser's sign-in."""
    await accounts.sign_out(request.cookies.get(auth.COOKIE, ""))
    response = redirect("/", said="said.signed_out")
    response.delete_cookie(auth.COOKIE)
    return response


@get("/sign-up")
async def sign_up_page(request: Asked, actor: Asker) -> Answer:
    """Where one makes an account, and links the membership at once."""
    after = asked(request).get("next", "")
    if actor.account:
        return redirect(own_path(after))
    return await _sign_up_page(request, Form({"key": ids.secret()}), after)


@post("/sign-up")
async def sign_up(request: Asked) -> Answer:
    """Make an account, sign in, and link the membership if it was given."""
    given, lang = await typed(request), lang_of(request.scope)
    try:
        made = await _sign_up(request, given, lang)
    except Refusal as refusal:
        form = wrong(_without_secrets(given), refusal, lang, CONTACT)
        return await _sign_up_page(request, form, given.get("next", ""), STATUS[type(refusal)])
    after = own_path(given.get("next"))
    wish = {name: given.get(name, "").strip() for name in ("name", "identity_number")}
    failed = await _link(made, wish) if wish["identity_number"] else None
    if failed:
        form = wrong(wish | {"identity_number": ""}, failed, lang)
        return _with_cookie(await _link_page(request, made, form, after), made)
    return _signed_in("/me/contact?next=/" if after == "/" and _gets_code(given) else after, made)


@get("/recover")
async def recover_page(request: Asked) -> Answer:
    """Where one asks for a link."""
    return await _recover_page(request, Form(), "ask")


@post("/recover")
async def ask_recovery(request: Asked) -> Answer:
    """Have a link sent; says the same whether there is such an account or not."""
    given = await typed(request)
    try:
        await accounts.ask_recovery(read(given.get("contact", ""), Line))
    except Refusal as refusal:
        form = wrong(given, refusal, lang_of(request.scope), {"": "contact", "login": "contact"})
        return await _recover_page(request, form, "ask", STATUS[type(refusal)])
    return await _recover_page(request, Form(given), "sent")


@get("/recover/{secret:str}")
async def new_password_page(request: Asked, secret: FromPath[str]) -> Answer:
    """Where the link of the message leads."""
    return await _recover_page(request, Form({"secret": secret}), "set")


@post("/recover/{secret:str}")
async def recover(request: Asked, secret: FromPath[str]) -> Answer:
    """Set a new password by the link."""
    given = await typed(request)
    try:
        await accounts.recover(read({"secret": secret, "password": given.get("password", "")}, RecoveryForm))
    except Refusal as refusal:
        form = wrong({"password": ""}, refusal, lang_of(request.scope))
        return await _recover_page(request, form, "set", STATUS[type(refusal)])
    return await _recover_page(request, Form(), "done")


def device(request: Asked) -> str:
    """What a browser is called in the list of devices: its system and itself."""
    agent = request.headers.get("user-agent", "")
    systems = (("MicroMessenger", "WeChat"), ("DingTalk", "DingTalk"), ("iPhone", "iPhone"), ("iPad", "iPad"),
               ("Android", "Android"), ("Windows", "Windows"), ("Mac OS", "Mac"), ("Linux", "Linux"))  # fmt: skip
    browsers = (("Edg/", "Edge"), ("Firefox/", "Firefox"), ("Chrome/", "Chrome"), ("Safari/", "Safari"))
    found = [next((name for sign, name in signs if sign in agent), "") for signs in (systems, browsers)]
    return " · ".join(part for part in found if part)


async def _sign_up(request: Asked, given: Typed, lang: Lang) -> SignedIn:
    contact, password, browser = given.get("contact", "").strip(), given.get("password", ""), device(request)
    form = read({"password": password, "language": lang, ("mail" if "@" in contact else "phone"): contact}, SignUpForm)
    refuse([*accounts.flaws_of(form), *([] if given.get("terms") else [Reason("terms_needed", "/terms")])])
    known = partial(_known, SignInForm(login=contact, password=password, device=browser), auth.origin_of(request))
    try:
        return await known() or await _new(form, browser, given.get("key", ""))
    except Conflict:  # pressed twice in one instant
        if found := await known():
            return found
        raise


async def _known(form: SignInForm, origin: Origin) -> SignedIn | None:
    """Who pressed twice, or has forgotten that there is an account, gets no second one."""
    try:
        return await accounts.sign_in(form, origin)
    except Refusal:  # also when a stranger has tried too often: that must keep nobody from signing up
        return None


async def _new(form: SignUpForm, browser: str, key: str) -> SignedIn:
    made = await accounts.sign_up(form, key=key)
    return await accounts.open_browser(made.id, browser)


def _gets_code(given: Typed) -> bool:
    """Whether the code reaches whoever signed up, so that it is worth waiting for."""
    return messages.reaches(ContactKind.MAIL if "@" in given.get("contact", "") else ContactKind.PHONE)


async def _link(made: SignedIn, wish: Typed) -> Refusal | None:
    """Why the membership could not be linked, if so."""
    actor = await access.actor_of(made.account)
    assert actor is not None
    try:
        await accounts.link(actor, read(wish, LinkForm))
    except Refusal as refusal:
        return refusal
    return None


async def _link_page(request: Asked, made: SignedIn, form: Form, after: str) -> Page:
    """The account is made: the page that links it asks again, without a name standing in its address."""
    request.scope["actor"] = await access.actor_of(made.account)  # type: ignore[typeddict-unknown-key]
    return await page(request, "link.html", {"form": form, "after": after}, status=422)


def _signed_in(after: str, made: SignedIn) -> Answer:
    return _with_cookie(redirect(after), made)


def _with_cookie(response: Answer, made: SignedIn) -> Answer:
    seconds = int((made.expires_at - clock.now()).total_seconds())
    response.set_cookie(cookie(auth.COOKIE, made.token, max_age=seconds))
    response.set_cookie(cookie(auth.MARK, made.mark, max_age=YEAR))
    return response


def _without_secrets(given: Typed) -> Typed:
    return {name: "" if name == "password" else value for name, value in given.items()}


async def _sign_in_page(request: Asked, form: Form, after: str, status: int = 200) -> Answer:
    return await page(request, "sign_in.html", {"form": form, "after": own_path(after)}, status=status)


async def _sign_up_page(request: Asked, form: Form, after: str, status: int = 200) -> Answer:
    return await page(request, "sign_up.html", {"form": form, "after": own_path(after)}, status=status)


async def _recover_page(request: Asked, form: Form, stage: str, status: int = 200) -> Answer:
    context = {"form": form, "stage": stage, "sent_to": form.given.get("contact", "")}
    return await page(request, "recover.html", context, status=status)


ROUTES = [
    sign_in_page, sign_in, sign_out, sign_up_page, sign_up, recover_page, ask_recovery, new_password_page, recover,
]  # fmt: skip
