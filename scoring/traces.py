"""Why a score is what it is, as data: every mark and its fate, every step with the value before and after."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from scoring.facts import Status
from scoring.problems import Param
from scoring.schemes.model import Combine

Shown = Decimal | Status | None
PickFate = Literal["counted", "dropped_high", "dropped_low", "not_best", "clamped", "excluded"]
StatusFate = Literal["status", "skipped", "zeroed"]
FateCode = PickFate | StatusFate | Literal["agreed", "overruled", "excused", "becomes_status", "defaulted", "missing"]
ChangeCode = Literal["factor", "plus", "floor", "cap", "round"]
ScaleCode = Literal["from_centre", "over_spread", "times", "no_spread"]
StepCode = Combine | ChangeCode | ScaleCode | Literal["agreed", "taken", "status_when"]


@dataclass(frozen=True, slots=True)
class Used:
    """One value that went in. `source`: judge, child key or attempt; `counted`: the value that counted, None if none.

    fate: counted, agreed, overruled (by an agreed value), dropped_high, dropped_low, not_best, clamped, excluded,
    excused (recused or absent), status, becomes_status (by `status_when`), skipped, zeroed, defaulted, missing.
    """

    source: str
    value: Shown
    fate: FateCode
    counted: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Step:
    """One change of the value, with what the rule says in `params`.

    code: sum, mean, median, product, best, worst, agreed, taken (by `again`), factor, plus, floor, cap, round,
    status_when (after: a status); on the scale of the board: from_centre, over_spread, times, plus, no_spread,
    round, floor, cap.
    """

    code: StepCode
    before: Decimal | None
    after: Decimal | Status
    params: Mapping[str, Param | Decimal]


@dataclass(frozen=True, slots=True)
class Trace:
    """How one node came to its result; `attempt` is None outside repeats.

    The last step's `after` is the result. A repeated node has a trace for each attempt as children.
    """

    node: str
    attempt: int | None
    used: tuple[Used, ...]
    steps: tuple[Step, ...]
    result: Shown
    children: tuple[Trace, ...]
