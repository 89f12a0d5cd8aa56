"""Workbooks as strangers send them: unpacked within bounds before they are read, so that a small file stays small.

What lies in the archive may be far larger than it says, and a sheet with two cells as large as one with all between
them. So the reader gets nothing but what was unpacked, counted and looked through here.
"""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from collections.abc import Mapping
from typing import IO
from xml.parsers import expat

from python_calamine import CalamineError, CalamineWorkbook

from events.errors import invalid

LARGEST_UNPACKED = 100_000_000
MOST_CELLS = 5_000_000
MOST_PARTS = 1000
CHUNK = 1 << 20
PACKED = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
WORKBOOK = "xl/workbook.xml"  # other formats, with other ways to be large, are not read
BROKEN = (CalamineError, zipfile.BadZipFile, zlib.error, EOFError, RuntimeError, ValueError, expat.ExpatError)
CELL = re.compile(r"([A-Z]{1,3})([0-9]{1,7})")


def workbook(data: bytes) -> CalamineWorkbook:
    """The workbook in an xlsx file; Invalid file_broken, file_too_big, sheet_too_big."""
    try:
        parts = _parts(data)
        if WORKBOOK not in parts:
            invalid("file_broken")
        for content in parts.values():
            _look_through(content)
        return CalamineWorkbook.from_filelike(_packed(parts))
    except BROKEN:
        invalid("file_broken")


def _parts(data: bytes) -> Mapping[str, bytes]:
    """The parts that are read, by name; pictures and the like are left out."""
    found, room = dict[str, bytes](), LARGEST_UNPACKED
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        inside = [part for part in archive.infolist() if part.filename.endswith((".xml", ".rels"))]
        if len(inside) > MOST_PARTS or any(part.compress_type not in PACKED for part in inside):
            invalid("file_broken")
        for part in inside:
            with archive.open(part) as file:
                found[part.filename] = _unpacked(file, room)
            room -= len(found[part.filename])
    return found


def _unpacked(file: IO[bytes], room: int) -> bytes:
    """A part piece by piece: at once, all of it would be unpacked to give what it says to be the size."""
    pieces = list[bytes]()
    while piece := file.read(CHUNK):
        pieces.append(piece)
        room -= len(piece)
        if room < 0:
            invalid("file_too_big", "", most=LARGEST_UNPACKED // 10**6)
    return b"".join(pieces)


def _packed(parts: Mapping[str, bytes]) -> io.BytesIO:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    packed.seek(0)
    return packed


class Extent:
    """How far the cells of a sheet reach; those that do not say where they are come after the one before."""

    def __init__(self) -> None:
        self.row = self.column = self.rows = self.columns = 0

    def begin(self, name: str, attributes: Mapping[str, str]) -> None:
        """An element begins."""
        kind, place = name.rpartition(":")[2], attributes.get("r")
        if kind == "row":
            self.row, self.column = int(place) if place else self.row + 1, 0
        elif kind == "c":
            found = CELL.fullmatch(place or "")
            self.column = _column(found[1]) if found else self.column + 1
            self.rows = max(self.rows, int(found[2]) if found else self.row)
            self.columns = max(self.columns, self.column)


def _look_through(content: bytes) -> None:
    """Invalid when the cells of a sheet lie so far apart that those between them would fill the memory."""
    parser, extent = expat.ParserCreate(), Extent()
    parser.StartElementHandler = extent.begin
    parser.StartDoctypeDeclHandler = _refuse  # whoever defines entities is up to something
    parser.Parse(content, True)
    if extent.rows * extent.columns > MOST_CELLS:
        invalid("sheet_too_big", "", most=MOST_CELLS)


def _refuse(*_: object) -> None:
    invalid("file_broken")


def _column(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number
