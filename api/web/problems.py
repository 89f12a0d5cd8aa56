"""What goes wrong, as a page: what happened, what it means, what to do."""

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlencode

from litestar import Request, Response
from litestar.exceptions import HTTPException, ValidationException
from litestar.types import ExceptionHandlersMap, HTTPScope, Send

from api import asgi, errors
from api.problems import STATUS, headers_of, lang_of, status_of
from api.web.pages import Asked, Page, path_of, render
from api.wording import Lang, say, words
from events.errors import Reason, Refusal

NOT_PAGES = ("/api", "/calendar.ics", "/calendars/", "/live")
TOLD = (401, 404, 405, 409, 412, 413, 422, 429, 500, 503)


def error_page(request: Asked, status: int, reasons: Sequence[Reason] = ()) -> Page:
    """A whole page for something that went wrong."""
    lang = lang_of(request.scope)
    forged = any(reason.code == "forged" for reason in reasons)
    kind = "forged" if forged else status if status in TOLD else 500 if status >= 500 else 422
    told = [words(reason, lang) for reason in reasons if reason.code not in SAID_BY_TITLE]
    context = {
        "title": say(lang, f"error.title_{kind}"),
        "words": " ".join(told) or say(lang, f"error.words_{kind}"),
        "actions": _back(request, lang) if forged else _actions(request, status, lang),
        "reference": "",
    }
    response = render(request, "error.html", context, status=status)
    response.headers.update(headers_of(status))
    return response


ONLY_SENT = ("/sign-out", "/desk/people/export")
SAID_BY_TITLE = (
    "forged",
    "not_found",
    "too_many_requests",
    "not_signed_in",
    "internal",
    "method",
    "too_large",
    "malformed",
    "unavailable",
)


def wants_page(request: Asked) -> bool:
    """Whether a person looks at the answer."""
    return "text/html" in request.headers.get("accept", "") and not request.scope["path"].startswith(NOT_PAGES)


def on_refusal(request: Asked, refusal: Refusal) -> Response[Any]:
    """A verb was refused, and no form was there to say so."""
    if not wants_page(request):
        return errors.on_refusal(request, refusal)
    errors.note(refusal)
    return error_page(request, STATUS.get(type(refusal), 422), refusal.reasons)


def on_validation(request: Asked, error: ValidationException) -> Response[Any]:
    """An address or form that nobody could have made by our pages."""
    return error_page(request, 422) if wants_page(request) else errors.on_validation(request, error)


def on_http(request: Asked, error: HTTPException) -> Response[Any]:
    """No such page, and what else the framework refuses."""
    if not wants_page(request):
        return errors.on_http(request, error)
    response = error_page(request, error.status_code)
    response.headers.update(error.headers or {})
    return response


def on_anything(request: Asked, error: Exception) -> Response[Any]:
    """Our own fault."""
    answer = errors.on_anything(request, error)
    return error_page(request, 500) if wants_page(request) else answer


async def send_refusal(
    scope: HTTPScope, send: Send, refusal: Refusal, *, headers: Sequence[tuple[bytes, bytes]] = ()
) -> None:
    """Answer a refusal from outside of the router: with a page for people, for programs with a problem document."""
    request: Asked = Request(scope)
    if not wants_page(request):
        await errors.send_problem(scope, send, refusal, headers=headers)
        return
    errors.note(refusal)
    status = status_of(refusal)
    shown = error_page(request, status, refusal.reasons)
    own = [(name.lower().encode(), value.encode()) for name, value in shown.headers.items()]
    kind = (b"content-type", b"text/html; charset=utf-8")
    await send(asgi.start(status, [kind, *own, *headers]))
    await send(asgi.body(shown.content.encode()))


HANDLERS: ExceptionHandlersMap = {
    Refusal: on_refusal,
    ValidationException: on_validation,
    HTTPException: on_http,
    Exception: on_anything,
}


def _back(request: Asked, lang: Lang) -> list[dict[str, str]]:
    """Where the form is that should be filled in; no page stands where forms are only sent to."""
    home = {"label": say(lang, "error.home"), "url": "/"}
    page = {"label": say(lang, "error.form"), "url": path_of(request)}
    return [home] if request.scope["path"] in ONLY_SENT else [page, home]


def _actions(request: Asked, status: int, lang: Lang) -> list[dict[str, str]]:
    home = {"label": say(lang, "error.home"), "url": "/"}
    if status == 401:
        following = urlencode({"next": path_of(request)}) if request.method == "GET" else ""
        return [{"label": say(lang, "common.sign_in"), "url": f"/sign-in?{following}"}, home]
    if status in (409, 412, 422, 429, 503):
        return [{"label": say(lang, "error.again"), "url": path_of(request)}, home]
    return [home]
