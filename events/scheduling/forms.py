"""What is put in and what comes out: venues, stations, sessions and who has a duty in them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID

from msgspec import Meta, Struct

from events.errors import Reason
from events.terms import Kind, SessionState
from events.text import Bilingual, Line

# A decimal in degrees with up to six digits behind the point: whole millionths, so that no float is needed.
Degrees = Annotated[str, Meta(pattern=r"^-?\d{1,3}(\.\d{1,6})?$")]
Aware = Annotated[datetime, Meta(tz=True)]
YEARS = range(2000, 2101)
Number = Annotated[int, Meta(ge=1, le=10**9)]


def out_of_range(day: date, pointer: str) -> Iterator[Reason]:
    """Whether a day is so far away that it must be a mistake, and that a time zone could carry it past the calendar."""
    if day.year not in YEARS:
        yield Reason("time_out_of_range", pointer, {"first": YEARS[0], "last": YEARS[-1]})


class VenueForm(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A place; latitude and longitude are decimals in degrees ("31.820600"), both or neither."""

    name: Bilingual
    union: UUID
    address: Line = ""
    city: Line = ""
    latitude: Degrees | None = None
    longitude: Degrees | None = None


class VenueView(Struct, frozen=True, kw_only=True):
    """A place as it is shown."""

    id: UUID
    name: Bilingual
    union: UUID
    address: str
    city: str
    latitude: str | None
    longitude: str | None


class StationForm(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A numbered position in a venue."""

    number: Number
    name: Bilingual = Bilingual()


class StationView(Struct, frozen=True, kw_only=True):
    """A numbered position as it is shown."""

    id: UUID
    number: int
    name: Bilingual


class OfficialForm(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """An account and its duty in a session."""

    account: UUID
    duty: Line = ""


class OfficialView(Struct, frozen=True, kw_only=True):
    """Who has a duty in a session."""

    account: UUID
    name: str
    duty: str


class SessionDuty(Struct, frozen=True, kw_only=True):
    """A duty in one session: whose, what, when and where."""

    event_id: UUID
    event_title: Bilingual
    session_id: UUID
    title: Bilingual
    starts_at: datetime
    ends_at: datetime
    zone: str
    venue_name: Bilingual | None
    account: UUID
    name: str
    duty: str


class SessionForm(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A block of time. Without a title it has the event's, and without a venue it is at the event's.

    `officials` of None leaves them as they are.
    """

    starts_at: Aware
    ends_at: Aware
    title: Bilingual = Bilingual()
    venue: UUID | None = None
    contest_id: UUID | None = None
    officials: Annotated[tuple[OfficialForm, ...], Meta(max_length=500)] | None = None

    @staticmethod
    def flaws(known: Mapping[str, Any]) -> Iterator[Reason]:
        """What is wrong with the times, as far as they could be read: `known`."""
        starts_at, ends_at = known.get("starts_at"), known.get("ends_at")
        for pointer, day in (("/starts_at", starts_at), ("/ends_at", ends_at)):
            if day:
                yield from out_of_range(day, pointer)
        if starts_at and ends_at and ends_at <= starts_at:
            yield Reason("ends_before_start", "/ends_at")


class SessionView(Struct, frozen=True, kw_only=True):
    """A session as it is shown; `previous_...` are the announced time and place that no longer hold.

    `automatic`: the event has it by itself, and nobody has changed it yet.
    """

    event_id: UUID
    id: UUID
    contest_id: UUID | None
    title: Bilingual
    event_title: Bilingual
    venue: UUID | None
    venue_name: Bilingual | None
    starts_at: datetime
    ends_at: datetime
    zone: str
    state: SessionState
    automatic: bool
    previous_starts_at: datetime | None
    previous_venue: UUID | None
    previous_venue_name: Bilingual | None
    sequence: int
    version: int


class Clash(Struct, frozen=True, kw_only=True):
    """What `session_id` cannot stand beside; `code` is clash_venue, clash_official or clash_participants.

    `names` are the first 20 at most of `count` people, and only those that the asker may know of. Of an event that the
    asker may not see, only the times are told.
    """

    code: str
    session_id: UUID
    other_event: UUID | None
    other_session: UUID | None
    event_title: Bilingual
    title: Bilingual
    starts_at: datetime
    ends_at: datetime
    zone: str
    names: tuple[str, ...] = ()
    count: int = 0


class ProgrammeQuery(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Which sessions are wanted; days are those of the federation's time zone, `union` is a path in the union tree."""

    day: date | None = None
    since: date | None = None
    venue: UUID | None = None
    city: str = ""
    kind: Kind | None = None
    union: str = ""
