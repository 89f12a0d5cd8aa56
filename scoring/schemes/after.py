"""What follows from the scores, as frozen values: the order, the scale of the board, and who is given what."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from scoring.facts import Status
from scoring.schemes.model import Better, RankStyle, Rounding, RoundingMode, Take, Title

ToleranceMode = Literal["first", "chained"]
WhenTied = Literal["same", "mean"]
Centre = Literal["median", "mean"]
Ties = Literal["all", "none", "order", "decide"]
Counted = Literal["own", "top"]
Base = Literal["ranked", "entries"]
Each = Literal["delegation", "group"]
Vacant = Literal["next", "lapse"]
WhenTaken = Literal["none", "within"]
CapOf = Literal["award", "series"]


@dataclass(frozen=True, slots=True)
class TieBreak:
    """One step of the chain: compare this node's value; `node` None is the lot."""

    node: str | None
    better: Better


@dataclass(frozen=True, slots=True)
class Tolerance:
    """Scores within `value` count as equal, measured from the first of the group or from neighbour to neighbour."""

    value: Decimal
    mode: ToleranceMode


@dataclass(frozen=True, slots=True)
class Standings:
    """How scores become ranks."""

    better: Better
    style: RankStyle
    tie_breaks: tuple[TieBreak, ...]
    tolerance: Tolerance | None
    ranked_statuses: frozenset[Status]
    points: tuple[Decimal, ...]
    points_when_tied: WhenTied


@dataclass(frozen=True, slots=True)
class Scaled:
    """The scale of the whole board: at + per x (score - centre) / (factor x spread), rounded, then within limits.

    `centre`: a number, or the median or mean of the ranked scores; `spread`: a number, or (None) the median distance
    from the centre. Without any spread everybody gets `no_spread`.
    """

    centre: Decimal | Centre
    spread: Decimal | None
    at: Decimal
    per: Decimal
    factor: Decimal
    least: Decimal
    most: Decimal
    rounding: Rounding
    no_spread: Decimal


@dataclass(frozen=True, slots=True)
class Quota:
    """How many: `places`, or a `share` of those ranked or of all entries; not under `least`, not over `most`.

    `counted` "top": what the grants before in the same series have given is part of the number.
    """

    places: int | None
    share: Decimal | None
    mode: RoundingMode
    base: Base
    least: int
    most: int | None
    counted: Counted


@dataclass(frozen=True, slots=True)
class Need:
    """A value that an entry must have: not under `least`, not over `most`."""

    take: Take
    least: Decimal | None
    most: Decimal | None


@dataclass(frozen=True, slots=True)
class Reach:
    """Who is within `value` of the last one in is in as well: `first` of that one only, `chained` of each new one."""

    take: Take
    value: Decimal
    mode: ToleranceMode


@dataclass(frozen=True, slots=True)
class Cap:
    """At most so many of one delegation, in this grant or in its whole series."""

    most: int
    of: CapOf


@dataclass(frozen=True, slots=True)
class Grant:
    """One thing that is given down a board: an award, a place in the next stage, a promotion.

    `quota` None: to all who meet the needs. `each`: the quota holds for every delegation or group. `vacant`: whether
    the place of someone passed over goes to the next. `when_taken`: nobody, or those within reach of the last holder.
    `with_award`, `for_levels`: promotions only, who may be proposed.
    """

    key: str
    title: Title | None
    series: str
    quota: Quota | None
    ties: Ties
    needs: tuple[Need, ...]
    each: Each | None
    cap: Cap | None
    vacant: Vacant
    reach: Reach | None
    when_taken: WhenTaken
    with_award: tuple[str, ...] = ()
    for_levels: tuple[str, ...] = ()
