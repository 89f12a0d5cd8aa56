"""The results of an event's contests as tables of delegations count them: of each the last stage, as published."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any
from uuid import UUID

from events import db
from events.publishing.gathering import contingent, delegations_of
from events.publishing.grounds import number_of
from events.publishing.reading import HEAD, ready
from events.publishing.structs import Board, Row
from events.text import Bilingual
from scoring.tables import Result

LAST_STAGES = (
    f"SELECT {HEAD}, stage.contest_id FROM board JOIN stage ON stage.event_id = board.event_id "  # noqa: S608
    "AND stage.id = board.stage_id JOIN contest ON contest.event_id = stage.event_id AND contest.id = stage.contest_id "
    "WHERE board.event_id = {} AND board.kind IN ('provisional', 'official') AND NOT EXISTS (SELECT 1 FROM stage later "
    "WHERE later.event_id = stage.event_id AND later.contest_id = stage.contest_id AND later.number > stage.number) "
    "ORDER BY contest.number, board.version"
)
SIDES = 'SELECT entry.id, unions.path FROM entry JOIN unions ON unions.id = entry."union" WHERE entry.event_id = {}'


@dataclass(frozen=True)
class Season:
    """Boards, which delegation each entry belongs to, and what the delegations are called now."""

    boards: Sequence[Board]
    sides: Mapping[str, UUID]
    names: Mapping[UUID, Bilingual]

    @cached_property
    def entrants(self) -> dict[str, Row]:
        """The rows of all boards, by entry."""
        return {str(row.entry_id): row for board in self.boards for row in board.rows}

    def results(self) -> Iterable[Result]:
        """Every row of every board as a table counts it."""
        for board in self.boards:
            yield from (self._result(str(board.contest_id), row) for row in board.rows)

    def _result(self, contest: str, row: Row) -> Result:
        side = self.sides.get(str(row.entry_id))
        numbers: dict[str, Any] = {
            name: number_of(getattr(row, name)) for name in ("rank", "score", "scaled", "points")
        }
        return Result(
            contest, str(row.entry_id), str(side) if side else None, **numbers,
            awards=tuple(row.awards), scoring=row.rank is not None,
        )  # fmt: skip


async def heads_of(event_id: UUID) -> list[db.Row]:
    """The newest published board of each contest's last stage, by the contest's number."""
    newest = {row["contest_id"]: row for row in await db.rows(LAST_STAGES, event_id)}
    return list(newest.values())


async def season_of(event_id: UUID, heads: Iterable[db.Row]) -> Season:
    """The season with these boards in it."""
    paths = {str(row["id"]): contingent(row["path"]) for row in await db.rows(SIDES, event_id)}
    found = await delegations_of(set(paths.values()))
    boards = [(await ready(head, blind=False)).board() for head in heads]
    return Season(
        boards,
        {entry: found[path][0] for entry, path in paths.items() if path in found},
        dict(found.values()),
    )
