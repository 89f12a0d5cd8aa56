"""The parts of a scheme as frozen values. docs/schemes.md explains each field to whoever writes a document."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from typing import Literal

from scoring.facts import Mark, Status

Kind = Literal["panel", "judgement", "measurement", "pass", "time", "count", "given", "deduction", "theory"]
Better = Literal["higher", "lower"]
Combine = Literal["sum", "mean", "median", "product", "best", "worst"]
RoundingMode = Literal["half_away", "half_even", "half_down", "up", "down", "ceiling", "floor"]
StatusRule = Literal["carry", "worst", "skip", "zero"]
Around = Literal["mean", "median"]
Then = Literal["clamp", "exclude"]
ToleranceMode = Literal["first", "chained"]
WhenTied = Literal["same", "mean"]
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
    """What happens to values further than `by` from the mean or median of all: moved to that limit, or left out."""

    around: Around
    by: Decimal
    then: Then


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
    scale: Scale
    judges: int
    needed: int
    pick: Pick
    convert: Convert | None
    as_ranks: AsRanks | None
    max_spread: Decimal | None
    default: Decimal | None
    levels: tuple[Title, ...]


@dataclass(frozen=True, slots=True)
class Criterion:
    """A heading: combines its children, each times its own weight."""

    key: str
    title: Title
    weight: Decimal
    shape: Shape
    repeat: Repeat | None
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
    of: str


Node = Aspect | Criterion | Again


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
class Expected:
    """What a worked example must come to for one entry."""

    entry: str
    score: Decimal | None
    status: Status | None
    rank: Decimal | None


@dataclass(frozen=True, slots=True)
class Example:
    """A worked example carried by the document: marks and what must come out, in board order."""

    marks: tuple[Mark, ...]
    expected: tuple[Expected, ...]


@dataclass(frozen=True, slots=True)
class Scheme:
    """The rules of marking of one contest. `aside` nodes are computed for tie-breaks and display but not scored."""

    key: str
    title: Title
    description: Title | None
    root: Node
    aside: tuple[Node, ...]
    standings: Standings
    example: Example | None = field(compare=False)
