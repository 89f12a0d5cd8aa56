"""What happens to all sessions of an event at once. The rights are the caller's business, and so is the transaction.

None of these renders calendars: the caller ends its transaction with `calendars.refresh(event_id)`, once, after its own
writes, so that a change of the event and of its sessions counts as one.
"""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from events.tables import Event


async def first_session(event: Event) -> UUID:
    """Give a new event the session that every event has: its title, its times, its venue. Gives the session's id."""
    raise NotImplementedError


async def shift(
    event_id: UUID,
    delta: timedelta = timedelta(0),
    *,
    from_venue: UUID | None = None,
    to_venue: UUID | None = None,
    by: UUID | None = None,
) -> None:
    """Move every planned session by `delta`, and those at `from_venue` to `to_venue` if one is given.

    If the event is announced the old times and places are kept to be shown. `by` is the account for the notices.
    """
    raise NotImplementedError


async def copy_sessions(
    from_event: UUID, to_event: UUID, delta: timedelta, *, contests: dict[UUID, UUID] | None = None
) -> None:
    """Copy the planned sessions of an event to another, later by `delta`; `contests` maps old contests to new ones."""
    raise NotImplementedError
