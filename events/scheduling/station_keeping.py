"""The numbered stations of a venue."""

from __future__ import annotations

from uuid import UUID

from events import access, db, ids, notices
from events.access import Actor
from events.errors import conflict
from events.scheduling.forms import StationForm, StationView
from events.scheduling.venue_keeping import require_venue, row_of
from events.text import bilingual

ADD = """
INSERT INTO station (id, venue, number, name) VALUES ({}, {}, {}, {})
ON CONFLICT (venue, number) DO NOTHING RETURNING id"""
CHANGE = "UPDATE station SET number = {}, name = {} WHERE id = {} AND venue = {} RETURNING id"


async def stations(venue_id: UUID) -> list[StationView]:
    """The stations of a venue, by number; NotFound when there is no such venue."""
    await row_of(venue_id)
    found = await db.rows("SELECT id, number, name FROM station WHERE venue = {} ORDER BY number", venue_id)
    return [StationView(id=row["id"], number=row["number"], name=bilingual(row["name"])) for row in found]


async def add_station(actor: Actor, venue_id: UUID, form: StationForm) -> StationView:
    """Add a station; Conflict station_taken when the number is."""
    await require_venue(actor, venue_id)
    made = ids.new()
    async with db.transaction():
        if not await db.rows(ADD, made, venue_id, form.number, form.name.stored()):
            conflict("station_taken", "/number", number=form.number)
        await _tell(actor, venue_id, "added", form.number)
    return StationView(id=made, number=form.number, name=form.name)


async def change_station(actor: Actor, venue_id: UUID, station_id: UUID, form: StationForm) -> StationView:
    """Replace a station by the form; Conflict station_taken when the number is another's."""
    await require_venue(actor, venue_id)
    async with db.transaction():
        if not await _renumbered(venue_id, station_id, form):
            raise access.not_found()
        await _tell(actor, venue_id, "changed", form.number)
    return StationView(id=station_id, number=form.number, name=form.name)


async def remove_station(actor: Actor, venue_id: UUID, station_id: UUID) -> None:
    """Remove a station; draws keep the numbers they gave."""
    await require_venue(actor, venue_id)
    async with db.transaction():
        gone = await db.row("DELETE FROM station WHERE id = {} AND venue = {} RETURNING number", station_id, venue_id)
        if gone is None:
            raise access.not_found()
        await _tell(actor, venue_id, "removed", gone["number"])


async def _renumbered(venue_id: UUID, station_id: UUID, form: StationForm) -> bool:
    try:
        async with db.transaction():
            return bool(await db.rows(CHANGE, form.number, form.name.stored(), station_id, venue_id))
    except db.ConstraintViolated:
        conflict("station_taken", "/number", number=form.number)


async def _tell(actor: Actor, venue_id: UUID, what: str, number: int) -> None:
    await notices.post("venue.stations_changed", subject=venue_id, by=actor.account, what=what, number=number)
