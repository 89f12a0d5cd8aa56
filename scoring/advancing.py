"""Who goes on to the next stage, by the steps of a scheme's `advance`: so many, a share, the best of each group."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from scoring.grants import Ground, Ruling, give
from scoring.schemes import Grant
from scoring.standings import Standing


def advance(steps: Sequence[Grant], ground: Ground) -> list[Ruling]:
    """Who goes on and why, step by step (codes: see scoring.grants); `steps`: `scheme.advance` or `schemes.steps`."""
    return give(steps, ground)


def going(rulings: Iterable[Ruling], board: Iterable[Standing]) -> list[str]:
    """The entries that go on, in board order."""
    inside = {ruling.entry for ruling in rulings if ruling.given}
    return [line.entry for line in board if line.entry in inside]


def undecided(rulings: Iterable[Ruling]) -> list[str]:
    """The entries that are equal at a cut which the rules leave to people."""
    return [ruling.entry for ruling in rulings if ruling.code == "to_decide" and ruling.entry is not None]
