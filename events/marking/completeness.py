"""What is missing: by the scheme, and by the judges who sit; and which marks are whole, so that no single one shows."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from scoring.marks import Mark
from scoring.schemes import Aspect, Scheme, aspects
from scoring.totals import Total

Seats = Mapping[str, Collection[str]]


class Group(NamedTuple):
    """Marks that belong together: of one entry, on one aspect, in one attempt."""

    entry: str
    aspect: str
    attempt: int


@dataclass(frozen=True)
class Gap:
    """`have` of `needed` marks of a group are in."""

    group: Group
    have: int
    needed: int


def by_group(marks: Iterable[Mark]) -> dict[Group, set[str | None]]:
    """Who has marked, by group; None stands for a value without a judge."""
    found: dict[Group, set[str | None]] = defaultdict(set)
    for mark in marks:
        found[Group(mark.entry, mark.aspect, mark.attempt)].add(mark.judge)
    return found


def whole(rules: Scheme, marks: Sequence[Mark], seats: Seats) -> list[Mark]:
    """The marks whose group is all in: all who sit have marked, a value is agreed, or judges do not mark it."""
    judged = {aspect.key: aspect for aspect in aspects(rules) if aspect.judges}
    partial = {
        group
        for group, judges in by_group(mark for mark in marks if mark.aspect in judged).items()
        if not is_whole(judged[group.aspect], judges, seats.get(group.aspect, ()))
    }
    return [mark for mark in marks if not partial or Group(mark.entry, mark.aspect, mark.attempt) not in partial]


def is_whole(aspect: Aspect, judges: Collection[str | None], seats: Collection[str]) -> bool:
    """Whether nobody else is waited for."""
    if None in judges:
        return True
    return all(seat in judges for seat in seats) if seats else len(judges) >= aspect.needed


def gaps(rules: Scheme, totals: Mapping[str, Total], marks: Sequence[Mark], seats: Seats) -> list[Gap]:
    """All that is missing, in the order of draw and scheme: what is needed, and judges who have not followed others."""
    found = {
        Group(entry, one.aspect, one.attempt): Gap(Group(entry, one.aspect, one.attempt), one.have, one.needed)
        for entry, total in totals.items()
        for one in total.missing
    }
    order = {entry: number for number, entry in enumerate(totals)}
    for gap in unfollowed(rules, marks, seats):
        if gap.group.entry in order and not totals[gap.group.entry].status:
            found[gap.group] = gap
    place = {aspect.key: number for number, aspect in enumerate(aspects(rules))}
    return sorted(found.values(), key=lambda gap: (order[gap.group.entry], place[gap.group.aspect], gap.group.attempt))


def unfollowed(rules: Scheme, marks: Sequence[Mark], seats: Seats) -> Iterable[Gap]:
    """Groups that some judges have marked and others, who sit now, have not."""
    judged = {aspect.key: aspect for aspect in aspects(rules) if aspect.judges}
    for group, judges in by_group(mark for mark in marks if mark.aspect in judged).items():
        sitting = set(seats.get(group.aspect, ()))
        if sitting and not is_whole(judged[group.aspect], judges, sitting):
            yield Gap(group, len(sitting & judges), len(sitting))
