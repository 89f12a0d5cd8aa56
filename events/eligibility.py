"""Who may take part, as data: one plain function that gives every reason why somebody may not."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Annotated
from uuid import UUID

import msgspec

from events.errors import Reason
from events.terms import Sex

Age = Annotated[int, msgspec.Meta(ge=0, le=150)]


class Eligibility(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """Conditions that all have to hold; what is not given does not matter. Ages count on the day the event begins."""

    age_min: Age | None = None
    age_max: Age | None = None
    sex: Sex | None = None
    union: UUID | None = None


class Candidate(msgspec.Struct, frozen=True):
    """What is known of somebody who wants to take part; `unions` are their union and all above it."""

    sex: str | None
    born: date | None
    unions: frozenset[UUID] = frozenset()


def eligibility(stored: str) -> Eligibility:
    """Stored conditions read back."""
    return msgspec.json.decode(stored, type=Eligibility)


def unmet(rule: Eligibility, candidate: Candidate, on: date) -> Iterator[Reason]:
    """Every condition that does not hold on a day; an unknown age or sex never fulfils a condition on it."""
    years = age(candidate.born, on) if candidate.born else None
    if rule.age_min is not None and (years is None or years < rule.age_min):
        yield Reason("too_young", params={"age": rule.age_min})
    if rule.age_max is not None and (years is None or years > rule.age_max):
        yield Reason("too_old", params={"age": rule.age_max})
    if rule.sex is not None and candidate.sex != rule.sex:
        yield Reason(f"only_{rule.sex}")
    if rule.union is not None and rule.union not in candidate.unions:
        yield Reason("other_union", params={"union": rule.union})


def age(born: date, on: date) -> int:
    """Full years of life on a day; who is born on 29 February has a birthday on 1 March in other years."""
    return on.year - born.year - ((on.month, on.day) < (born.month, born.day))


def flaws(rule: Eligibility, pointer: str) -> Iterator[Reason]:
    """What is wrong with the conditions themselves."""
    if rule.age_min is not None and rule.age_max is not None and rule.age_min > rule.age_max:
        yield Reason("age_range", f"{pointer}/age_max")
