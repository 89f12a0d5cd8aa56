"""Telling everybody who is registered for an event, in the background and in steps, for they may be many."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from events import db, messages, tasks

BATCH = 500
NEXT = """SELECT id, person FROM registration WHERE event_id = {} AND id > {}
    AND state IN ('pending', 'confirmed', 'waiting') ORDER BY id LIMIT 500"""


async def tell_all(event_id: UUID, *, kind: str, **params: str) -> None:
    """Send a message to each person who is registered or waits; begins once the running transaction is durable."""
    await tasks.enqueue("registration.tell", event=event_id, message=kind, params=params, after=UUID(int=0))


@tasks.runs("registration.tell")
async def _tell_some(event: str, message: str, params: dict[str, Any], after: str) -> None:
    """Tell the next batch, enqueue the rest and finish, in one transaction: who was told is never told again."""
    async with db.transaction():
        await tasks.finish()
        found = await db.rows(NEXT, UUID(event), UUID(after))
        for row in found:
            await messages.send(message, person=row["person"], event=UUID(event), **params)
        if len(found) == BATCH:
            rest = {"event": event, "message": message, "params": params, "after": found[-1]["id"]}
            await tasks.enqueue("registration.tell", **rest)
