"""Events and series."""

from datetime import date
from typing import Annotated

from litestar import delete, get, patch, post
from litestar.params import JSONBody, QueryParameter
from msgspec import Meta, Struct

from api.conditional import version_of
from api.kinds import Asker, Cursor, Flag, Id, IfMatch, Limit, Text, UnionPath, WhichId
from api.ready import EVENT, EVENTS
from events import organising
from events.organising import (
    AdvanceForm,
    CopyForm,
    EventChange,
    EventForm,
    EventItem,
    EventQuery,
    EventView,
    MoveForm,
    Preview,
    SeriesForm,
    SeriesView,
)
from events.paging import Page
from events.terms import EventState, Kind
from events.text import Bilingual


class SeriesCopyForm(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A copy of a whole series, some days later (364 keeps the days of the week)."""

    title: Bilingual
    days: Annotated[int, Meta(ge=1, le=3660)] = 364


class SeriesCopied(Struct, frozen=True):
    """The new series and how many events it holds."""

    series: SeriesView
    events: int


@get("/events", operation_id="list_events", ready=EVENTS)
async def list_events(
    actor: Asker,
    kind: Annotated[Kind | None, QueryParameter()] = None,
    in_state: Annotated[EventState | None, QueryParameter(name="state")] = None,
    city: Text = "",
    union: UnionPath = "",
    series: WhichId = None,
    first: Annotated[date | None, QueryParameter(description="Events that end on this day or later.")] = None,
    last: Annotated[date | None, QueryParameter(description="Events that begin on this day or earlier.")] = None,
    over: Annotated[date | None, QueryParameter(description="Events that ended before this day.")] = None,
    q: Text = "",
    templates: Flag = False,
    organised: Annotated[bool, QueryParameter(description="Only those that the asker organises.")] = False,
    cursor: Cursor = "",
    limit: Limit = 50,
) -> Page[EventItem]:
    """Events that the asker may see, by their beginning, a page at a time."""
    query = EventQuery(
        kind=kind, state=in_state, city=city, union=union, series=series, first=first, last=last, over=over, q=q,
        templates=templates, organised=organised,
    )  # fmt: skip
    return await organising.list_events(actor, query, cursor=cursor, limit=limit)


@post("/events", operation_id="create_event")
async def create_event(actor: Asker, data: JSONBody[EventForm]) -> EventView:
    """A new draft, with its first session. Right `organise` in the union's part of the tree."""
    return await organising.create(actor, data)


@get("/events/{event_id:uuid}", operation_id="get_event", ready=EVENT)
async def get_event(actor: Asker, event_id: Id) -> EventView:
    """One event."""
    return await organising.event(actor, event_id)


@patch("/events/{event_id:uuid}", operation_id="change_event")
async def change_event(actor: Asker, event_id: Id, data: JSONBody[EventChange], if_match: IfMatch = None) -> EventView:
    """Change what is said of an event. More places move those who wait up; fewer than are taken is a conflict."""
    return await organising.change(actor, event_id, data, version=version_of(if_match))


@delete("/events/{event_id:uuid}", operation_id="delete_event")
async def delete_event(actor: Asker, event_id: Id, if_match: IfMatch = None) -> None:
    """Delete a draft or template with all in it; a conflict says what keeps it. Right `organise`."""
    await organising.delete(actor, event_id, version=version_of(if_match))


@post("/events/{event_id:uuid}/advance", operation_id="advance_event", status_code=200)
async def advance_event(actor: Asker, event_id: Id, data: JSONBody[AdvanceForm], if_match: IfMatch = None) -> EventView:
    """Take the next step in its life: announced, open, closed, under_way, finished, or cancelled with a reason."""
    return await organising.advance(actor, event_id, data, version=version_of(if_match))


@post("/events/{event_id:uuid}/advance/preview", operation_id="preview_event_step", status_code=200)
async def preview_event_step(actor: Asker, event_id: Id, data: JSONBody[AdvanceForm]) -> Preview:
    """What a step would do and how many people would be told, without doing it."""
    return await organising.preview(actor, event_id, data)


@post("/events/{event_id:uuid}/move", operation_id="move_event", status_code=200)
async def move_event(actor: Asker, event_id: Id, data: JSONBody[MoveForm], if_match: IfMatch = None) -> EventView:
    """Move an event with all its sessions, or postpone it without a new day."""
    return await organising.move(actor, event_id, data, version=version_of(if_match))


@post("/events/{event_id:uuid}/copy", operation_id="copy_event")
async def copy_event(actor: Asker, event_id: Id, data: JSONBody[CopyForm]) -> EventView:
    """A draft like the event, at another time, with nobody in it."""
    return await organising.copy_event(actor, event_id, data)


@get("/series", operation_id="list_series")
async def list_series(actor: Asker, cursor: Cursor = "", limit: Limit = 50) -> Page[SeriesView]:
    """Series of events, newest first."""
    return await organising.list_series(actor, cursor=cursor, limit=limit)


@post("/series", operation_id="add_series")
async def add_series(actor: Asker, data: JSONBody[SeriesForm]) -> SeriesView:
    """A new series. Right `organise` in the union's part of the tree."""
    return await organising.add_series(actor, data)


@post("/series/{series_id:uuid}/copy", operation_id="copy_series")
async def copy_series(actor: Asker, series_id: Id, data: JSONBody[SeriesCopyForm]) -> SeriesCopied:
    """A new series with a copy of every event of another."""
    series, events = await organising.copy_series(actor, series_id, data.title, days=data.days)
    return SeriesCopied(series, events)


ROUTES = [
    list_events, create_event, get_event, change_event, delete_event, advance_event, preview_event_step, move_event,
    copy_event, list_series, add_series, copy_series,
]  # fmt: skip
