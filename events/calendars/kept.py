"""A public feed as it was read last, by days: after a change only the days are read again that it may concern."""

from __future__ import annotations

import asyncio
from collections import OrderedDict, defaultdict
from collections.abc import Awaitable, Callable, Collection, Hashable, Iterable
from datetime import datetime, timedelta
from uuid import UUID

from events import clock, db
from events.calendars.joining import Feed, Part, join

MOST_FEEDS = 16
MOST_CHANGES = 500
MOST_DAYS = 50
# A change becomes visible when its transaction commits, later than its time says: whatever changed so shortly before
# the newest change is looked at again, until transactions of that time are over.
SETTLED = timedelta(seconds=10)
LONGEST = timedelta(minutes=5)  # whatever may have slipped through: a part of the union tree that moved
PLACE = "CAST(session.event_id AS TEXT) || CAST(session.id AS TEXT)"
DAY = "substr(CAST(session.ends_at AS TEXT), 1, 10)"  # in UTC, on either database
SESSIONS = f"SELECT {PLACE} AS place, {DAY} AS day FROM session WHERE session.updated_at >= {{}} LIMIT {MOST_CHANGES}"  # noqa: S608
EVENTS = f"SELECT id FROM event WHERE updated_at >= {{}} LIMIT {MOST_CHANGES}"  # noqa: S608
NEWEST = " UNION ALL ".join(
    f"SELECT * FROM (SELECT updated_at FROM {table} ORDER BY updated_at DESC LIMIT 1) newest"  # noqa: S608
    for table in ("session", "event")
)
OF_EVENTS = f"SELECT DISTINCT {DAY} AS day FROM session WHERE session.event_id"  # noqa: S608

Days = Collection[str] | None  # None: all of them
Read = Callable[[Days], Awaitable[Iterable[db.Row]]]


class Shelf:
    """One feed: whoever asks while it is brought up to date waits for that."""

    def __init__(self, name: str, read: Read) -> None:
        self.name, self._read = name, read
        self._feed: Feed | None = None
        self._parts: dict[str, Part] = {}
        self._places: dict[str, str] = {}
        self._changed: datetime | None = None
        self._at = self._whole_at = datetime.min.replace(tzinfo=clock.now().tzinfo)
        self._updating = asyncio.Lock()

    async def feed(self) -> Feed:
        """The feed as it is now."""
        async with self._updating:
            changed, now = await last_change(), clock.now()
            if self._feed is None or changed != self._changed or not self._is_settled(now):
                self._feed = await self._brought_up(changed, now)
            return self._feed

    def _is_settled(self, now: datetime) -> bool:
        settled = self._changed is not None and self._at - self._changed >= SETTLED
        return settled and now - self._whole_at < LONGEST

    async def _brought_up(self, changed: datetime | None, now: datetime) -> Feed:
        days = await self._stale(now)
        rows = await self._read(days)
        self._changed, self._at = changed, now
        self._whole_at = now if days is None else self._whole_at
        return await asyncio.to_thread(self._joined, rows, days)

    async def _stale(self, now: datetime) -> Days:
        """The days that hold, or held, a session that changed or one of an event that changed."""
        if self._changed is None or now - self._whole_at >= LONGEST:
            return None
        since = self._changed - SETTLED
        sessions, events = await db.rows(SESSIONS, since), await db.rows(EVENTS, since)
        if len(sessions) == MOST_CHANGES or len(events) == MOST_CHANGES:
            return None
        days = {str(day) for row in sessions for day in (row["day"], self._places.get(row["place"], row["day"]))}
        days |= await self._days_of([row["id"] for row in events]) if events else set()
        return days if len(days) <= MOST_DAYS else None

    async def _days_of(self, events: Collection[UUID]) -> set[str]:
        these, ids = db.one_of(events)
        now_on = await db.rows(f"{OF_EVENTS} {these}", *ids)
        names = {str(event) for event in events}
        before = {day for place, day in self._places.items() if place[:36] in names}
        return before | {row["day"] for row in now_on}

    def _joined(self, rows: Iterable[db.Row], days: Days) -> Feed:
        kept = {} if days is None else {place: day for place, day in self._places.items() if day not in days}
        texts = defaultdict[str, list[str]](list)
        for row in rows:
            texts[row["day"]].append(row["text"])
            kept[row["place"]] = row["day"]
        parts = {} if days is None else {day: part for day, part in self._parts.items() if day not in days}
        parts |= {day: self._part(day, "".join(found).encode()) for day, found in texts.items()}
        self._places, self._parts = kept, parts
        return join(self.name, [parts[day] for day in sorted(parts)], self._changed)

    def _part(self, day: str, body: bytes) -> Part:
        """A day as it was read, or as it was made before, when it is the same."""
        before = self._parts.get(day)
        return before if before is not None and before.body == body else Part(body)


_shelves: OrderedDict[Hashable, Shelf] = OrderedDict()


def shelf(key: Hashable, make: Callable[[], Shelf]) -> Shelf:
    """The shelf of this feed; that which nobody asked for the longest is let go."""
    found = _shelves.pop(key, None) or make()
    _shelves[key] = found
    while len(_shelves) > MOST_FEEDS:
        _shelves.popitem(last=False)
    return found


async def last_change() -> datetime | None:
    """When a session or an event last changed, as far as is visible."""
    return max((row["updated_at"] for row in await db.rows(NEWEST)), default=None)
