"""Everything that marks come to by a scheme, in one call: totals, board, awards, who goes on, proposals."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from scoring.advancing import advance, going
from scoring.awards import awards
from scoring.facts import Mark
from scoring.grants import Ground, Ruling
from scoring.promotions import Proposal, Register, propose
from scoring.schemes import Scheme
from scoring.standings import Standing, rank
from scoring.totals import Total, evaluate


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
    board = rank(scheme, totals, lots=facts.lots, unranked=facts.unranked)
    competing = [entry for entry in entries if entry not in facts.unranked]
    ground = Ground(board, totals, facts.delegations, facts.groups, len(competing))
    given, steps = awards(scheme, ground), advance(scheme.advance, ground)
    proposals = propose(scheme, ground, facts.register, given)
    return Outcome(totals, board, ground, given, steps, going(steps, board), proposals)
