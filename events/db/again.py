"""Doing once more what the database interrupted: of two transactions that wait for each other it undoes one.

Locks are taken in one order where that is possible: the persons, then the event's counter (events/places.py), then
what belongs to the event. A foreign key takes a lock too, on the row that it points to, and comes where it comes:
that is what this is for. A verb is safe to run again, for it is one transaction, of which nothing is left.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Coroutine
from functools import wraps
from typing import Any, ParamSpec, TypeVar

from events import db
from events.errors import Interrupted

Result = TypeVar("Result")
Arguments = ParamSpec("Arguments")
TRIES = 4


async def again(work: Callable[[], Awaitable[Result]]) -> Result:
    """Do `work`, and do it again when it is interrupted; within a transaction that is for whoever began it."""
    for _ in range(TRIES - 1):
        try:
            return await work()
        except Interrupted:
            if db.active_transaction() is not None:
                raise
    return await work()


def persistent(verb: Callable[Arguments, Awaitable[Result]]) -> Callable[Arguments, Coroutine[Any, Any, Result]]:
    """A verb that is done again when it is interrupted."""

    @wraps(verb)
    async def persisting(*arguments: Arguments.args, **named: Arguments.kwargs) -> Result:
        return await again(lambda: verb(*arguments, **named))

    return persisting
