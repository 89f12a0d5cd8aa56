"""How a watcher begins: the router finds out who may watch what; `handed_over`, outside of all layers, does the rest.

So a watcher costs little more than its connection, for all that a request passes is over by then.
"""

import re

from litestar.types import ASGIApp, Receive, Scope, Send

from api.asgi import body, header, start
from api.live.hubs import Key, hubs, watching
from api.live.watchers import View
from api.live.wire import GZIP, Event

EVENTS = "text/event-stream"
RETRY = 2000
APART = 1
HEADERS = ((b"content-type", EVENTS.encode()), (b"cache-control", b"no-store"), (b"x-accel-buffering", b"no"))
WATCHED = "watched"
TAKES_GZIP = re.compile(r"\bgzip\b(?!\s*;\s*q=0(\.0*)?\s*(,|$))")


class Opened:
    """The beginning of a stream of events."""

    def __init__(self, key: Key, view: View, known: str) -> None:
        self.key, self.view, self.known = key, view, known
        self.packed = False

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer with what comes first; `handed_over` goes on from there."""
        self.packed = bool(TAKES_GZIP.search(header(scope, b"accept-encoding")))  # type: ignore[arg-type]  # no socket
        encoded = ((b"content-encoding", b"gzip"), (b"vary", b"accept-encoding")) if self.packed else ()
        await send(start(200, (*HEADERS, *encoded)))
        await send(body(_first(packed=self.packed), more=True))
        scope[WATCHED] = self  # type: ignore[literal-required]


def handed_over(app: ASGIApp) -> ASGIApp:
    """Keep the streams that were opened within going, until their watchers leave or the server ends."""

    async def wrapped(scope: Scope, receive: Receive, send: Send) -> None:
        await app(scope, receive, send)
        opened: Opened | None = scope.get(WATCHED)  # type: ignore[assignment]
        if opened is not None:
            with watching(opened.key, opened.view, send, known=opened.known, packed=opened.packed):
                while (await receive())["type"] != "http.disconnect":
                    pass

    return wrapped


def _first(*, packed: bool) -> bytes:
    """When to come back after a break: one after the other, for all of them may have had the same one."""
    watchers = sum(len(channel.watchers) for hub in hubs.values() for channel in hub.channels.values())
    retry = Event(b"retry: %d\n\n" % (RETRY + APART * watchers))
    return b"".join((GZIP if packed else b"", *retry.pieces(packed=packed)))
