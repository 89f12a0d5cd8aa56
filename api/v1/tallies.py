"""Tables of delegations over an event's contests."""

from typing import Any

from litestar import Request, delete, get, post
from litestar.params import JSONBody

from api.kinds import Asker, Id
from api.ready import RESULTS, lasts_a_minute
from events import publishing
from events.paging import Page
from events.publishing import LibraryTally, TallyForm, TallyHead, TallyView


@get("/events/{event_id:uuid}/tallies", operation_id="list_tallies", ready=RESULTS)
async def list_tallies(actor: Asker, event_id: Id) -> Page[TallyHead]:
    """The tables of delegations that an event has."""
    return Page(await publishing.list_tallies(actor, event_id))


@get("/events/{event_id:uuid}/tallies/{tally_id:uuid}", operation_id="get_tally", ready=RESULTS)
async def get_tally(request: Request[Any, Any, Any], actor: Asker, event_id: Id, tally_id: Id) -> TallyView:
    """A table of delegations with the newest published results, and what each result gave."""
    lasts_a_minute(request.scope)
    return await publishing.tally(actor, event_id, tally_id)


@post("/events/{event_id:uuid}/tallies", operation_id="add_tally")
async def add_tally(actor: Asker, event_id: Id, data: JSONBody[TallyForm]) -> TallyHead:
    """Give an event a table of delegations. Right `organise`."""
    return await publishing.add_tally(actor, event_id, data)


@delete("/events/{event_id:uuid}/tallies/{tally_id:uuid}", operation_id="remove_tally")
async def remove_tally(actor: Asker, event_id: Id, tally_id: Id) -> None:
    """Take a table of delegations away; results stay as they are. Right `organise`."""
    await publishing.remove_tally(actor, event_id, tally_id)


@get("/tallies", operation_id="list_ready_tallies")
async def list_ready_tallies() -> Page[LibraryTally]:
    """Ready tables of delegations, to be taken as they are or as a start."""
    return Page(publishing.tally_library())


ROUTES = [list_tallies, get_tally, add_tally, remove_tally, list_ready_tallies]
