"""Marks that come from results: of an earlier stage into the next one, of members into their team."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from fractions import Fraction

from scoring.arithmetic import ROUNDINGS, written
from scoring.facts import Mark
from scoring.grants import Ground
from scoring.marks import FINEST
from scoring.schemes import Aspect, Scheme, aspects, attempts
from scoring.schemes.model import Carried, Rounding
from scoring.standings import Standing
from scoring.takes import taken


def stages(scheme: Scheme) -> set[int]:
    """The numbers of the stages that a scheme takes values from."""
    found = {aspect.carried.stage for aspect in aspects(scheme) if aspect.carried}
    return {stage for stage in found if stage is not None}


def of_teams(scheme: Scheme) -> bool:
    """Whether a scheme takes values from the results of a team's members."""
    return any(aspect.carried and aspect.carried.stage is None for aspect in aspects(scheme))


def carry(scheme: Scheme, results: Mapping[int, Ground], entries: Sequence[str]) -> list[Mark]:
    """The marks that earlier stages (by number) give to the entries of this one; a stage without results gives none."""
    found: list[Mark] = []
    for aspect in aspects(scheme):
        rule = aspect.carried
        if rule and rule.stage is not None and rule.stage in results:
            found += stage_marks(aspect, rule, results[rule.stage], entries)
    return found


def stage_marks(aspect: Aspect, rule: Carried, ground: Ground, entries: Sequence[str]) -> Iterator[Mark]:
    """One aspect's marks, in the order of the entries."""
    lines = {line.entry: line for line in ground.board}
    for entry in entries:
        found = mark(Mark(entry, aspect.key), rule, ground, lines.get(entry))
        if found is not None:
            yield found


def team_marks(scheme: Scheme, ground: Ground, teams: Mapping[str, Sequence[str]]) -> list[Mark]:
    """The marks that the members' results give to their teams; `teams`: the entries of each.

    Members count as attempts in the order of the board, the best first. Those beyond the attempts that the scheme has
    do not count; where the rule has `absent`, that status stands for each member who is not there.
    """
    order = {line.entry: (position, line) for position, line in enumerate(ground.board)}
    times = attempts(scheme)
    found = []
    for aspect in aspects(scheme):
        rule = aspect.carried
        if rule is None or rule.stage is not None:
            continue
        for team, members in teams.items():
            present = sorted((order[one] for one in dict.fromkeys(members) if one in order), key=lambda pair: pair[0])
            lines: list[Standing | None] = [line for _, line in present]
            lines += [None] * (times[aspect.key] - len(lines))
            blanks = [Mark(team, aspect.key, attempt) for attempt in range(1, times[aspect.key] + 1)]
            found += [mark(blank, rule, ground, line) for blank, line in zip(blanks, lines, strict=False)]
    return [one for one in found if one is not None]


def mark(blank: Mark, rule: Carried, ground: Ground, line: Standing | None) -> Mark | None:
    """What one line gives: a value, the status in its place, or what stands for nothing."""
    found = None if line is None else taken(rule.take, line, ground.totals.get(line.entry))
    if isinstance(found, Fraction):
        return Mark(blank.entry, blank.aspect, blank.attempt, value=rounded(found, rule.rounding))
    status = found or (line.status if line else None) or rule.absent
    return None if status is None else Mark(blank.entry, blank.aspect, blank.attempt, status=status)


def rounded(value: Fraction, rounding: Rounding | None) -> Decimal:
    """A value with the digits that the rule says, else with as many as a mark may have."""
    rule = rounding or Rounding(FINEST)
    digits = min(rule.digits, FINEST)
    found = written(ROUNDINGS[rule.mode](value.numerator * 10**digits, value.denominator), digits)
    return found if rounding else plain(found)


def plain(value: Decimal) -> Decimal:
    """Without zeros that say nothing."""
    text = f"{value:f}"
    return Decimal(text.rstrip("0").rstrip(".")) if "." in text else value
