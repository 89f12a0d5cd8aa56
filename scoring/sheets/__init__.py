"""Schemes as rows of a spreadsheet, one an aspect: rows out of a document, and a document out of rows.

Codes of problems, beside those of scoring.schemes; pointers name row and column (/rows/7/value): row_kind (options),
more_broken (no JSON object), more_twice (field: it has a column, which is filled in as well), points_form,
levels_differ, part_twice (kind), nothing_to_mark (a heading without aspects, or no aspect at all).
"""

from __future__ import annotations

from scoring.sheets.columns import COLUMNS as COLUMNS
from scoring.sheets.columns import Cells as Cells
from scoring.sheets.reading import document as document
from scoring.sheets.writing import rows as rows
