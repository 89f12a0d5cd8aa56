"""The calendar feeds: public ones, an event's, and a person's own behind a secret address.

Calendar programs ask often and mostly for what they already have: api/ready.py and api/conditional.py tell them so.
"""

import math
from datetime import UTC, datetime
from typing import Any, Literal
from urllib.parse import parse_qsl, quote
from uuid import UUID

from litestar import Request, Response, get
from litestar.types import HTTPScope
from msgspec import Struct

from api.answers import MODIFIED, offer
from api.reading import read
from api.ready import PLAN, PLANS, lasts_a_minute, lasts_until
from api.wording import Lang, say, texts
from events import access, accounts, calendars
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


@get("/calendar.ics", name="feed", include_in_schema=False, ready=PLANS)
async def everything(request: Asked) -> Response[bytes]:
    """Sessions of all announced events, or of some: /calendar.ics?union=&kind=&city=&lang=."""
    form = read(_parameters(request), FeedForm)
    union = await calendars.union_of(form.union) if form.union else None
    parts = [union.name.in_language(form.lang)] if union else []
    parts += [say(form.lang, f"common.kind_{form.kind}")] if form.kind else []
    parts += [texts(form.lang).get(f"city.{form.city}", form.city)] if form.city else []
    name = _name(form.lang, *(parts or [say(form.lang, "calendar.feed_all")]))
    query = FeedQuery(language=form.lang, union=union.path if union else "", kind=form.kind, city=form.city)
    return _answer(request, await calendars.feed(query, name=name), name)


@get("/events/{event_id:uuid}/calendar.ics", name="event_feed", include_in_schema=False, ready=PLAN)
async def one_event(request: Asked) -> Response[bytes]:
    """The sessions of one announced event."""
    form = read(_parameters(request), LanguageForm)
    event_id = UUID(str(request.path_params["event_id"]))
    event = await access.event_to_see(access.ANONYMOUS, event_id)
    name = _name(form.lang, bilingual(event.title).in_language(form.lang))
    query = FeedQuery(language=form.lang, event=event_id, days=None)
    return _answer(request, await calendars.feed(query, name=name), name)


@get(PRIVATE + "{file:str}", name="private_feed", include_in_schema=False)
async def private(request: Asked) -> Response[bytes]:
    """A person's own calendar: /calendars/<token>.ics."""
    token = str(request.path_params["file"]).removesuffix(".ics")
    conceal(request.scope)
    form = read(_parameters(request), LanguageForm)
    actor = await accounts.actor_of_calendar_token(token)
    if actor is None:
        raise access.not_found()
    name = _name(form.lang, say(form.lang, "calendar.feed_mine"))
    return _answer(request, await calendars.private_feed(actor, language=form.lang, name=name), name)


ROUTES = [everything, one_event, private]


def conceal(scope: HTTPScope) -> None:
    """Take the secret out of a private calendar's address, so that nothing logged from here on holds it."""
    if scope["path"].startswith(PRIVATE):
        scope["path"], scope["raw_path"] = f"{PRIVATE}-", f"{PRIVATE}-".encode()


def _parameters(request: Asked) -> dict[str, str]:
    return dict(parse_qsl(request.scope["query_string"].decode("latin-1")))


def _name(lang: Lang, *parts: str) -> str:
    return " · ".join((say(lang, "common.name"), *parts))


def _answer(request: Asked, feed: Feed, name: str) -> Response[bytes]:
    lasts_a_minute(request.scope)  # as calendars keep what they have joined
    if feed.last_modified:
        lasts_until(request.scope, datetime.fromtimestamp(math.ceil(feed.last_modified.timestamp()), UTC))
    offer(request.scope, "gzip", lambda: feed.packed)
    changed = {MODIFIED.decode(): feed.last_modified.isoformat()} if feed.last_modified else {}
    headers = changed | {
        "etag": f'"{feed.etag}"',
        "cache-control": "private, max-age=300",
        "content-disposition": f"inline; filename=\"magpie.ics\"; filename*=UTF-8''{quote(name, '')}.ics",
        "referrer-policy": "no-referrer",
    }
    return Response(feed.body, media_type="text/calendar", headers=headers)
