"""Empty spreadsheets to fill in: the columns of a table, each set to text, so that no figure of a number is lost."""

from __future__ import annotations

import io
from collections.abc import Sequence

import xlsxwriter

from events.exports import COLUMNS

WIDTH = 22
TEXT = {"num_format": "@"}


def xlsx(columns: Sequence[str], language: str, sheet: str) -> bytes:
    """A workbook with one sheet, whose first row names the columns as a reader of this language calls them."""
    made = io.BytesIO()
    with xlsxwriter.Workbook(made, {"in_memory": True}) as book:
        page = book.add_worksheet(sheet)
        page.freeze_panes(1, 0)
        page.set_column(0, len(columns) - 1, WIDTH, book.add_format(TEXT))
        page.write_row(0, 0, [COLUMNS[column][language == "en"] for column in columns], book.add_format({"bold": True}))
    return made.getvalue()
