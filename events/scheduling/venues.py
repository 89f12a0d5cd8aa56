"""Venues of the unions, and their numbered stations; everybody may look at them, organisers of the union keep them."""

from __future__ import annotations

from uuid import UUID

from events.access import Actor
from events.paging import Page
from events.scheduling.forms import StationForm, StationView, VenueForm, VenueView


async def venue(venue_id: UUID) -> VenueView:
    """One venue."""
    raise NotImplementedError


async def venues(
    *, text: str = "", city: str = "", union: UUID | None = None, cursor: str = "", limit: int = 50
) -> Page[VenueView]:
    """A page of venues, by age; `text` is looked for in names and addresses, `union` with everything below it."""
    raise NotImplementedError


async def add_venue(actor: Actor, form: VenueForm) -> VenueView:
    """Add a venue to a union in which the actor may organise."""
    raise NotImplementedError


async def change_venue(actor: Actor, venue_id: UUID, form: VenueForm) -> VenueView:
    """Replace a venue by the form; calendars of coming sessions there follow."""
    raise NotImplementedError


async def stations(venue_id: UUID) -> list[StationView]:
    """The stations of a venue, by number."""
    raise NotImplementedError


async def add_station(actor: Actor, venue_id: UUID, form: StationForm) -> StationView:
    """Add a station; Conflict station_taken when the number is."""
    raise NotImplementedError


async def change_station(actor: Actor, venue_id: UUID, station_id: UUID, form: StationForm) -> StationView:
    """Replace a station by the form; Conflict station_taken when the number is another's."""
    raise NotImplementedError


async def remove_station(actor: Actor, venue_id: UUID, station_id: UUID) -> None:
    """Remove a station; draws keep the numbers they gave."""
    raise NotImplementedError
