"""Who may try a password: guessing is slow for everybody, and a stranger's guesses shut nobody else out.

From one address a login may be tried 10 times in 15 minutes in vain, from all addresses together 200 times an hour; a
browser that has been signed in to the account before has 10 tries of its own and needs no share of the others.
"""

from __future__ import annotations

import hmac
from collections.abc import Sequence
from ipaddress import IPv6Address, ip_address, ip_network
from uuid import UUID

from msgspec import Struct

from events import crypto, db
from events.accounts import throttle


class Origin(Struct, frozen=True):
    """Where a try comes from: the network address, and the mark of a browser that has been signed in before."""

    address: str = ""
    mark: str = ""


async def admit(login: str, found: Sequence[db.Row], origin: Origin) -> None:
    """Count a try of a login that means one of these accounts; Conflict too_many_tries."""
    known = _known(found, origin.mark)
    if known:
        await throttle.count(throttle.KNOWN, known)
        return
    await throttle.count(throttle.SIGN_IN, _from(login, origin))
    await throttle.count(throttle.EVERYWHERE, login)


async def forget(login: str, found: Sequence[db.Row], origin: Origin) -> None:
    """A try was right: those before it from there do not count, and it does not count for the others."""
    known = _known(found, origin.mark)
    if known:
        await throttle.forget(throttle.KNOWN, known)
        return
    await throttle.forget(throttle.SIGN_IN, _from(login, origin))
    await throttle.take_back(throttle.EVERYWHERE, login)


def mark_of(account: UUID, sign_in: UUID) -> str:
    """What a browser keeps to be known by when it comes back; it opens nothing."""
    return f"{sign_in.hex}.{_signature(account, sign_in.hex)}"


def _known(found: Sequence[db.Row], mark: str) -> str:
    """The browser with this mark, if it has been signed in to one of these accounts."""
    browser, _, signed = mark.partition(".")
    own = any(hmac.compare_digest(_signature(row["id"], browser).encode(), signed.encode()) for row in found)
    return browser if own else ""


def _signature(account: UUID, browser: str) -> str:
    return crypto.signature(f"{account} {browser}", of="known browser")


def _from(login: str, origin: Origin) -> str:
    return f"{login} {network(origin.address)}"


def network(address: str) -> str:
    """What belongs to one subscriber: an IPv4 address, or the 64 bits that begin an IPv6 address."""
    try:
        found = ip_address(address)
    except ValueError:
        return address
    if isinstance(found, IPv6Address):
        return str(found.ipv4_mapped or ip_network((found, 64), strict=False))
    return str(found)
