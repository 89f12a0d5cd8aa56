"""Marks and entries out of files as strangers make them: every encoding gives the same, every wrong cell is named."""

import codecs
from decimal import Decimal

import pytest

from events import imports
from events.errors import Invalid
from scoring import schemes
from scoring.facts import Mark, Status
from scoring.schemes import Scheme
from tests.events.test_imports import as_csv, as_xlsx
from tests.scoring.cases import scheme

DIVING = scheme("diving")
ROWS = [
    ["选手", "评分点", "第几次", "裁判", "分值"],
    ["01", "难度系数", "", "", "3.2"],
    ["01", "marks", "1", "王芳", "7.5"],
    ["02", "MARKS", "２", "王芳", "８．０"],
    ["02", "marks", "3.0", "李娜", "回避"],
    ["03", "total", "", "", "DNS"],
    ["03", "marks", "1", "李娜", ""],
]
MARKS = [
    Mark("01", "difficulty", 1, None, Decimal("3.2")),
    Mark("01", "marks", 1, "王芳", Decimal("7.5")),
    Mark("02", "marks", 2, "王芳", Decimal("8.0")),
    Mark("02", "marks", 3, "李娜", None, Status.RECUSED),
    Mark("03", "total", 1, None, None, Status.DID_NOT_START),
]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_every_encoding_gives_the_same_marks(encoding: str) -> None:
    found = imports.marks(as_csv(ROWS, encoding), DIVING)
    assert (found.marks, found.empty, found.aside) == (MARKS, 1, [])


def test_a_workbook_gives_the_same_marks() -> None:
    numbers = [[float(cell) if cell in ("3.2", "7.5", "1", "3.0") else cell for cell in row] for row in ROWS]
    assert imports.marks(as_xlsx(numbers), DIVING).marks == MARKS


def test_columns_stand_as_they_like() -> None:
    text = "# exported\n\nNote;JUDGE;Score;Aspect;Competitor;status\nx;J1;7.5;marks;1;\n;J2;;marks;1;Absent\n;;−1.5;;;"
    with pytest.raises(Invalid) as refused:
        imports.marks(text.encode(), DIVING)
    assert [reason.pointer for reason in refused.value.reasons] == ["/rows/6/aspect", "/rows/6/entry"]
    found = imports.marks(text.rpartition("\n")[0].encode(), DIVING)
    assert found.marks == [
        Mark("1", "marks", 1, "J1", Decimal("7.5")),
        Mark("1", "marks", 1, "J2", None, Status.ABSENT),
    ]
    assert found.aside == ["Note"]


def test_the_only_aspect_need_not_be_named() -> None:
    rules = scheme("five_judges_drop_high_low")
    assert imports.marks(b"value,entry,judge\n7.5,1,A\n", rules).marks == [
        Mark("1", schemes.aspects(rules)[0].key, 1, "A", Decimal("7.5"))
    ]


@pytest.mark.parametrize(
    ("word", "status"),
    [
        ("DNS", Status.DID_NOT_START), ("did not start", Status.DID_NOT_START),
        ("Did_Not_Finish", Status.DID_NOT_FINISH),
        ("d.n.f.", Status.DID_NOT_FINISH), ("DQ", Status.DISQUALIFIED), ("取消资格", Status.DISQUALIFIED),
        ("未完赛", Status.DID_NOT_FINISH),
    ],
)  # fmt: skip
def test_statuses_are_understood_as_people_write_them(word: str, status: Status) -> None:
    (mark,) = imports.marks(f"entry,aspect,value\n1,total,{word}\n".encode(), DIVING).marks
    assert (mark.status, mark.value) == (status, None)


BAD = """entry,aspect,attempt,judge,value
1,nonsense,1,J1,7
,marks,1,J1,7
1,marks,x,J1,7
1,marks,7,J1,7
1,marks,1,J1,seven
1,marks,1,J1,"7,5"
1,marks,1,J1,7,5
1,marks,1,J1,11
1,marks,1,J1,7.25
1,dive,1,,7
1,difficulty,1,J1,3.2
1,difficulty,1,,absent
1,marks,1,J1,1E999999999
2,marks,1,J1,7
2,marks,1,J1,8
"""


def flaws(data: bytes, rules: Scheme = DIVING) -> list[tuple[int, str, str]]:
    with pytest.raises(Invalid) as refused:
        imports.marks(data, rules)
    return [(found.params["row"], found.params["column"], found.code) for found in refused.value.reasons]  # type: ignore[misc]


def test_every_wrong_cell_is_named_at_once() -> None:
    assert flaws(BAD.encode()) == [
        (2, "aspect", "aspect_not_known"),
        (3, "entry", "required"),
        (4, "attempt", "whole_number"),
        (5, "attempt", "attempt_out_of_range"),
        (6, "value", "no_value"),
        (7, "value", "decimal_comma"),
        (8, "value", "row_too_long"),
        (9, "value", "value_too_large"),
        (10, "value", "value_off_step"),
        (11, "aspect", "takes_no_value"),
        (12, "judge", "judge_not_allowed"),
        (13, "status", "status_not_allowed"),
        (14, "value", "no_value"),
        (16, "judge", "mark_repeated"),
    ]


def test_more_judges_than_there_are_is_named_at_the_first_too_many() -> None:
    rows = "".join(f"1,marks,1,J{i},7\n" for i in range(1, 9))
    assert flaws(f"entry,aspect,attempt,judge,value\n{rows}".encode()) == [(9, "judge", "too_many_marks")]


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "column_missing"), (b"entry,aspect\n", "column_missing"), (b"entry,aspect,value,value\n", "column_twice"),
        (b"\x81\xff\xff", "file_encoding"), (b"PK\x03\x04 no workbook", "file_broken"),
        (codecs.BOM_UTF16_LE + b"a", "file_encoding"),
    ],
)  # fmt: skip
def test_a_file_that_cannot_be_read_is_said_to_be_one(data: bytes, code: str) -> None:
    with pytest.raises(Invalid) as refused:
        imports.marks(data, DIVING)
    assert {reason.code for reason in refused.value.reasons} == {code}


def test_a_file_without_aspects_is_told_so_once() -> None:
    with pytest.raises(Invalid) as refused:
        imports.marks("选手,栏目,分数\n1,marks,7\n2,marks,8\n".encode(), DIVING)
    assert [(one.code, one.params["value"]) for one in refused.value.reasons] == [("column_missing", "评分点 / aspect")]
    assert imports.marks("选手,项目,裁判,分数\n1,marks,J1,7\n".encode(), DIVING).marks[0].aspect == "marks"


ENTRIES = """选手,姓名,代表团,组,不计名次,抽签号,人员,等级,本年已晋升
1,一队,合肥,A,,3,王芳,高级,否
1,,,,,,李娜,,技师
2,二队,,,是,1,,中级,
"""


def test_what_is_known_of_entries() -> None:
    found = imports.entries(ENTRIES.encode("gb18030"))
    known = found.known()
    assert (dict(found.names), known.lots) == ({"1": "一队", "2": "二队"}, {"1": 3, "2": 1})
    assert (known.delegations, known.groups, known.unranked) == ({"1": "合肥"}, {"1": "A"}, {"2"})
    assert known.register.persons == {"1": ["王芳", "李娜"]}
    assert (known.register.levels, known.register.promoted) == ({"王芳": "高级", "2": "中级"}, {"李娜": "技师"})


def test_entries_that_contradict_each_other_are_named() -> None:
    text = "entry,delegation,lot,out_of_competition,person\n1,A,1,maybe,\n1,B,,,x\n1,,,,\n2,,1,,\n,,y,,\n"
    with pytest.raises(Invalid) as refused:
        imports.entries(text.encode())
    found = [(reason.params["row"], reason.params["column"], reason.code) for reason in refused.value.reasons]
    assert found == [
        (2, "out_of_competition", "yes_or_no"),
        (3, "delegation", "entry_differs"),
        (4, "entry", "entry_repeated"),
        (6, "entry", "required"),
        (6, "lot", "whole_number"),
        (5, "lot", "lot_taken"),
    ]
