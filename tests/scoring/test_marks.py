"""Is this mark allowed: every reason at once."""

from __future__ import annotations

from decimal import Decimal

import pytest

from scoring import schemes
from scoring.marks import Mark, Status, check

from .cases import judged, minimal, node

ROOT = node(
    "criterion",
    "all",
    children=[
        judged("style"),
        node("panel", "sum", judges=3, scale={"min": "1", "max": "10", "step": "0.5"}, combine="sum"),
        node("time", "run", scale={"step": "0.01", "max": "600"}, repeat={"times": 2}),
    ],
)
SCHEME = schemes.parse(minimal(ROOT))
D = Decimal


def codes(mark: Mark) -> list[str]:
    return [f"{problem.pointer} {problem.code}" for problem in check(SCHEME, mark)]


@pytest.mark.parametrize(
    "mark",
    [
        Mark("e", "style", judge="a", value=D("9.75")),
        Mark("e", "style", judge="a", value=D("1E1")),
        Mark("e", "style", value=D("9.123456")),
        Mark("e", "sum", value=D("28.5")),
        Mark("e", "run", 2, value=D("12.30")),
        Mark("e", "run", 2, status=Status.DID_NOT_FINISH),
        Mark("e", "style", judge="a", status=Status.RECUSED),
        Mark("e", "all", status=Status.DISQUALIFIED),
    ],
)
def test_allowed(mark: Mark) -> None:
    assert not codes(mark)


@pytest.mark.parametrize(
    ("mark", "expected"),
    [
        (Mark("e", "what", judge="a", value=D(1)), ["/aspect unknown_aspect"]),
        (Mark("e", "style", judge="a", value=D("10.1")), ["/value value_too_large", "/value value_off_step"]),
        (Mark("e", "sum", judge="a", value=D("0.2")), ["/value value_too_small", "/value value_off_step"]),
        (
            Mark("e", "run", 3, "a", D("1.005")),
            ["/attempt attempt_out_of_range", "/value value_off_step", "/judge judge_not_allowed"],
        ),
        (Mark("e", "style", judge="a"), ["/value value_or_status"]),
        (Mark("e", "style", judge="a", value=D(1), status=Status.ABSENT), ["/value value_or_status"]),
        (Mark("e", "style", status=Status.ABSENT), ["/judge judge_needed"]),
        (Mark("e", "run", judge="a", status=Status.ABSENT), ["/status status_not_allowed"]),
        (Mark("e", "all", value=D(3)), ["/aspect takes_no_value"]),
        (Mark("e", "style", judge="a", value=D("NaN")), ["/value value_not_finite"]),
        (Mark("e", "style", value=D("1.0000001")), ["/value value_too_fine"]),
        (Mark("e", "style", value=D("0E-999999")), ["/value value_too_fine"]),
        (Mark("e", "run", value=D("1E+999999")), ["/value value_too_large"]),
    ],
)
def test_refused(mark: Mark, expected: list[str]) -> None:
    assert codes(mark) == expected
