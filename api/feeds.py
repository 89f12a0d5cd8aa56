"""The calendar feeds: public ones, an event's, and a person's own behind a secret address.

Below the router's parsing and serialising, for calendar programs ask often and mostly for what they already have.
"""

import asyncio
import math
import re
from datetime import UTC, datetime
from email.utils import format_datetime, parsedate_to_datetime
from typing import Literal
from urllib.parse import parse_qsl, quote
from uuid import UUID

from litestar.exceptions import MethodNotAllowedException
from litestar.handlers import asgi
from litestar.types import HTTPScope, Receive, Send
from msgspec import Struct

from api.reading import read
from api.wording import Lang, say
from events import access, accounts, calendars, clock
from events.calendars import Feed, FeedQuery
from events.terms import Kind
from events.text import Line, bilingual

PRIVATE = "/calendars/"
Headers = list[tuple[bytes, bytes]]


class LanguageForm(Struct, frozen=True):
    """What every feed can be asked."""

    lang: Literal["zh", "en"] = "zh"


class FeedForm(LanguageForm, frozen=True):
    """What a public feed can be narrowed by; `union` is an id or a path. Other parameters are left alone."""

    union: Line = ""
    kind: Kind | None = None
    city: Line = ""


@asgi("/calendar.ics", name="feed", copy_scope=False)
async def everything(scope: HTTPScope, receive: Receive, send: Send) -> None:  # noqa: ARG001
    """Sessions of all announced events, or of some: /calendar.ics?union=&kind=&city=&lang=."""
    _require_reading(scope)
    form = read(_parameters(scope), FeedForm)
    union = await calendars.union_of(form.union) if form.union else None
    parts = [union.name.in_language(form.lang)] if union else []
    parts += [say(form.lang, f"common.kind_{form.kind}")] if form.kind else []
    parts += [form.city] if form.city else []
    name = _name(form.lang, *(parts or [say(form.lang, "calendar.feed_all")]))
    query = FeedQuery(language=form.lang, union=union.path if union else "", kind=form.kind, city=form.city)
    await _answer(scope, send, await calendars.feed(query, name=name), name)


@asgi("/events/{event_id:uuid}/calendar.ics", name="event_feed", copy_scope=False)
async def one_event(scope: HTTPScope, receive: Receive, send: Send) -> None:  # noqa: ARG001
    """The sessions of one announced event."""
    _require_reading(scope)
    form = read(_parameters(scope), LanguageForm)
    event_id = UUID(str(scope["path_params"]["event_id"]))
    event = await access.event_to_see(access.ANONYMOUS, event_id)
    name = _name(form.lang, bilingual(event.title).in_language(form.lang))
    query = FeedQuery(language=form.lang, event=event_id, days=None)
    await _answer(scope, send, await calendars.feed(query, name=name), name)


@asgi(PRIVATE + "{file:str}", name="private_feed", copy_scope=False)
async def private(scope: HTTPScope, receive: Receive, send: Send) -> None:  # noqa: ARG001
    """A person's own calendar: /calendars/<token>.ics."""
    _require_reading(scope)
    token = scope["path_params"]["file"].removesuffix(".ics")
    conceal(scope)
    form = read(_parameters(scope), LanguageForm)
    actor = await accounts.actor_of_calendar_token(token)
    if actor is None:
        raise access.not_found()
    name = _name(form.lang, say(form.lang, "calendar.feed_mine"))
    await _answer(scope, send, await calendars.private_feed(actor, language=form.lang, name=name), name)


ROUTES = [everything, one_event, private]


def conceal(scope: HTTPScope) -> None:
    """Take the secret out of a private calendar's address, so that nothing logged from here on holds it."""
    if scope["path"].startswith(PRIVATE):
        scope["path"], scope["raw_path"] = f"{PRIVATE}-", f"{PRIVATE}-".encode()


def _require_reading(scope: HTTPScope) -> None:
    if scope["method"] not in ("GET", "HEAD"):
        raise MethodNotAllowedException(headers={"Allow": "GET, HEAD"})


def _parameters(scope: HTTPScope) -> dict[str, str]:
    return dict(parse_qsl(scope["query_string"].decode("latin-1")))


def _name(lang: Lang, *parts: str) -> str:
    return " · ".join((say(lang, "common.name"), *parts))


async def _answer(scope: HTTPScope, send: Send, feed: Feed, name: str) -> None:
    asked = dict(scope["headers"])
    packed = _takes_gzip(asked.get(b"accept-encoding", b"").decode("latin-1"))
    headers = _validators(feed, packed=packed)
    if _has_it(asked, feed):
        await _send(send, 304, headers, b"")
        return
    body = await asyncio.to_thread(lambda: feed.packed) if packed else feed.body
    headers += _description(body, name, packed=packed)
    await _send(send, 200, headers, b"" if scope["method"] == "HEAD" else body)


async def _send(send: Send, status: int, headers: Headers, body: bytes) -> None:
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body, "more_body": False})


def _validators(feed: Feed, *, packed: bool) -> Headers:
    headers = [
        (b"etag", f'"{feed.etag}{"-gzip" if packed else ""}"'.encode()),
        (b"cache-control", b"private, max-age=300"),
        (b"vary", b"Accept-Encoding"),
    ]
    if feed.last_modified is not None:
        # A date counts whole seconds: the next one, once it has come, so that no change within this one is overlooked.
        seconds = min(math.ceil(feed.last_modified.timestamp()), math.floor(clock.now().timestamp()))
        headers.append((b"last-modified", format_datetime(datetime.fromtimestamp(seconds, UTC), usegmt=True).encode()))
    return headers


def _description(body: bytes, name: str, *, packed: bool) -> Headers:
    headers = [
        (b"content-type", b"text/calendar; charset=utf-8"),
        (b"content-length", str(len(body)).encode()),
        (b"content-disposition", f"inline; filename=\"magpie.ics\"; filename*=UTF-8''{quote(name, '')}.ics".encode()),
        (b"referrer-policy", b"no-referrer"),
    ]
    return [*headers, (b"content-encoding", b"gzip")] if packed else headers


def _has_it(asked: dict[bytes, bytes], feed: Feed) -> bool:
    """Whether the asker's copy is the same; tags count, and only without any the date."""
    if (tags := asked.get(b"if-none-match")) is not None:
        known = {tag.strip().removeprefix("W/").strip('"') for tag in tags.decode("latin-1").split(",")}
        return bool(known & {"*", feed.etag, f"{feed.etag}-gzip"})
    since = _date(asked.get(b"if-modified-since", b"").decode("latin-1"))
    return since is not None and feed.last_modified is not None and feed.last_modified <= since


def _date(text: str) -> datetime | None:
    try:
        found = parsedate_to_datetime(text)
    except ValueError:
        return None
    return found.replace(tzinfo=UTC) if found.tzinfo is None else found


def _takes_gzip(accepted: str) -> bool:
    for part in accepted.lower().split(","):
        name, _, weight = part.partition(";")
        if name.strip() in ("gzip", "*"):
            return not re.fullmatch(r"\s*q\s*=\s*0(\.0*)?\s*", weight)
    return False
