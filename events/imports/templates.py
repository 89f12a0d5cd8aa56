"""Empty spreadsheets to fill in: the columns of a table, each set to text, so that no figure of a number is lost."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator, Sequence
from xml.sax.saxutils import escape

from events.exports import COLUMNS

KIND = "http://schemas.openxmlformats.org"
HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
OFFICE = f"{KIND}/officeDocument/2006/relationships"
SHEETS = f"{KIND}/spreadsheetml/2006/main"
PARTS = f"{KIND}/package/2006"
CONTENT = "application/vnd.openxmlformats-officedocument.spreadsheetml"
WIDTH = 22
TEXT_STYLE = "1"  # the second of the cell formats below; 49 is the number format "text"


def xlsx(columns: Sequence[str], language: str, sheet: str) -> bytes:
    """A workbook with one sheet, whose first row names the columns as a reader of this language calls them."""
    names = [COLUMNS[column][language == "en"] for column in columns]
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as file:
        for name, part in _parts(names, sheet):
            file.writestr(name, HEAD + part)
    return made.getvalue()


def _parts(names: Sequence[str], sheet: str) -> Iterator[tuple[str, str]]:
    yield (
        "[Content_Types].xml",
        (
            f'<Types xmlns="{PARTS}/content-types">'
            '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
            f'<Override PartName="/xl/workbook.xml" ContentType="{CONTENT}.sheet.main+xml"/>'
            f'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{CONTENT}.worksheet+xml"/>'
            f'<Override PartName="/xl/styles.xml" ContentType="{CONTENT}.styles+xml"/></Types>'
        ),
    )
    yield "_rels/.rels", _relations(("officeDocument", "xl/workbook.xml"))
    yield "xl/_rels/workbook.xml.rels", _relations(("worksheet", "worksheets/sheet1.xml"), ("styles", "styles.xml"))
    yield (
        "xl/workbook.xml",
        (
            f'<workbook xmlns="{SHEETS}" xmlns:r="{OFFICE}"><sheets>'
            f'<sheet name="{escape(sheet)}" sheetId="1" r:id="r1"/></sheets></workbook>'
        ),
    )
    yield "xl/styles.xml", _styles()
    yield "xl/worksheets/sheet1.xml", _sheet(names)


def _relations(*targets: tuple[str, str]) -> str:
    lines = [
        f'<Relationship Id="r{number}" Type="{OFFICE}/{kind}" Target="{target}"/>'
        for number, (kind, target) in enumerate(targets, 1)
    ]
    return f'<Relationships xmlns="{PARTS}/relationships">{"".join(lines)}</Relationships>'


def _styles() -> str:
    """Plain, text, and text in bold."""
    return (
        f'<styleSheet xmlns="{SHEETS}"><fonts count="2"><font/><font><b/></font></fonts>'
        '<fills count="1"><fill/></fills><borders count="1"><border/></borders>'
        '<cellStyleXfs count="1"><xf/></cellStyleXfs><cellXfs count="3"><xf/>'
        '<xf numFmtId="49" applyNumberFormat="1"/>'
        '<xf numFmtId="49" fontId="1" applyNumberFormat="1" applyFont="1"/></cellXfs></styleSheet>'
    )


def _sheet(names: Sequence[str]) -> str:
    """The columns as text, their names in the first row, which stays in sight."""
    cells = "".join(f'<c t="inlineStr" s="2"><is><t>{escape(name)}</t></is></c>' for name in names)
    return (
        f'<worksheet xmlns="{SHEETS}"><sheetViews><sheetView workbookViewId="0">'
        '<pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/></sheetView></sheetViews>'
        f'<cols><col min="1" max="{len(names)}" width="{WIDTH}" style="{TEXT_STYLE}" customWidth="1"/></cols>'
        f'<sheetData><row r="1">{cells}</row></sheetData></worksheet>'
    )
