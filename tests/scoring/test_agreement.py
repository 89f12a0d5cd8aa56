"""Agreement of judges: right by scipy, exact by hand, sensible at the edges."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from scoring.agreement import Given, OfEntry, OfJudge, agreement, shown
from scoring.concordance import Concordance, concordance, correlation, over_root

values = st.integers(0, 6).map(lambda n: Decimal(n) / 4)
full = st.integers(3, 6).flatmap(
    lambda entries: st.lists(st.lists(values, min_size=entries, max_size=entries), min_size=3, max_size=6)
)
gaps = st.lists(st.lists(st.none() | values, min_size=4, max_size=4), min_size=1, max_size=5)


def marks(rows: Sequence[Sequence[Decimal | None]]) -> list[Given]:
    """Marks from a row a judge."""
    return [Given(f"e{e}", f"j{j}", value) for j, row in enumerate(rows) for e, value in enumerate(row)]


@given(full)
def test_w_is_that_of_friedman(rows: list[list[Decimal]]) -> None:
    found = agreement(marks(rows)).concordance
    if all(len(set(row)) == 1 for row in rows):
        assert found.w is None
        return
    assert found.w is not None
    assert found.chi_square is not None
    assert 0 <= found.w <= 1
    statistic = stats.friedmanchisquare(*zip(*[map(float, row) for row in rows], strict=True)).statistic
    assert float(found.chi_square) == pytest.approx(statistic, abs=1e-9)
    assert found.chi_square == found.w * len(rows) * found.freedom


@given(st.lists(st.tuples(values, values), min_size=2, max_size=9))
def test_correlation_is_spearmans(pairs: list[tuple[Decimal, Decimal]]) -> None:
    one, other = [Fraction(a) for a, _ in pairs], [Fraction(b) for _, b in pairs]
    found = correlation(one, other)
    if len(set(one)) == 1 or len(set(other)) == 1:
        assert found is None
    else:
        expected = stats.spearmanr([float(a) for a in one], [float(b) for b in other]).statistic
        assert float(found or 0) == pytest.approx(expected, abs=6e-7)


@given(st.integers(-50, 50), st.integers(1, 3000))
def test_a_root_is_rounded_to_the_nearest(top: int, squares: int) -> None:
    nearest = over_root(top, squares)
    exact = Decimal(abs(top) * 10**6) / Decimal(squares).sqrt()
    assert abs(abs(nearest) - exact) <= Decimal("0.5") + Decimal("1e-12")
    assert nearest * top >= 0


def test_by_hand() -> None:
    rows = [[9, 7, 5], [8, 7, 6], [7, 7, 1], [5, 6]]
    found = agreement(marks([[Decimal(value) for value in row] for row in rows]), high=1, low=1)
    assert found.entries == (
        OfEntry("e0", 4, Fraction(29, 4), Fraction(4)),
        OfEntry("e1", 4, Fraction(27, 4), Fraction(1)),
        OfEntry("e2", 3, Fraction(4), Fraction(5)),
    )
    first, _, third, last = found.judges
    # 7/4 + 1/4 + 1 over three entries; the highest alone, one of three highest, neither
    assert (first.severity, first.distance, first.dropped) == (Fraction(1), Fraction(1), Fraction(4, 9))
    assert third.severity == (Fraction(-1, 4) + Fraction(1, 4) - 3) / 3
    assert third.distance == Fraction(7, 6)
    assert last == OfJudge("j3", 2, Fraction(-3, 2), Fraction(3, 2), Fraction(1), Decimal("-1.000000"))
    # the entry that was not marked by all is left out of W
    assert (found.concordance.judges, found.concordance.entries) == (4, 2)


def test_the_example_of_ties() -> None:
    """Three judges, four entries: rank sums 3, 7, 8.5 and 11.5 about 7.5; one pair of equals."""
    rows = [[Fraction(n) for n in row] for row in ([1, 2, 3, 4], [1, 3, 2, 4], [1, 2, 4, 4])]
    squares = Fraction(9, 2) ** 2 + Fraction(1, 2) ** 2 + 1 + 4**2
    w = 12 * squares / (9 * (64 - 4) - 3 * (8 - 2))
    assert concordance(rows) == Concordance(3, 4, w, 9 * w, 3)


def test_all_agree_and_nobody_does() -> None:
    same = [[Fraction(n) for n in range(5)]] * 3
    assert concordance(same) == Concordance(3, 5, Fraction(1), Fraction(12), 4)
    opposite = [same[0], same[0][::-1]]
    assert concordance(opposite).w == 0


@pytest.mark.parametrize(
    ("rows", "judges", "entries"), [([], 0, 0), ([["1", "2"]], 1, 2), ([["1"], ["2"]], 2, 1), ([["5", "5"]] * 3, 3, 2)]
)
def test_where_there_is_nothing_to_compare(rows: list[list[str]], judges: int, entries: int) -> None:
    found = agreement(marks([[Decimal(v) for v in row] for row in rows]))
    assert found.concordance == Concordance(judges, entries, None, None, max(entries - 1, 0))
    assert all(judge.correlation is None for judge in found.judges)


def test_one_judge_deviates_from_nobody() -> None:
    found = agreement([Given("e", "j", Decimal(7))], high=1, low=1)
    assert found.judges == (OfJudge("j", 1, None, None, Fraction(0), None),)
    assert found.entries == (OfEntry("e", 1, Fraction(7), Fraction(0)),)


@given(gaps, st.integers(0, 2), st.integers(0, 2))
def test_laws(rows: list[list[Decimal | None]], high: int, low: int) -> None:
    given_ = marks(rows)
    found = agreement(given_, high=high, low=low)
    assert found == agreement(given_[::-1], high=high, low=low)
    assert sum(judge.marks for judge in found.judges) == sum(entry.marks for entry in found.entries)
    there = sum((judge.severity or 0) * compared(rows, judge.judge) for judge in found.judges)
    assert there == 0  # deviations of an entry cancel out
    out = sum((judge.dropped or 0) * judge.marks for judge in found.judges)
    assert out == sum(high + low for entry in found.entries if entry.marks > high + low)
    w = found.concordance.w
    assert w is None or 0 <= w <= 1
    assert all(judge.correlation is None or -1 <= judge.correlation <= 1 for judge in found.judges)


def compared(rows: list[list[Decimal | None]], judge: str) -> int:
    """How many entries a judge marked besides somebody else."""
    columns = list(zip(*rows, strict=True))
    own = rows[int(judge[1:])]
    return sum(v is not None and sum(o is not None for o in column) > 1 for v, column in zip(own, columns, strict=True))


def test_two_marks_in_one_place_are_refused() -> None:
    with pytest.raises(ValueError, match="twice"):
        agreement([Given("e", "j", Decimal(1)), Given("e", "j", Decimal(2))])


def test_shown() -> None:
    assert str(shown(Fraction(2, 3))) == "0.667"
    assert str(shown(Fraction(-1, 8), 2)) == "-0.13"
