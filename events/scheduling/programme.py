"""Sessions as they are read: those of one event, and the programme of all."""

from __future__ import annotations

from uuid import UUID

from events.access import Actor
from events.paging import Page
from events.scheduling.forms import ProgrammeQuery, SessionView


async def session(actor: Actor, event_id: UUID, session_id: UUID) -> SessionView:
    """One session of an event that the actor may see."""
    raise NotImplementedError


async def sessions(actor: Actor, event_id: UUID) -> list[SessionView]:
    """Every session of an event that the actor may see, cancelled ones too, in the order of time."""
    raise NotImplementedError


async def programme(
    actor: Actor, query: ProgrammeQuery, *, cursor: str = "", limit: int = 50
) -> Page[SessionView]:
    """A page of the sessions of all events that the actor may see, in the order of time; templates are left out."""
    raise NotImplementedError
