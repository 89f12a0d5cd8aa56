"""Boards for many who watch a stage: as rights are now, looked at once for all who have the same."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from events import access
from events.access import ANONYMOUS, Actor, Grant
from events.errors import NotFound
from events.publishing.reading import board, public_board
from events.publishing.structs import ReadyBoard


async def boards_for(
    accounts: Collection[UUID | None], event_id: UUID, stage_id: UUID
) -> dict[UUID | None, ReadyBoard | None]:
    """The board that each account may see now, or none; the one of everybody stands under None."""
    actors = await access.actors_of([account for account in accounts if account is not None])
    of_roles: dict[frozenset[Grant], ReadyBoard | None] = {}
    found: dict[UUID | None, ReadyBoard | None] = {}
    for account in accounts:  # what somebody may see of a stage is decided by roles alone
        actor = actors.get(account, ANONYMOUS) if account else ANONYMOUS
        roles = frozenset(actor.grants)
        if roles not in of_roles:
            of_roles[roles] = await _seen_by(actor, event_id, stage_id)
        found[account] = of_roles[roles]
    return found


async def _seen_by(actor: Actor, event_id: UUID, stage_id: UUID) -> ReadyBoard | None:
    try:
        return await (board(actor, event_id, stage_id) if actor.grants else public_board(event_id, stage_id))
    except NotFound:
        return None
