"""How marks become totals, rule by rule."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from scoring import schemes, totals
from scoring.marks import Mark, MarksError, Status
from scoring.totals import Missing, Total
from scoring.traces import Trace

from .cases import Document, judged, mark, minimal, node, panel

D = Decimal


def total(root: Document, marks: list[Mark], **rest: object) -> Total:
    return totals.evaluate(schemes.parse(minimal(root, **rest)), marks, ["e"])["e"]


def value(root: Document, *marks: Mark, **rest: object) -> str:
    found = total(root, list(marks), **rest)
    return str(found.status or found.value)


def of_five(values: str, **rest: Any) -> str:
    return value(judged(**rest), *panel("e", "score", values.split()))


@pytest.mark.parametrize(
    ("rest", "expected"),
    [
        ({}, "6"),
        ({"combine": "sum"}, "30"),
        ({"combine": "median"}, "7"),
        ({"combine": "best"}, "9"),
        ({"combine": "worst"}, "2"),
        ({"combine": "best", "better": "lower"}, "2"),
        ({"drop_high": 1, "drop_low": 1}, "6.333333333"),
        ({"drop_high": 1, "drop_low": 1, "round": 2}, "6.33"),
        ({"drop_high": 1, "drop_low": 1, "drop_from": 6}, "6"),
        ({"best": 2, "combine": "sum"}, "17"),
        ({"best": 2, "combine": "sum", "better": "lower"}, "6"),
        ({"factor": "1.5", "plus": "-1", "cap": "7.5"}, "7.5"),
        ({"plus": "-9", "floor": "0"}, "0"),
        ({"outliers": {"by": "3"}}, "6.2"),
        ({"outliers": {"by": "3", "then": "exclude"}}, "7"),
        ({"outliers": {"by": "2", "around": "median", "then": "clamp"}}, "6.8"),
        ({"outliers": {"by": "0.1", "then": "exclude"}}, "6"),
    ],
)
def test_five_judges(rest: Document, expected: str) -> None:
    assert of_five("9 4 8 7 2", **rest) == expected


@pytest.mark.parametrize(
    ("mode", "up", "down"),
    [
        ("half_away", "0.13", "-0.13"),
        ("half_even", "0.12", "-0.12"),
        ("half_down", "0.12", "-0.12"),
        ("up", "0.13", "-0.13"),
        ("down", "0.12", "-0.12"),
        ("ceiling", "0.13", "-0.12"),
        ("floor", "0.12", "-0.13"),
    ],
)
def test_rounding_modes(mode: str, up: str, down: str) -> None:
    root = node("given", "x", round={"digits": 2, "mode": mode})
    assert value(root, mark("e", "x", "0.125")) == up
    assert value(root, mark("e", "x", "-0.125")) == down


def test_one_half_and_one_third_stay_exact() -> None:
    root = node("criterion", "t", children=[judged("a", 3, factor="3"), judged("b", 3)])
    marks = panel("e", "a", ["1", "1", "2"]) + panel("e", "b", ["1", "0", "0"])
    assert value(root, *marks) == "4.333333333"
    assert value({**root, "round": 0}, *marks) == "4"


def test_too_few_judges_drop_nothing() -> None:
    found = total(judged(drop_high=1, drop_low=1, drop_from=4), panel("e", "score", ["1", "2", "9"]))
    assert found.value == 4
    assert found.missing == (Missing("score", 1, 3, 5),)


def test_excused_judges_are_not_waited_for() -> None:
    marks = [*panel("e", "score", ["6", "7", "8"]), mark("e", "score", "recused", judge="x")]
    assert total(judged(), marks).missing == (Missing("score", 1, 3, 4),)
    assert total(judged(), [*marks, mark("e", "score", "absent", judge="y")]).complete


def test_nothing_is_not_zero() -> None:
    found = total(node("criterion", "t", children=[judged(), node("deduction", "d")]), [])
    assert found.value is None
    assert found.status is None
    assert found.missing == (Missing("score", 1, 0, 5),)


def test_an_agreed_value_stands_for_the_panel() -> None:
    marks = [*panel("e", "score", ["1", "2"]), mark("e", "score", "7.125")]
    found = total(judged(factor="2", combine="sum"), marks)
    assert found.value == D("14.25")
    assert found.complete


def test_judgement() -> None:
    root = node("judgement", "j", value="10", round=2)
    assert value(root, *panel("e", "j", ["3", "2", "3"])) == "8.89"
    found = total(root, panel("e", "j", ["3", "1", "3"]))
    assert found.disputed == (("j", 1),)
    assert not total(root, panel("e", "j", ["3", "2", "3"])).disputed


def test_counts_and_passes() -> None:
    root = node("criterion", "t", children=[node("count", "n", value="2.5", cap="10"), node("pass", "p", value="4")])
    assert value(root, mark("e", "n", "3"), mark("e", "p", "1")) == "11.5"
    assert value(root, mark("e", "n", "9"), mark("e", "p", "0")) == "10"


@pytest.mark.parametrize(
    ("convert", "raw", "points"),
    [
        ({"target": "20"}, "19.95", "0.05"),
        ({"table": [{"from": "0", "points": "5"}, {"from": "0.1", "points": "3"}]}, "0.1", "3"),
        ({"table": [{"from": "0", "points": "5"}, {"from": "0.1", "points": "3"}]}, "-1", "5"),
        ({"target": "8", "table": [{"from": "0", "points": "5"}, {"from": "2", "points": "0.5"}]}, "5.9", "0.5"),
        ({"linear": {"at": "90", "gives": "60", "per_unit": "1.8"}}, "97.5", "73.5"),
        ({"linear": {"at": "90", "gives": "60", "per_unit": "1.8"}}, "88.5", "57.3"),
    ],
)
def test_conversions(convert: Document, raw: str, points: str) -> None:
    assert value(node("measurement", "m", convert=convert), mark("e", "m", raw)) == points


def test_a_dive_is_difficulty_times_the_middle_marks() -> None:
    dive = node(
        "criterion",
        "dive",
        combine="product",
        repeat={"times": 6, "needed": 2},
        children=[node("given", "difficulty"), judged("style", 7, combine="sum", drop_high=2, drop_low=2)],
    )
    root = node("criterion", "all", children=[dive])
    first = [mark("e", "difficulty", "3.2"), *panel("e", "style", ["7", "7.5", "8", "8", "8.5", "9", "6"])]
    second = [mark("e", "difficulty", "2.0", attempt=2), *panel("e", "style", ["5"] * 7, 2)]
    found = total(root, first + second)
    assert found.value == D("3.2") * D("23.5") + 30
    assert found.attempts("dive") == (D("75.2"), D(30), None, None, None, None)
    assert found.attempts("style")[:2] == (D("23.5"), D(15))
    assert found.complete
    assert total(root, first).missing == (Missing("difficulty", 2, 0, 1), Missing("style", 2, 0, 7))
    assert total(root, first[1:]).value is None


TRIES = node("time", "try", repeat={"times": 3, "combine": "best", "better": "lower"})


@pytest.mark.parametrize(
    ("rest", "tries", "expected"),
    [
        ({}, "12.1 did_not_finish 11.9", "11.9"),
        ({}, "did_not_finish did_not_start did_not_finish", "did_not_finish"),
        ({"combine": "mean"}, "12 did_not_finish 11", "did_not_finish"),
        ({"combine": "mean", "drop_high": 1}, "12 did_not_finish 11", "11.5"),
        ({"combine": "mean", "drop_low": 1}, "12 did_not_finish 11", "did_not_finish"),
        ({"combine": "sum", "best": 2}, "12 did_not_finish 11", "23"),
        ({"combine": "sum", "statuses": "skip"}, "12 did_not_finish 11", "23"),
        ({"combine": "mean", "statuses": "zero"}, "12 did_not_finish 12", "8"),
        ({"combine": "mean", "statuses": "carry"}, "12 disqualified did_not_start", "disqualified"),
        ({"combine": "worst"}, "12 did_not_finish 11", "did_not_finish"),
        ({"combine": "worst", "statuses": "skip"}, "12 did_not_finish 11", "12"),
    ],
)
def test_attempts_with_statuses(rest: Document, tries: str, expected: str) -> None:
    repeat = {"times": 3, "combine": "best", "better": "lower", **rest}
    root = node("criterion", "all", children=[node("time", "try", repeat=repeat)])
    marks = [mark("e", "try", one, attempt=i) for i, one in enumerate(tries.split(), 1)]
    assert value(root, *marks) == expected


@pytest.mark.parametrize(("rule", "expected"), [("carry", "did_not_start"), ("skip", "6"), ("zero", "6")])
def test_a_module_that_was_not_started(rule: str, expected: str) -> None:
    root = node("criterion", "t", statuses=rule, children=[judged("a"), judged("b")])
    assert value(root, *panel("e", "a", ["6"] * 5), mark("e", "b", "did_not_start")) == expected


def test_a_status_at_a_criterion_voids_it() -> None:
    inner = node("criterion", "project", children=[judged("a")])
    root = node("criterion", "t", statuses="zero", children=[inner, judged("b")])
    marks = panel("e", "a", ["6"] * 5) + panel("e", "b", ["5"] * 5) + [mark("e", "project", "disqualified")]
    assert value(root, *marks) == "5"
    assert value(root, *marks, mark("e", "t", "disqualified")) == "disqualified"


def test_only_statuses_that_count_as_zero_are_zero() -> None:
    root = node("criterion", "t", statuses="zero", children=[judged("a"), judged("b")])
    assert value(root, mark("e", "a", "did_not_start"), mark("e", "b", "did_not_start")) == "0"


def test_best_of_some_children() -> None:
    root = node("criterion", "t", best=2, round=1, children=[judged(key, 1) for key in "abc"])
    assert value(root, *(mark("e", key, v, judge="J") for key, v in zip("abc", ["4", "9", "7"], strict=True))) == "16.0"


def test_ranks_of_each_judge() -> None:
    root = judged("score", 2, combine="sum", as_ranks={"better": "higher"})
    scheme = schemes.parse(minimal(root, standings={"better": "lower"}))
    marks = [
        mark(entry, "score", v, judge=judge)
        for judge, row in (("x", "987"), ("y", "775"))
        for entry, v in zip("abc", row, strict=True)
    ]
    found = totals.evaluate(scheme, marks, list("abc"))
    assert [found[entry].value for entry in "abc"] == [D("2.5"), D("3.5"), D(6)]
    assert totals.explain(scheme, marks, "b").result == D("3.5")
    assert schemes.is_relative(scheme)


def test_again_takes_another_node_without_its_marks() -> None:
    inner = node("criterion", "run", children=[node("time", "seconds")], repeat={"times": 2, "combine": "sum"})
    root = node("criterion", "all", children=[inner])
    again = node("again", "best", of="seconds", repeat={"times": 2, "combine": "best", "better": "lower"})
    half = node("again", "half", of="run", factor="0.5", round=1)
    found = total(root, [mark("e", "seconds", "11", attempt=1)], aside=[again, half])
    assert found.values["best"] == 11
    assert found.values["half"] == D("5.5")
    assert found.missing == (Missing("seconds", 2, 0, 1),)


def test_marks_that_cannot_be() -> None:
    one = mark("e", "score", "5", judge="a")
    for marks, code in [
        ([one, one], "mark_twice"),
        ([mark("e", "what", "5")], "unknown_aspect"),
        ([mark("e", "score", "5", attempt=2)], "attempt_out_of_range"),
        ([mark("e", "score", "absent", attempt=0, judge="a")], "attempt_out_of_range"),
        ([Mark("e", "score", judge="a")], "value_or_status"),
        ([mark("e", "score", "5.0000001", judge="a")], "value_too_fine"),
        (panel("e", "score", ["1"] * 6), "too_many_marks"),
    ]:
        with pytest.raises(MarksError) as refused:
            total(judged(), marks)
        assert [problem.code for problem in refused.value.problems] == [code]


def test_marks_of_others_are_left_aside() -> None:
    assert list(totals.evaluate(schemes.parse(minimal(judged())), [mark("x", "score", "5", judge="a")], ["e"])) == ["e"]


def test_the_trace_names_every_fate() -> None:
    marks = [*panel("e", "score", ["9", "4", "8", "7"]), mark("e", "score", "recused", judge="J5")]
    scheme = schemes.parse(minimal(judged(drop_high=1, drop_low=1, factor="3", cap="22", round=1)))
    trace = totals.explain(scheme, marks, "e")
    assert [(used.source, used.fate) for used in trace.used] == [
        ("J1", "dropped_high"),
        ("J2", "dropped_low"),
        ("J3", "counted"),
        ("J4", "counted"),
        ("J5", "excused"),
    ]
    steps = [(step.code, step.before, step.after) for step in trace.steps]
    assert steps == [
        ("mean", None, D("7.5")),
        ("factor", D("7.5"), D("22.5")),
        ("cap", D("22.5"), 22),
        ("round", 22, 22),
    ]


def fates(trace: Trace) -> list[str]:
    return [used.fate for used in trace.used]


def test_fates_of_children_and_attempts() -> None:
    root = node(
        "criterion",
        "t",
        children=[node("time", "a", repeat={"times": 3, "needed": 2, "statuses": "skip"}), node("deduction", "d")],
    )
    scheme = schemes.parse(minimal(root))
    trace = totals.explain(scheme, [mark("e", "a", "7"), mark("e", "a", "did_not_finish", attempt=2)], "e")
    assert fates(trace) == ["counted", "defaulted"]
    assert fates(trace.children[0]) == ["counted", "skipped", "missing"]
    assert [child.attempt for child in trace.children[0].children] == [1, 2]
    assert trace.children[0].children[1].result == Status.DID_NOT_FINISH


def test_fates_of_clamped_and_excluded_marks() -> None:
    marks = panel("e", "score", ["9", "4", "8", "7", "2"])
    for then, expected in [("clamp", "clamped"), ("exclude", "excluded")]:
        scheme = schemes.parse(minimal(judged(outliers={"by": "3", "then": then})))
        assert fates(totals.explain(scheme, marks, "e")) == ["counted"] * 4 + [expected]


def test_absurd_but_allowed_numbers_stay_exact() -> None:
    root = node("given", "x", factor="999999999999.999999999")
    for depth in range(14):
        root = node("criterion", f"c{depth}", factor="999999999999.999999999", combine="mean", children=[root])
    found = total(root, [mark("e", "x", "999999999999.123456")])
    assert found.value is not None
    assert found.value > D(10) ** 170


WARNED = node(
    "criterion",
    "t",
    statuses="zero",
    children=[
        judged("theory", 1),
        node(
            "criterion",
            "project",
            children=[
                node("panel", "practice", judges=1, scale={"min": 0, "max": 100}),
                node("deduction", "warnings", factor=5, status_when=[{"from": 2, "status": "disqualified"}]),
            ],
        ),
    ],
)


@pytest.mark.parametrize(("warnings", "expected"), [("0", "88"), ("1", "83"), ("2", "8"), ("3", "8")])
def test_the_first_warning_costs_five_and_the_second_voids_the_project(warnings: str, expected: str) -> None:
    marks = [*panel("e", "theory", ["8"]), *panel("e", "practice", ["80"]), mark("e", "warnings", warnings)]
    assert value(WARNED, *marks) == expected
    trace = totals.explain(schemes.parse(minimal(WARNED)), marks, "e")
    if warnings == "2":
        own = trace.children[1].children[1]
        assert [(used.value, used.fate) for used in own.used] == [(D(2), "becomes_status")]
        assert [(step.code, step.before, step.after) for step in own.steps] == [("status_when", D(2), "disqualified")]
        assert own.result == trace.children[1].result == Status.DISQUALIFIED


@pytest.mark.parametrize(
    ("bound", "raw", "void"),
    [("from", "9", "9 10"), ("over", "9", "10"), ("under", "9", "8"), ("up_to", "9", "8 9")],
)
def test_where_a_status_begins(bound: str, raw: str, void: str) -> None:
    root = node("criterion", "t", children=[node("time", "s", status_when=[{bound: raw, "status": "did_not_finish"}])])
    assert [one for one in ("8", "9", "10") if value(root, mark("e", "s", one)) == "did_not_finish"] == void.split()


def test_the_bound_is_that_of_the_mark_itself_and_the_gravest_stands() -> None:
    void = [{"from": 1, "status": "did_not_finish"}, {"from": 2, "status": "disqualified"}]
    table = {"table": [{"from": 0, "points": 0}, {"from": 1, "points": -50}]}
    root = node("count", "w", convert=table, status_when=void)
    assert [value(root, mark("e", "w", one)) for one in "012"] == ["0", "did_not_finish", "disqualified"]


def test_a_finished_value_may_be_a_status() -> None:
    hurdle = [{"under": 60, "status": "disqualified"}]
    inner = node("criterion", "all", round=1, status_when=hurdle, children=[judged("a", 2, factor=10)])
    root = node("criterion", "t", children=[inner])
    trace = totals.explain(schemes.parse(minimal(root)), panel("e", "a", ["5.75", "6"]), "e")
    steps = [(step.code, step.after) for step in trace.children[0].steps]
    assert steps == [("sum", D("58.75")), ("round", D("58.8")), ("status_when", "disqualified")]
    assert trace.result == Status.DISQUALIFIED
    assert value(root, *panel("e", "a", ["6", "6"])) == "60.0"


def test_one_attempt_beyond_the_bound_is_the_worst() -> None:
    repeat = {"times": 3, "combine": "best", "better": "lower"}
    run = node("time", "run", repeat=repeat, status_when=[{"over": 180, "status": "did_not_finish"}])
    root = node("criterion", "t", children=[run])
    assert value(root, mark("e", "run", "181"), mark("e", "run", "120", attempt=2)) == "120"
    assert value(root, mark("e", "run", "181")) == "did_not_finish"


def test_the_mean_that_outliers_are_measured_from_may_be_rounded() -> None:
    assert of_five("9 9 9.25 1", outliers={"by": "3"}) == "7.828125"
    assert of_five("9 9 9.25 1", outliers={"by": "3", "round": 1}) == "7.8375"
