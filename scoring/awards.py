"""Awards of a board by the rules of its scheme, and the best of each delegation over several boards."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction

from scoring.grants import Ground, Ruling, give
from scoring.schemes import Scheme
from scoring.schemes.model import Take


def awards(scheme: Scheme, ground: Ground) -> list[Ruling]:
    """Who gets which award and why, and who in line does not (codes: see scoring.grants)."""
    return give(scheme.awards, ground)


@dataclass(frozen=True, slots=True)
class Best:
    """The best entry of a delegation over several contests; more than one when they are equal."""

    delegation: str
    contest: str
    entry: str
    value: Fraction


def best_of_delegations(grounds: Mapping[str, Ground], take: Take | None = None) -> list[Best]:
    """The best of each delegation over the boards of several contests (by contest), by their scaled scores or `take`.

    What is taken must be better when higher. Only entries with a rank; equals share. Sorted by delegation.
    """
    found: dict[str, list[Best]] = {}
    for best in candidates(grounds, take or Take("scaled")):
        kept = found.setdefault(best.delegation, [best])
        if best.value > kept[0].value:
            found[best.delegation] = [best]
        elif best.value == kept[0].value and best is not kept[0]:
            kept.append(best)
    return [best for delegation in sorted(found) for best in found[delegation]]


def candidates(grounds: Mapping[str, Ground], take: Take) -> Iterable[Best]:
    """Every ranked entry with a delegation and a value."""
    for contest, ground in sorted(grounds.items()):
        for line in ground.board:
            value, delegation = ground.value(line, take), ground.delegations.get(line.entry)
            if line.rank is not None and value is not None and delegation is not None:
                yield Best(delegation, contest, line.entry, value)
