"""Tries that are counted: so many within a time, then no more, whoever asks and from wherever."""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta
from typing import NamedTuple

from events import clock, crypto, db, ids, tasks
from events.errors import Conflict, Reason


class Limit(NamedTuple):
    """How many tries are allowed within which time."""

    purpose: str
    tries: int
    within: timedelta


SIGN_IN = Limit("sign_in", 10, timedelta(minutes=15))  # of a login from one address; of a password once signed in
EVERYWHERE = Limit("sign_in_everywhere", 200, timedelta(hours=1))  # of a login from all addresses
KNOWN = Limit("sign_in_known", 10, timedelta(minutes=15))  # from a browser that has been signed in before
FORM = Limit("form", 1, timedelta(hours=1))  # of a form that makes something once
LINK = Limit("link", 5, timedelta(hours=1))
RECOVERY = Limit("recovery", 5, timedelta(hours=1))
CODES = Limit("codes", 5, timedelta(hours=1))  # that are sent: to an account's contacts, and to any one address
PROOF = Limit("proof", 5, timedelta(hours=1))  # tries of one code
LOOK_UP = Limit("look_up", 200, timedelta(hours=1))  # of persons by one who registers others for an event
LONGEST = timedelta(hours=1)

COUNT = """INSERT INTO throttle (id, purpose, key, tries, since) VALUES ({}, {}, {}, 1, {})
    ON CONFLICT (purpose, key) DO UPDATE SET
        tries = CASE WHEN throttle.since <= {} THEN 1 ELSE throttle.tries + 1 END,
        since = CASE WHEN throttle.since <= {} THEN excluded.since ELSE throttle.since END
    RETURNING tries, since"""
_counting: set[asyncio.Task[db.Row | None]] = set()


async def count(limit: Limit, whom: str) -> None:
    """Count a try on `whom`; Conflict too_many_tries with `until` when it is one too many."""
    key = crypto.blind_index(whom, of=f"throttle {limit.purpose}")
    found = await (_count(limit, key) if db.active_transaction() is None else _count_afterwards(limit, key))
    if found and found["tries"] > limit.tries:
        until: datetime = found["since"] + limit.within
        raise Conflict(Reason("too_many_tries", "", {"until": until}), until=until)


async def allows(limit: Limit, whom: str) -> bool:
    """Count a try on `whom` and tell whether it is allowed, where another way is open to who is refused."""
    try:
        await count(limit, whom)
    except Conflict:
        return False
    return True


async def forget(limit: Limit, whom: str) -> None:
    """A try was right: those before it do not count."""
    key = crypto.blind_index(whom, of=f"throttle {limit.purpose}")
    await db.rows("DELETE FROM throttle WHERE purpose = {} AND key = {}", limit.purpose, key)


async def take_back(limit: Limit, whom: str) -> None:
    """A try was right: it does not count itself, those before it do."""
    key = crypto.blind_index(whom, of=f"throttle {limit.purpose}")
    which = "purpose = {} AND key = {} AND tries"
    sql = f"UPDATE throttle SET tries = tries - 1 WHERE {which} > 1 RETURNING id"  # noqa: S608
    if not await db.rows(sql, limit.purpose, key):
        await db.rows(f"DELETE FROM throttle WHERE {which} = 1", limit.purpose, key)  # noqa: S608


async def first(limit: Limit, whom: str) -> bool:
    """Whether this is the first try ever, as part of the running transaction: who comes at once waits for its end."""
    key = crypto.blind_index(whom, of=f"throttle {limit.purpose}")
    return bool(
        await db.rows(
            "INSERT INTO throttle (id, purpose, key, tries, since) VALUES ({}, {}, {}, 1, {})"
            " ON CONFLICT (purpose, key) DO NOTHING RETURNING id",
            ids.new(), limit.purpose, key, clock.now(),
        )
    )  # fmt: skip


async def _count(limit: Limit, key: bytes) -> db.Row | None:
    now = clock.now()
    past = now - limit.within
    return await db.row(COUNT, ids.new(), limit.purpose, key, now, past, past)


async def _count_afterwards(limit: Limit, key: bytes) -> db.Row | None:
    """Inside a transaction a refusal would undo the count, so a task of its own counts when the transaction is over."""
    found = await db.row(
        "SELECT tries + 1 AS tries, since FROM throttle WHERE purpose = {} AND key = {} AND since > {}",
        limit.purpose, key, clock.now() - limit.within,
    )  # fmt: skip
    task = asyncio.create_task(_count(limit, key))
    _counting.add(task)
    task.add_done_callback(_counting.discard)
    return found


@tasks.every(3600)
async def forget_old_tries() -> None:
    """Counts that no longer matter."""
    await db.rows("DELETE FROM throttle WHERE since < {}", clock.now() - LONGEST)
