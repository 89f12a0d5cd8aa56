"""Registering people and changing what is known of them."""

from __future__ import annotations

from uuid import UUID

from events.access import Actor
from events.people.forms import PersonForm, PersonView


async def register(actor: Actor, form: PersonForm) -> PersonView:
    """Register a person as a member of a union (Right.KEEP_PEOPLE there).

    A known identity number is the same person, who joins this union: Invalid identity_of_another when the name differs,
    Conflict member_elsewhere while a union outside the actor's right still has the membership.
    """
    raise NotImplementedError


async def change(actor: Actor, person: UUID, form: PersonForm) -> PersonView:
    """Change what is known of a person, and the union of the membership (Right.KEEP_PEOPLE in both)."""
    raise NotImplementedError


async def end_membership(actor: Actor, person: UUID) -> PersonView:
    """End a person's membership today (Right.KEEP_PEOPLE); the person and its history stay."""
    raise NotImplementedError
