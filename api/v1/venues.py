"""Venues and their stations."""

from litestar import delete, get, post, put
from litestar.params import JSONBody

from api.kinds import Asker, Cursor, Id, Limit, Text, WhichId
from events import scheduling
from events.paging import Page
from events.scheduling import StationForm, StationView, VenueForm, VenueView


@get("/venues", operation_id="list_venues")
async def list_venues(
    q: Text = "", city: Text = "", union: WhichId = None, cursor: Cursor = "", limit: Limit = 50
) -> Page[VenueView]:
    """Venues, oldest first; `q` is looked for in names and addresses, `union` with everything below it."""
    return await scheduling.venues(text=q, city=city, union=union, cursor=cursor, limit=limit)


@post("/venues", operation_id="add_venue")
async def add_venue(actor: Asker, data: JSONBody[VenueForm]) -> VenueView:
    """Add a venue. Right `organise` in its union."""
    return await scheduling.add_venue(actor, data)


@get("/venues/{venue_id:uuid}", operation_id="get_venue")
async def get_venue(venue_id: Id) -> VenueView:
    """One venue."""
    return await scheduling.venue(venue_id)


@put("/venues/{venue_id:uuid}", operation_id="change_venue")
async def change_venue(actor: Asker, venue_id: Id, data: JSONBody[VenueForm]) -> VenueView:
    """Write a venue anew; calendars of coming sessions there follow. Right `organise` in its union."""
    return await scheduling.change_venue(actor, venue_id, data)


@get("/venues/{venue_id:uuid}/stations", operation_id="list_stations")
async def list_stations(venue_id: Id) -> Page[StationView]:
    """The stations of a venue, by number."""
    return Page(await scheduling.stations(venue_id))


@post("/venues/{venue_id:uuid}/stations", operation_id="add_station")
async def add_station(actor: Asker, venue_id: Id, data: JSONBody[StationForm]) -> StationView:
    """Add a station. Right `organise` in the venue's union."""
    return await scheduling.add_station(actor, venue_id, data)


@put("/venues/{venue_id:uuid}/stations/{station_id:uuid}", operation_id="change_station")
async def change_station(actor: Asker, venue_id: Id, station_id: Id, data: JSONBody[StationForm]) -> StationView:
    """Write a station anew. Right `organise` in the venue's union."""
    return await scheduling.change_station(actor, venue_id, station_id, data)


@delete("/venues/{venue_id:uuid}/stations/{station_id:uuid}", operation_id="remove_station")
async def remove_station(actor: Asker, venue_id: Id, station_id: Id) -> None:
    """Remove a station; draws keep the numbers they gave. Right `organise` in the venue's union."""
    await scheduling.remove_station(actor, venue_id, station_id)


ROUTES = [
    list_venues, add_venue, get_venue, change_venue, list_stations, add_station, change_station, remove_station,
]  # fmt: skip
