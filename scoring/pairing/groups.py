"""Groups and then a knock-out: even groups with unions apart, and a bracket in which a group meets late again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from scoring import spreading
from scoring.pairing import knockout
from scoring.pairing.knockout import Match


def groups(seeds: Sequence[str], count: int, unions: Mapping[str, str] | None = None) -> list[list[str]]:
    """Groups from the order of strength by snake, unions spread as evenly as can be (see `spreading`)."""
    return spreading.spread(seeds, count, unions)


def crossed(tables: Sequence[Sequence[str]], places: int, *, third: bool = False) -> list[Match]:
    """The bracket of the first `places` of each group's table: winners are seeded first, then seconds, and so on.

    Groups are parted like unions: the two that come out of a group are in different halves and can only meet in the
    final, four in different quarters. Within a place the order of the groups is the order of strength.
    """
    if any(len(table) < places for table in tables):
        raise ValueError("every group has that many places")
    seeds = [entry for row in zip(*(table[:places] for table in tables), strict=True) for entry in row]
    group = {entry: str(number) for number, table in enumerate(tables) for entry in table}
    return knockout.bracket(seeds, group, third=third)
