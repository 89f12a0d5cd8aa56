"""Ready bytes: what a crowd reads is made once for each change, and handed out before a request is looked at further.

A route whose answer depends on nothing but public data says what changes it, by one of the words of `api.ready.words`.
"""

from functools import cache

from api.ready.layers import kept, served
from api.ready.store import Store
from api.ready.words import (
    BOARD,
    CONTESTS,
    EVENT,
    EVENTS,
    MARK,
    PLAN,
    PLANS,
    PROGRAM,
    RESULTS,
    lasts_a_minute,
    lasts_until,
    page,
)
from events import settings

__all__ = [
    "BOARD", "CONTESTS", "EVENT", "EVENTS", "MARK", "PLAN", "PLANS", "PROGRAM", "RESULTS", "kept", "lasts_a_minute",
    "lasts_until",
    "page", "served", "store",
]  # fmt: skip


@cache
def store() -> Store:
    """The ready answers of this process."""
    return Store(settings.current().ready_megabytes * 2**20)
