"""The contests of one event, made again in another: divisions, schemes, stages, tables, but no entries and no marks."""

from __future__ import annotations

from typing import Any, TypeVar
from uuid import UUID

from events import clock, db, ids
from events.tables import Contest, Division, Scheme, Stage, Tally
from events.terms import StageState

Copied = TypeVar("Copied", Contest, Division, Scheme, Stage, Tally)
FRESH_STAGE = {
    "state": StageState.PREPARED, "draw_key": None, "entries_digest": None, "draw_seeds": None, "draw_recipe": None,
    "draw_source": None, "drawn_at": None, "frozen_at": None, "objections_until": None, "filled_at": None, "version": 1,
}  # fmt: skip


async def copy_contests(from_event: UUID, to_event: UUID) -> dict[UUID, UUID]:
    """Copy inside the caller's transaction; gives the new id of each contest."""
    contests = await _again(Contest, from_event, to_event, created_at=clock.now(), last_number=0, version=1)
    await _again(Division, from_event, to_event, contest_id=contests, version=1)
    schemes = await _again(Scheme, from_event, to_event, contest_id=contests, created_at=clock.now())
    await _again(Stage, from_event, to_event, contest_id=contests, scheme_id=schemes, **FRESH_STAGE)
    await _again(Tally, from_event, to_event, created_at=clock.now())
    for old, new in contests.items():
        await db.rows(
            "INSERT INTO capacity (event_id, id, places, used, waiting, queued)"
            " SELECT {}, {}, places, 0, 0, 0 FROM capacity WHERE event_id = {} AND id = {}",
            to_event, new, from_event, old,
        )  # fmt: skip
    return contests


async def _again(table: type[Copied], from_event: UUID, to_event: UUID, **columns: Any) -> dict[UUID, UUID]:
    """Every row of a table with a new id and changed columns; a column given as a mapping is renamed by it."""
    renamed: dict[UUID, UUID] = {}
    for row in await table.select().where(table.event_id == from_event):
        changes = {name: value.get(row[name]) if isinstance(value, dict) else value for name, value in columns.items()}
        renamed[row["id"]] = ids.new()
        await table.insert(table(**(row | changes | {"event_id": to_event, "id": renamed[row["id"]]})))
    return renamed
