"""One human kept twice: found, and merged."""

from __future__ import annotations

from uuid import UUID

from events.access import Actor
from events.paging import Page
from events.people.forms import PersonView, SuspectedDuplicate


async def suspected_duplicates(actor: Actor, *, after: str = "", limit: int = 50) -> Page[SuspectedDuplicate]:
    """Pairs in the actor's unions (Right.KEEP_PEOPLE) with one name and one birth date or phone, by name."""
    raise NotImplementedError


async def merge(actor: Actor, keep: UUID, drop: UUID) -> PersonView:
    """Make two persons one (Right.KEEP_PEOPLE for both): all that hangs on `drop` moves to `keep`.

    Conflict with every clash: merge_identities, merge_accounts, merge_registered, merge_other_way, merge_entered.
    """
    raise NotImplementedError
