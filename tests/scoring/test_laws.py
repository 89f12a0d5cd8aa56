"""What must hold for every scheme and every set of marks."""

from __future__ import annotations

import random
from decimal import Decimal
from fractions import Fraction
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from scoring import schemes, standings, totals
from scoring.entering import enter_one
from scoring.marks import Mark, Status
from scoring.plans import plan
from scoring.schemes import Scheme
from scoring.traces import Trace

from . import naive
from .cases import Document, minimal, node

ENTRIES = ["a", "b", "c", "d"]
numbers = st.decimals(-3, 3, places=2).map(str)
digits = st.integers(0, 3)
combine = st.sampled_from(["sum", "mean", "median"])
marks_values = st.integers(-8, 40).map(lambda n: Decimal(n) / 4)


limits = st.lists(
    st.fixed_dictionaries({"status": st.sampled_from(["disqualified", "did_not_finish"])}).flatmap(
        lambda found: st.sampled_from(["from", "over", "under", "up_to"]).map(
            lambda bound: {**found, bound: "-1.5" if bound in ("under", "up_to") else "9"}
        )
    ),
    max_size=2,
)


def shapes() -> st.SearchStrategy[Document]:
    return st.fixed_dictionaries(
        {},
        optional={
            "weight": numbers,
            "factor": numbers,
            "plus": numbers,
            "floor": st.just("-2"),
            "cap": st.just("6"),
            "round": digits,
            "status_when": limits,
        },
    )


@st.composite
def picks(draw: st.DrawFn, most: int, ways: st.SearchStrategy[str] = combine) -> Document:
    found: Document = {"combine": draw(ways)}
    if most > 2 and draw(st.booleans()):
        found |= {"drop_high": 1, "drop_low": draw(st.integers(0, 1))}
    return found | ({"best": draw(st.integers(1, most)), "better": "higher"} if draw(st.integers(0, 3)) == 0 else {})


@st.composite
def trees(draw: st.DrawFn, names: list[int], depth: int, repeats: bool) -> Document:
    names[0] += 1
    key = f"n{names[0]}"
    shape = draw(shapes())
    repeated = repeats and depth < 2 and draw(st.integers(0, 3)) == 0
    if repeated:
        shape["repeat"] = {"times": 3, "needed": draw(st.integers(0, 3)), **draw(picks(3))}
    inner = repeats and not repeated
    if depth == 0 or draw(st.booleans()):
        judges = draw(st.integers(1, 5))
        scale = {"min": "-2", "max": "10", "step": "0.25"}
        return node("panel", key, judges=judges, scale=scale, **shape, **draw(picks(judges)))
    ways = st.sampled_from(["sum", "mean", "median", *(["product"] if depth == 1 or repeated else [])])
    children = [draw(trees(names, depth - 1, inner)) for _ in range(draw(st.integers(1, 3)))]
    return node("criterion", key, children=children, **shape, **draw(picks(len(children), ways)))


@st.composite
def contests(draw: st.DrawFn, statuses: bool = False) -> tuple[Document, Scheme, list[Mark]]:
    root = node("criterion", "root", children=[draw(trees([0], 2, True))], **draw(picks(1)))
    if not statuses:
        strip(root)
    document = minimal(root, standings={"better": draw(st.sampled_from(["higher", "lower"]))})
    scheme = schemes.parse(document)
    times = schemes.attempts(scheme)
    marks = [
        one
        for entry in ENTRIES
        for aspect in schemes.aspects(scheme)
        for attempt in range(1, times[aspect.key] + 1)
        for judge in range(aspect.judges)
        for one in [drawn(draw, Mark(entry, aspect.key, attempt, f"J{judge}"), statuses)]
        if one is not None
    ]
    return document, scheme, marks


def strip(root: Document) -> None:
    """Takes out what turns values into statuses."""
    root.pop("status_when", None)
    for child in root.get("children", []):
        strip(child)


def drawn(draw: st.DrawFn, blank: Mark, statuses: bool) -> Mark | None:
    kind = draw(st.integers(0, 9))
    if kind == 0:
        return None
    if kind == 1 and statuses:
        return Mark(blank.entry, blank.aspect, blank.attempt, blank.judge, status=draw(st.sampled_from(Status)))
    return Mark(blank.entry, blank.aspect, blank.attempt, blank.judge, draw(marks_values))


def exact(total: totals.Total) -> Fraction | None:
    number = total.numbers[0]
    return Fraction(number, total.plan.tops[0].denominator) if isinstance(number, int) else None


@given(contests())
@settings(deadline=None)
def test_totals_equal_a_slow_second_opinion(contest: tuple[Document, Scheme, list[Mark]]) -> None:
    document, scheme, marks = contest
    found = totals.evaluate(scheme, marks, ENTRIES)
    for entry in ENTRIES:
        given: naive.Given = {}
        for one in marks:
            if one.entry == entry and one.value is not None:
                given.setdefault((one.aspect, one.attempt), []).append(Fraction(one.value))
        assert exact(found[entry]) == naive.total(document["root"], given)


@given(contests(statuses=True), st.randoms())
@settings(deadline=None)
def test_the_order_of_marks_and_the_names_of_judges_are_irrelevant(contest: Any, chance: random.Random) -> None:
    _, scheme, marks = contest
    shuffled = [Mark(m.entry, m.aspect, m.attempt, f"X{9 - int(str(m.judge)[1:])}", m.value, m.status) for m in marks]
    chance.shuffle(shuffled)
    found, other = (totals.evaluate(scheme, given, ENTRIES) for given in (marks, shuffled))
    assert [(t.numbers, t.status, set(t.missing)) for t in found.values()] == [
        (t.numbers, t.status, set(t.missing)) for t in other.values()
    ]


@given(contests(statuses=True))
@settings(deadline=None)
def test_restating_gives_the_same_and_alone_is_as_together(contest: tuple[Document, Scheme, list[Mark]]) -> None:
    document, scheme, marks = contest
    found = totals.evaluate(scheme, marks, ENTRIES)
    assert found == totals.evaluate(schemes.parse(document), marks, ENTRIES)
    assert standings.rank(scheme, found) == standings.rank(scheme, dict(reversed(found.items())))
    for entry in ENTRIES:
        assert totals.evaluate(scheme, [m for m in marks if m.entry == entry], [entry])[entry] == found[entry]


@given(st.booleans().flatmap(contests))
@settings(deadline=None)
def test_what_is_done_for_many_at_once_is_as_one_by_one(contest: tuple[Document, Scheme, list[Mark]]) -> None:
    _, scheme, marks = contest
    ready = plan(scheme)
    rows = {entry: ready.row(entry) for entry in ENTRIES}
    for one in marks:
        enter_one(ready, rows, one)
    expected = {entry: totals.total(ready, ready.run(row)) for entry, row in rows.items()}
    assert totals.evaluate(scheme, marks, ENTRIES) == expected


@given(contests(statuses=True), st.data())
@settings(deadline=None)
def test_a_mark_of_one_entry_moves_no_other(contest: tuple[Document, Scheme, list[Mark]], data: st.DataObject) -> None:
    _, scheme, marks = contest
    before = totals.evaluate(scheme, marks, ENTRIES)
    gone = data.draw(st.sampled_from(marks)) if marks else None
    after = totals.evaluate(scheme, [m for m in marks if m is not gone], ENTRIES)
    assert all(before[entry] == after[entry] for entry in ENTRIES if gone is None or entry != gone.entry)


@given(contests(statuses=True))
@settings(deadline=None)
def test_explanations_end_in_the_published_number(contest: tuple[Document, Scheme, list[Mark]]) -> None:
    _, scheme, marks = contest
    for entry, total in totals.evaluate(scheme, marks, ENTRIES).items():
        trace = totals.explain(scheme, marks, entry)
        assert trace.result == (total.status or total.value)
        if trace.steps:
            last = trace.steps[-1].after
            assert last == (total.value or total.status or Decimal(0))
        assert lines_hold(trace)


def lines_hold(trace: Trace) -> bool:
    """Each step begins where the one before ended, in every node of the tree."""
    inner = all(lines_hold(child) for child in trace.children)
    return inner and all(b.before == a.after for a, b in zip(trace.steps, trace.steps[1:], strict=False))


@given(contests(statuses=True))
@settings(deadline=None)
def test_ranks_never_contradict_totals(contest: tuple[Document, Scheme, list[Mark]]) -> None:
    _, scheme, marks = contest
    found = totals.evaluate(scheme, marks, ENTRIES)
    board = standings.rank(scheme, found)
    ranked = [line for line in board if line.rank is not None]
    values = [exact(found[line.entry]) or Fraction(0) for line in ranked]
    assert values == sorted(values, reverse=scheme.standings.better == "higher")
    assert {line.entry for line in board} == set(ENTRIES)
    assert all(line.rank is None for line in board[len(ranked) :])
