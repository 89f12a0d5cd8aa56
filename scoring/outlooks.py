"""What a recipe comes to before it is drawn: heats, and how far unions can be apart, exactly."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from scoring import draw, spreading
from scoring.recipes import Recipe


@dataclass(frozen=True, slots=True)
class Crowd:
    """A union with several entries: how many are in a heat at least and at most, however it is drawn.

    `too_many`: some have to meet in a heat, or start one after the other. `heat_size`: the largest with which nobody
    of this union would have to, none where no size helps.
    """

    union: str
    entries: int
    least: int
    most: int
    too_many: bool
    heat_size: int | None = None


@dataclass(frozen=True, slots=True)
class Outlook:
    """The sizes of the heats, the larger first; unions that have several entries, the largest first.

    `together`: the fewest pairs of the same union that any draw has in a heat, or as neighbours in the start order.
    """

    heats: tuple[int, ...]
    crowds: tuple[Crowd, ...]
    together: int

    @property
    def too_many(self) -> tuple[Crowd, ...]:
        """Unions whose entries cannot all be kept apart."""
        return tuple(crowd for crowd in self.crowds if crowd.too_many)


def outlook(recipe: Recipe) -> Outlook:
    """What the recipe comes to, whether its unions are kept apart or not."""
    sizes = Counter(recipe.unions[entry] for entry in recipe.entries if entry in recipe.unions)
    several = sorted(((union, n) for union, n in sizes.items() if n > 1), key=lambda one: (-one[1], one[0]))
    heats = tuple(map(len, draw.heats(recipe.entries, recipe.size)))
    crowds = tuple(crowd(recipe, union, n) for union, n in several)
    if recipe.heats > 1:
        together = spreading.fewest(sizes.values(), recipe.heats)
    else:
        together = sum(max(0, neighbours(n, len(recipe.entries))) for _, n in several)
    return Outlook(heats, crowds, together)


def crowd(recipe: Recipe, union: str, n: int) -> Crowd:
    """How a union of n entries fares."""
    total = len(recipe.entries)
    if recipe.heats <= 1:
        return Crowd(union, n, n, n, too_many=neighbours(n, total) > 0)
    least, rest = divmod(n, recipe.heats)
    size = -(-total // (n - 1)) - 1  # the largest size that makes at least n heats
    return Crowd(union, n, least, least + bool(rest), too_many=n > recipe.heats, heat_size=size or None)


def neighbours(n: int, total: int) -> int:
    """The fewest neighbours that n of a union have in a start order of all: the others part n - 1 gaps."""
    return n - 1 - (total - n)
