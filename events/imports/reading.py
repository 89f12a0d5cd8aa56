"""Tables out of files: CSV in UTF-8 (with or without a byte order mark) or GB18030, and xlsx, give identical lines."""

from __future__ import annotations

import codecs
import csv
import io
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from datetime import date, datetime
from decimal import Decimal
from functools import partial
from itertools import islice
from pathlib import Path
from typing import IO, NamedTuple

from python_calamine import CalamineError

from events.errors import Invalid, Reason, invalid, refuse
from events.exports import COLUMNS
from events.exports.files import FORMULA
from events.imports.unpacking import workbook

LONGEST_CELL = 200
SNIFFED = 10_000
PIECE = 1 << 20
ZIP = b"PK\x03\x04"
UTF_16 = (b"\xff\xfe", b"\xfe\xff")  # what Excel calls Unicode text
SEPARATORS = re.compile(r"[\s_-]+")
SCIENTIFIC = re.compile(r"\d\.\d+[Ee]\+\d+")
CONTROL = re.compile(r"[\x00-\x1f\x7f]")
Cell = object
Source = bytes | Path  # what a file holds, or where it is


class Line(NamedTuple):
    """A row of a table: its number as the spreadsheet shows it, its cells by column, what is wrong with them."""

    number: int
    cells: Mapping[str, str]
    flaws: Sequence[Reason]


class Table(NamedTuple):
    """Which columns a file may have, which it must, and in which a number has lost something (0012, 18 figures).

    `names`: what each column may be called. `lenient`: columns that nobody knows are left aside, names are taken in
    whichever case, and lines that begin with # may stand above the header. `prose`: cells may be long and break lines.
    """

    columns: Sequence[str]
    needed: frozenset[str]
    texts: frozenset[str]
    names: Mapping[str, Sequence[str]] = COLUMNS
    lenient: bool = False
    prose: bool = False


def lines(source: Source, table: Table, *, skip: int = 0) -> Iterator[Line]:
    """The lines below the header; Invalid when the file cannot be read, or its header names other columns.

    `skip` passes over as many, quickly.
    """
    header, rows = _headed(source, table)
    columns = _columns(header, table)
    filled = ((number, row) for number, row in rows if any(str(cell).strip() for cell in row))
    for number, row in islice(filled, skip, None):
        line = _line(number, dict(zip(columns, row, strict=False)), table)
        beyond = [str(cell).strip() for cell in row[len(columns) :] if str(cell).strip()]
        yield line if not beyond else _overlong(line, columns, beyond)


def header(source: Source, table: Table) -> dict[str, str]:
    """What each known column is called in a file; for a lenient table also what is left aside, by its own name."""
    found = _header_cells(_headed(source, table)[0])
    return dict(zip(_columns(found, table), found, strict=False))


def sheet_name(data: bytes) -> str:
    """The name of the sheet that is read, the first of a workbook; nothing for another file."""
    with suppress(Invalid):
        return workbook(data).sheet_names[0] if data.startswith(ZIP) else ""
    return ""


def reason(line: int, column: str, value: str, found: Reason) -> Reason:
    """A reason that says where it is: row, column and value."""
    where = {"row": line, "column": column, "value": value[:LONGEST_CELL]}
    return Reason(found.code, f"/rows/{line}/{column}", {**found.params, **where})


@contextmanager
def opened(source: Source) -> Iterator[IO[bytes]]:
    """The file, at its beginning."""
    with source.open("rb") if isinstance(source, Path) else io.BytesIO(source) as file:
        yield file


def _headed(source: Source, table: Table) -> tuple[Sequence[Cell], Iterator[tuple[int, Sequence[Cell]]]]:
    """The header, and the rows below it."""
    with opened(source) as file:
        is_workbook = file.read(len(ZIP)) == ZIP
    rows = _workbook(source) if is_workbook else _csv(source)
    for _, row in rows:
        cells = [str(cell).strip() for cell in row]
        if not table.lenient or (any(cells) and not cells[0].startswith("#")):
            return row, rows
    return [], rows


def _header_cells(header: Iterable[Cell]) -> list[str]:
    found = [str(cell).strip() for cell in header]
    while found and not found[-1]:
        found.pop()
    return found


def _columns(header: Iterable[Cell], table: Table) -> list[str]:
    written = _plain_name if table.lenient else str
    names = {written(name): column for column in table.columns for name in table.names[column]}
    found = [written(name) for name in _header_cells(header)]
    columns = [names.get(name, name) for name in found]
    if table.lenient:
        columns = _best_named(columns, found, table)
    missing = [Reason("column_missing", "/rows/1", {"value": " / ".join(table.names[name][:2])})
               for name in table.columns if name in table.needed and name not in columns]  # fmt: skip
    refuse([*(() if table.lenient else _unknown(found, names)), *_twice(columns, table), *missing])
    return columns


def _unknown(found: Iterable[str], names: Mapping[str, str]) -> Iterator[Reason]:
    yield from (Reason("column_unknown", "/rows/1", {"value": name}) for name in found if name not in names)


def _twice(columns: Sequence[str], table: Table) -> Iterator[Reason]:
    """Columns that are there more than once: which of them would count?"""
    for column in table.columns:
        if columns.count(column) > 1:
            yield Reason("column_twice", "/rows/1", {"value": " / ".join(table.names[column][:2])})


def _best_named(columns: Sequence[str], found: Sequence[str], table: Table) -> list[str]:
    """Where several names mean one column, the first in the list of its names is taken, the others are left aside."""
    ranks = {column: [_plain_name(name) for name in table.names[column]] for column in table.columns}
    best = {
        column: min((name for name, said in zip(found, columns, strict=True) if said == column), key=names.index)
        for column, names in ranks.items()
        if column in columns
    }
    return [column if best.get(column) == name else name for column, name in zip(columns, found, strict=True)]


def _plain_name(name: str) -> str:
    """A name whichever way it is written: Out of competition, out_of_competition, ＯＵＴ-of-competition."""
    return SEPARATORS.sub("_", unicodedata.normalize("NFKC", name).strip().casefold())


def _line(number: int, cells: Mapping[str, Cell], table: Table) -> Line:
    texts = {column: _text(cell) for column, cell in cells.items()}
    found = [(column, flaw) for column, cell in cells.items() for flaw in _flaws(cell, spoiled=column in table.texts)]
    flaws = [
        reason(number, column, texts[column], flaw)
        for column, flaw in found
        if not (table.prose and flaw.code in ("too_long", "bad_characters"))
    ]
    return Line(number, texts, flaws)


def _overlong(line: Line, columns: Sequence[str], beyond: Sequence[str]) -> Line:
    """A line with cells that have no column: a decimal comma, or a text with a comma that is not in quotes."""
    return line._replace(flaws=[*line.flaws, reason(line.number, columns[-1], beyond[0], Reason("row_too_long"))])


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
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() else f"{Decimal(f'{cell:.15g}'):f}"
    if isinstance(cell, datetime):
        return cell.date().isoformat()
    if isinstance(cell, date):
        return cell.isoformat()
    text = str(cell).strip()
    return text[1:] if text[:1] == "'" and text[1:].startswith(FORMULA) else text


def _is_number(cell: Cell) -> bool:
    return isinstance(cell, (int, float, date)) or bool(SCIENTIFIC.fullmatch(str(cell).strip()))


def _csv(source: Source) -> Iterator[tuple[int, Sequence[Cell]]]:
    """Row by row, so that a file may be larger than the memory."""
    with opened(source) as file, io.TextIOWrapper(file, _encoding(file), newline="") as text:
        begins = text.read(SNIFFED)
        text.seek(0)
        first = next((line for line in begins.splitlines() if line.strip() and not line.startswith("#")), "")
        reader = csv.reader(text, delimiter=max(",;\t", key=first.count))
        try:
            yield from enumerate(reader, 1)
        except csv.Error:
            invalid("file_broken", f"/rows/{reader.line_num}")


def _encoding(file: IO[bytes]) -> str:
    """The encoding in which all of a file can be read."""
    begins = file.read(2)
    for encoding in ("utf-16",) if begins in UTF_16 else ("utf-8-sig", "gb18030"):
        file.seek(0)
        decoder = codecs.getincrementaldecoder(encoding)()
        with suppress(UnicodeDecodeError):
            for piece in iter(partial(file.read, PIECE), b""):
                decoder.decode(piece)
            decoder.decode(b"", final=True)
            file.seek(0)
            return encoding
    return invalid("file_encoding")


def _workbook(source: Source) -> Iterator[tuple[int, Sequence[Cell]]]:
    with opened(source) as file:
        data = file.read()
    try:
        rows = workbook(data).get_sheet_by_index(0).to_python(skip_empty_area=False)
    except CalamineError:
        invalid("file_broken")
    yield from enumerate(rows, 1)
