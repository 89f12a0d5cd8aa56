"""Who has a duty in a session."""

from __future__ import annotations

from uuid import UUID

from events.access import Actor
from events.scheduling.forms import OfficialForm, OfficialView


async def officials(actor: Actor, event_id: UUID, session_id: UUID) -> list[OfficialView]:
    """Who has a duty in a session, by name; for those who may see the event's inside (Right.SEE)."""
    raise NotImplementedError


async def assign_official(
    actor: Actor, event_id: UUID, session_id: UUID, form: OfficialForm, *, accept_clashes: bool = False
) -> list[OfficialView]:
    """Give an account a duty in a session, or another duty; Conflict with clash_official when it is busy elsewhere."""
    raise NotImplementedError


async def remove_official(actor: Actor, event_id: UUID, session_id: UUID, account: UUID) -> list[OfficialView]:
    """Take an account's duty in a session away; NotFound when it has none."""
    raise NotImplementedError
