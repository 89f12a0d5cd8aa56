"""Imports and exports: the same lines out of every kind of file, every error at once, nothing doubled, nothing lost."""

import csv
import hashlib
import io
import struct
import tracemalloc
import zipfile
import zlib
from collections.abc import AsyncIterator, Sequence
from itertools import islice
from pathlib import Path
from typing import Any

import pytest

from events import clock, db, exports, imports, people
from events.access import SYSTEM, Actor, Grant
from events.errors import Conflict, Invalid, NotFound, Reason
from events.imports import reading, running
from events.imports.people_lines import TABLE
from events.imports.unpacking import LARGEST_UNPACKED
from events.people import identity
from events.tables import ImportRun, Member, Person, Union
from events.terms import Role
from tests.events.factory import make_account, make_event, make_official, make_participant, make_union
from tests.events.test_people import number

HEADER = ["姓名", "性别", "出生日期", "身份证号", "手机号", "邮箱", "工会"]
ROWS = [
    ["王芳", "女", "1990-03-07", number(), "13812345678", "wang@example.com", "ah.hf"],
    ["阿不都·热合曼", "男", "1990/3/7", number("001"), "", "", "ah"],
    ["𠮷田", "", "1985年1月2日", "", "13912345678", "", "hf"],
]


def as_csv(rows: list[list[str]], encoding: str = "utf-8") -> bytes:
    text = io.StringIO()
    csv.writer(text).writerows(rows)
    return text.getvalue().encode(encoding)


def as_xlsx(rows: Sequence[Sequence[object]]) -> bytes:
    """The least that a spreadsheet is: text in place, numbers as numbers."""
    sheet = "".join(
        f'<row r="{y}">' + "".join(_cell(f"{chr(65 + x)}{y}", value) for x, value in enumerate(row)) + "</row>"
        for y, row in enumerate(rows, 1)
    )
    kind = "http://schemas.openxmlformats.org/"
    parts = {
        "[Content_Types].xml": f'<Types xmlns="{kind}package/2006/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Override PartName="/w.xml" ContentType="application/vnd.openxmlformats-officedocument.'
        'spreadsheetml.sheet.main+xml"/></Types>',
        "_rels/.rels": f'<Relationships xmlns="{kind}package/2006/relationships"><Relationship Id="r" '
        f'Type="{kind}officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{kind}spreadsheetml/2006/main" '
        f'xmlns:r="{kind}officeDocument/2006/relationships">'
        '<sheets><sheet name="s" sheetId="1" r:id="s"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{kind}package/2006/relationships"><Relationship Id="s" '
        f'Type="{kind}officeDocument/2006/relationships/worksheet" Target="worksheets/s.xml"/></Relationships>',
        "xl/worksheets/s.xml": f'<worksheet xmlns="{kind}spreadsheetml/2006/main"><sheetData>{sheet}</sheetData>'
        "</worksheet>",
    }
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as file:
        for name, part in parts.items():
            file.writestr(name, f'<?xml version="1.0" encoding="UTF-8"?>{part}')
    return made.getvalue()


def _cell(where: str, value: object) -> str:
    if isinstance(value, (int, float)):
        return f'<c r="{where}"><v>{value}</v></c>'
    return f'<c r="{where}" t="inlineStr"><is><t>{value}</t></is></c>'


async def a_federation() -> None:
    await make_union("hf", await make_union("ah"), "city")


async def people_of(rows: list[list[str]], **how: Any) -> imports.Taken:
    return await imports.people(SYSTEM, as_csv([HEADER, *rows]), **how)


async def refusal(data: bytes) -> list[tuple[int, str, str]]:
    with pytest.raises(Invalid) as refused:
        await imports.people(SYSTEM, data)
    return [_where(reason) for reason in refused.value.reasons]


def _where(reason: Reason) -> tuple[int, str, str]:
    row, column = reason.params["row"], reason.params["column"]
    assert isinstance(row, int)
    assert reason.pointer == f"/rows/{row}/{column}"
    return row, str(column), reason.code


# --- reading --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "xlsx", "tabs"])
def test_every_kind_of_file_gives_identical_lines(encoding: str) -> None:
    plain = as_csv([HEADER, *ROWS])
    if encoding == "xlsx":
        data = as_xlsx([HEADER, *ROWS])
    elif encoding == "tabs":
        data = "\n".join("\t".join(row) for row in [HEADER, *ROWS]).encode()
    else:
        data = as_csv([HEADER, *ROWS], encoding)
    assert list(reading.lines(data, TABLE)) == list(reading.lines(plain, TABLE))


def test_english_headers_serve_as_well_and_empty_rows_do_not_count() -> None:
    data = as_csv([["union", "name"], ["ah", "王芳"], ["", " "], ["ah", "李娜"]])
    assert [(line.number, line.cells["name"]) for line in reading.lines(data, TABLE)] == [(2, "王芳"), (4, "李娜")]


def test_numbers_in_a_spreadsheet_are_read_as_they_were_typed_where_that_is_possible() -> None:
    data = as_xlsx([["姓名", "工会", "手机号", "身份证号"], ["王芳", 1.0, 13812345678.0, 3.40104199003070e17]])
    (line,) = reading.lines(data, TABLE)
    assert line.cells["phone"] == "13812345678"
    assert [_where(flaw) for flaw in line.flaws] == [
        (2, "union", "number_not_text"),
        (2, "identity_number", "number_not_text"),
    ]


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"\xff\xfe\x00", "file_encoding"),
        (b"PK\x03\x04 and nothing more", "file_broken"),
        ("姓名,工会,属相\n".encode(), "column_unknown"),
        ("姓名\n".encode(), "column_missing"),
        (b"", "column_missing"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused(data: bytes, code: str) -> None:
    with pytest.raises(Invalid, match=code):
        list(reading.lines(data, TABLE))


def repacked(data: bytes, **changed: str) -> bytes:
    """A workbook with other parts."""
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(name, changed.get(Path(name).stem) or old.read(name))
    return made.getvalue()


def liar(data: bytes, says: int) -> bytes:
    """A workbook whose sheet says that it is smaller than it is, where it is unpacked and in the list of parts."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        part = archive.getinfo("xl/worksheets/s.xml")
        seen = zlib.crc32(archive.read(part)[:says])
    told = struct.pack("<III", part.CRC, part.compress_size, part.file_size)
    return data.replace(told, struct.pack("<III", seen, part.compress_size, says))


SHEET = (
    '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>{}</sheetData></worksheet>'
)
FAR = '<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="&#88;FD1048576"><v>1</v></c></row>'
WIDE = f'<row>{"<c><v>1</v></c>" * 5000}</row><row r="1048576"><c><v>1</v></c></row>'


@pytest.mark.parametrize(
    ("sheet", "code"),
    [
        (FAR, "sheet_too_big"),
        (WIDE, "sheet_too_big"),
        (f"<row>{' ' * LARGEST_UNPACKED}</row>", "file_too_big"),
        ("<row>&more;</row>", "file_broken"),
        ("<row", "file_broken"),
        ("<row r='one'/>", "file_broken"),
    ],
)
def test_a_small_file_that_would_fill_the_memory_is_refused(sheet: str, code: str) -> None:
    head = '<!DOCTYPE worksheet [<!ENTITY more "more">]>' if "&more;" in sheet else ""
    data = repacked(as_xlsx([HEADER]), s=head + SHEET.format(sheet))
    assert len(data) < 500_000
    with pytest.raises(Invalid, match=code):
        list(reading.lines(data, TABLE))
    assert reading.sheet_name(data) == ""


def test_a_sheet_is_not_unpacked_beyond_what_it_says() -> None:
    data = liar(repacked(as_xlsx([HEADER]), s=SHEET.format(" " * 10_000_000)), 100)
    tracemalloc.start()
    with pytest.raises(Invalid, match="file_broken"):
        list(reading.lines(data, TABLE))
    assert tracemalloc.get_traced_memory()[1] < 5_000_000
    tracemalloc.stop()


def test_other_archives_are_no_workbooks() -> None:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        archive.writestr("content.xml", "<office/>")
    with pytest.raises(Invalid, match="file_broken"):
        list(reading.lines(made.getvalue(), TABLE))


# --- people ---------------------------------------------------------------------------------------------------------


async def test_people_become_members(database: str) -> None:
    await a_federation()
    taken = await people_of(ROWS)
    assert (taken.rows, taken.added, taken.changed, taken.unchanged) == (3, 3, 0, 0)
    (found,) = (await people.search(SYSTEM, "王芳")).items
    assert (found.phone, found.mail, str(found.born)) == ("138****5678", "w***@example.com", "1990-03-07")
    (found,) = (await people.search(SYSTEM, "阿不都")).items
    assert found.identity_number == identity.masked(number("001"))
    (found,) = (await people.search(SYSTEM, "𠮷")).items
    assert str(found.born) == "1985-01-02"


async def test_every_error_is_said_at_once_and_nothing_is_written(database: str) -> None:
    await a_federation()
    wrong = [
        ["王芳1", "女", "1990-03-07", number(), "138", "no", "ah"],
        ["李娜", "狗", "7.3.90", number()[:-1] + "0", "", "", "nowhere"],
        ["", "", "", "", "", "", ""],
        ["", "", "", "3.40104E+17", "", "", ""],
        ["王芳", "", "", number(), "", "", "ah"],
    ]
    assert await refusal(as_csv([HEADER, *ROWS[1:], *wrong])) == [
        (4, "name", "name_character"),
        (4, "phone", "phone_form"),
        (4, "mail", "mail_form"),
        (5, "union", "union_not_kept"),
        (5, "sex", "not_a_choice"),
        (5, "born", "date_form"),
        (5, "identity_number", "identity_check"),
        (7, "identity_number", "number_not_text"),
        (7, "union", "required"),
        (7, "name", "required"),
        (8, "identity_number", "row_repeated"),
    ]
    assert await Person.count() == 0
    assert await ImportRun.count() == 0


async def test_the_same_file_again_changes_nothing(database: str) -> None:
    await a_federation()
    await people_of(ROWS)
    again = await people_of(ROWS)
    assert (again.rows, again.before, again.added, again.changed) == (3, 3, 0, 0)
    mended = await people_of(
        [*ROWS[:2], [*ROWS[2][:5], "j@example.com", "hf"], ["李娜", *[""] * 3, "13712345678", "", "ah"]]
    )
    assert (mended.rows, mended.added, mended.changed, mended.unchanged) == (4, 1, 1, 2)
    assert await Person.count() == 4
    assert await Member.count() == 4


async def test_a_known_number_under_another_name_is_refused(database: str) -> None:
    await a_federation()
    await people_of(ROWS[:1])
    assert await refusal(as_csv([HEADER, ["李娜", *ROWS[0][1:]]])) == [(2, "identity_number", "identity_of_another")]


async def test_a_registrar_imports_into_own_unions_only(database: str) -> None:
    top = await make_union("ah")
    below = await make_union("hf", top, "city")
    registrar = await make_official("registrar", union=below)
    await imports.people(registrar, as_csv([HEADER, ROWS[0]]))
    with pytest.raises(Invalid, match="union_not_kept"):
        await imports.people(registrar, as_csv([HEADER, ROWS[1]]))
    with pytest.raises(NotFound):
        await imports.people(await make_account(), as_csv([HEADER, ROWS[0]]))


async def test_a_large_file_goes_in_batches_and_on_after_a_crash(
    database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    await a_federation()
    monkeypatch.setattr(running, "BATCH", 10)
    rows = [["王芳", "", "", "", f"138{n:08d}", "", "hf"] for n in range(35)]

    def crash(done: int) -> None:
        if done == 20:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        await people_of(rows, progress=crash)
    assert await Person.count() == 20
    seen: list[int] = []
    taken = await people_of(rows, progress=seen.append)
    assert seen == [30, 35]
    assert (taken.rows, taken.before, taken.added) == (35, 20, 15)
    assert await Person.count() == 35
    run = await ImportRun.objects().get(ImportRun.kind == "people")
    assert run is not None
    assert run.finished_at is not None


async def test_a_large_file_stops_at_a_wrong_batch_and_the_mended_one_doubles_nothing(
    database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    await a_federation()
    monkeypatch.setattr(running, "BATCH", 10)
    rows = [["王芳", "", "", "", f"138{n:08d}", "", "hf"] for n in range(30)]
    wrong = [*rows[:15], [*rows[15][:4], "1", "", "hf"], *rows[16:]]
    assert await refusal(as_csv([HEADER, *wrong])) == [(17, "phone", "phone_form")]
    assert await Person.count() == 10
    taken = await people_of(rows)
    assert (taken.added, taken.unchanged) == (20, 10)


class Told:
    """A report that remembers."""

    def __init__(self) -> None:
        self.flaws: list[Reason] = []

    def begin(self, row: int) -> None:
        self.flaws = [flaw for flaw in self.flaws if int(str(flaw.params["row"])) < row]

    def tell(self, flaws: Sequence[Reason]) -> None:
        self.flaws += flaws

    def wheres(self) -> list[tuple[int, str, str]]:
        return [_where(flaw) for flaw in self.flaws]


async def test_with_a_report_wrong_rows_are_left_out_and_taken_once_they_are_right(
    database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    await a_federation()
    monkeypatch.setattr(running, "BATCH", 2)
    rows = [
        *ROWS,
        ["李娜", "", "", "", "138", "", "ah"],
        ["李娜", *ROWS[0][1:]],
        ["王强", *[""] * 3, "13712345678", "", "bb"],
    ]
    told = Told()
    wrong = [(5, "phone", "phone_form"), (6, "identity_number", "identity_of_another"), (7, "union", "union_not_kept")]
    tried = await people_of(rows, try_only=True, report=told)
    # whom the first row would add is not there, to be in the way of the fifth
    assert (tried.rows, tried.added, tried.left_out, await Person.count()) == (6, 4, 2, 0)
    assert told.wheres() == [wrong[0], wrong[2]]
    taken = await people_of(rows, report=told)
    assert (taken.rows, taken.added, taken.unchanged, taken.left_out) == (6, 3, 0, 3)
    assert told.wheres() == wrong
    await make_union("bb")
    again = await people_of(rows, report=told)
    assert (again.before, again.added, again.unchanged, again.left_out) == (0, 1, 3, 2)
    assert told.wheres() == wrong[:2]


async def test_a_file_moves_members_and_mends_what_is_known_of_them(database: str) -> None:
    await a_federation()
    await people_of(ROWS)
    rows = [[*ROWS[0][:4], "13700000000", "", "ah"], [*ROWS[1][:6], "hf"], ROWS[2]]
    taken = await people_of(rows)
    assert (taken.added, taken.changed, taken.unchanged) == (0, 2, 1)
    (found,) = (await people.search(SYSTEM, "王芳")).items
    assert (found.phone, found.mail) == ("137****0000", "w***@example.com")
    (moved,) = (await people.search(SYSTEM, "阿不都")).items
    assert [(one.union, one.left_on is None) for one in await people.history(SYSTEM, moved.id)] == [
        (moved.union, True), (await path_id("ah."), False),
    ]  # fmt: skip
    assert moved.union == await path_id("ah.hf.")


async def path_id(path: str) -> object:
    found = await Union.select(Union.id).where(Union.path == path).first()
    assert found is not None
    return found["id"]


def test_a_file_is_read_piece_by_piece(tmp_path: Path) -> None:
    file = tmp_path / "people.csv"
    with file.open("wb") as out:
        out.write(as_csv([HEADER], "gb18030"))
        for _ in range(1500):
            out.write(as_csv([ROWS[0]] * 100, "gb18030"))
    tracemalloc.start()
    count = sum(1 for _ in islice(reading.lines(file, TABLE, skip=149_900), 1000))
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert (count, most < file.stat().st_size // 2) == (100, True)


async def test_one_file_is_taken_by_one_process(database: str) -> None:
    await a_federation()
    data = as_csv([HEADER, *ROWS])
    checkpoint = hashlib.sha256(data).digest()
    async with db.transaction():
        await running._check_in("people", checkpoint, 0, 1)
    with pytest.raises(Conflict, match="import_under_way"):
        async with db.transaction():
            await running._check_in("people", checkpoint, 0, 3)


# --- unions ---------------------------------------------------------------------------------------------------------

UNIONS = [
    ["上级", "编码", "名称", "英文名称", "级别", "城市"],
    ["", "ah", "省总工会", "Provincial Union", "省", ""],
    ["ah", "hf", "合肥市总工会", "Hefei Union", "市级", "合肥"],
    ["ah.hf.", "01", "某厂工会", "", "基层", "合肥"],
]


async def test_unions_stand_below_those_before_them(database: str) -> None:
    tried = await imports.unions(SYSTEM, as_csv(UNIONS), try_only=True)
    taken = await imports.unions(SYSTEM, as_csv(UNIONS))
    assert taken.added == 3
    assert tried == taken
    assert [row["path"] for row in await Union.select(Union.path).order_by(Union.path)] == [
        "ah.",
        "ah.hf.",
        "ah.hf.01.",
    ]
    changed = [*UNIONS[:3], ["ah.hf", "01", "新厂工会", "", "grass_roots", "合肥"]]
    taken = await imports.unions(SYSTEM, as_csv(changed))
    assert (taken.added, taken.changed, taken.unchanged) == (0, 1, 2)


async def test_wrong_unions_are_all_said(database: str) -> None:
    wrong = [*UNIONS[:2], ["nowhere", "A b", "", "", "洲", "x\ny"], ["ah", "", "名", "", "市", ""]]
    with pytest.raises(Invalid) as refused:
        await imports.unions(SYSTEM, as_csv(wrong))
    assert [_where(reason) for reason in refused.value.reasons] == [
        (3, "city", "bad_characters"),
        (3, "name_zh", "required"),
        (3, "level", "not_a_choice"),
        (3, "code", "union_code_form"),
        (3, "parent", "union_not_kept"),
        (4, "code", "required"),
    ]
    assert await Union.count() == 0


# --- exports --------------------------------------------------------------------------------------------------------


async def text_of(rows: AsyncIterator[list[str]]) -> str:
    return b"".join([line async for line in exports.csv_lines(rows)]).decode("utf-8")


async def test_exported_unions_can_be_imported(database: str) -> None:
    await imports.unions(SYSTEM, as_csv(UNIONS))
    text = await text_of(exports.unions(SYSTEM))
    assert text.startswith("\ufeff上级,编码,名称,英文名称,级别,城市\r\n")
    taken = await imports.unions(SYSTEM, text.encode())
    assert (taken.rows, taken.unchanged) == (3, 3)


async def test_exported_people_are_masked_and_within_ones_scope(database: str) -> None:
    await a_federation()
    await people_of(ROWS)
    text = await text_of(await exports.people(SYSTEM))
    assert "138****5678" in text
    assert "13812345678" not in text
    assert number() not in text
    registrar = await make_official("registrar", union=await make_union("zj"))
    assert len((await text_of(await exports.people(registrar))).splitlines()) == 1
    with pytest.raises(NotFound):
        await exports.people(await make_account())


@pytest.mark.parametrize("cell", ["=1+1", "+1", "-1", "@a", "＝1", "＋1", "－1", "＠a", "\t=1"])
def test_no_cell_is_a_formula(cell: str) -> None:
    assert exports.plain(cell) == f"'{cell}"
    assert exports.plain(f"a{cell}") == f"a{cell}"


async def test_registrations_of_an_event(database: str) -> None:
    union = await make_union()
    event = await make_event(union)
    actor = await make_participant(union, "=王芳")
    now = clock.now()
    await db.rows(
        'INSERT INTO registration (event_id, id, person, "union", state, reference, note, version, '
        "created_at, updated_at) VALUES ({}, {}, {}, {}, 'confirmed', 'ABCD2345', '', 1, {}, {})",
        event, actor.person, actor.person, union, now, now,
    )  # fmt: skip
    organiser = await make_official("organiser", event=event)
    lines = (await text_of(await exports.registrations(organiser, event))).splitlines()
    assert len(lines) == 2
    assert lines[1].startswith("ABCD2345,'=王芳,工会ah,,,,已确认,")
    with pytest.raises(NotFound):
        await exports.registrations(actor, event)


# --- tries and templates --------------------------------------------------------------------------------------------


async def test_a_try_tells_what_would_come_of_it_and_keeps_nothing(database: str) -> None:
    await a_federation()
    data = as_csv([HEADER, *ROWS])
    tried = await imports.people(SYSTEM, data, try_only=True)
    assert (tried.rows, tried.added) == (3, 3)
    assert (await Person.count(), await ImportRun.count()) == (0, 0)
    assert await imports.people(SYSTEM, data) == tried


@pytest.mark.parametrize(("kind", "language"), [("people", "zh"), ("people", "en"), ("unions", "zh")])
def test_a_template_has_the_columns_and_is_read_again(kind: str, language: str) -> None:
    made = imports.template(kind, language, "会员 & 工会")
    header = [exports.COLUMNS[name][language == "en"] for name in imports.TABLES[kind].columns]
    assert list(reading._workbook(made)) == [(1, header)]
    assert list(reading.lines(made, imports.TABLES[kind])) == []
    assert imports.sheet_name(made) == "会员 & 工会"
    assert imports.sheet_name(as_csv([HEADER])) == ""


async def test_unions_are_imported_only_below_where_they_are_kept(database: str) -> None:
    await make_union("ah")
    keeper = Actor(account=(await make_account()).account, grants=(Grant(Role.ADMINISTRATOR, union_path="ah."),))
    header = ["上级", "编码", "名称", "级别"]
    taken = await imports.unions(keeper, as_csv([header, ["ah", "hf", "合肥", "市"]]))
    assert taken.added == 1
    with pytest.raises(Invalid) as refused:
        await imports.unions(keeper, as_csv([header, ["", "zj", "浙江", "省"], ["ah", "wh", "芜湖", "市"]]))
    assert [_where(reason) for reason in refused.value.reasons] == [(2, "parent", "union_not_kept")]
    assert await Union.count() == 2
