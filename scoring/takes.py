"""What is taken of an entry's result: its score, scaled score, points or rank, or the value of one node; exact."""

from __future__ import annotations

from fractions import Fraction

from scoring.facts import Status
from scoring.schemes.model import Take
from scoring.standings import Standing
from scoring.totals import Total

Taken = Fraction | Status | None


def taken(take: Take, line: Standing, total: Total | None = None) -> Taken:
    """The value, a status in its place, or None. Without the total a score is as it was shown, and no node is known."""
    if take.what == "node":
        return None if total is None else of_node(total, take.node)
    if take.what == "score":
        return of_score(line, total)
    found = {"scaled": line.scaled, "points": line.points, "rank": line.rank}[take.what]
    return line.status if found is None else Fraction(found)


def of_node(total: Total, key: str | None) -> Taken:
    """The exact value of a node that is not inside a repeat; None for an unknown one."""
    member = total.plan.members.get(key or "")
    return None if member is None or member.within else total.of(member)


def of_score(line: Standing, total: Total | None) -> Taken:
    """The exact score."""
    if total is not None:
        return total.exact
    return line.status if line.score is None else Fraction(line.score)
