"""What goes into a combination when some values are missing and some are statuses."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeGuard

from scoring.facts import Status, gravest
from scoring.rows import Number
from scoring.schemes.model import StatusRule

INTEGERS = {int}


@dataclass(frozen=True, slots=True)
class Gathered:
    """What a combination starts from: numbers, how many statuses count as the worst; or the verdict at once."""

    numbers: Sequence[int]
    statuses: int
    verdict: Number
    decided: bool


def gather(numbers: Sequence[Number], defaults: Sequence[int | None], rule: StatusRule, *, whole: bool) -> Gathered:
    """The rule for statuses and the defaults for what is missing, applied; `whole`: nothing may be missing."""
    if all_numbers(numbers):
        return Gathered(numbers, 0, None, False)
    present = [number for number in numbers if isinstance(number, int)]
    statuses = [number for number in numbers if isinstance(number, Status)]
    if (not present and (not statuses or rule in ("carry", "worst", "skip"))) or (statuses and rule == "carry"):
        return Gathered([], 0, gravest(statuses) if statuses else None, True)
    filled = [fill(number, default, rule) for number, default in zip(numbers, defaults, strict=True)]
    if whole and any(number is None and given is None for number, given in zip(numbers, filled, strict=True)):
        return Gathered([], 0, None, True)
    counted = [number for number in filled if number is not None]
    return Gathered(counted, len(statuses) if rule == "worst" else 0, None, False)


def all_numbers(numbers: Sequence[Number]) -> TypeGuard[Sequence[int]]:
    """Whether all are numbers: none a status, none missing."""
    return set(map(type, numbers)) <= INTEGERS


def fill(number: Number, default: int | None, rule: StatusRule) -> int | None:
    """The number that stands for a child: its own; zero for a status if the rule says so; its default."""
    if isinstance(number, Status):
        return 0 if rule == "zero" else None
    return default if number is None else number
