"""What is sent to people: on their page, and by mail."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from msgspec import Struct

from events.access import Actor
from events.paging import Page
from events.text import Bilingual

# Every kind with the parameters that its text needs; name, event, when, where and link are found by ourselves.
KINDS: dict[str, frozenset[str]] = {
    "registration.confirmed": frozenset({"reference"}),
    "registration.waiting": frozenset({"reference", "position"}),
    "registration.promoted": frozenset({"reference"}),
    "registration.refused": frozenset({"reference", "reason"}),
    "registration.withdrawn": frozenset({"reference"}),
    "event.changed": frozenset(),
    "event.cancelled": frozenset({"reason"}),
    "account.recovery": frozenset({"token"}),
}


class MessageView(Struct, frozen=True, kw_only=True):
    """A message on the page of whoever it was sent to, in that person's language."""

    id: UUID
    kind: str
    event_id: UUID | None
    event_title: Bilingual | None
    subject: str
    body: str
    created_at: datetime
    read_at: datetime | None


async def send(
    kind: str, *, person: UUID | None = None, account: UUID | None = None, event: UUID | None = None, **params: str | int
) -> UUID:
    """Send a message to a person or an account, within the running transaction; `params` are those that KINDS names."""
    raise NotImplementedError


async def inbox(actor: Actor, *, after: str = "", limit: int = 50) -> Page[MessageView]:
    """The actor's messages, the newest first."""
    raise NotImplementedError


async def unread(actor: Actor) -> int:
    """How many messages the actor has not read."""
    raise NotImplementedError


async def mark_read(actor: Actor, message: UUID) -> None:
    """Note that the actor has read a message; NotFound when it is none of theirs."""
    raise NotImplementedError
