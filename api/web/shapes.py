"""What the templates are given for an event: one shape for cards, pages and tickets."""

from datetime import datetime
from uuid import UUID

from msgspec import Struct

from api.wording import Lang, texts
from events.organising import EventItem
from events.organising.forms import PlacesView
from events.publishing.structs import Row
from events.registering import Standing
from events.terms import OVER, EventState, RegistrationState
from events.text import Bilingual


class Places(Struct, frozen=True):
    """A limit and how it is used."""

    capacity: int
    confirmed: int
    waiting: int
    free: int


class Card(Struct, frozen=True, kw_only=True):
    """An event in a list (api/web/templates/base.html tells the fields)."""

    id: UUID
    title: Bilingual
    kind: str
    state: str
    starts: datetime
    ends: datetime
    zone: str
    place: str
    city: str
    organiser: str
    moved: bool
    postponed: bool
    old_starts: datetime | None
    places: Places | None
    waiting: int
    mine: str


def card(event: EventItem, lang: Lang, standing: Standing | None = None) -> Card:
    """An event as it stands in a list for somebody."""
    moved = event.state not in OVER and event.previous_starts_at not in (None, event.starts_at)
    return Card(
        id=event.id,
        title=event.title,
        kind=event.kind,
        state=state_of(event),
        starts=event.starts_at,
        ends=event.ends_at,
        zone=event.zone,
        place=place_of(event, lang),
        city=city(event.city, lang),
        organiser=event.union.name.in_language(lang),
        moved=moved,
        postponed=event.postponed,
        old_starts=event.previous_starts_at if moved else None,
        places=places_of(event.places),
        waiting=event.places.waiting,
        mine=mine(standing.state if standing else None),
    )


def state_of(event: EventItem) -> str:
    """The state as people see it: an open event may have few places left (a tenth) or none."""
    free, places = event.places.free, event.places.places
    if event.state != EventState.OPEN or free is None or places is None:
        return event.state
    return "full" if free <= 0 else "few" if free * 10 <= places else "open"


def places_of(places: PlacesView) -> Places | None:
    """The places of an event that has a limit."""
    if places.places is None or places.free is None:
        return None
    return Places(places.places, places.used, places.waiting, max(places.free, 0))


def place_of(event: EventItem, lang: Lang) -> str:
    """The venue, or at least the city."""
    return event.venue.name.in_language(lang) if event.venue else city(event.city, lang)


def city(name: str, lang: Lang) -> str:
    """A city of the province in the reader's language; other places keep their name."""
    plain = name.removesuffix("市")
    return texts(lang).get(f"city.{plain}", name)


def who(row: Row, lang: Lang) -> dict[str, str]:
    """A competitor on a board: by name, or by code while names are not to be known."""
    union = row.delegation or row.union
    known = {"name": row.name or "", "union": union.in_language(lang) if union else ""}
    return known | {"code": "" if row.name else row.code}


def rank_of(row: Row) -> int | None:
    """The rank as a number; none for who has none."""
    return int(row.rank) if row.rank and row.rank.isdecimal() else None


def mine(state: RegistrationState | None) -> str:
    """How a registration is marked on a card."""
    if state == RegistrationState.WAITING:
        return "waiting"
    return "registered" if state in (RegistrationState.PENDING, RegistrationState.CONFIRMED) else ""
