"""What parts an entry from its neighbours is what the board was ordered by."""

from __future__ import annotations

from decimal import Decimal

from scoring import schemes
from scoring.facts import Status
from scoring.outcomes import Known, outcome, why
from scoring.places import Parting

from .cases import mark, minimal, node

RULES = schemes.parse(
    minimal(
        node("given", "score"),
        aside=[node("given", "time", needed=0), node("given", "lot", needed=0)],
        standings={"tie_breaks": [{"node": "time", "better": "lower"}, {"node": "lot"}, {"lot": True}],
                   "ranked_statuses": ["did_not_finish"]},
    )
)  # fmt: skip
VALUES = {"A": ("9", "30"), "B": ("9", "31"), "C": ("9", "31"), "D": ("8", "1"), "E": ("8", "1"), "G": ("10", "1")}


def told(lots: dict[str, int]) -> dict[str, tuple[Parting, ...]]:
    marks = [mark("F", "score", "did_not_finish")]
    for entry, (score, time) in VALUES.items():
        marks += [mark(entry, "score", score), mark(entry, "time", time)]
    known = Known(lots=lots, unranked={"G"})
    entries = [*VALUES, "F"]
    found = outcome(RULES, marks, entries, known)
    return {entry: tuple(one.place) for entry, one in why(RULES, marks, found, entries, known=known).items()}


def test_each_neighbour_is_named_with_what_was_compared() -> None:
    found = told({"B": 2, "C": 1})
    assert found["A"] == (Parting("C", True, "tie_break", "time", Decimal(30), Decimal(31)),)
    assert found["C"] == (
        Parting("A", False, "tie_break", "time", Decimal(31), Decimal(30)),
        Parting("B", True, "lot", None, 1, 2),
    )
    assert found["B"][1] == Parting("D", True, "score", None, Decimal(9), Decimal(8))
    assert found["D"][1] == Parting("E", True, "tied", None, Decimal(8), Decimal(8))
    assert found["F"] == (Parting("E", False, "score", None, Status.DID_NOT_FINISH, Decimal(8)),)
    assert found["G"] == ()
