"""One entry's marks change: the board is the one that all marks would give from scratch."""

from __future__ import annotations

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from scoring import schemes, standings, totals
from scoring.marks import Mark
from scoring.orders import Stored, ranks
from scoring.restating import restate, state
from scoring.schemes import Scheme

from .cases import Document, judged, mark, minimal, node

ENTRIES = "abcdefgh"
LOTS = dict(zip("abcdef", [4, 2, 6, 1, 5, 3], strict=True))
STYLES = ["1224", "1334", "1223", "1234", "1 2.5 2.5 4"]
CHAINS: list[list[Document]] = [[], [{"node": "second", "better": "lower"}], [{"node": "second"}, {"lot": True}]]
# Few values, so that ties are many; a status now and then, and an entry without a mark.
VALUES = st.sampled_from(["1", "2", "3", "4", "did_not_finish", "disqualified", ""])
CHANGES = st.lists(st.dictionaries(st.sampled_from(ENTRIES), st.tuples(VALUES, VALUES), max_size=3), max_size=12)

orders = st.fixed_dictionaries(
    {"better": st.sampled_from(["higher", "lower"]), "style": st.sampled_from(STYLES)},
    optional={
        "tie_breaks": st.sampled_from(CHAINS),
        "tolerance": st.sampled_from([{"value": "1", "mode": mode} for mode in ("first", "chained")]),
        "ranked_statuses": st.just(["did_not_finish"]),
        "points": st.just(["10", "7", "5", "3"]),
        "points_when_tied": st.sampled_from(["same", "mean"]),
    },
)
ranked = judged(judges=1, combine="sum", as_ranks={"better": "higher"})
roots = st.sampled_from([node("given", "score", needed=0), ranked])


@st.composite
def rules(draw: st.DrawFn) -> Scheme:
    scaled: Document = {"scaled": {}} if draw(st.integers(0, 9)) == 0 else {}
    aside = [node("given", "second", needed=0)]
    return schemes.parse(minimal(draw(roots), aside=aside, standings=draw(orders), **scaled))


def given_to(scheme: Scheme, entry: str, score: str, second: str) -> list[Mark]:
    judge = "J1" if schemes.aspects(scheme)[0].judges else None
    found = [mark(entry, "score", score, judge=judge)] if score else []
    return found + ([mark(entry, "second", second)] if second else [])


@given(rules(), CHANGES, st.sets(st.sampled_from(ENTRIES), max_size=2))
@settings(deadline=None, max_examples=200)
def test_any_changes_one_after_the_other_are_as_all_from_scratch(
    scheme: Scheme, changes: Any, unranked: set[str]
) -> None:
    marks: dict[str, list[Mark]] = {entry: [] for entry in ENTRIES}
    stated = state(scheme, marks, lots=LOTS, unranked=unranked)
    for some in changes:
        changed = {entry: given_to(scheme, entry, *values) for entry, values in some.items()}
        marks |= changed
        stated = restate(stated, changed)
        expected = totals.evaluate(scheme, [one for given in marks.values() for one in given], ENTRIES)
        assert stated.totals == expected
        assert list(stated.board) == standings.rank(scheme, expected, lots=LOTS, unranked=unranked)


def test_lines_that_have_not_moved_are_the_same_lines() -> None:
    scheme = schemes.parse(minimal(node("given", "score")))
    before = state(scheme, {entry: [mark(entry, "score", str(9 - place))] for place, entry in enumerate(ENTRIES)})
    after = restate(before, {"d": [mark("d", "score", "8.5")]})
    assert [line.entry for line in after.board] == list("adbcefgh")
    assert [new is old for new, old in zip(after.board, before.board, strict=True)] == [True] + [False] * 3 + [True] * 4


def test_an_entry_that_comes_later() -> None:
    scheme = schemes.parse(minimal(node("given", "score")))
    stated = restate(state(scheme, {"a": [mark("a", "score", "1")]}), {"b": [mark("b", "score", "2")]})
    assert [(line.entry, line.rank) for line in stated.board] == [("b", 1), ("a", 2)]


@given(rules(), st.lists(st.tuples(VALUES, VALUES), min_size=len(ENTRIES), max_size=len(ENTRIES)))
@settings(deadline=None)
def test_stored_totals_rank_as_the_board_does(scheme: Scheme, values: Any) -> None:
    marks = [one for entry, pair in zip(ENTRIES, values, strict=True) for one in given_to(scheme, entry, *pair)]
    found = totals.evaluate(scheme, marks, ENTRIES)
    stored = standings.stored(scheme, list(found.values()), LOTS)
    board = {line.entry: line.rank for line in standings.rank(scheme, found, lots=LOTS)}
    assert ranks(scheme, stored) == [board[entry] for entry in ENTRIES]


def test_nothing_stored_has_no_ranks() -> None:
    assert ranks(schemes.parse(minimal(node("given", "score"))), Stored([])) == []
