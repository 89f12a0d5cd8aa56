"""Whole answers: as small as the asker takes them, 304 to who has them already, HEAD without the body.

Each packed form has a strong tag of its own; who has any of them has the answer.
"""

import asyncio
import gzip
import hashlib
import math
import re
from collections.abc import Callable
from datetime import UTC, datetime
from email.utils import format_datetime, parsedate_to_datetime
from functools import lru_cache
from typing import Any, NamedTuple, cast

import brotli
from litestar.types import HTTPResponseBodyEvent, HTTPResponseStartEvent, HTTPScope, Scope, Send

from api.asgi import Headers, body, start
from events import clock

OFFERED = "offered"  # in a scope
MODIFIED = b"x-modified"  # from a handler: the exact moment, of which people are told whole seconds
OF_304 = (b"etag", b"cache-control", b"vary", b"last-modified")
NOTHING = body()
LONGEST = 200  # of a header that is remembered
LARGE = 128 * 1024  # from here on it counts more that packing is quick: 4 ms a megabyte
Sent = tuple[HTTPResponseStartEvent, HTTPResponseBodyEvent]
Pack = Callable[[bytes], bytes]


class Coding(NamedTuple):
    """A way to pack an answer; the name is its content coding."""

    name: str
    pack: Pack


BROTLI = Coding("br", lambda plain: brotli.compress(plain, quality=2 if len(plain) > LARGE else 5))
GZIP = Coding("gzip", lambda plain: gzip.compress(plain, 1 if len(plain) > LARGE else 6, mtime=0))
OFTEN = (BROTLI, GZIP)
FOR_EVER = (Coding("br", brotli.compress), Coding("gzip", lambda plain: gzip.compress(plain, 9, mtime=0)))


class Form(NamedTuple):
    """What is sent, packed or not, in messages that many askers may share."""

    start: HTTPResponseStartEvent
    body: HTTPResponseBodyEvent


class Whole:
    """An answer with status 200 that is known to its end."""

    def __init__(self, headers: Headers, content: bytes, codings: tuple[Coding, ...] = ()) -> None:
        named = {name.lower(): value for name, value in headers}
        self.modified = _moment(named.pop(MODIFIED, b""))
        self.tag = named.pop(b"etag", b"") or tag_of(content)
        self.names = tuple(coding.name for coding in codings)
        self.codings = {coding.name: coding.pack for coding in codings}
        self.tags = {self.tag, *(_marked(self.tag, name) for name in self.codings)}
        self.headers = named | self._dated() | ({b"vary": _with_coding(named.get(b"vary", b""))} if codings else {})
        self.forms = {"": self._form("", content)}
        self.unchanged = {name: self._unchanged(name) for name in ("", *self.codings)}
        self._packing: dict[str, asyncio.Task[None]] = {}

    @property
    def size(self) -> int:
        """How many bytes all its forms have."""
        return sum(len(form.body["body"]) for form in self.forms.values())

    def is_same(self, other: "Whole") -> bool:
        """Whether the other one says the same in the same words."""
        return (self.tag, self.headers) == (other.tag, other.headers)

    def at_once(self, method: str, headers: dict[bytes, bytes]) -> Sent | None:
        """The answer to a request with these headers, unless it would have to be packed first."""
        coding = self._preferred(headers)
        if self._is_known(headers):
            return self.unchanged[coding], NOTHING
        form = self.forms.get(coding)
        return form and (form.start, NOTHING if method == "HEAD" else form.body)

    async def answer(self, scope: HTTPScope, send: Send) -> None:
        """Answer a request, packing first where that has not been done yet."""
        headers = dict(scope["headers"])
        while (found := self.at_once(scope["method"], headers)) is None:
            await self._packed(self._preferred(headers))
        await send(start(found[0]["status"], found[0]["headers"]))  # a copy, for who adds to it on its way
        await send(found[1])

    async def _packed(self, coding: str) -> None:
        """Have it packed, in a thread, once for all who wait."""
        if coding not in self._packing:
            self._packing[coding] = asyncio.create_task(self._pack(coding))
        await asyncio.shield(self._packing[coding])

    async def _pack(self, coding: str) -> None:
        plain = self.forms[""].body["body"]
        self.forms[coding] = self._form(coding, await asyncio.to_thread(self.codings[coding], plain))

    def _preferred(self, headers: dict[bytes, bytes]) -> str:
        return preferred(headers.get(b"accept-encoding", b"")[:LONGEST], self.names)

    def _form(self, coding: str, content: bytes) -> Form:
        headers = self.headers | {b"etag": _marked(self.tag, coding), b"content-length": b"%d" % len(content)}
        packed = {b"content-encoding": coding.encode()} if coding else {}
        return Form(start(200, (headers | packed).items()), body(content))

    def _unchanged(self, coding: str) -> HTTPResponseStartEvent:
        headers = self.headers | {b"etag": _marked(self.tag, coding)}
        return start(304, [(name, headers[name]) for name in OF_304 if name in headers])

    def _is_known(self, headers: dict[bytes, bytes]) -> bool:
        """Whether the asker's copy is the same; tags count, and only without any the date."""
        if (given := headers.get(b"if-none-match")) is not None:
            return given in self.tags or not self.tags.isdisjoint(_tags(given)) or given.strip() == b"*"
        since = _date(headers.get(b"if-modified-since", b"")) if self.modified else None
        return since is not None and self.modified is not None and self.modified <= since

    def _dated(self) -> dict[bytes, bytes]:
        """The next whole second after the last change, once it has come: no change within this one is overlooked."""
        if self.modified is None:
            return {}
        seconds = min(math.ceil(self.modified.timestamp()), math.floor(clock.now().timestamp()))
        return {b"last-modified": format_datetime(datetime.fromtimestamp(seconds, UTC), usegmt=True).encode()}


def offer(scope: Scope, coding: str, pack: Callable[[], bytes]) -> None:
    """From a handler: its answer can be had packed like this, sooner than anybody could pack it."""
    offers(scope).append(Coding(coding, lambda _: pack()))


def offers(scope: Scope) -> list[Coding]:
    """What was offered so far; a request that is changed on its way has the same list, once there is one."""
    found: list[Coding] = cast(dict[str, Any], scope).setdefault(OFFERED, [])
    return found


def tag_of(content: bytes, version: str = "") -> bytes:
    """A strong entity tag, beginning with the version of a thing that has one: `"<version>-<hash>"`."""
    return f'"{version}{hashlib.sha256(content).hexdigest()[:20]}"'.encode()


@lru_cache(1024)
def preferred(accepted: bytes, codings: tuple[str, ...]) -> str:
    """The first of our codings that an Accept-Encoding header allows; none where it allows none."""
    wishes = [part.partition(";") for part in accepted.decode("latin-1").lower().split(",")]
    weights = {name.strip(): not re.fullmatch(r"\s*q\s*=\s*0(\.0*)?\s*", weight) for name, _, weight in wishes}
    return next((coding for coding in codings if weights.get(coding, weights.get("*", False))), "")


def _marked(tag: bytes, coding: str) -> bytes:
    return tag[:-1] + f'-{coding}"'.encode() if coding else tag


def _tags(given: bytes) -> list[bytes]:
    return [part.strip().removeprefix(b"W/") for part in given.split(b",")]


def _with_coding(vary: bytes) -> bytes:
    return vary if b"Accept-Encoding" in vary else b", ".join(filter(None, (b"Accept-Encoding", vary)))


def _moment(text: bytes) -> datetime | None:
    return datetime.fromisoformat(text.decode()) if text else None


def _date(text: bytes) -> datetime | None:
    try:
        found = parsedate_to_datetime(text.decode("latin-1"))
    except ValueError:
        return None
    return found.replace(tzinfo=UTC) if found.tzinfo is None else found
