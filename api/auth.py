"""Who asks: a browser by its cookie, a program by its token, or nobody in particular."""

from litestar.connection import ASGIConnection
from litestar.types import ASGIApp, HTTPScope, Receive, Scope, Send

from api.asgi import Refuse, client, cookies, is_http
from events import accounts
from events.access import ANONYMOUS, Actor
from events.accounts import Origin
from events.errors import NotSignedIn, Reason

COOKIE = "magpie"
MARK = "known"  # the browser has been signed in before
SAFE = ("GET", "HEAD", "OPTIONS")


def identified(app: ASGIApp) -> ASGIApp:
    """Find the actor of every request before anything else looks at it; there is none behind a wrong token."""

    async def wrapped(scope: Scope, receive: Receive, send: Send) -> None:
        if is_http(scope):
            scope["actor"] = await _actor(dict(scope["headers"]))  # type: ignore[typeddict-unknown-key]
        await app(scope, receive, send)

    return wrapped


def admitted(app: ASGIApp, refuse: Refuse) -> ASGIApp:
    """Refuse a wrong token, which is never ignored, and what another site made a browser send."""

    async def wrapped(scope: Scope, receive: Receive, send: Send) -> None:
        if is_http(scope) and scope.get("actor") is None:
            await refuse(scope, send, NotSignedIn(Reason("bad_token")))
        elif is_http(scope) and _is_forged(scope, dict(scope["headers"])):
            await refuse(scope, send, NotSignedIn(Reason("forged")))
        else:
            await app(scope, receive, send)

    return wrapped


def actor_of_scope(scope: Scope) -> Actor:
    """The actor that `identified` found."""
    return scope.get("actor") or ANONYMOUS  # type: ignore[return-value]


def origin_of(request: ASGIConnection) -> Origin:  # type: ignore[type-arg]
    """Where a try to sign in comes from."""
    return Origin(client(request.scope), request.cookies.get(MARK, ""))


async def provide_actor(request: ASGIConnection) -> Actor:  # type: ignore[type-arg]
    """The actor, for handlers."""
    return actor_of_scope(request.scope)


def cookie_of(headers: dict[bytes, bytes]) -> str:
    """The sign-in cookie's value, or nothing."""
    return cookies(headers).get(COOKIE, "")


async def _actor(headers: dict[bytes, bytes]) -> Actor | None:
    scheme, _, token = headers.get(b"authorization", b"").decode("latin-1").partition(" ")
    if scheme:
        return await accounts.actor_of_token(token.strip()) if scheme.lower() == "bearer" else None
    cookie = cookie_of(headers)
    return (await accounts.actor_of_cookie(cookie) if cookie else None) or ANONYMOUS


def _is_forged(scope: HTTPScope, headers: dict[bytes, bytes]) -> bool:
    """Whether another site made a browser send this: browsers name the origin of what may change things."""
    if scope["method"] in SAFE or b"authorization" in headers:
        return False
    if headers.get(b"sec-fetch-site", b"same-origin") not in (b"same-origin", b"none"):
        return True
    origin, host = (headers.get(name, b"").decode("latin-1") for name in (b"origin", b"host"))
    return bool(origin) and origin.partition("://")[2] != host
