"""Swiss rounds: nobody meets the same opponent twice, equals in points meet, by the cheapest of all pairings.

In the spirit of the FIDE Dutch system (C.04.3), but as one question with an exact answer: every pair has a cost, a
list of whole numbers of which an earlier one always outweighs all later ones; the round is the pairing of least total
cost (`scoring.matching`). So it never gets stuck: if a round without a repeat exists, it is found.

1. repeat: how often the two have met; for a bye, how many one has had. Not 0 in total only if it cannot be avoided.
2. bye: the points of who has it.
3. float: the square of the difference in points.
4. sides, if balanced: how strongly both are due the same side. Due: the side one has had less; strength 1 for as often
   each (then the one not had last), 2 for one more, 3 for more or for the same side twice running; the square of the
   lesser strength.
5. place: the square of how far a pair is from the ideal of the style, by places from 0 in a group of g with equal
   points. slide: the upper half meets the lower, other - better = g // 2; fold: first meets last, other + better =
   g - 1 (g - 2 for odd g); adjacent: other - better = 1. A float comes from the end of the upper group and meets the
   start of the lower: the sum of the squares of both distances. A bye comes from the end of its group.
6. lot: the first 5 bytes of the SHA-256 of "key/better/other" ("key/entry" for a bye). So it is practically certain
   that one pairing only is cheapest, and any program for minimum-cost matching finds the same.

Standing is by points, then in the order of first seeding.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import groupby
from math import lcm
from operator import mul
from typing import Literal

from scoring import draw
from scoring.matching import cheapest
from scoring.pairing.games import Game, Pair, Played, by_entry

Style = Literal["slide", "fold", "adjacent"]
LOT = 1 << 40

# Distance from the ideal: places of the better and the other in a group of a size.
IDEALS: dict[Style, Callable[[int, int, int], int]] = {
    "slide": lambda one, other, size: other - one - size // 2,
    "fold": lambda one, other, size: one + other - (size - size % 2 - 1),
    "adjacent": lambda one, other, size: other - one - 1,
}


@dataclass(frozen=True, slots=True)
class Round:
    """A round: pairs from the top, the bye last; `repeats` are pairs that had to meet again (or have a second bye)."""

    pairs: tuple[Pair, ...]
    repeats: tuple[Pair, ...] = ()


@dataclass(frozen=True, slots=True)
class Standing:
    """What a round asks of an entry: points as a whole number, and where it stands in its group of equal points."""

    entry: str
    points: int
    place: int
    size: int
    met: Mapping[str | None, int]
    due: int


def pair(
    entries: Sequence[str], games: Sequence[Game], key: str, *, style: Style = "slide", sides: bool = True
) -> Round:
    """The next round of those in `entries` (in order of their first seeding), from all games so far.

    `sides`: home and away are balanced; otherwise the better stands at home. ValueError for an entry twice.
    """
    if len(set(entries)) < len(entries):
        raise ValueError("each entry once")
    lines = standings(entries, by_entry(games))
    mates = cheapest(costs(lines, Weights(lines, style, sides=sides), key))
    tops = [(at, mate) for at, mate in enumerate(mates) if at < mate]
    found = [(meeting(lines, at, mate, sides=sides), repeats(lines, at, mate)) for at, mate in tops]
    found.sort(key=lambda pair: pair[0].away is None)
    return Round(tuple(pair for pair, _ in found), tuple(pair for pair, again in found if again))


def standings(entries: Sequence[str], played: Mapping[str, Sequence[Played]]) -> list[Standing]:
    """Everybody by points, then in the order given, with the places in groups of equals."""
    points = {entry: sum((game.points for game in played.get(entry, [])), Fraction(0)) for entry in entries}
    unit = lcm(*(total.denominator for total in points.values()))
    found: list[Standing] = []
    for total, equals in groupby(sorted(entries, key=lambda entry: -points[entry]), key=points.__getitem__):
        group = list(equals)
        for place, entry in enumerate(group):
            history = played.get(entry, [])
            met = Counter(game.opponent for game in history)
            found.append(Standing(entry, int(total * unit), place, len(group), met, due(history)))
    return found


def due(history: Sequence[Played]) -> int:
    """The side that is due, from games with an opponent: home if over 0, away if under; its size is the strength."""
    homes = [1 if game.home else -1 for game in history if game.opponent is not None]
    balance = sum(homes)
    if abs(balance) > 1:
        return -3 if balance > 0 else 3
    if homes[-2:-1] == homes[-1:] and homes:
        return -3 * homes[-1]
    return -2 * balance if balance else -sum(homes[-1:])


class Weights:
    """The costs of pairs, packed so that an earlier one outweighs everything later of all pairs together."""

    def __init__(self, lines: Sequence[Standing], style: Style, *, sides: bool) -> None:
        self.sides, self.ideal = sides, IDEALS[style]
        self.least = min((line.points for line in lines), default=0)
        spread = max((line.points for line in lines), default=0) - self.least
        self.units = [1]
        for bound in (LOT, 4 * len(lines) ** 2, 9, spread**2, spread):
            self.units.insert(0, self.units[0] * (bound * len(lines) + 1))

    def of_pair(self, one: Standing, other: Standing) -> int:
        """What it costs that two meet, the better first; all but the lot."""
        apart = one.points - other.points
        clash = min(abs(one.due), abs(other.due)) ** 2 if self.sides and one.due * other.due > 0 else 0
        if apart:
            place = (one.size - 1 - one.place) ** 2 + other.place**2
        else:
            place = self.ideal(one.place, other.place, one.size) ** 2
        return self.sum(one.met.get(other.entry, 0), 0, apart**2, clash, place)

    def of_bye(self, one: Standing) -> int:
        """What it costs that somebody has the bye."""
        return self.sum(one.met.get(None, 0), one.points - self.least, 0, 0, (one.size - 1 - one.place) ** 2)

    def sum(self, *costs: int) -> int:
        """The costs as one number."""
        return sum(map(mul, costs, self.units))


def costs(lines: Sequence[Standing], weights: Weights, key: str) -> list[list[int]]:
    """The cost of every pair, with the lot; for an odd number the last row is the bye."""
    size = len(lines) + len(lines) % 2
    found = [[0] * size for _ in range(size)]
    for i, one in enumerate(lines):
        own = draw.part(key, one.entry)
        for j, other in enumerate(lines[i + 1 :], i + 1):
            found[i][j] = found[j][i] = weights.of_pair(one, other) + lot(draw.part(own, other.entry))
        if size > len(lines):
            found[i][-1] = found[-1][i] = weights.of_bye(one) + lot(own)
    return found


def lot(text: str) -> int:
    """A number under 2^40 that nobody can choose."""
    return int.from_bytes(draw.hashed(text.encode(), "sha256")[:5], "big")


def repeats(lines: Sequence[Standing], at: int, mate: int) -> int:
    """How often a pair has met before."""
    return lines[at].met.get(lines[mate].entry if mate < len(lines) else None, 0)


def meeting(lines: Sequence[Standing], at: int, mate: int, *, sides: bool) -> Pair:
    """A pair with its sides: whoever is due a side more strongly has it, the better if both are alike.

    Where nothing is due, the better is at home at every second place of the standing.
    """
    one = lines[at]
    if mate == len(lines):
        return Pair(one.entry, None)
    other = lines[mate]
    wish = one.due if abs(one.due) >= abs(other.due) else -other.due
    at_home = wish > 0 if wish else at % 2 == 0
    return Pair(one.entry, other.entry) if at_home or not sides else Pair(other.entry, one.entry)
