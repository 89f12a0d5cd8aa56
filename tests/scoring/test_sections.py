"""The score by the sections of a standard, and what nodes can come to."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given, settings

from scoring import schemes, sections, totals
from scoring.marks import Mark
from scoring.schemes import Scheme
from scoring.worth import Range, worth

from .cases import Document, judged, library, mark, minimal, node, panel, scheme
from .test_laws import ENTRIES, contests, exact

D = Decimal
TITLE = {"zh": "板块", "en": "Section"}


def standard(*keys: str) -> list[Document]:
    return [{"key": key, "title": TITLE, "weight": "50"} for key in keys]


def test_points_by_section() -> None:
    run = node(
        "criterion", "run", repeat={"times": 2}, weight=2, children=[judged("a", 1, section="1"), judged("b", 1)]
    )
    other = node("criterion", "other", section="2", best=1, children=[judged("c", 1), judged("d", 1)])
    rules = schemes.parse(
        minimal(node("criterion", "all", factor="0.5", children=[run, other]), standard=standard(*"12"))
    )
    marks = [*panel("e", "a", ["3"]), *panel("e", "a", ["4"], 2), *panel("e", "b", ["9"]), *panel("e", "c", ["5"])]
    total = totals.evaluate(rules, [*marks, *panel("e", "d", ["7"])], ["e"])["e"]
    assert sections.points(rules, total) == {"1": 7, "2": D("3.5")}
    assert [(one.section.key, one.most, one.wanted) for one in sections.weights(rules)] == [
        ("1", D(20), D(50)),
        ("2", D(5), D(50)),
    ]


def test_a_status_has_no_points() -> None:
    rules = schemes.parse(minimal(node("criterion", "t", children=[judged("a", section="1")]), standard=standard("1")))
    total = totals.evaluate(rules, [*panel("e", "a", ["3"] * 5), mark("e", "t", "disqualified")], ["e"])["e"]
    assert sections.points(rules, total) == {"1": 0}


def test_the_sections_of_the_library_make_up_the_score() -> None:
    rules = scheme("worldskills_medals")
    assert [one.most for one in sections.weights(rules)] == [one.wanted for one in sections.weights(rules)]
    assert rules.example is not None
    marks = rules.example.marks
    for total in totals.evaluate(rules, marks, sorted({one.entry for one in marks})).values():
        assert sum(sections.points(rules, total).values()) == total.value


INSIDE = judged("a", section="2")


@pytest.mark.parametrize(
    ("root", "pointer", "code"),
    [
        (judged(section="9"), "/root/section", "unknown_section"),
        (node("criterion", "t", section="1", children=[INSIDE]), "/root/children/0/section", "section_within_section"),
        (node("criterion", "t", combine="mean", children=[INSIDE]), "/root/children/0/section", "section_not_added"),
        (node("criterion", "t", best=1, children=[INSIDE]), "/root/children/0/section", "section_not_added"),
    ],
)
def test_sections_that_cannot_be(root: Document, pointer: str, code: str) -> None:
    with pytest.raises(schemes.SchemeError) as refused:
        schemes.parse(minimal(root, standard=standard(*"12")))
    assert (pointer, code) in {(one.pointer, one.code) for one in refused.value.problems}


@pytest.mark.parametrize(
    ("name", "least", "most"),
    [
        ("worldskills_100", -20, 100),
        ("theory_30_practice_70", 0, 100),
        ("worldskills_medals", 0, 100),
        ("diving", 0, 750),
        ("gymnastics", 0, None),
        ("quiz", 0, 100),
    ],
)
def test_what_the_ready_schemes_can_come_to(name: str, least: int, most: int | None) -> None:
    found = worth(scheme(name))
    assert found == Range(Fraction(least), None if most is None else Fraction(most))


@pytest.mark.parametrize("name", library())
def test_worked_examples_stay_within(name: str) -> None:
    rules = scheme(name)
    assert rules.example is not None
    marks = rules.example.marks
    for total in totals.evaluate(rules, marks, sorted({one.entry for one in marks})).values():
        assert within(rules, total.exact)


@given(contests())
@settings(deadline=None)
def test_no_score_with_all_marks_in_lies_outside(contest: tuple[Any, Scheme, list[Mark]]) -> None:
    _, rules, marks = contest
    times = schemes.attempts(rules)
    all_in = sum(times[aspect.key] * aspect.judges for aspect in schemes.aspects(rules))
    for entry, total in totals.evaluate(rules, marks, ENTRIES).items():
        if sum(one.entry == entry for one in marks) == all_in:
            assert within(rules, exact(total))


def within(rules: Scheme, score: object) -> bool:
    limits = worth(rules)
    if not isinstance(score, Fraction):
        return True
    return (limits.least is None or limits.least <= score) and (limits.most is None or score <= limits.most)
