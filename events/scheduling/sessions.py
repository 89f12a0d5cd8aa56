"""Sessions are added, changed (or moved) and cancelled; each save looks for clashes first."""

from __future__ import annotations

from uuid import UUID

from events.access import Actor
from events.scheduling.forms import SessionForm, SessionView


async def add_session(
    actor: Actor, event_id: UUID, form: SessionForm, *, accept_clashes: bool = False
) -> SessionView:
    """Add a session (Right.ORGANISE); Conflict names every clash unless they are accepted."""
    raise NotImplementedError


async def change_session(
    actor: Actor,
    event_id: UUID,
    session_id: UUID,
    form: SessionForm,
    *,
    version: int | None = None,
    accept_clashes: bool = False,
) -> SessionView:
    """Replace a session by the form; of an announced event the old time and place are kept to be shown.

    Stale when `version` is no longer the session's; Conflict names every clash unless they are accepted.
    """
    raise NotImplementedError


async def cancel_session(
    actor: Actor, event_id: UUID, session_id: UUID, *, version: int | None = None
) -> SessionView:
    """Have a session not take place; it stays visible as cancelled and clashes with nothing."""
    raise NotImplementedError
