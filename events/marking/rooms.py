"""How many judges a panel has room for: what the scheme asks of each aspect, less who marks it already."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from uuid import UUID

from events import db
from events.marking.seats import covers, named
from events.tables import Stage
from scoring.schemes import Scheme, aspects


async def taken(row: Stage) -> list[db.Row]:
    """Every seat of a stage that is taken, with the aspects of its panel."""
    return await db.rows(
        "SELECT panel_seat.panel_id, panel_seat.seat, panel_seat.account, panel.aspects FROM panel_seat "
        "JOIN panel ON panel.event_id = panel_seat.event_id AND panel.id = panel_seat.panel_id "
        "WHERE panel.event_id = {} AND panel.stage_id = {} AND panel_seat.until IS NULL",
        row.event_id, row.id,
    )  # fmt: skip


def covered(keys: Collection[str], rules: Scheme) -> Iterator[tuple[str, int]]:
    """The judged aspects of a panel with these keys, each with its number of judges."""
    return ((aspect.key, aspect.judges) for aspect in aspects(rules) if aspect.judges and covers(keys, aspect))


def room(panel_id: UUID, judged: tuple[str, int], seats: Sequence[db.Row]) -> int:
    """How many more may mark an aspect from a panel; whoever marks it in another panel counts."""
    key, judges = judged
    sitting = [seat for seat in seats if seat["panel_id"] == panel_id or key in (named(seat["aspects"]) or [key])]
    return judges - len(sitting)
