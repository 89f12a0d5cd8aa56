"""HEAD for every answer, entity tags and 304 for JSON and calendars, outside of the router, which knows none of them.

A tag is `"<version>-<hash>"` for a thing with a version and `"<hash>"` otherwise; If-Match compares the version.
Answers to changes carry the tag of what was changed, so that it can be changed again.
"""

import asyncio

import msgspec
from litestar.types import ASGIApp, HTTPResponseStartEvent, HTTPScope, Message, Receive, Scope, Send

from api.answers import Whole, offers, tag_of
from api.asgi import body, changed, is_http
from api.ready.words import MARK
from events.errors import Reason, Stale

VERSION = b"x-version"
JSON, CALENDAR = b"application/json", b"text/calendar"


def conditional(app: ASGIApp) -> ASGIApp:
    """Give answers a tag, answer 304 to who has it, and answer HEAD like GET without a body."""

    async def wrapped(scope: Scope, receive: Receive, send: Send) -> None:
        if not is_http(scope):
            await app(scope, receive, send)
            return
        offers(scope)
        if scope["method"] == "HEAD":
            await _head(app, scope, receive, send)
        else:
            await app(scope, receive, Answer(scope, send).take)

    return wrapped


class Answer:
    """One answer on its way out: JSON and calendars are held back until their tag is known, all else passes."""

    def __init__(self, scope: HTTPScope, send: Send) -> None:
        self.scope, self.send = scope, send
        self.read = scope["method"] in ("GET", "HEAD")
        self.head = scope["method"] == "HEAD"
        self.start: HTTPResponseStartEvent | None = None
        self.content = b""
        self.over = asyncio.Event()

    async def take(self, message: Message) -> None:
        """Receive one message of the answer."""
        if message["type"] == "http.response.start" and _is_whole(message, read=self.read):
            self.start = message
        elif message["type"] == "http.response.body" and self.start is not None:
            self.content += message["body"]
            if not message.get("more_body"):
                await self._finish(self.start)
        elif not self.over.is_set():
            await self._pass(message)

    async def _pass(self, message: Message) -> None:
        await self.send(message)
        if self.head:  # and nothing more, for a body may have no end
            await self.send(body())
            self.over.set()

    async def _finish(self, start: HTTPResponseStartEvent) -> None:
        headers = dict(start["headers"])
        version = headers.pop(VERSION, b"").decode()
        is_json = headers[b"content-type"].startswith(JSON)
        headers[b"etag"] = headers.get(b"etag") or tag_of(self.content, version)
        headers.setdefault(b"cache-control", b"private, no-cache")
        if is_json:
            headers[b"vary"] = b"Accept-Language, Cookie, Authorization"
        if self.read and MARK not in self.scope:  # else it is to lie ready for others
            await Whole(headers.items(), self.content, tuple(offers(self.scope))).answer(self.scope, self.send)
        else:
            start["headers"] = list(headers.items())
            await self.send(start)
            await self.send(body(self.content))
        self.over.set()


async def _head(app: ASGIApp, scope: HTTPScope, receive: Receive, send: Send) -> None:
    """Answer GET until all that HEAD wants is there."""
    answer = Answer(scope, send)
    work = asyncio.ensure_future(app(changed(scope, {"method": "GET"}), receive, answer.take))
    over = asyncio.create_task(answer.over.wait())
    await asyncio.wait((work, over), return_when=asyncio.FIRST_COMPLETED)
    over.cancel()
    work.cancel()
    await asyncio.wait((work,))
    if not work.cancelled():
        work.result()


def _is_whole(start: HTTPResponseStartEvent, *, read: bool) -> bool:
    """Whether this will be a thing in JSON or a calendar; of answers to changes only those of things with a version."""
    headers = {name.lower(): value for name, value in start["headers"]}
    known = (read and start["status"] == 200) or VERSION in headers
    return known and headers.get(b"content-type", b"").startswith((JSON, CALENDAR))


def version_header(thing: object) -> dict[str, str]:
    """What an answer has to say of the thing in it, for its tag: the version, if it has one."""
    version = getattr(thing, "version", None)
    known = isinstance(thing, msgspec.Struct) and isinstance(version, int)
    return {VERSION.decode(): f"{version}-"} if known else {}


def version_of(if_match: str | None) -> int | None:
    """The version that an If-Match header asks for; none for `*` or no header; Stale for what is no tag of ours."""
    if if_match is None or if_match.strip() == "*":
        return None
    version, dash, _ = if_match.strip().removeprefix("W/").strip('"').partition("-")
    if not dash or not version.isdecimal() or len(version) > 18:
        raise Stale(Reason("stale"))
    return int(version)
