"""Tokens for programs and for private calendars: only their hashes are kept."""

from __future__ import annotations

from uuid import UUID

from events.access import Actor
from events.accounts.forms import NewToken, TokenForm, TokenView


async def issue_token(actor: Actor, form: TokenForm) -> NewToken:
    """A token with which a program acts as the actor."""
    raise NotImplementedError


async def tokens(actor: Actor) -> list[TokenView]:
    """The actor's tokens for programs, the newest first."""
    raise NotImplementedError


async def revoke_token(actor: Actor, token: UUID) -> None:
    """End one of the actor's tokens, the calendar's among them; NotFound when it is none of theirs."""
    raise NotImplementedError


async def actor_of_token(token: str) -> Actor | None:
    """Whoever a program acts for with this token, if anybody."""
    raise NotImplementedError


async def issue_calendar_token(actor: Actor) -> NewToken:
    """A new token for the actor's private calendar; the one before it ends."""
    raise NotImplementedError


async def calendar_token(actor: Actor) -> TokenView | None:
    """The token of the actor's private calendar, if there is one; itself it is not shown again."""
    raise NotImplementedError


async def actor_of_calendar_token(token: str) -> Actor | None:
    """Whose private calendar this token opens, if anybody's."""
    raise NotImplementedError
