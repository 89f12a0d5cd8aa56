"""Taking over unions and people from spreadsheets, and reading what a contest is scored from."""

from __future__ import annotations

from events import access
from events.access import Actor, Right
from events.errors import refuse
from events.exports import SCHEME_NAMES
from events.imports import entry_lines, mark_lines, people_lines, result_lines, scheme_lines, templates, union_lines
from events.imports.entry_lines import Entries
from events.imports.mark_lines import Marks
from events.imports.reading import Source, sheet_name
from events.imports.running import Progress, Report, Taken, rehearse, run
from events.imports.stage_marks import MarksFile, MarksTaken
from events.imports.stage_marks import take as stage_marks
from scoring.schemes import Scheme
from scoring.tables import Result

__all__ = [
    "TABLES",
    "Entries",
    "Marks",
    "MarksFile",
    "MarksTaken",
    "Report",
    "Taken",
    "column_name",
    "entries",
    "marks",
    "people",
    "results",
    "scheme",
    "sheet_name",
    "stage_marks",
    "template",
    "unions",
]  # fmt: skip

TABLES = {"people": people_lines.TABLE, "unions": union_lines.TABLE}


def _quiet(_: int) -> None:
    return None


async def unions(
    actor: Actor, source: Source, *, try_only: bool = False, progress: Progress = _quiet, report: Report | None = None
) -> Taken:
    """Take a file of unions (csv or xlsx; Right.KEEP_UNIONS), or only try to; `progress` hears of the rows done.

    With a `report`, wrong rows are told there and left out; without one, nothing of their batch is taken.
    """
    _require(actor, Right.KEEP_UNIONS)
    kind = union_lines.Unions(try_only=try_only)
    return await (rehearse if try_only else run)(actor, source, kind, progress=progress, report=report)


async def people(
    actor: Actor, source: Source, *, try_only: bool = False, progress: Progress = _quiet, report: Report | None = None
) -> Taken:
    """Take a file of people (Right.KEEP_PEOPLE in the unions), or only try to; `progress` hears of the rows done.

    With a `report`, wrong rows are told there and left out; without one, nothing of their batch is taken.
    """
    _require(actor, Right.KEEP_PEOPLE)
    return await (rehearse if try_only else run)(actor, source, people_lines.People(), progress=progress, report=report)


def marks(data: bytes, scheme: Scheme) -> Marks:
    """The marks in a file (csv or xlsx), for anybody; Invalid names every wrong cell."""
    found, flaws = mark_lines.read(data, scheme)
    refuse(flaws)
    return found


def entries(data: bytes) -> Entries:
    """What a file says of entries beside their marks, for anybody; Invalid names every wrong cell."""
    found, flaws = entry_lines.read(data)
    refuse(flaws)
    return found


def results(data: bytes) -> list[Result]:
    """The results of contests in a file (csv or xlsx), for anybody; Invalid names every wrong cell."""
    found, flaws = result_lines.read(data)
    refuse(flaws)
    return found


def scheme(data: bytes) -> dict[str, object]:
    """The scheme document that a file describes (csv or xlsx), for anybody; Invalid names every wrong cell."""
    found, flaws = scheme_lines.read(data)
    refuse(flaws)
    return found


def column_name(column: str, language: str) -> str:
    """What a column of marks, entries or schemes is called in a language."""
    names = {**SCHEME_NAMES, **result_lines.NAMES, **entry_lines.NAMES, **mark_lines.NAMES}
    return names[column][language == "en"] if column in names else column


def template(kind: str, language: str, sheet: str) -> bytes:
    """An empty workbook for a file of people or unions; `sheet` is what its sheet is called."""
    return templates.xlsx(TABLES[kind].columns, language, sheet)


def _require(actor: Actor, right: Right) -> None:
    access.signed_in(actor)
    if not actor.scope(right)[1]:
        raise access.not_found()
