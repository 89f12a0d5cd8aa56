"""A lost password: a link that works once, for an hour."""

from __future__ import annotations

from events.accounts.forms import RecoveryForm


async def ask_recovery(login: str) -> None:
    """Have a recovery link sent to the account with this name, phone or mail; never tells whether there is one."""
    raise NotImplementedError


async def recover(form: RecoveryForm) -> None:
    """Set a new password by the secret of a link and end every sign-in and API token; Invalid recovery_expired."""
    raise NotImplementedError
