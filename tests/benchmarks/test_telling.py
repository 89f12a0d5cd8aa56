"""What benchmarks make of what they measured: the words of wrk, verdicts, the document and its pictures."""

from __future__ import annotations

import dataclasses
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest
from msgspec.structs import replace

from benchmarks import following, report, results, verdicts
from benchmarks.calibrating import compared
from benchmarks.harness import wrk
from benchmarks.harness.processes import ticks, tree
from benchmarks.results import Result, Run
from benchmarks.steps import NAMES
from benchmarks.verdicts import Target

SAID = """Running 4s test @ http://127.0.0.1:8180/api/v1/events
  1 threads and 64 connections
JSON {"seconds": 4.0, "requests": 1003, "bytes": 5000, "errors": {"connect": 0, "read": 0, "write": 0, "status": 3,
"timeout": 0}, "statuses": {"201": 1000, "404": 3}, "p50": 7.5, "p99": 20.25, "longest": 31.0}
""".replace(",\n", ", ")
STATS = {
    1: "1 (init) S 0 1 1 0 -1 0 0 0 0 0 1 1 1 1",
    7: "7 (a (strange) name) R 1 7 7 0 -1 0 0 0 0 0 10 20 30 40 20",
    8: "8 (worker) R 7 7 7 0 -1 0 0 0 0 0 1 2 3 4 20",
    9: "9 (other) R 1 9 9 0 -1 0 0 0 0 0 1 2 3 4 20",
}


def run(*found: Result) -> Run:
    calibration = dict.fromkeys(report.CALIBRATION, 100.0)
    return Run(
        made_at="2027-05-01T00:00:00+00:00", machine={"processor": "2 x |any|"}, before=calibration, after=calibration,
        differing=[], results=list(found),
    )  # fmt: skip


def result(name: str, database: str = "sqlite", **measures: float) -> Result:
    return Result(name=name, database=database, at="2027", seconds=1, measures=measures, noop_cpu_ms=0.103)


def test_what_wrk_says_is_counted_without_what_was_not_meant() -> None:
    told = wrk.told(SAID)
    loaded = wrk.Loaded(told, {"web": 2.0, "database": 0.5, "load": 0.1})
    assert (loaded.answered, loaded.rate) == (1000, 250)
    assert loaded.expect(201).measures("x_")["x_cpu_ms"] == 2.5
    assert wrk.Loaded(dataclasses.replace(told, requests=3), {"web": 2.0}).measures() == {"rate": 0, "requests": 0}
    with pytest.raises(AssertionError, match="other statuses"):
        loaded.expect(200)
    with pytest.raises(ValueError, match="nothing of use"):
        wrk.told("unable to connect")


def test_requests_that_fail_without_a_status_are_failures() -> None:
    told = wrk.Told(1, 10, 0, {"status": 2, "timeout": 0}, {}, 1, 2, 3)
    with pytest.raises(AssertionError, match="failed"):
        wrk.Loaded(told, {}).expect()


def test_cpu_time_is_that_of_a_whole_tree() -> None:
    assert tree(7, STATS) == [7, 8]
    assert sum(ticks(STATS[pid]) for pid in tree(7, STATS)) == 110


@pytest.mark.parametrize(
    ("target", "word"),
    [
        ({"value": "rate / noop_rate", "least": 0.5}, "met"),
        ({"value": "rate / noop_rate", "least": 0.6}, "not met"),
        ({"value": "p99_ms", "most": 150}, "met"),
        ({"value": "p99_ms", "most": 9}, "not met"),
        ({"value": "p50_ms", "most": 9}, "not measured"),
        ({"value": "p99_ms", "most": 150, "given": {"rate": 101}}, "not measured"),
        ({"peer": "pretix: registration", "least": 100}, "met"),  # 271 ms there, half as many here, 0.5 by us
        ({"peer": "pretix: registration", "least": 300}, "not met"),
        ({"peer": "pretix: registration", "of": "rate", "least": 7}, "met"),  # 7 a second there, twice as many here
    ],
)
def test_a_target_is_met_or_not_or_was_not_measured(target: dict[str, object], word: str) -> None:
    known = verdicts.targets()
    one = Target(scenario="registration", what="", **target)  # type: ignore[arg-type]
    found = result("registration", rate=100, noop_rate=200, p99_ms=10, cpu_ms=0.5)
    (verdict,) = verdicts.verdicts(run(found), replace(known, target=[one]))
    assert verdict.word == word


def test_what_failed_and_what_was_not_run_is_not_measured() -> None:
    known = replace(verdicts.targets(), target=[Target(scenario="board", what="", value="rate", least=1)])
    failed = replace(result("board", rate=9), failed="TimeoutError")
    assert [one.word for one in verdicts.verdicts(run(failed), known)] == ["not measured"]
    assert [one.word for one in verdicts.verdicts(run(), known)] == ["not measured"]


def test_every_target_is_of_a_scenario_and_every_peer_is_known() -> None:
    known = verdicts.targets()
    names = {*NAMES, verdicts.ANYWHERE}
    assert {one.scenario for one in known.target} | {one.scenario for one in known.peer} <= names
    assert {one.peer for one in known.target if one.peer} <= {one.name for one in known.peer}
    assert all((one.least is None) != (one.most is None) for one in known.target)
    assert all(bool(one.value) != bool(one.peer) for one in known.target)


def test_a_machine_that_changes_is_noisy() -> None:
    before = {"loop_ms": 100.0, "selects": 100.0, "updates": 100.0, "noop_rate": 100.0, "nginx_file": 100.0}
    assert compared(before, before | {"loop_ms": 114, "selects": 86}) == []
    assert compared(before, before | {"loop_ms": 130}) == ["loop_ms x 1.30"]


def test_newer_results_replace_older_ones_of_the_same_scenario(tmp_path: Path) -> None:
    path = tmp_path / "newest.json"
    results.save(run(result("board", rate=1), result("marks", rate=1)), path)
    results.save(run(result("board", rate=2)), path)
    assert [(one.name, one.measures["rate"]) for one in results.load(path).results] == [("board", 2), ("marks", 1)]


def test_the_document_and_its_pictures(tmp_path: Path) -> None:
    (tmp_path / "pictures").mkdir()
    made = run(
        result("registration", rate=5000, noop_rate=8000, plain_rate=1000, web_cpu_ms=0.3, cpu_ms=0.3, p99_ms=90),
        replace(result("marks", "postgresql"), failed="Wrong: a mark is missing"),
    )
    report.write(made, tmp_path)
    text = (tmp_path / "performance.md").read_text()
    assert "| registration | rate, to one-by-one FULL commits by plain sqlite3 | sqlite | ≥ 2 | 5 | **met** |" in text
    assert "**Failed**: Wrong: a mark is missing" in text
    assert "2 x /any/" in text
    pictures = sorted((tmp_path / "pictures").glob("*.svg"))
    assert len(pictures) == 3
    assert all(ET.parse(picture).getroot().tag.endswith("svg") for picture in pictures)
    assert all(f"pictures/{picture.name}" in text for picture in pictures)


def test_rows_are_made_of_pieces_of_the_rows_before() -> None:
    rows = [{"code": code, "marks_in": 0} for code in "ABCD"]
    parts = [[2, 1], [0, {"marks_in": 1}], {"code": "E", "marks_in": 5}, [3, 1]]
    found = [(row["code"], row["marks_in"]) for row in following.changed(rows, parts)]
    assert found == [("C", 0), ("A", 1), ("E", 5), ("D", 0)]
