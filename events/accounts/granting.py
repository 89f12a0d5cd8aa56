"""Roles: who holds which one, and where."""

from __future__ import annotations

from uuid import UUID

from events.access import Actor
from events.accounts.forms import GrantForm, GrantView


async def grant_role(actor: Actor, form: GrantForm) -> GrantView:
    """Give an account a role; granting it again changes nothing.

    Administrators everywhere; whoever organises an event may hand out organiser, registrar, judge and chief judge in it.
    """
    raise NotImplementedError


async def revoke_role(actor: Actor, grant: UUID) -> None:
    """Take a role away, by whoever may give it; Conflict last_administrator."""
    raise NotImplementedError


async def grants_of_event(actor: Actor, event_id: UUID) -> list[GrantView]:
    """The officials of an event (Right.SEE there), by role and name."""
    raise NotImplementedError


async def grants_of_account(actor: Actor, account: UUID) -> list[GrantView]:
    """The roles of an account: one's own, or anybody's for administrators."""
    raise NotImplementedError
