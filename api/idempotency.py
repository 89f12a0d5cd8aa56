"""Idempotency-Key: same key and same request, same answer; another request 422; still in flight 409 with Retry-After.

The request runs within one transaction with the record of its answer: a crash leaves neither, and frees the key. What
many ask of one verb at once is remembered by that verb instead (api/direct.py).
"""

import hashlib
import re
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from uuid import UUID

from litestar.types import ASGIApp, HTTPRequestEvent, HTTPScope, Message, Receive, Scope, Send

from api.asgi import body as body_event
from api.asgi import is_http, start
from api.auth import actor_of_scope
from api.errors import send_problem
from events import idempotency
from events.errors import Conflict, Invalid, Reason
from events.idempotency import AlreadyAnswered, Answer

KEY = re.compile(r"[!-~]{1,255}")
KEYED = ("POST", "PATCH", "DELETE")  # what is put once more is the same anyway
LARGEST_BODY = 10 * 1024 * 1024
DROPPED = (b"set-cookie", b"date", b"server", b"content-length")
_in_flight: set[tuple[UUID, str]] = set()


def idempotent(app: ASGIApp, *, known: Callable[[HTTPScope], bool]) -> ASGIApp:
    """Carry a keyed POST, PATCH or DELETE out once; what the router does not know is left to it."""

    async def wrapped(scope: Scope, receive: Receive, send: Send) -> None:
        key = key_of(scope) if is_http(scope) else None
        account = actor_of_scope(scope).account
        if not is_http(scope) or key is None or account is None or not known(scope):
            await app(scope, receive, send)
            return
        if not KEY.fullmatch(key):
            await send_problem(scope, send, Invalid(Reason("idempotency_key", "")))
            return
        with in_flight(account, key) as alone:
            if alone:
                await Keyed(app, scope, account, key).answer(receive, send)
            else:
                await send_problem(scope, send, Conflict(Reason("in_flight")), headers=[(b"retry-after", b"1")])

    return wrapped


@contextmanager
def in_flight(account: UUID, key: str) -> Iterator[bool]:
    """Whether no other request with this key is being carried out here; none is while this one is."""
    if (account, key) in _in_flight:
        yield False
        return
    _in_flight.add((account, key))
    try:
        yield True
    finally:
        _in_flight.discard((account, key))


class Keyed:
    """One keyed request."""

    def __init__(self, app: ASGIApp, scope: HTTPScope, account: UUID, key: str) -> None:
        self.app, self.scope, self.account, self.key = app, scope, account, key
        self.messages: list[Message] = []

    async def answer(self, receive: Receive, send: Send) -> None:
        """Recall the answer, or make it and remember it."""
        body = await whole_body(receive)
        if body is None:
            return
        digest = digest_of(self.scope, body)
        known = await idempotency.recall(self.account, self.key)
        if known is None:
            try:
                await idempotency.again(lambda: self._carry_out(body, digest))
            except AlreadyAnswered:
                known = await idempotency.recall(self.account, self.key)
        if known is not None and known.request_digest != digest:
            await send_problem(self.scope, send, Invalid(Reason("key_used_otherwise")))
            return
        for message in replayed(known) if known else self.messages:
            await send(message)

    async def _carry_out(self, body: bytes, digest: bytes) -> None:
        async def keep(message: Message) -> None:
            self.messages.append(message)

        self.messages.clear()
        async with idempotency.attempt() as attempt:
            await self.app({**self.scope}, once(body), keep)  # a copy: it may be asked again
            made = _answer(self.messages, digest)
            attempt.keep = made.status < 400
            if attempt.keep:
                await idempotency.remember(self.account, self.key, made)


def key_of(scope: HTTPScope) -> str | None:
    """The key of a request that may have one, whatever it looks like."""
    if scope["method"] not in KEYED:
        return None
    found = next((value for name, value in scope["headers"] if name == b"idempotency-key"), None)
    return found.decode("latin-1") if found is not None else None


def digest_of(scope: HTTPScope, content: bytes) -> bytes:
    """What is the same only for the same request."""
    parts = (scope["method"].encode(), scope["raw_path"], scope["query_string"], content)
    return hashlib.sha256(b"\0".join(parts)).digest()


def once(content: bytes) -> Receive:
    """A body that was read, to be read again."""

    async def received() -> HTTPRequestEvent:
        return {"type": "http.request", "body": content, "more_body": False}

    return received


async def whole_body(receive: Receive) -> bytes | None:
    """The body; none when whoever sent it went away before its end, and half a request is not carried out."""
    body = b""
    while True:
        message = await receive()
        if message["type"] != "http.request":
            return None
        body += message.get("body", b"")
        if not message.get("more_body") or len(body) > LARGEST_BODY:  # what is too large, the router refuses
            return body


def _answer(messages: Iterable[Message], digest: bytes) -> Answer:
    status, headers, body = 500, [], b""
    for message in messages:
        if message["type"] == "http.response.start":
            status = message["status"]
            headers = [
                (name.decode("latin-1"), value.decode("latin-1"))
                for name, value in message["headers"]
                if name.lower() not in DROPPED
            ]
        elif message["type"] == "http.response.body":
            body += message["body"]
    return Answer(digest, status, headers, body)


def replayed(answer: Answer) -> tuple[Message, Message]:
    """An answer once more, marked as such."""
    headers = [(name.encode("latin-1"), value.encode("latin-1")) for name, value in answer.headers]
    headers += [(b"content-length", b"%d" % len(answer.body)), (b"idempotent-replayed", b"true")]
    return start(answer.status, headers), body_event(answer.body)
