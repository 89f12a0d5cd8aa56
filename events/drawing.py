"""Draws: who starts when, where and under which code; anybody can recompute them from the published list and key.

1. `announce` fixes the list (numbers of the entries, ascending), publishes its digest, and either commits to a secret
   key (by its SHA-256) or names the public value that will be the key.
2. `draw` orders the list by scoring.draw.order with the key, cuts it into heats, and takes the codes that judges see
   from the same key. The key is shown once it cannot tell a judge any more who stands behind a code.
"""

from __future__ import annotations

from datetime import datetime
from typing import Annotated
from uuid import UUID

import msgspec

from events.access import Actor
from events.terms import StageState
from events.text import Bilingual, Line


class AnnounceForm(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`source` names the public value that will be the key ("closing index of 2 May"); without it a secret is kept."""

    source: Line | None = None


class DrawForm(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The public key, or a start order set by hand (ids of all entries); neither takes the committed or a new secret.

    `reason` is needed to draw again.
    """

    key: Annotated[str, msgspec.Meta(min_length=1, max_length=200, pattern=r"^[^\x00-\x1f\x7f]*$")] | None = None
    order: Annotated[list[UUID], msgspec.Meta(max_length=5000)] | None = None
    reason: Line = ""


class SlotView(msgspec.Struct, frozen=True, kw_only=True):
    """What the draw gave one entry; without the right to it, who stands behind a code stays empty."""

    position: int
    heat: int
    station: int
    code: str
    entry_id: UUID | None
    number: int | None
    name: str | None
    union_name: Bilingual | None


class DrawView(msgspec.Struct, frozen=True, kw_only=True):
    """A draw with all that is needed to check it; `key` and `slots` stay empty to those from whom codes are kept.

    `method`: key (public), secret (committed), manual. `digest` is that of `listed` (numbers of entries, one a line).
    """

    stage_id: UUID
    state: StageState
    method: str | None
    listed: list[str]
    digest: str | None
    commitment: str | None
    source: str | None
    key: str | None
    drawn_at: datetime | None
    slots: list[SlotView]


class OwnSlot(msgspec.Struct, frozen=True, kw_only=True):
    """Where and when somebody competes: heat, station and the code on the bench."""

    event_id: UUID
    contest_id: UUID
    contest: Bilingual
    stage_id: UUID
    stage: Bilingual
    position: int
    heat: int
    station: int
    code: str


async def announce(actor: Actor, event_id: UUID, stage_id: UUID, form: AnnounceForm) -> DrawView:
    """Fix and publish the list that will be drawn (organisers); announcing again replaces it while nothing is drawn."""
    raise NotImplementedError


async def draw(actor: Actor, event_id: UUID, stage_id: UUID, form: DrawForm) -> DrawView:
    """Draw a stage (organisers), announcing its list first if nobody has; again only before the first mark."""
    raise NotImplementedError


async def append(actor: Actor, event_id: UUID, stage_id: UUID) -> DrawView:
    """Put entries that came after the draw behind all others, by their number (organisers)."""
    raise NotImplementedError


async def drawn(actor: Actor, event_id: UUID, stage_id: UUID) -> DrawView:
    """The draw of a stage as this actor may see it."""
    raise NotImplementedError


async def own_slots(actor: Actor, event_id: UUID) -> list[OwnSlot]:
    """Where the actor competes in this event."""
    raise NotImplementedError
