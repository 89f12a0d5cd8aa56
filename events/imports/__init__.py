"""Taking over unions and people from spreadsheets."""

from __future__ import annotations

from events import access
from events.access import Actor, Right
from events.imports import people_lines, templates, union_lines
from events.imports.reading import sheet_name
from events.imports.running import Kind, Progress, Taken, rehearse, run

__all__ = ["TABLES", "Taken", "people", "sheet_name", "template", "unions"]

TABLES = {"people": people_lines.TABLE, "unions": union_lines.TABLE}


def _quiet(_: int) -> None:
    return None


async def unions(actor: Actor, data: bytes, *, try_only: bool = False, progress: Progress = _quiet) -> Taken:
    """Take a file of unions (csv or xlsx; Right.KEEP_UNIONS), or only try to; `progress` hears of the rows done."""
    _require(actor, Right.KEEP_UNIONS)
    kind = Kind("unions", TABLES["unions"], union_lines.take)
    return await (rehearse if try_only else run)(actor, data, kind, progress)


async def people(actor: Actor, data: bytes, *, try_only: bool = False, progress: Progress = _quiet) -> Taken:
    """Take a file of people (Right.KEEP_PEOPLE in the unions), or only try to; `progress` hears of the rows done."""
    _require(actor, Right.KEEP_PEOPLE)
    kind = Kind("people", TABLES["people"], people_lines.take)
    return await (rehearse if try_only else run)(actor, data, kind, progress)


def template(kind: str, language: str, sheet: str) -> bytes:
    """An empty workbook for a file of people or unions; `sheet` is what its sheet is called."""
    return templates.xlsx(TABLES[kind].columns, language, sheet)


def _require(actor: Actor, right: Right) -> None:
    access.signed_in(actor)
    if not actor.scope(right)[1]:
        raise access.not_found()
