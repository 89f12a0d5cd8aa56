"""What is put in and what comes out of organising."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, datetime
from functools import cache
from typing import Annotated, Any
from uuid import UUID
from zoneinfo import available_timezones

from msgspec import UNSET, Meta, Struct, UnsetType

from events import eligibility
from events.eligibility import Eligibility
from events.errors import Reason
from events.terms import Approval, EventState, Kind
from events.text import Bilingual, BilingualProse, Line

Aware = Annotated[datetime, Meta(tz=True)]
Places = Annotated[int, Meta(ge=0, le=10**9)]


def flaws_of_times(starts_at: datetime | None, ends_at: datetime | None) -> Iterator[Reason]:
    """What is wrong with a beginning and an end, as far as they are known."""
    if starts_at and ends_at and ends_at <= starts_at:
        yield Reason("ends_before_start", "/ends_at")
    if any(time and not 2000 <= time.year <= 2200 for time in (starts_at, ends_at)):
        yield Reason("year", "/starts_at")


def flaws_of_window(
    opens_at: datetime | None, closes_at: datetime | None, ends_at: datetime | None
) -> Iterator[Reason]:
    """What is wrong with the time of registration, as far as it is known."""
    if opens_at and closes_at and closes_at <= opens_at:
        yield Reason("closes_before_opening", "/closes_at")
    if closes_at and ends_at and closes_at > ends_at:
        yield Reason("closes_after_end", "/closes_at")
    if any(time and not 2000 <= time.year <= 2200 for time in (opens_at, closes_at)):
        yield Reason("year", "/opens_at")


@cache
def _zones() -> frozenset[str]:
    """The zones that this machine knows: looking takes longer than all else that making an event does."""
    return frozenset(available_timezones())


class EventForm(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A new event. Without `places` there is no limit; without `opens_at` the organiser opens registration by hand."""

    kind: Kind
    title: Bilingual
    union: UUID
    starts_at: Aware
    ends_at: Aware
    summary: Bilingual = Bilingual()
    description: BilingualProse = BilingualProse()
    series: UUID | None = None
    city: Line = ""
    venue: UUID | None = None
    zone: Annotated[str, Meta(max_length=64)] = "Asia/Shanghai"
    opens_at: Aware | None = None
    closes_at: Aware | None = None
    places: Places | None = None
    approval: Approval = Approval.AUTOMATIC
    eligibility: Eligibility = Eligibility()
    is_template: bool = False

    @staticmethod
    def flaws(known: Mapping[str, Any]) -> Iterator[Reason]:
        """What is wrong beyond the types; `known` are the fields that could be read, so that all is told at once."""
        if "title" in known and not known["title"]:
            yield Reason("title_needed", "/title")
        if "zone" in known and known["zone"] not in _zones():
            yield Reason("unknown_zone", "/zone")
        yield from flaws_of_times(known.get("starts_at"), known.get("ends_at"))
        yield from flaws_of_window(known.get("opens_at"), known.get("closes_at"), known.get("ends_at"))
        yield from eligibility.flaws(known.get("eligibility", Eligibility()), "/eligibility")


class EventChange(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What is to be changed of an event; what is not named stays as it is. Times and places are moved by `MoveForm`."""

    kind: Kind | UnsetType = UNSET
    title: Bilingual | UnsetType = UNSET
    summary: Bilingual | UnsetType = UNSET
    description: BilingualProse | UnsetType = UNSET
    series: UUID | UnsetType | None = UNSET
    city: Line | UnsetType = UNSET
    opens_at: Aware | UnsetType | None = UNSET
    closes_at: Aware | UnsetType | None = UNSET
    places: Places | UnsetType | None = UNSET
    approval: Approval | UnsetType = UNSET
    eligibility: Eligibility | UnsetType = UNSET


class AdvanceForm(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The next state of an event's life; cancelling needs a reason."""

    state: EventState
    reason: Line = ""


class MoveForm(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A new time or venue, or (no `starts_at`) postponed to a day not yet known. Every session moves by as much."""

    reason: Line
    starts_at: Aware | None = None
    ends_at: Aware | None = None
    venue: UUID | None = None

    @staticmethod
    def flaws(known: Mapping[str, Any]) -> Iterator[Reason]:
        """What is wrong with the times, as far as they could be read."""
        yield from flaws_of_times(known.get("starts_at"), known.get("ends_at"))


class CopyForm(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A copy that begins at another time, with its sessions, contests, schemes and stages, but nobody in it."""

    starts_at: Aware
    title: Bilingual | None = None
    series: UUID | None = None


class SeriesForm(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Events that belong together."""

    title: Bilingual
    union: UUID


class SeriesView(Struct, frozen=True, kw_only=True):
    """A series as it is shown."""

    id: UUID
    title: Bilingual
    union: UUID
    created_at: datetime


class EventQuery(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Which events are wanted; `first` to `last` are days in the federation's zone, `union` is a path in the tree.

    `over`: those that ended before this day.
    `organised`: those that the actor organises; `official`: those whose inside the actor may look at by a duty.
    """

    kind: Kind | None = None
    state: EventState | None = None
    city: Line = ""
    union: Line = ""
    series: UUID | None = None
    first: date | None = None
    last: date | None = None
    over: date | None = None
    q: Line = ""
    templates: bool = False
    organised: bool = False
    official: bool = False


class PlacesView(Struct, frozen=True):
    """A limit and how it is used; `places` and `free` are none where there is no limit."""

    places: int | None
    used: int
    waiting: int
    free: int | None


class VenueBrief(Struct, frozen=True):
    """A venue as an event names it; coordinates in degrees."""

    id: UUID
    name: Bilingual
    address: str
    latitude: str | None
    longitude: str | None


class UnionBrief(Struct, frozen=True):
    """A union as an event names it."""

    id: UUID
    name: Bilingual
    path: str


class EventItem(Struct, frozen=True, kw_only=True):
    """An event as lists show it."""

    id: UUID
    kind: Kind
    state: EventState
    title: Bilingual
    summary: Bilingual
    city: str
    union: UnionBrief
    venue: VenueBrief | None
    zone: str
    starts_at: datetime
    ends_at: datetime
    opens_at: datetime | None
    closes_at: datetime | None
    places: PlacesView
    postponed: bool
    previous_starts_at: datetime | None
    is_template: bool
    version: int


class EventView(EventItem, frozen=True, kw_only=True):
    """An event with everything that is said about it."""

    description: BilingualProse
    series: UUID | None
    approval: Approval
    eligibility: Eligibility
    reason: str | None
    previous_venue: VenueBrief | None
    copied_from: UUID | None
    created_at: datetime
    updated_at: datetime


class Preview(Struct, frozen=True):
    """What a step in an event's life would do: whether it is allowed, and how many people would be told."""

    allowed: bool
    state: EventState
    people_told: int
    sessions: int
    becomes_public: bool
