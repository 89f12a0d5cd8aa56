"""Everything that marks come to by a scheme, in one call: totals, board, awards, who goes on, proposals."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction

from scoring import scales, sections
from scoring.advancing import advance, going
from scoring.awards import awards
from scoring.facts import Mark
from scoring.grants import Ground, Ruling
from scoring.places import Parting, partings
from scoring.promotions import Proposal, Register, propose
from scoring.schemes import Scheme
from scoring.standings import Standing, measure, rank
from scoring.totals import Total, evaluate, explain_many
from scoring.traces import Step, Trace


@dataclass(frozen=True, slots=True)
class Known:
    """What is known beside the marks: drawn lots, who is out of competition, delegations, groups (heats), people."""

    lots: Mapping[str, int] = field(default_factory=dict)
    unranked: Collection[str] = ()
    delegations: Mapping[str, str] = field(default_factory=dict)
    groups: Mapping[str, str] = field(default_factory=dict)
    register: Register = field(default_factory=Register)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a contest comes to. `ground` holds board and totals for tables, the next stage and teams."""

    totals: Mapping[str, Total]
    board: Sequence[Standing]
    ground: Ground
    awards: Sequence[Ruling]
    advancing: Sequence[Ruling]
    going: Sequence[str]
    proposals: Sequence[Proposal]


def outcome(scheme: Scheme, marks: Iterable[Mark], entries: Sequence[str], known: Known | None = None) -> Outcome:
    """Everything that follows from these marks; raises MarksError."""
    facts = known or Known()
    totals = evaluate(scheme, marks, entries)
    return following(scheme, totals, rank(scheme, totals, lots=facts.lots, unranked=facts.unranked), facts)


def following(scheme: Scheme, totals: Mapping[str, Total], board: Sequence[Standing], known: Known) -> Outcome:
    """Everything that follows from a board: what it gives, who goes on, whom it proposes."""
    competing = len(totals) - sum(entry in totals for entry in known.unranked)
    ground = Ground(board, totals, known.delegations, known.groups, competing)
    given, steps = awards(scheme, ground), advance(scheme.advance, ground)
    proposals = propose(scheme, ground, known.register, given)
    return Outcome(totals, board, ground, given, steps, going(steps, board), proposals)


@dataclass(frozen=True, slots=True)
class Why:
    """Why an entry has its result: how the score came about and what is aside of it, its way onto the scale of the
    board, what parts it from its neighbours, and what it has in each section of the standard.
    """

    score: Trace
    aside: Sequence[Trace]
    scale: Sequence[Step]
    place: Sequence[Parting]
    sections: Mapping[str, Decimal]


def why(
    scheme: Scheme, marks: Iterable[Mark], found: Outcome, entries: Collection[str], *, known: Known | None = None
) -> dict[str, Why]:
    """Why these entries have their results in an outcome; `marks`, `known`: those that it was made of."""
    parted = partings(scheme, found.board, found.totals, (known or Known()).lots)
    ranked = [found.totals[line.entry] for line in found.board if line.rank is not None]
    stick = measure(scheme, ranked)
    made: dict[str, Why] = {}
    for entry, (score, *aside) in explain_many(scheme, marks, entries).items():
        exact = found.totals[entry].exact
        scale = scales.steps(stick, exact) if stick and isinstance(exact, Fraction) else ()
        made[entry] = Why(score, aside, scale, parted.get(entry, ()), sections.points(scheme, found.totals[entry]))
    return made
