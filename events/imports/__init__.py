"""Taking over unions and people from spreadsheets."""

from __future__ import annotations

from events import access
from events.access import Actor, Right
from events.imports import people_lines, union_lines
from events.imports.running import Progress, Taken, run

__all__ = ["Taken", "people", "unions"]


def _quiet(_: int) -> None:
    return None


async def unions(actor: Actor, data: bytes, *, progress: Progress = _quiet) -> Taken:
    """Take a file of unions (csv or xlsx; Right.KEEP_UNIONS); `progress` hears how many rows are done."""
    _require(actor, Right.KEEP_UNIONS)
    return await run(actor, data, kind="unions", table=union_lines.TABLE, take=union_lines.take, progress=progress)


async def people(actor: Actor, data: bytes, *, progress: Progress = _quiet) -> Taken:
    """Take a file of people (csv or xlsx; Right.KEEP_PEOPLE in the unions); `progress` hears how many rows are done."""
    _require(actor, Right.KEEP_PEOPLE)
    return await run(actor, data, kind="people", table=people_lines.TABLE, take=people_lines.take, progress=progress)


def _require(actor: Actor, right: Right) -> None:
    access.signed_in(actor)
    if not actor.may_somewhere(right):
        raise access.not_found()
