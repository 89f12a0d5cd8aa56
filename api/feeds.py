"""The calendar feeds: public ones, an event's, and a person's own behind a secret address.

Answered without the router's serialising, for calendar programs ask often and mostly for what they already have.
"""

import asyncio
import math
import re
from datetime import UTC, datetime
from email.utils import format_datetime, parsedate_to_datetime
from typing import Any, Literal
from urllib.parse import parse_qsl, quote
from uuid import UUID

from litestar import Request, route
from litestar.response.base import ASGIResponse
from litestar.types import HTTPScope
from msgspec import Struct

from api.reading import read
from api.wording import Lang, say, texts
from events import access, accounts, calendars, clock
from events.calendars import Feed, FeedQuery
from events.terms import Kind
from events.text import Line, bilingual

PRIVATE = "/calendars/"
Asked = Request[Any, Any, Any]


class LanguageForm(Struct, frozen=True):
    """What every feed can be asked."""

    lang: Literal["zh", "en"] = "zh"


class FeedForm(LanguageForm, frozen=True):
    """What a public feed can be narrowed by; `union` is an id or a path. Other parameters are left alone."""

    union: Line = ""
    kind: Kind | None = None
    city: Line = ""


@route("/calendar.ics", name="feed", http_method=["GET", "HEAD"], include_in_schema=False)
async def everything(request: Asked) -> ASGIResponse:
    """Sessions of all announced events, or of some: /calendar.ics?union=&kind=&city=&lang=."""
    form = read(_parameters(request), FeedForm)
    union = await calendars.union_of(form.union) if form.union else None
    parts = [union.name.in_language(form.lang)] if union else []
    parts += [say(form.lang, f"common.kind_{form.kind}")] if form.kind else []
    parts += [texts(form.lang).get(f"city.{form.city}", form.city)] if form.city else []
    name = _name(form.lang, *(parts or [say(form.lang, "calendar.feed_all")]))
    query = FeedQuery(language=form.lang, union=union.path if union else "", kind=form.kind, city=form.city)
    return await _answer(request, await calendars.feed(query, name=name), name)


@route("/events/{event_id:uuid}/calendar.ics", name="event_feed", http_method=["GET", "HEAD"], include_in_schema=False)
async def one_event(request: Asked) -> ASGIResponse:
    """The sessions of one announced event."""
    form = read(_parameters(request), LanguageForm)
    event_id = UUID(str(request.path_params["event_id"]))
    event = await access.event_to_see(access.ANONYMOUS, event_id)
    name = _name(form.lang, bilingual(event.title).in_language(form.lang))
    query = FeedQuery(language=form.lang, event=event_id, days=None)
    return await _answer(request, await calendars.feed(query, name=name), name)


@route(PRIVATE + "{file:str}", name="private_feed", http_method=["GET", "HEAD"], include_in_schema=False)
async def private(request: Asked) -> ASGIResponse:
    """A person's own calendar: /calendars/<token>.ics."""
    token = str(request.path_params["file"]).removesuffix(".ics")
    conceal(request.scope)
    form = read(_parameters(request), LanguageForm)
    actor = await accounts.actor_of_calendar_token(token)
    if actor is None:
        raise access.not_found()
    name = _name(form.lang, say(form.lang, "calendar.feed_mine"))
    return await _answer(request, await calendars.private_feed(actor, language=form.lang, name=name), name)


ROUTES = [everything, one_event, private]


def conceal(scope: HTTPScope) -> None:
    """Take the secret out of a private calendar's address, so that nothing logged from here on holds it."""
    if scope["path"].startswith(PRIVATE):
        scope["path"], scope["raw_path"] = f"{PRIVATE}-", f"{PRIVATE}-".encode()


def _parameters(request: Asked) -> dict[str, str]:
    return dict(parse_qsl(request.scope["query_string"].decode("latin-1")))


def _name(lang: Lang, *parts: str) -> str:
    return " · ".join((say(lang, "common.name"), *parts))


async def _answer(request: Asked, feed: Feed, name: str) -> ASGIResponse:
    packed = _takes_gzip(request.headers.get("accept-encoding", ""))
    headers = _validators(feed, packed=packed)
    if _has_it(request, feed):
        return ASGIResponse(status_code=304, headers=headers)
    body = await asyncio.to_thread(lambda: feed.packed) if packed else feed.body
    headers |= _description(body, name, packed=packed)
    head = request.method == "HEAD"
    return ASGIResponse(body=b"" if head else body, headers=headers, is_head_response=head)


def _validators(feed: Feed, *, packed: bool) -> dict[str, str]:
    headers = {
        "etag": f'"{feed.etag}{"-gzip" if packed else ""}"',
        "cache-control": "private, max-age=300",
        "vary": "Accept-Encoding",
    }
    if feed.last_modified is not None:
        # A date counts whole seconds: the next one, once it has come, so that no change within this one is overlooked.
        seconds = min(math.ceil(feed.last_modified.timestamp()), math.floor(clock.now().timestamp()))
        headers["last-modified"] = format_datetime(datetime.fromtimestamp(seconds, UTC), usegmt=True)
    return headers


def _description(body: bytes, name: str, *, packed: bool) -> dict[str, str]:
    headers = {
        "content-type": "text/calendar; charset=utf-8",
        "content-length": str(len(body)),
        "content-disposition": f"inline; filename=\"magpie.ics\"; filename*=UTF-8''{quote(name, '')}.ics",
        "referrer-policy": "no-referrer",
    }
    return headers | {"content-encoding": "gzip"} if packed else headers


def _has_it(request: Asked, feed: Feed) -> bool:
    """Whether the asker's copy is the same; tags count, and only without any the date."""
    if (tags := request.headers.get("if-none-match")) is not None:
        known = {tag.strip().removeprefix("W/").strip('"') for tag in tags.split(",")}
        return bool(known & {"*", feed.etag, f"{feed.etag}-gzip"})
    since = _date(request.headers.get("if-modified-since", ""))
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
