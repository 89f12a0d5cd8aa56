"""What cannot be at once: found among the sessions as they are stored, by overlapping half-open intervals."""

from __future__ import annotations

from uuid import UUID

from events.access import Actor
from events.scheduling.forms import Clash


async def clashes(actor: Actor, event_id: UUID) -> list[Clash]:
    """What the planned sessions of an event clash with, for its organiser; in the order of time."""
    raise NotImplementedError
