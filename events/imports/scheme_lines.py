"""Schemes out of spreadsheets: one row an aspect, names of columns in either language."""

from __future__ import annotations

from itertools import islice

from events.errors import Reason, invalid
from events.exports.schemes import SCHEME_NAMES
from events.imports.reading import Table, lines, reason
from scoring import sheets

TABLE = Table(sheets.COLUMNS, frozenset({"kind"}), texts=frozenset(), names=SCHEME_NAMES, lenient=True, prose=True)
MOST_ROWS = 3000


def read(data: bytes) -> tuple[sheets.reading.Document, list[Reason]]:
    """The document that a file describes, and everything that is wrong with it."""
    found = list(islice(lines(data, TABLE), MOST_ROWS + 1))
    if len(found) > MOST_ROWS:
        invalid("too_many", "", most=MOST_ROWS)
    flaws = [flaw for line in found for flaw in line.flaws]
    made, problems = sheets.document((line.number, line.cells) for line in found)
    cells = {line.number: line.cells for line in found}
    for problem in problems:
        number, column = problem.pointer.split("/")[2:]
        value = cells.get(int(number), {}).get(column, "")
        flaws.append(reason(int(number), column, value, Reason(problem.code, "", problem.params)))
    return made, flaws
