"""Passwords: which are good enough, and hashing them beside the event loop."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator

from events import crypto, db, errors
from events.accounts import throttle
from events.errors import Reason

SHORTEST = 8
COMMON_WORDS = (
    "password password1 passw0rd p@ssw0rd 12345678 123456789 1234567890 87654321 0987654321 abc12345 abcd1234 a1234567 "
    "a12345678 aa123456 aa12345678 1234abcd 12341234 11223344 112233445566 123123123 147258369 159357456 123qweasd "
    "qwertyui qwertyuiop qwer1234 asdfghjk asdfghjkl zxcvbnm1 1q2w3e4r 1q2w3e4r5t 1qaz2wsx qazwsxedc zaq12wsx q1w2e3r4 "
    "iloveyou woaini1314 woaini520 5201314520 1314520520 520520520 admin123 admin888 administrator root1234 welcome1 "
    "letmein1 sunshine princess football baseball superman trustno1 dearbook computer internet magpie123"
)
COMMON = frozenset(COMMON_WORDS.split())


def flaws(password: str, *names: str | None, pointer: str = "/password") -> Iterator[Reason]:
    """What is wrong with a password: too short, in everybody's list, or one of the account's own names."""
    folded = password.casefold()
    if len(password) < SHORTEST:
        yield Reason("password_short", pointer, {"least": SHORTEST})
    elif folded in COMMON or len(set(folded)) < 3:
        yield Reason("password_common", pointer)
    if any(name and folded in (name.casefold(), name.partition("@")[0].casefold()) for name in names):
        yield Reason("password_is_name", pointer)


async def confirm(account: db.Row, password: str, *, pointer: str = "/password") -> None:
    """Make sure that whoever is signed in knows the account's password; Invalid password_wrong, Conflict."""
    whom = str(account["id"])
    await throttle.count(throttle.SIGN_IN, whom)
    if not await fits(account["password_hash"], password):
        errors.invalid("password_wrong", pointer)
    await throttle.forget(throttle.SIGN_IN, whom)


async def hashed(password: str) -> str:
    """The hash to keep; takes a thread for about 26 ms."""
    return await asyncio.to_thread(crypto.hash_password, password)


async def fits(kept: str | None, password: str) -> bool:
    """Whether the password is the kept one; as slow when there is none."""
    return await asyncio.to_thread(crypto.password_fits, kept, password)
