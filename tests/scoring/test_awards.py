"""Awards: how many, for whom, and why."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring import schemes
from scoring.awards import awards, best_of_delegations
from scoring.grants import Ground, Ruling, holders, size
from scoring.outcomes import outcome
from scoring.schemes import Scheme
from scoring.schemes.model import Take

from .cases import Document, ground, mark, minimal, node

ROOT = node("criterion", "all", children=[node("given", "score")])


def scheme(*listed: Document, **rest: Any) -> Scheme:
    named = [{"key": f"k{i}", "title": {"zh": "奖", "en": "Award"}, **one} for i, one in enumerate(listed)]
    return schemes.parse(minimal(ROOT, awards=named, **rest))


def given_to(rules: Scheme, scores: str, **known: Any) -> dict[str, str]:
    """The entries (a, b, ...) that each award goes to."""
    on = ground(rules, dict(zip("abcdefghij", scores.split(), strict=False)), **known)
    found: dict[str, str] = {one.key: "" for one in rules.awards}
    for ruling in awards(rules, on):
        if ruling.given:
            found[ruling.grant] += str(ruling.entry)
    return found


def ruled(rules: Scheme, scores: str, **known: Any) -> list[tuple[str, str | None, str]]:
    on = ground(rules, dict(zip("abcdefghij", scores.split(), strict=False)), **known)
    return [(one.grant, one.entry, one.code) for one in awards(rules, on)]


def test_so_many() -> None:
    rules = scheme({"places": 1}, {"places": 3}, {"places": 6})
    assert given_to(rules, "9 8 7 6 5 4 3 2 1 0") == {"k0": "a", "k1": "bcd", "k2": "efghij"}


@pytest.mark.parametrize(
    ("counted", "ties", "expected"),
    [
        ("own", "all", {"k0": "ab", "k1": "cd"}),
        ("top", "all", {"k0": "ab", "k1": "c"}),
        ("own", "none", {"k0": "", "k1": "ab"}),
        ("own", "order", {"k0": "a", "k1": "bc"}),
    ],
)
def test_equals_at_the_cut(counted: str, ties: str, expected: dict[str, str]) -> None:
    second = {"places": 3 if counted == "top" else 2, "counted": counted, "ties": ties}
    assert given_to(scheme({"places": 1, "ties": ties}, second), "9 9 8 7 6") == expected


@pytest.mark.parametrize(
    ("mode", "expected"), [("half_away", "2 3 5"), ("down", "1 3 4"), ("up", "2 3 5"), ("half_down", "1 3 4")]
)
def test_shares(mode: str, expected: str) -> None:
    rules = scheme(*({"share": share, "mode": mode} for share in ("0.1", "0.2", "0.3")))
    on = ground(rules, {f"{i:02}": str(i) for i in range(15)})
    given = [one.grant for one in awards(rules, on) if one.given]
    assert " ".join(str(given.count(f"k{i}")) for i in range(3)) == expected


MEDALS = [
    {"key": key, "places": i, "counted": "top", "tolerance": {"take": "score", "value": 2}, "when_taken": taken}
    for i, (key, taken) in enumerate([("gold", "none"), ("silver", "none"), ("bronze", "within")], 1)
]


@pytest.mark.parametrize(
    ("scores", "gold", "silver", "bronze"),
    [
        ("90 80 70 60", "a", "b", "c"),
        ("90 88 70 60", "ab", "", "c"),
        ("90 88 70 69", "ab", "", "cd"),
        ("90 89 88 70", "abc", "", ""),
        ("90 89 88 86", "abc", "", "d"),
        ("90 80 79 60", "a", "bc", ""),
        ("90 80 79 78", "a", "bcd", ""),
        ("90 80 79 77", "a", "bc", "d"),
        ("90", "a", "", ""),
    ],
)
def test_medals_with_tolerance(scores: str, gold: str, silver: str, bronze: str) -> None:
    assert given_to(scheme(*MEDALS), scores) == {"gold": gold, "silver": silver, "bronze": bronze}


def test_the_tolerance_may_be_chained() -> None:
    rules = scheme({"places": 1, "tolerance": {"value": 2, "mode": "chained"}})
    assert given_to(rules, "90 88 86 83") == {"k0": "abc"}


def test_why_a_medal_is_given_and_withheld() -> None:
    assert ruled(scheme(*MEDALS), "90 89 60") == [
        ("gold", "a", "place"),
        ("gold", "b", "within"),
        ("silver", None, "taken"),
        ("bronze", "c", "place"),
    ]


def test_thresholds_on_the_scale() -> None:
    medallion = {"needs": [{"take": "scaled", "least": 700}]}
    rules = scheme({"places": 1}, medallion, scaled={})
    assert given_to(rules, "9 8 7 6 5") == {"k0": "a", "k1": "bc"}
    assert ruled(rules, "9 8 7 6 5", unranked={"a"})[:3] == [
        ("k0", "b", "place"),
        ("k1", "c", "qualified"),
        ("k1", "d", "need"),
    ]


def test_no_award_under_sixty() -> None:
    rules = scheme({"places": 3, "needs": [{"take": "score", "least": 60}]})
    assert ruled(rules, "70 60 59 12") == [
        ("k0", "a", "place"),
        ("k0", "b", "place"),
        ("k0", "c", "need"),
        ("k0", "d", "need"),
    ]
    assert ruled(rules, "59") == [("k0", "a", "need"), ("k0", None, "nobody")]


@pytest.mark.parametrize(("vacant", "expected"), [("next", "ac"), ("lapse", "a")])
def test_the_place_of_someone_passed_over(vacant: str, expected: str) -> None:
    rules = schemes.parse(
        minimal(
            node("criterion", "all", children=[node("given", "score"), node("given", "theory", weight=0)]),
            awards=[
                {
                    "key": "k0",
                    "title": {"zh": "奖", "en": "A"},
                    "places": 2,
                    "vacant": vacant,
                    "needs": [{"node": "theory", "least": 60}],
                }
            ],
        )
    )
    theory = [mark(entry, "theory", value) for entry, value in {"a": "60", "b": "59.99", "c": "80"}.items()]
    marks = [mark(entry, "score", value) for entry, value in {"a": "9", "b": "8", "c": "7"}.items()]
    found = outcome(rules, [*marks, *theory], list("abc"))
    assert "".join(holders(found.awards)) == expected


UNIONS = dict(zip("abcdef", "xxxyyz", strict=True))


def test_caps() -> None:
    rules = scheme({"places": 3, "cap": {"most": 1}}, {"places": 2, "cap": {"most": 2, "of": "series"}})
    assert ruled(rules, "9 8 7 6 5 4", delegations=UNIONS) == [
        ("k0", "a", "place"),
        ("k0", "b", "cap"),
        ("k0", "c", "cap"),
        ("k0", "d", "place"),
        ("k0", "e", "cap"),
        ("k0", "f", "place"),
        ("k1", "b", "place"),
        ("k1", "c", "cap"),
        ("k1", "e", "place"),
    ]


@pytest.mark.parametrize(("ties", "expected"), [("all", "abd"), ("order", "ad"), ("none", "d")])
def test_equal_teammates_at_a_cap(ties: str, expected: str) -> None:
    rules = scheme({"places": 3, "ties": ties, "cap": {"most": 1}})
    assert given_to(rules, "9 9 7 6 5", delegations=UNIONS)["k0"].strip() == expected


def test_the_best_of_each_delegation() -> None:
    rules = scheme({"each": "delegation", "places": 1, "series": "union"}, {"places": 1})
    assert given_to(rules, "9 8 7 6 5 4 3", delegations=UNIONS) == {"k0": "adf", "k1": "a"}
    assert ("k0", "g", "no_delegation") in ruled(rules, "9 8 7 6 5 4 3", delegations=UNIONS)


def test_only_entries_with_a_rank() -> None:
    rules = scheme({"places": 5})
    assert given_to(rules, "9 8 did_not_finish 6", unranked={"b"}) == {"k0": "ad"}


def test_the_best_of_delegations_over_contests() -> None:
    rules = scheme(scaled={})
    grounds = {
        "x": ground(rules, {"a": "9", "b": "5", "c": "4"}, delegations={"a": "u", "b": "v", "c": "v"}),
        "y": ground(rules, {"d": "9", "e": "5", "f": "4"}, delegations={"d": "u", "e": "u", "f": "v"}),
    }
    found = [(one.delegation, one.contest, one.entry) for one in best_of_delegations(grounds)]
    assert found == [("u", "x", "a"), ("u", "y", "d"), ("v", "x", "b")]
    assert best_of_delegations(grounds, Take("score"))[-1].value == Fraction(5)


quotas = st.fixed_dictionaries(
    {"ties": st.sampled_from(["all", "none", "order", "decide"]), "counted": st.sampled_from(["own", "top"])},
    optional={"least": st.integers(0, 2), "tolerance": st.just({"value": "1"})},
).flatmap(
    lambda found: st.one_of(
        st.integers(0, 5).map(lambda places: {**found, "places": places}),
        st.sampled_from(["0.1", "0.2", "0.34", "1"]).map(lambda share: {**found, "share": share}),
    )
)
boards = st.lists(st.integers(0, 6), max_size=9)


def on_board(rules: Scheme, scores: list[int], **known: Any) -> Ground:
    return ground(rules, {f"{i}": str(score) for i, score in enumerate(scores)}, **known)


@given(st.lists(quotas, min_size=1, max_size=3), boards)
def test_no_award_goes_to_a_worse_one_before_a_better_one(listed: list[Document], scores: list[int]) -> None:
    rules = scheme(*listed)
    on = on_board(rules, scores)
    given = [one for one in awards(rules, on) if one.given]
    held = holders(given)
    assert all(len(awarded) == 1 for awarded in held.values())
    for award in rules.awards:
        worst = max((position(on, one) for one in given if one.grant == award.key), default=-1)
        left = [line for line in on.board[: max(worst, 0)] if line.entry not in held]
        assert not left


def position(on: Ground, ruling: Ruling) -> int:
    return next(i for i, line in enumerate(on.board) if line.entry == ruling.entry)


@given(quotas, boards)
def test_equals_are_treated_alike_unless_the_order_decides(quota: Document, scores: list[int]) -> None:
    rules = scheme(quota)
    on = on_board(rules, scores)
    held = holders(awards(rules, on))
    if quota["ties"] != "order":
        for line in on.board:
            assert len({other.entry in held for other in on.board if other.score == line.score}) == 1


@given(quotas, boards)
def test_a_number_is_kept(quota: Document, scores: list[int]) -> None:
    rules = scheme(quota)
    on = on_board(rules, scores)
    held, grant = holders(awards(rules, on)), rules.awards[0]
    assert grant.quota is not None
    places = size(grant.quota, len(scores))
    if quota["ties"] in ("all", "order"):
        assert len(held) >= min(places, len(scores))
    if quota["ties"] != "all" and "tolerance" not in quota:
        assert len(held) <= places


@given(boards, st.integers(1, 3), st.lists(st.sampled_from("xyz"), min_size=9, max_size=9))
def test_a_cap_is_kept(scores: list[int], most: int, unions: list[str]) -> None:
    rules = scheme({"places": 4, "ties": "order", "cap": {"most": most}})
    sides = {f"{i}": union for i, union in enumerate(unions)}
    on = on_board(rules, scores, delegations=sides)
    found = awards(rules, on)
    given = [sides[one.entry] for one in found if one.given and one.entry]
    assert all(given.count(union) <= most for union in "xyz")
    assert {one.code for one in found if not one.given and one.entry} <= {"cap", "tie"}


@given(boards)
def test_the_order_in_which_entries_are_named_is_irrelevant(scores: list[int]) -> None:
    rules = scheme(
        {"places": 2}, {"share": "0.3", "mode": "up"}, {"needs": [{"take": "scaled", "least": 700}]}, scaled={}
    )
    found = {f"{i}": str(score) for i, score in enumerate(scores)}
    assert awards(rules, ground(rules, found)) == awards(rules, ground(rules, dict(reversed(found.items()))))


def test_a_threshold_sees_the_exact_score() -> None:
    root = node("criterion", "all", factor="1", children=[node("given", "score", factor="0.333333333")])
    rules = schemes.parse(
        minimal(
            root, awards=[{"key": "k", "title": {"zh": "奖", "en": "A"}, "needs": [{"take": "score", "least": "1"}]}]
        )
    )
    assert not holders(awards(rules, ground(rules, {"a": "3"})))
    assert Decimal("0.999999999") == ground(rules, {"a": "3"}).board[0].score
