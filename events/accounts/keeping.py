"""Accounts as their owners and administrators keep them."""

from __future__ import annotations

from uuid import UUID

from events.access import Actor
from events.accounts.forms import AccountView, Language, PasswordForm
from events.paging import Page


async def own(actor: Actor) -> AccountView:
    """The actor's account."""
    raise NotImplementedError


async def change_password(actor: Actor, form: PasswordForm, *, token: str = "") -> None:
    """Change one's password and sign out everywhere but at `token`; Invalid password_wrong, password_short, ..."""
    raise NotImplementedError


async def set_language(actor: Actor, language: Language) -> None:
    """Speak to the actor in this language."""
    raise NotImplementedError


async def find(actor: Actor, login: str) -> AccountView:
    """The account with exactly this name, phone or mail, for those who hand out roles; NotFound."""
    raise NotImplementedError


async def everyone(actor: Actor, *, after: str = "", limit: int = 50) -> Page[AccountView]:
    """All accounts, by name (Right.KEEP_ACCOUNTS)."""
    raise NotImplementedError


async def add(actor: Actor, name: str, *, password: str | None = None, language: Language = "zh") -> AccountView:
    """Make an account for somebody else or for a program (Right.KEEP_ACCOUNTS); without a password nobody signs in."""
    raise NotImplementedError


async def set_password(actor: Actor, account: UUID, password: str) -> None:
    """Set another's password (Right.KEEP_ACCOUNTS) and sign them out everywhere."""
    raise NotImplementedError


async def disable(actor: Actor, account: UUID, *, disabled: bool = True) -> None:
    """Shut an account out, or let it in again (Right.KEEP_ACCOUNTS)."""
    raise NotImplementedError
