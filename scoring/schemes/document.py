"""A whole scheme, and the worked example that its document may carry."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal

from scoring.facts import Mark, Status
from scoring.schemes.after import Grant, Scaled, Standings
from scoring.schemes.model import Node, Title


@dataclass(frozen=True, slots=True)
class Expected:
    """What a worked example must come to for one entry."""

    entry: str
    score: Decimal | None
    status: Status | None
    rank: Decimal | None
    scaled: Decimal | None
    awards: tuple[str, ...] | None
    advances: bool | None
    promotion: str | None


@dataclass(frozen=True, slots=True)
class Entrant:
    """What a worked example says of an entry: its delegation and group, and whether it competes."""

    entry: str
    delegation: str | None
    group: str | None
    outside: bool


@dataclass(frozen=True, slots=True)
class Example:
    """A worked example carried by the document: marks and what must come out, in board order."""

    entries: tuple[Entrant, ...]
    marks: tuple[Mark, ...]
    expected: tuple[Expected, ...]


@dataclass(frozen=True, slots=True)
class Section:
    """A section of a standard, and what it should weigh in the score."""

    key: str
    title: Title
    weight: Decimal | None


@dataclass(frozen=True, slots=True)
class Scheme:
    """The rules of marking of one contest. `aside` nodes are computed for tie-breaks and display but not scored."""

    key: str
    title: Title
    description: Title | None
    root: Node
    aside: tuple[Node, ...]
    standings: Standings
    standard: tuple[Section, ...]
    scaled: Scaled | None
    awards: tuple[Grant, ...]
    advance: tuple[Grant, ...]
    promotions: tuple[Grant, ...]
    example: Example | None = field(compare=False)
