"""Events by their title: all titles lie beside each other in memory, so that a rare word is found without a scan."""

from __future__ import annotations

from bisect import bisect
from itertools import accumulate
from typing import NamedTuple
from uuid import UUID

from events import db, lasting

MOST = 500
END = b"\n"  # is in no title


class _Titles(NamedTuple):
    """Every title as it is stored, in lower case as databases make it, and where each begins."""

    text: bytes
    begins: list[int]
    events: list[UUID]


async def named(stored: str) -> list[UUID] | None:
    """The events whose stored title has this text in it, in whichever case; none where they are more than 500."""
    titles = await lasting.while_events_last("titles", _titles)
    wanted, found, at = stored.encode().lower(), list[UUID](), -1
    while (at := titles.text.find(wanted, at + 1)) >= 0:
        number = bisect(titles.begins, at) - 1
        found.append(titles.events[number])
        if len(found) > MOST:
            return None
        at = titles.text.find(END, at)
    return found


async def _titles() -> _Titles:
    rows = await db.rows("SELECT id, title FROM event")
    stored = [row["title"].encode().lower() + END for row in rows]
    return _Titles(b"".join(stored), [0, *accumulate(map(len, stored))], [row["id"] for row in rows])
