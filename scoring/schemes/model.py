"""The nodes of a scheme and their parts as frozen values; docs/schemes.md explains each field to its writers."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from scoring.facts import Status

Kind = Literal["panel", "judgement", "measurement", "pass", "time", "count", "given", "deduction", "theory"]
Better = Literal["higher", "lower"]
Combine = Literal["sum", "mean", "median", "product", "best", "worst"]
RoundingMode = Literal["half_away", "half_even", "half_down", "up", "down", "ceiling", "floor"]
StatusRule = Literal["carry", "worst", "skip", "zero"]
Around = Literal["mean", "median"]
Then = Literal["clamp", "exclude"]
Bound = Literal["from", "over", "under", "up_to"]
What = Literal["score", "scaled", "points", "rank", "node"]
RankStyle = Literal["1224", "1334", "1223", "1234", "1 2.5 2.5 4"]


@dataclass(frozen=True, slots=True)
class Title:
    """The same words in Chinese and in English."""

    zh: str
    en: str


@dataclass(frozen=True, slots=True)
class Scale:
    """The values a mark may take: least, most (None: no limit), and the step counted from least or else 0."""

    least: Decimal | None
    most: Decimal | None
    step: Decimal | None


@dataclass(frozen=True, slots=True)
class Rounding:
    """Digits after the point and how a tie between two neighbours is settled."""

    digits: int
    mode: RoundingMode = "half_away"


@dataclass(frozen=True, slots=True)
class Outliers:
    """Values further than `by` from the mean or median (rounded first?) of all are moved to that limit, or left out."""

    around: Around
    by: Decimal
    then: Then
    rounding: Rounding | None = None


@dataclass(frozen=True, slots=True)
class Pick:
    """How several values become one: outliers, drops (from `drop_from` values on), the `best` n, combining."""

    combine: Combine
    better: Better
    drop_high: int = 0
    drop_low: int = 0
    drop_from: int = 1
    best: int | None = None
    outliers: Outliers | None = None


@dataclass(frozen=True, slots=True)
class Repeat:
    """The node is done up to `times` times (attempts, elements, dives); `needed` of them make it complete."""

    times: int
    needed: int
    pick: Pick
    statuses: StatusRule
    rounding: Rounding | None


@dataclass(frozen=True, slots=True)
class Linear:
    """points = gives + (value - at) x per_unit."""

    at: Decimal
    gives: Decimal
    per_unit: Decimal


@dataclass(frozen=True, slots=True)
class Convert:
    """A raw value becomes points: distance from `target` first, then a stepped table (from, points) or a line."""

    target: Decimal | None
    table: tuple[tuple[Decimal, Decimal], ...]
    linear: Linear | None


@dataclass(frozen=True, slots=True)
class StatusWhen:
    """A value from, over, under or up to a bound counts as a status."""

    bound: Bound
    value: Decimal
    status: Status


@dataclass(frozen=True, slots=True)
class Take:
    """What is taken of a result: its score, scaled score, points or rank, or the value of one node."""

    what: What
    node: str | None = None


@dataclass(frozen=True, slots=True)
class Carried:
    """Where an aspect's values come from: the results of a `stage`, or (None) those of a team's members.

    `absent`: the status of an entry without a result there, and of a team's places that nobody fills.
    """

    stage: int | None
    take: Take
    rounding: Rounding | None
    absent: Status | None


@dataclass(frozen=True, slots=True)
class AsRanks:
    """Each judge's marks count as that judge's ranks of all entries."""

    better: Better
    style: RankStyle


@dataclass(frozen=True, slots=True)
class Shape:
    """What is done to a node's value, in this order: times factor, plus, not under floor, not over cap, rounded."""

    factor: Decimal
    divisor: Decimal
    plus: Decimal
    floor: Decimal | None
    cap: Decimal | None
    rounding: Rounding | None


@dataclass(frozen=True, slots=True)
class Aspect:
    """A leaf: the smallest thing marked. `judges` 0 means one mark without a judge."""

    key: str
    title: Title
    kind: Kind
    weight: Decimal
    shape: Shape
    repeat: Repeat | None
    section: str | None
    status_when: tuple[StatusWhen, ...]
    scale: Scale
    judges: int
    needed: int
    pick: Pick
    convert: Convert | None
    as_ranks: AsRanks | None
    max_spread: Decimal | None
    default: Decimal | None
    levels: tuple[Title, ...]
    carried: Carried | None


@dataclass(frozen=True, slots=True)
class Criterion:
    """A heading: combines its children, each times its own weight."""

    key: str
    title: Title
    weight: Decimal
    shape: Shape
    repeat: Repeat | None
    section: str | None
    status_when: tuple[StatusWhen, ...]
    children: tuple[Node, ...]
    pick: Pick
    statuses: StatusRule


@dataclass(frozen=True, slots=True)
class Again:
    """Another node's value once more, with a repeat, weight and shape of its own; no marks of its own."""

    key: str
    title: Title
    weight: Decimal
    shape: Shape
    repeat: Repeat | None
    section: str | None
    status_when: tuple[StatusWhen, ...]
    of: str


Node = Aspect | Criterion | Again
