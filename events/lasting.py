"""What is the same for everybody until an event changes: made once, and remembered for as long."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Hashable
from datetime import datetime, timedelta
from typing import Any, NamedTuple, TypeVar

from events import clock, db

Made = TypeVar("Made")
MOST = 100
# A change becomes visible when its transaction commits, later than its time says: so shortly after the newest change
# others may follow that bear an earlier time, and what is made then lasts for a moment only.
SETTLED = timedelta(seconds=10)
MOMENT = 1.0
NEWEST = "SELECT updated_at FROM event ORDER BY updated_at DESC LIMIT 1"


class _Remembered(NamedTuple):
    value: Any
    changed: datetime
    until: float


_remembered: OrderedDict[Hashable, _Remembered] = OrderedDict()


async def while_events_last(key: Hashable, make: Callable[[], Awaitable[Made]]) -> Made:
    """What `make` gives, or gave under this key if no event has changed since; it must not depend on who asks."""
    newest = await db.row(NEWEST)
    if newest is None:
        return await make()
    changed, now = newest["updated_at"], asyncio.get_running_loop().time()
    key = db.engine(), key
    found = _remembered.pop(key, None)
    if found is None or found.changed != changed or now > found.until:
        settled = clock.now() - changed > SETTLED
        found = _Remembered(await make(), changed, float("inf") if settled else now + MOMENT)
    _remembered[key] = found
    while len(_remembered) > MOST:
        _remembered.popitem(last=False)
    return found.value  # type: ignore[no-any-return]
