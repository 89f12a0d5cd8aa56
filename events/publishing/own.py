"""The published results of one person."""

from __future__ import annotations

from uuid import UUID

import msgspec

from events import access, db
from events.access import Actor
from events.publishing.reading import results
from events.publishing.structs import Award, Row
from events.terms import BoardKind
from events.text import Bilingual, bilingual

ENTERED = """SELECT entry.id, entry.event_id, event.title FROM entry JOIN event ON event.id = entry.event_id
    WHERE entry.person = {} AND event.state <> 'draft' AND EXISTS (
        SELECT 1 FROM stage WHERE stage.event_id = entry.event_id AND stage.contest_id = entry.contest_id
        AND stage.state IN ('provisional', 'official'))
    ORDER BY event.starts_at DESC, entry.id LIMIT 50"""
WHOLE = 1_000_000


class OwnResult(msgspec.Struct, frozen=True, kw_only=True):
    """Where one of a person's entries stands on the newest published board of its contest."""

    event_id: UUID
    event: Bilingual
    contest: Bilingual
    stage_id: UUID
    entry_id: UUID
    kind: BoardKind
    awards: list[Award]
    row: Row


async def own_results(actor: Actor) -> list[OwnResult]:
    """The actor's up to 50 newest published results."""
    access.signed_in(actor)
    rows = await db.rows(ENTERED, actor.person) if actor.person else []
    boards = {event: await results(actor, event, leading=WHOLE) for event in {row["event_id"] for row in rows}}
    return [
        OwnResult(
            event_id=entered["event_id"], event=bilingual(entered["title"]), contest=board.contest,
            stage_id=board.stage_id, entry_id=entered["id"], kind=board.kind, awards=board.awards, row=row,
        )
        for entered in rows for board in boards[entered["event_id"]] for row in board.rows
        if row.entry_id == entered["id"]
    ]  # fmt: skip
