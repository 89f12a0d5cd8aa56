"""Sessions: the programme, an event's schedule, who has a duty in it, and what clashes."""

from datetime import date
from typing import Annotated

from litestar import delete, get, post, put
from litestar.params import JSONBody, QueryParameter

from api.conditional import version_of
from api.kinds import AcceptClashes, Asker, Cursor, Id, IfMatch, Limit, Text, UnionPath, WhichId
from api.ready import PLAN, PLANS
from events import scheduling
from events.paging import Page
from events.scheduling import Clash, OfficialForm, OfficialView, ProgrammeQuery, SessionDuty, SessionForm, SessionView
from events.terms import Kind


@get("/sessions", operation_id="list_programme", ready=PLANS)
async def list_programme(
    actor: Asker,
    day: Annotated[date | None, QueryParameter(description="Sessions on this day.")] = None,
    since: Annotated[date | None, QueryParameter(description="Sessions that end on this day or later.")] = None,
    venue: WhichId = None,
    city: Text = "",
    kind: Annotated[Kind | None, QueryParameter()] = None,
    union: UnionPath = "",
    cursor: Cursor = "",
    limit: Limit = 50,
) -> Page[SessionView]:
    """The programme: sessions of all events that the asker may see, in the order of time."""
    query = ProgrammeQuery(day=day, since=since, venue=venue, city=city, kind=kind, union=union)
    return await scheduling.programme(actor, query, cursor=cursor, limit=limit)


@get("/events/{event_id:uuid}/sessions", operation_id="list_sessions", ready=PLAN)
async def list_sessions(actor: Asker, event_id: Id) -> Page[SessionView]:
    """Every session of an event, cancelled ones too, in the order of time."""
    return Page(await scheduling.sessions(actor, event_id))


@post("/events/{event_id:uuid}/sessions", operation_id="add_session")
async def add_session(
    actor: Asker, event_id: Id, data: JSONBody[SessionForm], accept_clashes: AcceptClashes = False
) -> SessionView:
    """Add a session; the first takes the automatic one's place where nobody is in that. A conflict names every clash of
    venue, official and participant. Right `organise`.
    """
    return await scheduling.add_session(actor, event_id, data, accept_clashes=accept_clashes)


@get("/events/{event_id:uuid}/sessions/{session_id:uuid}", operation_id="get_session", ready=PLAN)
async def get_session(actor: Asker, event_id: Id, session_id: Id) -> SessionView:
    """One session."""
    return await scheduling.session(actor, event_id, session_id)


@put("/events/{event_id:uuid}/sessions/{session_id:uuid}", operation_id="change_session")
async def change_session(
    actor: Asker,
    event_id: Id,
    session_id: Id,
    data: JSONBody[SessionForm],
    accept_clashes: AcceptClashes = False,
    if_match: IfMatch = None,
) -> SessionView:
    """Write a session anew, or move it; what was announced of time and place stays to be shown. Right `organise`."""
    return await scheduling.change_session(
        actor, event_id, session_id, data, version=version_of(if_match), accept_clashes=accept_clashes
    )


@post("/events/{event_id:uuid}/sessions/{session_id:uuid}/cancel", operation_id="cancel_session", status_code=200)
async def cancel_session(actor: Asker, event_id: Id, session_id: Id, if_match: IfMatch = None) -> SessionView:
    """Have a session not take place; it stays visible as cancelled. Right `organise`."""
    return await scheduling.cancel_session(actor, event_id, session_id, version=version_of(if_match))


@get("/events/{event_id:uuid}/clashes", operation_id="list_clashes")
async def list_clashes(actor: Asker, event_id: Id) -> Page[Clash]:
    """What the planned sessions of an event clash with, in the order of time. Right `organise`."""
    return Page(await scheduling.clashes(actor, event_id))


@get("/events/{event_id:uuid}/sessions/{session_id:uuid}/officials", operation_id="list_session_officials")
async def list_session_officials(actor: Asker, event_id: Id, session_id: Id) -> Page[OfficialView]:
    """Who has a duty in a session, by name. Right `see`."""
    return Page(await scheduling.officials(actor, event_id, session_id))


@post("/events/{event_id:uuid}/sessions/{session_id:uuid}/officials", operation_id="assign_official", status_code=200)
async def assign_official(
    actor: Asker, event_id: Id, session_id: Id, data: JSONBody[OfficialForm], accept_clashes: AcceptClashes = False
) -> Page[OfficialView]:
    """Give an account a duty in a session, or another duty; a conflict says where it is busy. Right `organise`."""
    found = await scheduling.assign_official(actor, event_id, session_id, data, accept_clashes=accept_clashes)
    return Page(found)


@delete(
    "/events/{event_id:uuid}/sessions/{session_id:uuid}/officials/{account_id:uuid}", operation_id="remove_official"
)
async def remove_official(actor: Asker, event_id: Id, session_id: Id, account_id: Id) -> None:
    """Take an account's duty in a session away. Right `organise`."""
    await scheduling.remove_official(actor, event_id, session_id, account_id)


@get("/me/session-duties", operation_id="list_own_session_duties")
async def list_own_session_duties(actor: Asker) -> Page[SessionDuty]:
    """The asker's duties in sessions that are not over, in the order of time."""
    return Page(await scheduling.own_duties(actor))


ROUTES = [
    list_programme, list_sessions, add_session, get_session, change_session, cancel_session, list_clashes,
    list_session_officials, assign_official, remove_official, list_own_session_duties,
]  # fmt: skip
