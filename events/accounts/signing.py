"""Signing up, in and out; a browser holds a random secret of which only the hash is kept."""

from __future__ import annotations

from uuid import UUID

from events.access import Actor
from events.accounts.forms import AccountView, DeviceView, SignedIn, SignInForm, SignUpForm


async def sign_up(form: SignUpForm) -> AccountView:
    """Make an account; Invalid with login_missing, name_taken, phone_taken, mail_taken, password_short and the like."""
    raise NotImplementedError


async def sign_in(form: SignInForm) -> SignedIn:
    """Sign a browser in for 30 days; Invalid sign_in_failed whatever was wrong, Conflict too_many_tries with `until`."""
    raise NotImplementedError


async def actor_of_cookie(token: str) -> Actor | None:
    """Whoever is signed in with this secret, if anybody."""
    raise NotImplementedError


async def devices(actor: Actor, *, token: str = "") -> list[DeviceView]:
    """The browsers that are signed in to the actor's account, the newest first; `token` tells which one asks."""
    raise NotImplementedError


async def sign_out(token: str) -> None:
    """End the sign-in with this secret; an unknown one is as good as ended."""
    raise NotImplementedError


async def sign_out_device(actor: Actor, sign_in: UUID) -> None:
    """End one of the actor's sign-ins; NotFound when it is none of theirs."""
    raise NotImplementedError


async def sign_out_everywhere(actor: Actor, *, but: str = "") -> int:
    """End all the actor's sign-ins, except the one with the secret `but`; gives how many."""
    raise NotImplementedError
