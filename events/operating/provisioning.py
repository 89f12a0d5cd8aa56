"""The first account, and others that an operator makes at the machine itself."""

from __future__ import annotations

from uuid import UUID

from events import access, accounts, db, unions
from events.access import SYSTEM
from events.accounts import GrantForm, TokenForm
from events.errors import invalid
from events.terms import Role

FOR_PROGRAMS = "magpie account add"


async def add_account(
    name: str, *, role: Role | None = None, union: str | None = None, password: str | None = None, token: bool = False
) -> str | None:
    """Add an account with what it needs, wholly or not at all; gives the secret of its token, if one is wanted.

    Invalid name_taken, password_short and the like, unknown_union.
    """
    async with db.transaction():
        within = await _union(union) if union else None
        made = await accounts.add(SYSTEM, name, password=password)
        if role is not None:
            await accounts.grant_role(SYSTEM, GrantForm(account=made.id, role=role, union=within))
        if not token:
            return None
        actor = await access.actor_of(made.id)
        assert actor is not None
        return (await accounts.issue_token(actor, TokenForm(name=FOR_PROGRAMS))).token


async def _union(text: str) -> UUID:
    """The one union with this path or code."""
    page = await unions.find(text)
    path = text.strip(".") + "."
    found = [one.id for one in page.items if one.path == path] or [one.id for one in page.items if one.code == text]
    if len(found) != 1:
        invalid("unknown_union", "/union")
    return found[0]
