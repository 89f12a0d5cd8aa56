"""What a move is, and what of it is shown: the time and place that people were told first."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from events.access import is_public
from events.tables import Event, Session


class Place(NamedTuple):
    """When and where."""

    starts_at: datetime
    ends_at: datetime
    venue: UUID | None


class Previous(NamedTuple):
    """The announced time and place that no longer hold, if they do not."""

    starts_at: datetime | None
    venue: UUID | None


def place_of(session: Session) -> Place:
    """When and where a session is now."""
    return Place(session.starts_at, session.ends_at, session.venue)


def to_show(event: Event, session: Session, after: Place) -> Previous:
    """What to show as the old time and place: what was announced first, and nothing once it holds again."""
    if not is_public(event):
        return Previous(None, None)
    starts_at = session.previous_starts_at or session.starts_at
    venue = session.previous_venue or session.venue
    return Previous(starts_at if starts_at != after.starts_at else None, venue if venue != after.venue else None)
