"""Tables out of files: CSV in UTF-8 (with or without a byte order mark) or GB18030, and xlsx, give identical lines."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import date, datetime
from typing import NamedTuple

from python_calamine import CalamineError

from events.errors import Invalid, Reason, invalid, refuse
from events.exports import COLUMNS
from events.exports.files import FORMULA
from events.imports.unpacking import workbook

LONGEST_CELL = 200
ZIP = b"PK\x03\x04"
SCIENTIFIC = re.compile(r"\d\.\d+[Ee]\+\d+")
CONTROL = re.compile(r"[\x00-\x1f\x7f]")
Cell = object


class Line(NamedTuple):
    """A row of a table: its number as the spreadsheet shows it, its cells by column, what is wrong with them."""

    number: int
    cells: Mapping[str, str]
    flaws: Sequence[Reason]


class Table(NamedTuple):
    """Which columns a file may have, which it must, and in which a number has lost something (0012, 18 figures)."""

    columns: Sequence[str]
    needed: frozenset[str]
    texts: frozenset[str]


def lines(data: bytes, table: Table) -> Iterator[Line]:
    """The lines below the header; Invalid when the file cannot be read, or its header names other columns."""
    rows = _workbook(data) if data.startswith(ZIP) else _csv(data)
    columns = _columns(next(rows, (1, []))[1], table)
    for number, row in rows:
        cells = dict(zip(columns, row, strict=False))
        if any(str(cell).strip() for cell in cells.values()):
            yield _line(number, cells, table)


def sheet_name(data: bytes) -> str:
    """The name of the sheet that is read, the first of a workbook; nothing for another file."""
    with suppress(Invalid):
        return workbook(data).sheet_names[0] if data.startswith(ZIP) else ""
    return ""


def reason(line: int, column: str, value: str, found: Reason) -> Reason:
    """A reason that says where it is: row, column and value."""
    where = {"row": line, "column": column, "value": value[:LONGEST_CELL]}
    return Reason(found.code, f"/rows/{line}/{column}", {**found.params, **where})


def _columns(header: Iterable[Cell], table: Table) -> list[str]:
    names = {name: column for column in table.columns for name in COLUMNS[column]}
    found = [str(cell).strip() for cell in header]
    while found and not found[-1]:
        found.pop()
    unknown = [Reason("column_unknown", "/rows/1", {"value": name}) for name in found if name not in names]
    columns = [names.get(name, name) for name in found]
    missing = [Reason("column_missing", "/rows/1", {"value": " / ".join(COLUMNS[name])}) for name in table.columns
               if name in table.needed and name not in columns]  # fmt: skip
    refuse([*unknown, *missing])
    return columns


def _line(number: int, cells: Mapping[str, Cell], table: Table) -> Line:
    texts = {column: _text(cell) for column, cell in cells.items()}
    found = [(column, flaw) for column, cell in cells.items() for flaw in _flaws(cell, spoiled=column in table.texts)]
    flaws = [reason(number, column, texts[column], flaw) for column, flaw in found]
    return Line(number, texts, flaws)


def _flaws(cell: Cell, *, spoiled: bool) -> Iterator[Reason]:
    text = _text(cell)
    if spoiled and _is_number(cell):
        yield Reason("number_not_text")
    if len(text) > LONGEST_CELL:
        yield Reason("too_long", "", {"most": LONGEST_CELL})
    if CONTROL.search(text):
        yield Reason("bad_characters")


def _text(cell: Cell) -> str:
    """A cell as it would have been typed: whole numbers without a point, dates as 1990-03-07."""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if isinstance(cell, datetime):
        return cell.date().isoformat()
    if isinstance(cell, date):
        return cell.isoformat()
    text = str(cell).strip()
    return text[1:] if text[:1] == "'" and text[1:].startswith(FORMULA) else text


def _is_number(cell: Cell) -> bool:
    return isinstance(cell, (int, float, date)) or bool(SCIENTIFIC.fullmatch(str(cell).strip()))


def _csv(data: bytes) -> Iterator[tuple[int, Sequence[Cell]]]:
    text = _decoded(data)
    first = text.partition("\n")[0]
    delimiter = max(",;\t", key=first.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    try:
        yield from enumerate(reader, 1)
    except csv.Error:
        invalid("file_broken", f"/rows/{reader.line_num}")


def _decoded(data: bytes) -> str:
    for encoding in ("utf-8-sig", "gb18030"):
        with suppress(UnicodeDecodeError):
            return data.decode(encoding)
    return invalid("file_encoding")


def _workbook(data: bytes) -> Iterator[tuple[int, Sequence[Cell]]]:
    try:
        rows = workbook(data).get_sheet_by_index(0).to_python(skip_empty_area=False)
    except CalamineError:
        invalid("file_broken")
    yield from enumerate(rows, 1)
