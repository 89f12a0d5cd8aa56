"""What has changed: the outbox as pages, newest first, and as an endless stream from any point on."""

from collections.abc import AsyncIterator
from typing import Annotated
from uuid import UUID

import msgspec
from litestar import get
from litestar.params import QueryParameter
from litestar.response import Stream

from api.kinds import Asker, Id, Limit
from api.streaming import NDJSON, beating
from events import access, notices
from events.access import Actor, Right
from events.notices import Notice
from events.paging import Page

CURSOR = r"^([0-9]{1,18}-[0-9]{1,18})?$"
Before = Annotated[str, QueryParameter(max_length=40, pattern=CURSOR, description="`next` of the page before.")]
After = Annotated[
    str, QueryParameter(max_length=40, pattern=CURSOR, description="`cursor` of the last notice that is known already.")
]


@get("/notices", operation_id="list_notices")
async def list_notices(actor: Asker, cursor: Before = "", limit: Limit = 50) -> Page[Notice]:
    """What has changed, newest first: public notices, or all of them by right `read_log` everywhere."""
    return await _page(public=not actor.may(Right.READ_LOG), event=None, cursor=cursor, limit=limit)


@get("/events/{event_id:uuid}/notices", operation_id="list_notices_of_event")
async def list_notices_of_event(actor: Asker, event_id: Id, cursor: Before = "", limit: Limit = 50) -> Page[Notice]:
    """What has changed in an event, newest first: public notices, or all of them by right `read_log`."""
    public = await _public_only(actor, event_id)
    return await _page(public=public, event=event_id, cursor=cursor, limit=limit)


@get("/notices/feed", operation_id="follow_notices", media_type=NDJSON)
async def follow_notices(actor: Asker, after: After = "") -> Stream:
    """Every notice after a cursor, oldest first, one a line, without end; an empty line each 15 seconds."""
    return _stream(public=not actor.may(Right.READ_LOG), event=None, after=after)


@get("/events/{event_id:uuid}/notices/feed", operation_id="follow_notices_of_event", media_type=NDJSON)
async def follow_notices_of_event(actor: Asker, event_id: Id, after: After = "") -> Stream:
    """Every notice of an event after a cursor, oldest first, one a line, without end; an empty line each 15 seconds."""
    return _stream(public=await _public_only(actor, event_id), event=event_id, after=after)


async def _public_only(actor: Actor, event_id: UUID) -> bool:
    event = await access.event_to_see(actor, event_id)
    return not await access.may_in_event(actor, Right.READ_LOG, event)


async def _page(*, public: bool, event: UUID | None, cursor: str, limit: int) -> Page[Notice]:
    found = await notices.read(after=cursor, event=event, public_only=public, newest_first=True, limit=limit + 1)
    shown = [_shown(notice, public=public) for notice in found[:limit]]
    return Page(shown, shown[-1].cursor if len(found) > limit else None)


def _stream(*, public: bool, event: UUID | None, after: str) -> Stream:
    async def lines() -> AsyncIterator[bytes]:
        async for notice in notices.follow(after=after, event=event, public_only=public):
            yield msgspec.json.encode(_shown(notice, public=public)) + b"\n"

    return Stream(beating(lines(), beat=b"\n"), media_type=NDJSON, headers={"cache-control": "no-store"})


def _shown(notice: Notice, *, public: bool) -> Notice:
    """The public is not told whose account it was."""
    return msgspec.structs.replace(notice, account=None) if public else notice


ROUTES = [list_notices, list_notices_of_event, follow_notices, follow_notices_of_event]
