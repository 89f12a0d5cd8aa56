"""Files that spreadsheets open, made of rows of text while these come: nothing is kept in memory as a whole."""

from __future__ import annotations

import asyncio
import codecs
import csv
import io
import tempfile
from collections.abc import AsyncIterator
from pathlib import Path

import xlsxwriter

FORMULA = ("=", "+", "-", "@", "＝", "＋", "－", "＠", "\t", "\r")
BATCH = 500
CHUNK = 64 * 1024
WIDTH = 18
MOST_LINES = 1_048_576  # a sheet has no more
# One row at a time goes to a file beside the workbook, and no text becomes a number, a link or a formula.
PLAIN = {
    "constant_memory": True, "strings_to_numbers": False, "strings_to_urls": False, "strings_to_formulas": False,
}  # fmt: skip


async def csv_lines(found: AsyncIterator[list[str]]) -> AsyncIterator[bytes]:
    """CSV in UTF-8 with a byte order mark; a cell that a spreadsheet would take for a formula is made plain text."""
    yield codecs.BOM_UTF8
    async for row in found:
        line = io.StringIO()
        csv.writer(line).writerow([plain(cell) for cell in row])
        yield line.getvalue().encode()


def plain(cell: str) -> str:
    """A cell that no spreadsheet takes for a formula."""
    return f"'{cell}" if cell.startswith(FORMULA) else cell


async def xlsx(found: AsyncIterator[list[str]]) -> AsyncIterator[bytes]:
    """An Excel workbook of texts, the first row in bold and always in sight; written to a file that is gone after."""
    with tempfile.TemporaryDirectory(prefix="magpie-") as folder:
        book = Workbook(Path(folder))
        async for batch in _batches(found):
            await asyncio.to_thread(book.write, batch)
        await asyncio.to_thread(book.close)
        with book.path.open("rb") as file:
            while chunk := await asyncio.to_thread(file.read, CHUNK):
                yield chunk


class Workbook:
    """A workbook that goes on with a further sheet when one is full."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / "list.xlsx"
        self._book = xlsxwriter.Workbook(str(self.path), {**PLAIN, "tmpdir": str(folder)})
        self._bold = self._book.add_format({"bold": True})
        self._head: list[str] = []
        self._line = MOST_LINES

    def write(self, rows: list[list[str]]) -> None:
        """Append rows; the very first names the columns."""
        for row in rows:
            if self._line == MOST_LINES:
                self._begin(row)
                if self._head is row:
                    continue
            self._sheet.write_row(self._line, 0, row)
            self._line += 1

    def close(self) -> None:
        """Finish the file."""
        self._book.close()

    def _begin(self, row: list[str]) -> None:
        self._head = self._head or row
        self._sheet = self._book.add_worksheet()
        self._sheet.freeze_panes(1, 0)
        self._sheet.set_column(0, len(self._head) - 1, WIDTH)
        self._sheet.write_row(0, 0, self._head, self._bold)
        self._line = 1


async def _batches(found: AsyncIterator[list[str]]) -> AsyncIterator[list[list[str]]]:
    batch: list[list[str]] = []
    async for row in found:
        batch.append(row)
        if len(batch) == BATCH:
            yield batch
            batch = []
    yield batch
