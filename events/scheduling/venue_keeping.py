"""Venues of the unions: everybody may look at them, organisers of the union keep them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from uuid import UUID

from events import access, calendars, clock, db, ids, notices
from events.access import Actor, Right
from events.errors import Reason, refuse
from events.paging import LARGEST, Page, key_of, page
from events.scheduling.forms import VenueForm, VenueView
from events.tables import Venue
from events.text import bilingual, either_holds, holds

VENUES = """SELECT venue.id, venue.name, venue.address, venue.city, venue.latitude_e6, venue.longitude_e6, venue."union"
FROM venue JOIN unions ON unions.id = venue."union\""""
COMING = "SELECT DISTINCT event_id FROM session WHERE venue = {} AND ends_at >= {} ORDER BY event_id"


async def venue(venue_id: UUID) -> VenueView:
    """One venue; NotFound when there is none."""
    return _view(await row_of(venue_id))


async def venues(
    *, text: str = "", city: str = "", union: UUID | None = None, cursor: str = "", limit: int = 50
) -> Page[VenueView]:
    """A page of venues, by age; `text` is looked for in names and addresses, `union` with everything below it."""
    limit = max(1, min(limit, LARGEST))
    path = await access.union_path(union) if union else ""
    pieces = [("1 = 1", []), *_conditions(text, city, path, cursor)]
    conditions = " AND ".join(condition for condition, _ in pieces)
    arguments = [argument for _, arguments in pieces for argument in arguments]
    found = await db.rows(f"{VENUES} WHERE {conditions} ORDER BY venue.id LIMIT {limit + 1:d}", *arguments)
    return page(found, limit, _view, lambda row: (row["id"],))


async def add_venue(actor: Actor, form: VenueForm) -> VenueView:
    """Add a venue to a union in which the actor may organise."""
    access.require(actor, Right.ORGANISE, union_path=await _path(actor, form.union))
    refuse(wrong_venue(form))
    made = Venue(id=ids.new(), created_at=clock.now(), **_columns(form))
    async with db.transaction():
        await Venue.insert(made)
        await notices.post("venue.added", subject=made.id, by=actor.account, public=True)
    return await venue(made.id)


async def change_venue(actor: Actor, venue_id: UUID, form: VenueForm) -> VenueView:
    """Replace a venue by the form; calendars of coming sessions there follow."""
    await require_venue(actor, venue_id)
    access.require(actor, Right.ORGANISE, union_path=await _path(actor, form.union))
    refuse(wrong_venue(form))
    async with db.transaction():
        events = [row["event_id"] for row in await db.rows(COMING, venue_id, clock.now())]
        for event_id in events:
            await calendars.hold(event_id)
        await Venue.update(dict(_columns(form).items())).where(Venue.id == venue_id)
        await notices.post("venue.changed", subject=venue_id, by=actor.account, public=True)
        for event_id in events:
            await calendars.refresh(event_id)
    return await venue(venue_id)


def wrong_venue(form: VenueForm) -> Iterator[Reason]:
    """What is wrong with a venue."""
    if not form.name:
        yield Reason("name_missing", "/name")
    if (form.latitude is None) != (form.longitude is None):
        yield Reason("half_a_position", "/longitude" if form.longitude is None else "/latitude")
    for name, most in (("latitude", 90), ("longitude", 180)):
        value = getattr(form, name)
        if value is not None and abs(millionths(value)) > most * 10**6:
            yield Reason("not_on_earth", f"/{name}", {"most": most})


def millionths(degrees: str) -> int:
    """A decimal with up to six digits behind the point, in millionths."""
    whole, _, part = degrees.lstrip("-").partition(".")
    value = int(whole) * 10**6 + int(part.ljust(6, "0"))
    return -value if degrees.startswith("-") else value


async def row_of(venue_id: UUID) -> db.Row:
    """A venue's row; NotFound when there is none."""
    found = await db.row(f"{VENUES} WHERE venue.id = {{}}", venue_id)
    if found is None:
        raise access.not_found()
    return found


async def _path(actor: Actor, union: UUID) -> str:
    access.signed_in(actor)
    return await access.union_path(union)


async def require_venue(actor: Actor, venue_id: UUID) -> None:
    """Raise NotSignedIn or NotFound unless the actor may change the venue."""
    access.signed_in(actor)
    found = await row_of(venue_id)
    access.require(actor, Right.ORGANISE, union_path=await access.union_path(found["union"]))


def _conditions(text: str, city: str, path: str, cursor: str) -> Iterator[tuple[str, list[object]]]:
    if text:
        (name, names), (address, addresses) = either_holds("venue.name", text), holds("venue.address", text)
        yield f"({name} OR {address})", names + addresses
    if city:
        yield "venue.city = {}", [city]
    if path:
        yield "substr(unions.path, 1, {}) = {}", [len(path), path]
    if cursor:
        yield "venue.id > {}", [*key_of(cursor, tuple[UUID])]


def _columns(form: VenueForm) -> dict[str, Any]:
    return {
        "name": form.name.stored(),
        "address": form.address,
        "city": form.city,
        "latitude_e6": None if form.latitude is None else millionths(form.latitude),
        "longitude_e6": None if form.longitude is None else millionths(form.longitude),
        "union": form.union,
    }


def _view(row: db.Row) -> VenueView:
    return VenueView(
        id=row["id"],
        name=bilingual(row["name"]),
        union=row["union"],
        address=row["address"],
        city=row["city"],
        latitude=None if row["latitude_e6"] is None else calendars.degrees(row["latitude_e6"]),
        longitude=None if row["longitude_e6"] is None else calendars.degrees(row["longitude_e6"]),
    )
