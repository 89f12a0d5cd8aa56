"""Ready answers on both sides of what every request passes.

Before it, to whoever comes without a name: what lies ready is handed out at once, and counts for no limit. Behind it,
to whoever else sees the same: there answers are made, as for nobody in particular, with nothing of the request but its
address, the language and the theme.
"""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import NamedTuple

from litestar.types import ASGIApp, HTTPRequestEvent, HTTPScope, Message, Receive, Scope, Send

from api.answers import FOR_EVER, LARGE, OFTEN, Sent, Whole, offers
from api.asgi import changed, cookies, is_http, theme_in
from api.auth import COOKIE
from api.methods import Found
from api.problems import lang_in
from api.ready.store import Key, Made, Store, Subject
from api.ready.words import MARK, Ending, Of, Ready
from api.streaming import NDJSON
from events.access import ANONYMOUS, Actor

READS = ("GET", "HEAD")
FOR_ALL = "/static/"  # the same for everybody, and none of it is worth asking who asks
SAID = "flash"  # the cookie with what the page before wanted to be said
NEVER = datetime.max.replace(tzinfo=UTC)
Find = Callable[[HTTPScope], Found | None]


class Wish(NamedTuple):
    """What a page depends on beside its address."""

    language: str
    theme: str

    @property
    def headers(self) -> list[tuple[bytes, bytes]]:
        """The headers that say so."""
        return [(b"cookie", f"lang={self.language}; theme={self.theme}".encode())]


def served(app: ASGIApp, store: Store) -> ASGIApp:
    """Hand out what lies ready; all else passes."""

    async def wrapped(scope: Scope, receive: Receive, send: Send) -> None:
        found = _at_once(scope, store) if is_http(scope) and scope["method"] in READS else None
        if found is None:
            await app(scope, receive, send)
        else:
            await send(found[0])
            await send(found[1])

    return wrapped


def kept(app: ASGIApp, store: Store, find: Find) -> ASGIApp:
    """Make what is to lie ready, and answer with it whoever sees the same as nobody in particular."""

    async def wrapped(scope: Scope, receive: Receive, send: Send) -> None:
        subject = _subject(scope, find) if is_http(scope) and scope["method"] in READS else None
        whole = None
        if is_http(scope) and subject and store.keeps(subject.ready) and _sees_the_same(scope, subject.ready):
            wish = _wish_of(scope)
            key = _key(scope, wish if subject.ready.spoken else None)
            whole = await store.get(key, subject, lambda: _made(app, scope, wish, subject.ready))
        if whole is None or not is_http(scope):
            await app(scope, receive, send)
        else:
            await whole.answer(scope, send)
            store.weigh(key)

    return wrapped


def _at_once(scope: HTTPScope, store: Store) -> Sent | None:
    headers = dict(scope["headers"])
    chosen = cookies(headers) if b"cookie" in headers else {}
    named = b"authorization" in headers or COOKIE in chosen or SAID in chosen
    if (named and not scope["path"].startswith(FOR_ALL)) or _wants_lines(headers):
        return None
    whole = store.at_once(_key(scope, None)) or store.at_once(_key(scope, _wish(headers, chosen)))
    return whole.at_once(scope["method"], headers) if whole else None


def _wants_lines(headers: Mapping[bytes, bytes]) -> bool:
    return NDJSON.encode() in headers.get(b"accept", b"")


def _sees_the_same(scope: HTTPScope, ready: Ready) -> bool:
    """Whether the asker sees what nobody in particular sees; who has a role, or something to be told, may not."""
    actor, headers = scope.get("actor"), dict(scope["headers"])
    if not isinstance(actor, Actor) or _wants_lines(headers):
        return False
    if scope["path"].startswith(FOR_ALL):
        return True
    if ready.spoken:
        return actor.account is None and SAID not in cookies(headers)
    return not actor.grants


def _wish(headers: Mapping[bytes, bytes], chosen: Mapping[str, str]) -> Wish:
    return Wish(lang_in(chosen, headers.get(b"accept-language", b"")), theme_in(chosen))


def _wish_of(scope: HTTPScope) -> Wish:
    headers = dict(scope["headers"])
    return _wish(headers, cookies(headers))


def _key(scope: HTTPScope, wish: Wish | None) -> Key:
    address = scope["path"], scope["query_string"]
    return address if wish is None else address + wish


def _subject(scope: HTTPScope, find: Find) -> Subject | None:
    """What the answer is about; None where the route does not say that it may lie ready."""
    route = find(changed(scope, {"method": "GET"}))
    ready: Ready | None = route and route.handler.opt.get(MARK)
    if route is None or ready is None:
        return None
    event = route.parameters["event_id"] if ready.of is Of.EVENT else None
    return Subject(ready, event, route.parameters.get("stage_id") if ready.follows_boards else None)


async def _made(app: ASGIApp, scope: HTTPScope, wish: Wish, ready: Ready) -> Made | None:
    """The answer to nobody in particular, if it can be kept: a success that sets nothing in anybody's browser."""
    ending, parts = Ending(), Parts()
    nobody = {"method": "GET", "headers": wish.headers, "actor": ANONYMOUS, "client": None, "state": {}, MARK: ending}
    asked = changed(scope, nobody)
    await app(asked, _nothing, parts.take)
    if parts.status != 200 or b"set-cookie" in parts.headers:
        return None
    seldom = ready.of is Of.PROGRAM
    codings = tuple(offers(asked)) or (FOR_EVER if seldom and len(parts.content) < LARGE else OFTEN)
    return Made(Whole(parts.headers.items(), parts.content, codings), NEVER if seldom else ending.moment)


class Parts:
    """An answer as it comes."""

    def __init__(self) -> None:
        self.status = 0
        self.headers: dict[bytes, bytes] = {}
        self.content = b""

    async def take(self, message: Message) -> None:
        """Receive one message of it."""
        if message["type"] == "http.response.start":
            self.status = message["status"]
            self.headers = {name.lower(): value for name, value in message["headers"]}
        elif message["type"] == "http.response.body":
            self.content += message["body"]


async def _nothing() -> HTTPRequestEvent:
    return {"type": "http.request", "body": b"", "more_body": False}
