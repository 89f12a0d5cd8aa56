"""Marks: what one judge gives one entry on one aspect, and whether a scheme allows it.

Codes of `check`, by pointer: /aspect unknown_aspect, takes_no_value (a criterion takes statuses only); /attempt
attempt_out_of_range (least, most); /judge judge_needed (a panel's status of a judge), judge_not_allowed; /value
value_or_status (both or neither), value_too_small (least), value_too_large (most), value_off_step (step),
value_too_fine (digits), value_not_finite; /status status_not_allowed (status).
Codes of MarksError, raised by evaluation: unknown_aspect, attempt_out_of_range, value_or_status, value_too_fine,
mark_twice, too_many_marks (params name entry, aspect, attempt, judge as far as known).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from decimal import Decimal

from scoring.facts import JUDGE_STATUSES
from scoring.facts import Mark as Mark
from scoring.facts import Status as Status
from scoring.problems import Problem
from scoring.problems import ProblemError as ProblemError
from scoring.schemes import Aspect, Node, Scheme, attempts, nodes
from scoring.schemes.model import Scale

FINEST = 6
LONGEST = 12
LARGEST = 10**LONGEST - 1


class MarksError(ProblemError):
    """Marks that cannot be evaluated; `check` and `crowded` find all of it before."""


def check(scheme: Scheme, mark: Mark) -> tuple[Problem, ...]:
    """Every reason why the scheme does not allow this mark; empty means allowed. Codes: see the module."""
    return checker(scheme)(mark)


def checker(scheme: Scheme) -> Callable[[Mark], tuple[Problem, ...]]:
    """`check` for many marks of one scheme."""
    known, times = nodes(scheme), attempts(scheme)

    def checked(mark: Mark) -> tuple[Problem, ...]:
        node = known.get(mark.aspect)
        if node is None:
            return (Problem("/aspect", "unknown_aspect", {"aspect": mark.aspect}),)
        most = times[mark.aspect]
        return (*attempt_problems(mark, most), *what_problems(node, mark), *judge_problems(node, mark))

    return checked


def crowded(scheme: Scheme, marks: Iterable[Mark]) -> Iterator[tuple[int, Problem]]:
    """Marks, by their number in the list, that say again what an earlier one said, or are of more judges than there
    are: mark_twice (first: the number of the earlier one), too_many_marks (aspect, most).
    """
    judges = {node.key: node.judges for node in nodes(scheme).values() if isinstance(node, Aspect)}
    first: dict[tuple[str, str, int, str | None], int] = {}
    given: Counter[tuple[str, str, int]] = Counter()
    for number, mark in enumerate(marks):
        place = (mark.entry, mark.aspect, mark.attempt)
        if (before := first.setdefault((*place, mark.judge), number)) != number:
            yield number, Problem("/judge", "mark_twice", {"first": before})
        elif mark.value is not None and mark.judge is not None and (most := judges.get(mark.aspect, 0)):
            given[place] += 1
            if given[place] > most:
                yield number, Problem("/judge", "too_many_marks", {"aspect": mark.aspect, "most": most})


def attempt_problems(mark: Mark, most: int) -> Iterator[Problem]:
    """Attempts count from 1 to what the scheme repeats."""
    if not 1 <= mark.attempt <= most:
        yield Problem("/attempt", "attempt_out_of_range", {"least": 1, "most": most})


def what_problems(node: Node, mark: Mark) -> Iterator[Problem]:
    """Exactly one of value and status, and one that the node takes."""
    if (mark.value is None) == (mark.status is None):
        yield Problem("/value", "value_or_status")
    if mark.status in JUDGE_STATUSES and not (isinstance(node, Aspect) and node.judges):
        yield Problem("/status", "status_not_allowed", {"status": str(mark.status)})
    if mark.value is not None and not isinstance(node, Aspect):
        yield Problem("/aspect", "takes_no_value", {"aspect": mark.aspect})
    elif mark.value is not None and isinstance(node, Aspect):
        yield from value_problems(node, mark.value, agreed=node.judges > 0 and mark.judge is None)


def judge_problems(node: Node, mark: Mark) -> Iterator[Problem]:
    """Only aspects with judges take a judge's mark; recused and absent are said of a judge."""
    judged = isinstance(node, Aspect) and node.judges > 0
    if mark.judge is not None and not judged and mark.status is None:
        yield Problem("/judge", "judge_not_allowed", {"aspect": mark.aspect})
    if mark.judge is None and judged and mark.status in JUDGE_STATUSES:
        yield Problem("/judge", "judge_needed", {"aspect": mark.aspect})


def value_problems(aspect: Aspect, value: Decimal, *, agreed: bool) -> Iterator[Problem]:
    """A value on the scale. A panel's agreed value is a combined one: it keeps no step, and a sum has no scale."""
    beyond = beyond_reason(value)
    if beyond:
        yield beyond
        return
    if decimals(value) > FINEST:
        yield Problem("/value", "value_too_fine", {"digits": FINEST})
    if not (agreed and aspect.pick.combine == "sum"):
        yield from limit_problems(aspect.scale, value)
    if not agreed and off_step(aspect.scale, value):
        yield Problem("/value", "value_off_step", {"step": f"{aspect.scale.step:f}"})


def beyond_reason(value: Decimal) -> Problem | None:
    """A value that no scale could take: not a number, or of a size that would only cost time."""
    exponent = value.as_tuple().exponent
    if not isinstance(exponent, int):
        return Problem("/value", "value_not_finite")
    if exponent < -LONGEST:
        return Problem("/value", "value_too_fine", {"digits": FINEST})
    return Problem("/value", "value_too_large", {"most": f"{LARGEST}"}) if value.adjusted() >= LONGEST else None


def limit_problems(scale: Scale, value: Decimal) -> Iterator[Problem]:
    """Not under the least, not over the most."""
    if scale.least is not None and value < scale.least:
        yield Problem("/value", "value_too_small", {"least": f"{scale.least:f}"})
    if scale.most is not None and value > scale.most:
        yield Problem("/value", "value_too_large", {"most": f"{scale.most:f}"})


def off_step(scale: Scale, value: Decimal) -> bool:
    """Whether a value lies between the steps of its scale, counted from the least value (else from 0)."""
    if scale.step is None:
        return False
    start = scale.least or Decimal(0)
    digits = max(decimals(value), decimals(start), decimals(scale.step))
    return bool((scaled(value, digits) - scaled(start, digits)) % scaled(scale.step, digits))


def decimals(value: Decimal) -> int:
    """Digits after the point that are not trailing zeros."""
    text = f"{value:f}"
    return len(text.partition(".")[2].rstrip("0"))


def scaled(value: Decimal, digits: int) -> int:
    """A decimal times a power of ten, as the integer that it then is."""
    top, bottom = value.as_integer_ratio()
    return int(top * 10**digits // bottom)
