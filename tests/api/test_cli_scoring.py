"""`magpie score` and `magpie scheme`: published results recomputed from files, and every fault told with its place."""

import csv
import io
import json
import os
import subprocess
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from api.cli import main
from scoring import schemes
from tests.api.test_cli import MAGPIE
from tests.scoring import test_skating as skating
from tests.scoring.cases import GOLDEN, document, scheme, table, tables

Rows = list[list[object]]
HEADER = ["entry", "aspect", "attempt", "judge", "value"]


def magpie(*words: object) -> Result:
    """What came of one command."""
    return CliRunner().invoke(main, [str(word) for word in words])


def marks_file(folder: Path, rows: Rows, header: list[str] = HEADER) -> Path:
    file = folder / "marks.csv"
    with file.open("w", encoding="utf-8", newline="") as lines:
        csv.writer(lines).writerows([header, *rows])
    return file


def scored(rules: object, marks: Path) -> dict[str, dict[str, Any]]:
    """The standings by entry, each with the last line of its explanation."""
    answer = magpie("score", rules, marks, "--format", "json", "--explain-all", "--lang", "en")
    assert answer.exit_code == 0, answer.stderr
    found = json.loads(answer.stdout)
    last = {one["entry"]: one["words"]["score"][-1] for one in found["explanations"]}
    return {line["entry"]: line | {"last": last[line["entry"]]} for line in found["standings"]}


def seconds(text: str) -> object:
    return text if text == "DNF" else Decimal(text) / 100


def test_averages_of_five_are_the_official_ones(tmp_path: Path) -> None:
    rows: Rows = [
        [row["competitor"], "attempt", row["attempt"], "", seconds(row["centiseconds"])]
        for row in table(GOLDEN / "wca" / "attempts.csv")
    ]
    found = scored("wca_average_of_5", marks_file(tmp_path, rows))
    for row in table(GOLDEN / "wca" / "official_totals.csv"):
        line = found[row["competitor"]]
        assert (Decimal(line["score"]), line["rank"]) == (Decimal(row["average"]) / 100, row["rank"])
        assert line["last"].endswith(f" = {line['score']}")


def test_points_of_a_jury_are_the_official_ones(tmp_path: Path) -> None:
    rows: Rows = [
        [row["entry"], "", "", juror, row[juror]]
        for row in table(GOLDEN / "eurovision" / "juror_ranks.csv")
        for juror in "abcde"
    ]
    found = scored("rank_sum_jury", marks_file(tmp_path, rows))
    official = table(GOLDEN / "eurovision" / "official_points.csv")
    assert {entry: Decimal(line["points"]) for entry, line in found.items()} == {
        row["entry"]: Decimal(row["jury_points"]) for row in official
    }


def test_segments_of_skating_are_the_official_ones(tmp_path: Path) -> None:
    folder = GOLDEN / "figure_skating"
    for segment in skating.segments(folder).values():
        factor = next(item["factor"] for item in skating.items(folder, segment) if item["kind"] == "component")
        rules = tmp_path / "segment.json"
        rules.write_text(json.dumps(skating.segment_document(segment[0]["segment_kind"], factor), default=str), "utf-8")
        rows: Rows = [
            [mark.entry, mark.aspect, mark.attempt, mark.judge or "", mark.status or mark.value]
            for mark in skating.segment_marks(folder, segment)
        ]
        found = scored(rules, marks_file(tmp_path, rows))
        for row in segment:
            line = found[row["performance_id"]]
            assert (line["score"], line["rank"]) == (row["segment_score"], row["rank"])
            assert line["last"].endswith(f" = {row['segment_score']}")


DIVES: Rows = [
    ["01", "difficulty", 1, "", "3.0"],
    *(["01", "marks", 1, f"J{i}", mark] for i, mark in enumerate((7, 8, 7.5, 7.5, 8, 6.5, 9), 1)),
    ["02", "total", "", "", "DSQ"],
]  # fmt: skip


def test_the_board_is_told_in_either_language(tmp_path: Path) -> None:
    marks = marks_file(tmp_path, DIVES)
    entries = tmp_path / "entries.csv"
    entries.write_text("选手,姓名,不计名次\n01,王芳,\n03,李娜,是\n", "gb18030")
    told = magpie("score", "diving", marks, "--entries", entries, "--lang", "zh", "--explain", "01")
    assert told.exit_code == 0
    lines = told.stdout.splitlines()
    assert lines[:2] == ["跳水", "名次  选手  姓名  成绩      备注"]
    assert lines[2].split() == ["1", "01", "王芳", "69.00", "尚未定，缺分", "8", "处"]
    assert lines[3].split() == ["–", "02", "取消资格"]
    assert lines[-1].endswith(" = 69.00")
    assert "01 王芳" in lines
    assert "02" in told.stderr
    english = magpie("score", "diving", marks, "--lang", "en")
    assert english.stdout.splitlines()[3].split() == ["–", "02", "disqualified"]


def test_spreadsheets_are_read_by_spreadsheets(tmp_path: Path) -> None:
    rows: Rows = [["=1+1", "score", "", "", "-7.5"], ["02", "score", "", "", "-8"]]
    rules = tmp_path / "plain.json"
    given = {"kind": "given", "key": "score", "title": {"zh": "分", "en": "Score"}}
    rules.write_text(json.dumps({"format": "magpie-scheme/1", "key": "p", "title": given["title"], "root": given}))
    told = magpie("score", rules, marks_file(tmp_path, rows), "--format", "csv", "--explain-all", "--lang", "en")
    lines = list(csv.DictReader(io.StringIO(told.stdout.removeprefix("\ufeff"))))
    assert [(line["place"], line["entry"], line["score"]) for line in lines] == [
        ("1", "'=1+1", "-7.5"), ("2", "02", "-8"),
    ]  # fmt: skip
    assert lines[0]["explanation"].splitlines()[-1] == "Score = -7.5"


def test_everything_wrong_is_told_with_file_row_and_column(tmp_path: Path) -> None:
    wrong: Rows = [["01", "marks", 1, "J1", "12"], ["01", "speed", "x", "", "7"]]
    entries = tmp_path / "entries.csv"
    entries.write_text("entry,lot\n01,first\n")
    marks = marks_file(tmp_path, wrong, [*HEADER[:4], "Score"])
    told = magpie("score", "diving", marks, "--entries", entries, "--lang", "en")
    assert (told.exit_code, told.stdout) == (1, "")
    assert [line.split(": ")[0] for line in told.stderr.splitlines()] == [
        'entries.csv, row 2, column lot, "first"',
        'marks.csv, row 2, column value, "12"',
        'marks.csv, row 3, column aspect, "speed"',
        'marks.csv, row 3, column attempt, "x"',
    ]
    assert "difficulty, marks" in told.stderr


@pytest.mark.parametrize(
    ("rules", "rows", "more", "said"),
    [("none", DIVES, (), "worldskills_100"), ("diving", [], (), "no mark"), ("diving", DIVES, ("--explain", "9"), "9")],
)
def test_what_is_not_there_is_said(tmp_path: Path, rules: str, rows: Rows, more: tuple[str, ...], said: str) -> None:
    refused = magpie("score", rules, marks_file(tmp_path, rows), *more, "--lang", "en")
    assert (refused.exit_code, said in refused.stderr) == (1, True)


BAD = """{"format": "magpie-scheme/1", "key": "k", "title": {"zh": "a", "en": "b"}, "root":
{"kind": "panel", "key": "p", "title": {"zh": "a"}, "judges": 5, "scale":
{"min": 0, "max": 1E999999999}, "drop_top": 1}}"""


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('{"format": 1,}', ["bad.json, line 1, column 14"]),
        ('{"a": 1, "a": 2}', ['"a" is there twice']),
        ("[" * 100_000, ["no valid JSON"]),
        ("[]", ["should be an object"]),
        (BAD, ["/root/title/en (p): ", "/root/scale/max (p): ", "/root/drop_top (p): There is no such field"]),
    ],
)
def test_every_fault_of_a_document_is_told_with_its_place(tmp_path: Path, text: str, said: list[str]) -> None:
    file = tmp_path / "bad.json"
    file.write_text(text)
    told = magpie("scheme", "check", file, "--lang", "en")
    assert told.exit_code == 1
    assert [words for words in said if words not in told.stderr] == []


def test_schemes_are_listed_shown_checked_and_taken_to_spreadsheets_and_back(tmp_path: Path) -> None:
    assert "diving\t跳水" in magpie("scheme", "list", "--lang", "zh").stdout
    shown = magpie("scheme", "show", "diving").stdout
    assert schemes.parse(json.loads(shown)) == scheme("diving")
    assert json.loads(magpie("scheme", "schema").stdout) == json.loads(json.dumps(schemes.JSON_SCHEMA))
    assert "columns" in magpie("scheme", "schema", "--table").stdout
    for suffix in ("csv", "xlsx"):
        sheet, back = tmp_path / f"sheet.{suffix}", tmp_path / "back.json"
        assert magpie("scheme", "export", "worldskills_medals", sheet).exit_code == 0
        assert magpie("scheme", "import", sheet, back).exit_code == 0
        assert schemes.parse(json.loads(back.read_text("utf-8"))) == scheme("worldskills_medals")
    sound = magpie("scheme", "check", back, "--lang", "en")
    assert (sound.exit_code, "a score of 100 at the most" in sound.stderr) == (0, True)
    assert magpie("scheme", "export", "diving", tmp_path / "sheet.txt").exit_code == 1


def test_tables_of_delegations_come_to_what_they_say(tmp_path: Path) -> None:
    file = tmp_path / "results.csv"
    for name in tables():
        example = document(f"tables/{name}")["example"]
        columns = ["contest", "entry", "delegation", "rank", "score", "scaled", "points", "awards", "scoring", "weight"]
        rows = [[one.get(column, "") for column in columns] for one in example["results"]]
        cells = [[" ".join(cell) if isinstance(cell, list) else cell for cell in row] for row in rows]
        with file.open("w", encoding="gb18030", newline="") as lines:
            csv.writer(lines).writerows([columns, *cells])
        answer = magpie("table", name, file, "--format", "json", "--lang", "en")
        assert answer.exit_code == 0, answer.stderr
        found = json.loads(answer.stdout)["lines"]
        assert [(line["delegation"], line["rank"]) for line in found] == [
            (row["delegation"], str(row["rank"])) for row in example["expected"]
        ]
        for line in found:
            last = [words.rpartition(" = ")[2] for words in line["words"]]
            assert last == [one or "–" for one in line["values"].values()]
    told = magpie("table", "delegation_points", file, "--lang", "zh", "--explain-all")
    assert told.stdout.splitlines()[1].split()[:2] == ["名次", "代表团"]
    file.write_text("entry,delegation,rank,score,scoring\n1,A,first,x,maybe\n1,A,1,,\n")
    wrong = magpie("table", "medal_table", file, "--lang", "en").stderr.splitlines()
    assert [line.split(", ")[1:3] for line in wrong] == [
        ["row 2", "column score"], ["row 2", "column rank"], ["row 2", "column scoring"], ["row 3", "column entry"],
    ]  # fmt: skip


def test_it_needs_no_database_and_leaves_nothing_behind(tmp_path: Path) -> None:
    marks = marks_file(tmp_path, DIVES)
    nowhere = {"MAGPIE_DATABASE_URL": "postgresql://nobody@127.0.0.1:1/none", "MAGPIE_DATA_DIR": str(tmp_path / "data")}
    words = [*MAGPIE, "score", "diving", str(marks)]
    told = subprocess.run(words, env={**os.environ, **nowhere}, capture_output=True, text=True, check=False)
    assert (told.returncode, "69.00" in told.stdout) == (0, True)
    assert {path.name for path in tmp_path.iterdir()} == {"marks.csv"}
