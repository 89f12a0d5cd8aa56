"""Who did what in an event, and when: the outbox with names, for those who may read it."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any
from uuid import UUID

from msgspec import Struct

from events import access, db, notices
from events.access import Actor, Right
from events.paging import Page

NAMES = """SELECT account.id, COALESCE(person.name, account.name) AS name FROM account
    LEFT JOIN person ON person.id = account.person WHERE account.id"""


class Done(Struct, frozen=True, kw_only=True):
    """One thing that was done; `who` is empty for what the system did by itself."""

    cursor: str
    at: datetime
    kind: str
    who: str
    data: dict[str, Any]


async def trail(actor: Actor, event_id: UUID, *, cursor: str = "", limit: int = 50) -> Page[Done]:
    """What was done in an event, newest first (Right.READ_LOG)."""
    await access.event_for(actor, Right.READ_LOG, event_id)
    found = await notices.read(after=cursor, event=event_id, public_only=False, newest_first=True, limit=limit + 1)
    names = await _names({notice.account for notice in found if notice.account})
    shown = [
        Done(cursor=one.cursor, at=one.at, kind=one.kind, who=names.get(one.account, ""), data=one.data)
        for one in found[:limit]
    ]
    return Page(shown, shown[-1].cursor if len(found) > limit else None)


async def _names(accounts: Collection[UUID]) -> dict[UUID | None, str]:
    clause, ids = db.one_of(accounts)
    return {row["id"]: row["name"] for row in await db.rows(f"{NAMES} {clause}", *ids)}
