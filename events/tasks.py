"""Background work: enqueued in the transaction that makes it necessary, claimed by a lease, tried again, given up in the end."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import TypeVar
from uuid import UUID

Handler = TypeVar("Handler", bound=Callable[..., Awaitable[None]])


def runs(kind: str) -> Callable[[Handler], Handler]:
    """Have the decorated function run the tasks of a kind; it is called with their payload as keywords.

    At least once: a crash in the middle runs it again after the lease, so let it look first whether it is done.
    """
    raise NotImplementedError


def every(seconds: int) -> Callable[[Handler], Handler]:
    """Have the decorated function run every so often, by one worker at a time."""
    raise NotImplementedError


async def enqueue(kind: str, *, due_at: datetime | None = None, **payload: object) -> UUID:
    """Append a task to the running transaction: now, or at a time; `payload` is stored as JSON."""
    raise NotImplementedError


async def run_due() -> int:
    """Run what is due now, and what that makes due, until nothing is; gives how many."""
    raise NotImplementedError


async def work(stop: asyncio.Event) -> None:
    """Run tasks and periodic duties until `stop` is set: woken by commits here, looking once a second for those elsewhere."""
    raise NotImplementedError
