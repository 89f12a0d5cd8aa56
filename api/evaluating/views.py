"""Everything that comes of a contest that was scored, as it is sent. Numbers are decimals written as texts."""

import msgspec

from events.publishing import StepView, TraceView
from events.text import Bilingual
from scoring.facts import Status


class MissingView(msgspec.Struct, frozen=True, kw_only=True):
    """A place where marks are missing: `have` of `needed` are in."""

    aspect: str
    attempt: int
    have: int
    needed: int


class StandingView(msgspec.Struct, frozen=True, kw_only=True):
    """A line of the board; numbers are decimals written as texts.

    `values`: what every node outside repeats came to, a number or a status. `decided_by`: the node (or "lot") that
    broke a tie. `sections`: what it has in each section of the standard. `disputed`: aspects whose judges lie too far
    apart.
    """

    entry: str
    rank: str | None
    score: str | None
    status: Status | None
    tied: bool
    out_of_competition: bool
    decided_by: str | None
    points: str | None
    scaled: str | None
    awards: list[str]
    advances: bool
    promotions: list[str]
    values: dict[str, str | None]
    sections: dict[str, str]
    complete: bool
    missing: list[MissingView]
    disputed: list[str]


class RulingView(msgspec.Struct, frozen=True, kw_only=True):
    """Whether an award (or the step of that number) is given to an entry (null: to nobody), and why."""

    grant: str
    entry: str | None
    given: bool
    code: str
    params: dict[str, str]
    words: str


class ProposalView(msgspec.Struct, frozen=True, kw_only=True):
    """Whether a person is proposed for a level, and why."""

    person: str
    entry: str
    level: str
    proposed: bool
    code: str
    params: dict[str, str]
    words: str


class PartingView(msgspec.Struct, frozen=True, kw_only=True):
    """What parts an entry from a neighbour on the board: score, tie_break (a node), lot, or nothing (tied)."""

    other: str
    ahead: bool
    code: str
    node: str | None
    own: str | None
    others: str | None


class WordsView(msgspec.Struct, frozen=True, kw_only=True):
    """The explanation in words: the last sentence of `score` ends in the score, that of `scale` in the scaled score."""

    score: list[str]
    aside: list[str]
    scale: list[str]
    sections: list[str]
    place: list[str]
    given: list[str]


class EntryExplained(msgspec.Struct, frozen=True, kw_only=True):
    """Why an entry has its result: as data and in words."""

    entry: str
    trace: TraceView
    aside: list[TraceView]
    scale: list[StepView]
    place: list[PartingView]
    words: WordsView


class Evaluation(msgspec.Struct, frozen=True, kw_only=True):
    """Everything that the marks come to: standings in board order, who is given what and why, explanations."""

    scheme: str
    title: Bilingual
    standings: list[StandingView]
    awards: list[RulingView]
    advance: list[RulingView]
    promotions: list[ProposalView]
    explanations: list[EntryExplained]
