"""An account and the real-name membership it belongs to."""

from __future__ import annotations

from uuid import UUID

from events.access import Actor
from events.accounts.forms import LinkForm


async def link(actor: Actor, form: LinkForm) -> UUID:
    """Link the actor's account to the person with exactly this name and identity number; gives the person.

    Invalid link_failed never says which of the two was wrong; Conflict already_linked, person_linked, too_many_tries.
    """
    raise NotImplementedError


async def unlink(actor: Actor, account: UUID) -> None:
    """Take the link of an account away (Right.KEEP_ACCOUNTS)."""
    raise NotImplementedError
