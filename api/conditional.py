"""HEAD, entity tags and 304 for every JSON answer, outside of the router, which knows none of them.

A tag is `"<version>-<hash>"` for a thing with a version and `"<hash>"` otherwise; If-Match compares the version.
"""

import hashlib

from litestar.types import ASGIApp, HTTPResponseStartEvent, Message, Receive, Scope, Send

from events.errors import Reason, Stale


def conditional(app: ASGIApp) -> ASGIApp:
    """Give answers to GET a tag, answer 304 to who has it, and answer HEAD like GET without a body."""

    async def wrapped(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["method"] not in ("GET", "HEAD"):
            await app(scope, receive, send)
            return
        answer = Answer(scope, send)
        if scope["method"] == "HEAD":
            scope = {**scope, "method": "GET"}  # type: ignore[assignment]  # a copy with one key changed
        await app(scope, receive, answer.take)

    return wrapped


class Answer:
    """One answer on its way out: whole JSON bodies are held back until their tag is known, all else passes."""

    def __init__(self, scope: Scope, send: Send) -> None:
        self.head = scope["method"] == "HEAD"
        self.wanted = dict(scope["headers"]).get(b"if-none-match", b"").decode("latin-1")
        self.send = send
        self.start: HTTPResponseStartEvent | None = None
        self.body = b""

    async def take(self, message: Message) -> None:
        """Receive one message of the answer."""
        if message["type"] == "http.response.start":
            if _is_whole_json(message):
                self.start = message
                return
        elif self.start is not None and message["type"] == "http.response.body":
            self.body += message["body"]
            if not message.get("more_body"):
                await self._finish(self.start)
            return
        elif self.head and message["type"] == "http.response.body":
            message = {**message, "body": b""}  # type: ignore[assignment]  # the same message, emptied
        await self.send(message)

    async def _finish(self, start: HTTPResponseStartEvent) -> None:
        headers = dict(start["headers"])
        tag = f'"{headers.pop(b"x-version", b"").decode()}{hashlib.sha256(self.body).hexdigest()[:20]}"'
        headers[b"etag"] = tag.encode()
        headers.setdefault(b"cache-control", b"private, no-cache")
        headers[b"vary"] = b"Accept-Language, Cookie, Authorization"
        body = self.body
        if tag in (part.strip().removeprefix("W/") for part in self.wanted.split(",")):
            start["status"], body = 304, b""
            headers = {name: headers[name] for name in (b"etag", b"cache-control", b"vary")}
        start["headers"] = list(headers.items())
        await self.send(start)
        await self.send({"type": "http.response.body", "body": b"" if self.head else body, "more_body": False})


def _is_whole_json(start: HTTPResponseStartEvent) -> bool:
    kind = next((value for name, value in start["headers"] if name.lower() == b"content-type"), b"")
    return start["status"] == 200 and kind.startswith(b"application/json")


def version_of(if_match: str | None) -> int | None:
    """The version that an If-Match header asks for; none for `*` or no header; Stale for what is no tag of ours."""
    if if_match is None or if_match.strip() == "*":
        return None
    version, dash, _ = if_match.strip().removeprefix("W/").strip('"').partition("-")
    if not dash or not version.isdecimal() or len(version) > 18:
        raise Stale(Reason("stale"))
    return int(version)
