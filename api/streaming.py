"""Streams of lines: endless ones with a heartbeat, and any list as a whole, one item a line.

A list is asked for as a whole by `Accept: application/x-ndjson`: its pages are walked here, outside of the router, each
with the asker's rights at that moment.
"""

import asyncio
from collections.abc import AsyncIterator
from urllib.parse import parse_qsl, urlencode

import msgspec
from litestar.types import ASGIApp, HTTPResponseStartEvent, HTTPScope, Message, Receive, Scope, Send

from api import ending
from api.asgi import body, changed, header, is_http, start

NDJSON = "application/x-ndjson"
HEARTBEAT = 15.0
LARGEST_PAGE = "500"
OURS = ("cursor", "limit")


class AnyPage(msgspec.Struct):
    """A page of whatever items."""

    items: list[msgspec.Raw]
    next: str | None


async def beating(lines: AsyncIterator[bytes], *, beat: bytes, seconds: float = HEARTBEAT) -> AsyncIterator[bytes]:
    """The lines until the server ends, and `beat` when there was none for a while: a lost connection is noticed."""
    end = asyncio.ensure_future(ending.event().wait())
    coming = _next(lines)
    try:
        while not end.done():
            await asyncio.wait((coming, end), timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
            if coming.done():
                line, coming = coming.result(), _next(lines)
                yield line
            elif not end.done():
                yield beat
    except StopAsyncIteration:
        return
    finally:  # without waiting for anything: whoever listened may be gone, and we cancelled
        coming.cancel()
        end.cancel()


def _next(lines: AsyncIterator[bytes]) -> asyncio.Task[bytes]:
    async def one() -> bytes:
        return await anext(lines)

    return asyncio.create_task(one())


def walking(app: ASGIApp) -> ASGIApp:
    """Answer a list as a whole to whoever wants it line by line."""

    async def wrapped(scope: Scope, receive: Receive, send: Send) -> None:
        if is_http(scope) and scope["method"] == "GET" and NDJSON in header(scope, b"accept"):
            await _walk(app, scope, receive, send)
        else:
            await app(scope, receive, send)

    return wrapped


class Kept:
    """An answer that is looked at before it is sent on; what cannot be a page of a list passes at once."""

    def __init__(self, send: Send) -> None:
        self.send = send
        self.start: HTTPResponseStartEvent | None = None
        self.content = b""

    async def take(self, message: Message) -> None:
        """Receive one message of the answer."""
        if message["type"] == "http.response.start" and _is_json(message):
            self.start = message
        elif message["type"] == "http.response.body" and self.start is not None:
            self.content += message["body"]
        else:
            await self.send(message)

    def page(self) -> AnyPage | None:
        """The page that was answered, if it was one."""
        try:
            return msgspec.json.decode(self.content, type=AnyPage) if self.start is not None else None
        except msgspec.DecodeError:
            return None

    async def release(self) -> None:
        """Send what was kept."""
        if self.start is not None:
            await self.send(self.start)
            await self.send(body(self.content))


async def _walk(app: ASGIApp, scope: HTTPScope, receive: Receive, send: Send) -> None:
    kept = Kept(send)
    await app(_at(scope, None), receive, kept.take)
    page = kept.page()
    if page is None or kept.start is None:
        await kept.release()
        return
    await send(start(200, [(b"content-type", NDJSON.encode())]))
    await send(_lines(page))
    while page.next is not None:
        kept = Kept(_nowhere)
        await app(_at(scope, page.next), receive, kept.take)
        page = kept.page()
        if page is None:  # break off, so that nobody takes a part for the whole
            raise ConnectionAbortedError("the list could not be read to its end")
        await send(_lines(page))


async def _nowhere(_: Message) -> None:
    """What is answered in place of a page in the middle is for nobody."""


def _at(scope: HTTPScope, cursor: str | None) -> HTTPScope:
    """The same request for the page at a cursor (none: at the one that was asked for)."""
    asked = parse_qsl(scope["query_string"].decode("latin-1"), keep_blank_values=True)
    query = [pair for pair in asked if pair[0] not in OURS or (cursor is None and pair[0] == "cursor")]
    query += [("limit", LARGEST_PAGE)] if cursor is None else [("limit", LARGEST_PAGE), ("cursor", cursor)]
    return changed(scope, {"query_string": urlencode(query).encode(), "state": {}})


def _lines(page: AnyPage) -> Message:
    return body(b"".join(bytes(item) + b"\n" for item in page.items), more=page.next is not None)


def _is_json(start: HTTPResponseStartEvent) -> bool:
    kind = next((value for name, value in start["headers"] if name.lower() == b"content-type"), b"")
    return start["status"] == 200 and kind.startswith(b"application/json")
