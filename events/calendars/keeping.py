"""The stored VEVENTs follow the sessions."""

from __future__ import annotations

from uuid import UUID


async def refresh(event_id: UUID) -> None:
    """Render what changed of an event's sessions, within the caller's transaction, after all its other writes.

    Call it once a verb: SEQUENCE rises by one each time that time, place or status of an announced session differ.
    """
    raise NotImplementedError


async def refresh_all() -> int:
    """Render what changed of every event, such as after a change of MAGPIE_BASE_URL; gives the number of events."""
    raise NotImplementedError
