"""An event, its sessions and who registers for it."""

from __future__ import annotations

from piccolo.columns import UUID, BigInt, Boolean, Text, Timestamptz
from piccolo.table import Table


class Event(Table):
    """One happening. `version` rises with every change of it."""

    id = UUID(primary_key=True)
    series = UUID(null=True, default=None)
    union = UUID()
    kind = Text()
    state = Text()
    title = Text()
    summary = Text()
    description = Text()
    city = Text()
    venue = UUID(null=True, default=None)
    zone = Text()
    starts_at = Timestamptz()
    ends_at = Timestamptz()
    opens_at = Timestamptz(null=True, default=None)
    closes_at = Timestamptz(null=True, default=None)
    approval = Text()
    eligibility = Text()
    is_template = Boolean()
    copied_from = UUID(null=True, default=None)
    reason = Text(null=True, default=None)
    postponed = Boolean()
    previous_starts_at = Timestamptz(null=True, default=None)
    previous_venue = UUID(null=True, default=None)
    version = BigInt()
    created_by = UUID(null=True, default=None)
    created_at = Timestamptz()
    updated_at = Timestamptz()


class Capacity(Table):
    """The guarded counter of one limit: the event's own (its id is the event's) or a contest's (the contest's)."""

    event_id = UUID()
    id = UUID(primary_key=True)
    places = BigInt(null=True, default=None)
    used = BigInt()
    waiting = BigInt()
    queued = BigInt()


class Session(Table):
    """A block of time at a venue; `vevent` and `vevent_en` are its calendar entry, rendered when it last changed.

    `automatic` is the one that a new event has by itself, until the first that somebody adds takes its place.
    """

    event_id = UUID()
    id = UUID(primary_key=True)
    contest_id = UUID(null=True, default=None)
    title = Text()
    venue = UUID(null=True, default=None)
    starts_at = Timestamptz()
    ends_at = Timestamptz()
    state = Text()
    automatic = Boolean(default=False)
    previous_starts_at = Timestamptz(null=True, default=None)
    previous_venue = UUID(null=True, default=None)
    sequence = BigInt()
    vevent = Text(default="")
    vevent_en = Text(default="")
    vevent_digest = Text(default="")
    version = BigInt(default=1)
    created_at = Timestamptz()
    updated_at = Timestamptz()


class SessionOfficial(Table):
    """An account with a duty in a session."""

    event_id = UUID()
    id = UUID(primary_key=True)
    session_id = UUID()
    account = UUID()
    duty = Text()


class Registration(Table):
    """A request of a person to take part in an event."""

    event_id = UUID()
    id = UUID(primary_key=True)
    person = UUID()
    union = UUID(null=True, default=None)
    contest_id = UUID(null=True, default=None)
    division_id = UUID(null=True, default=None)
    state = Text()
    reference = Text()
    note = Text()
    reason = Text(null=True, default=None)
    queue_number = BigInt(null=True, default=None)
    registered_by = UUID(null=True, default=None)
    checked_in_at = Timestamptz(null=True, default=None)
    checked_in_by = UUID(null=True, default=None)
    version = BigInt()
    created_at = Timestamptz()
    updated_at = Timestamptz()
