"""Public feeds made lately, kept as bytes for as long as nothing changed: most requests ask for the same few."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Hashable
from dataclasses import dataclass
from datetime import datetime, timedelta

from events import clock, db
from events.calendars.joining import Feed

MOST = 16
# A change becomes visible when its transaction commits, later than its time says: a feed is kept once the newest change
# is older than transactions last, and for no longer than this, whatever may have slipped through.
SETTLED = timedelta(seconds=10)
LONGEST = timedelta(seconds=60)


@dataclass(frozen=True)
class _Kept:
    feed: Feed
    changed: datetime | None
    since: datetime


_feeds: OrderedDict[Hashable, _Kept] = OrderedDict()


async def last_change() -> datetime | None:
    """When a session or an event last changed, as far as is visible."""
    found = [
        await db.row("SELECT updated_at FROM session ORDER BY updated_at DESC LIMIT 1"),
        await db.row("SELECT updated_at FROM event ORDER BY updated_at DESC LIMIT 1"),
    ]
    return max((row["updated_at"] for row in found if row), default=None)


def get(key: Hashable, changed: datetime | None) -> Feed | None:
    """The feed kept under this key, if nothing changed since."""
    kept = _feeds.get(key)
    if kept is None or kept.changed != changed or clock.now() - kept.since > LONGEST:
        return None
    _feeds.move_to_end(key)
    return kept.feed


def put(key: Hashable, changed: datetime | None, feed: Feed) -> None:
    """Keep a feed, unless changes that it does not hold may still become visible."""
    now = clock.now()
    if changed is None or now - changed < SETTLED:
        return
    _feeds[key] = _Kept(feed, changed, now)
    while len(_feeds) > MOST:
        _feeds.popitem(last=False)
