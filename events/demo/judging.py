"""What the demo judges think: marks that fit the scheme, from how good each competitor is and how severe each judge."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from decimal import Decimal
from functools import cache

from events.demo import plans
from events.demo.plans import ContestPlan
from events.demo.world import Arena, chance
from events.marking import MarkForm
from scoring import schemes
from scoring.marks import Status
from scoring.schemes import Aspect, Scheme

JUDGES = ("judge", "judge2", "judge3", "judge4", "judge5")
SEVERITY = (-0.01, 0.015, 0.0, -0.03, 0.02)
ABSENT = 7  # this number did not come to the finals that are over
TWINS = {11: 10}  # as good as another, but for the time: so that there is a tie to break
Place = tuple[str, int]  # code, number


def of_judge(arena: Arena, places: Sequence[Place], seat: int) -> list[MarkForm]:
    """The marks of one judge; while marking goes on, of the first half, and of one more by all but the first judge."""
    return [
        MarkForm(entry=code, aspect=aspect.key, value=_value(arena.key, aspect, number, seat))
        for code, number in _done(arena.plan, places, extra=seat > 0)
        for aspect in _aspects(arena.plan)
        if aspect.judges and not _is_absent(arena.plan, number)
    ]


def of_chief(arena: Arena, places: Sequence[Place]) -> list[MarkForm]:
    """Values without a judge, and who did not come."""
    return [mark for place in _done(arena.plan, places, extra=False) for mark in _given(arena, place)]


def _given(arena: Arena, place: Place) -> Iterator[MarkForm]:
    code, number = place
    if _is_absent(arena.plan, number):
        yield MarkForm(
            entry=code, aspect=_scheme(arena.plan.scheme).root.key, status=Status.DID_NOT_START, reason="因病退赛"
        )
        return
    for aspect in _aspects(arena.plan):
        if not aspect.judges and (aspect.kind != "deduction" or number % 5 == 0):
            yield MarkForm(entry=code, aspect=aspect.key, value=_value(arena.key, aspect, number, len(JUDGES)))


def _done(plan: ContestPlan, places: Sequence[Place], *, extra: bool) -> Sequence[Place]:
    return places[: len(places) // 2 + extra] if plan.reaches == "marking" else places


def _is_absent(plan: ContestPlan, number: int) -> bool:
    return number == ABSENT and plan.reaches == "official"


def _value(key: str, aspect: Aspect, number: int, seat: int) -> str:
    like = number if aspect.kind == "time" else TWINS.get(number, number)
    luck = chance(f"{key} {like} {aspect.key} {seat}")
    quality = chance(f"{key} {like}").triangular(0.62, 0.97, 0.84) + luck.uniform(-0.05, 0.05)
    if aspect.kind == "time":
        return str(luck.randrange(9_000, 14_000))
    if aspect.kind == "deduction":
        return str(luck.randrange(1, 4))
    return _on_scale(aspect, min(1.0, quality + (SEVERITY[seat] if seat < len(JUDGES) else 0)))


def _on_scale(aspect: Aspect, share: float) -> str:
    """The value at a share of the scale, on one of its steps."""
    scale = aspect.scale
    assert scale.most is not None
    step = scale.step or Decimal(1)
    least = scale.least or Decimal(0)
    return f"{least + int(Decimal(share) * (scale.most - least) / step) * step:f}"


def _aspects(plan: ContestPlan) -> tuple[Aspect, ...]:
    return schemes.aspects(_scheme(plan.scheme))


@cache
def _scheme(name: str) -> Scheme:
    document = plans.document(name)
    assert document is not None, "contests that are marked have schemes of their own"
    return schemes.parse(json.loads(document))
