"""Single knock-out: n - 1 matches, byes for the best, seeds and unions kept apart for as long as can be.

The order of strength is halved by `spreading.spread`: of each two next in strength one goes to either half, by snake,
and so on in each half. Without unions that is the usual seeding, 1-8 4-5 2-7 3-6: 1 and 2 can only meet in the final,
the best four not before the semi-finals, and where places are missing the best have a bye.

With unions (or the groups of a first stage) `spread` parts each of them evenly, too: of k entries each of the 2^j
sections that meet in the last j rounds has k / 2^j, rounded up or down. So no bracket has fewer of a union together, at
any level. Of each two next in strength there is still one in either half; where a union moves a seed, a bye may go to
the next one.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from scoring import spreading

Members = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Section:
    """A part of the bracket: the round in which it is won, its members, and the halves whose winners meet then."""

    round: int
    members: Members
    halves: tuple[Members, Members]


@dataclass(frozen=True, slots=True)
class Side:
    """Who comes into a match: an entry, or the winner or the loser of a match."""

    entry: str | None = None
    winner_of: int | None = None
    loser_of: int | None = None


@dataclass(frozen=True, slots=True)
class Match:
    """A match of a bracket. Rounds count from 1; the final is the last match, the one for third place before it."""

    number: int
    round: int
    home: Side
    away: Side


@dataclass(frozen=True, slots=True)
class Fixture:
    """A match with what is known of it: ready when both sides are known and no winner is."""

    number: int
    round: int
    home: str | None
    away: str | None
    winner: str | None

    @property
    def ready(self) -> bool:
        """Whether it can be played."""
        return self.home is not None and self.away is not None and self.winner is None

    @property
    def loser(self) -> str | None:
        """Who lost, if it is played."""
        return None if self.winner is None else self.away if self.winner == self.home else self.home


def bracket(seeds: Sequence[str], unions: Mapping[str, str] | None = None, *, third: bool = False) -> list[Match]:
    """All matches, from the order of strength, by round and from top to bottom. `third`: a match for third place."""
    if len(set(seeds)) < len(seeds):
        raise ValueError("each entry once")
    if len(seeds) < 2:
        return []
    last = (len(seeds) - 1).bit_length()
    drawn = sorted(sections(seeds, unions or {}, last), key=lambda found: found.round)
    numbers = {found.members: number for number, found in enumerate(drawn, 1)}
    matches = [Match(numbers[s.members], s.round, *(side(half, numbers) for half in s.halves)) for s in drawn]
    return with_third(matches) if third and len(seeds) >= 4 else matches


def sections(seeds: Sequence[str], unions: Mapping[str, str], last: int) -> Iterator[Section]:
    """Every part of the bracket whose two halves meet, from top to bottom."""
    if len(seeds) > 1:
        halves = spreading.spread(seeds, 2, unions)
        halves.sort(key=lambda half: seeds.index(half[0]))
        yield Section(last, tuple(seeds), (tuple(halves[0]), tuple(halves[1])))
        for half in halves:
            yield from sections(half, unions, last - 1)


def side(half: Members, numbers: Mapping[Members, int]) -> Side:
    """Who comes from a half: its only member, or the winner of its match."""
    return Side(entry=half[0]) if len(half) == 1 else Side(winner_of=numbers[half])


def with_third(matches: Sequence[Match]) -> list[Match]:
    """The match of the losers of the semi-finals, before the final."""
    *earlier, final = matches
    losers = [Side(loser_of=half.winner_of) for half in (final.home, final.away)]
    return [*earlier, Match(final.number, final.round, *losers), replace(final, number=final.number + 1)]


def play(matches: Sequence[Match], winners: Mapping[int, str]) -> list[Fixture]:
    """The bracket with what has been won so far, by number. ValueError for a winner who is not in the match."""
    known: dict[int, Fixture] = {}
    for match in matches:
        home, away, winner = entry(match.home, known), entry(match.away, known), winners.get(match.number)
        if winner is not None and (winner not in (home, away) or home is None or away is None):
            raise ValueError(f"{winner} is not in match {match.number}")
        known[match.number] = Fixture(match.number, match.round, home, away, winner)
    return list(known.values())


def entry(side: Side, known: Mapping[int, Fixture]) -> str | None:
    """Who comes into a match by one side, if that is known."""
    if side.winner_of is not None:
        return known[side.winner_of].winner
    return known[side.loser_of].loser if side.loser_of is not None else side.entry


def places(matches: Sequence[Match], winners: Mapping[int, str]) -> list[tuple[int, str]]:
    """Place and entry of all whose place is known; who lost in the same round share it, unless they play for it."""
    deciding = {side.loser_of for match in matches for side in (match.home, match.away)}
    placed: list[tuple[int, str]] = []
    for match, fixture in zip(matches, play(matches, winners), strict=True):
        third = match.home.loser_of is not None
        if fixture.winner is not None and (third or match is matches[-1]):
            placed.append((3 if third else 1, fixture.winner))
        if fixture.loser is not None and match.number not in deciding:
            placed.append((4 if third else 2 + later(match, matches), fixture.loser))
    return sorted(placed)


def later(match: Match, matches: Sequence[Match]) -> int:
    """How many matches of later rounds each put one more out; all who lose there are better."""
    return sum(other.round > match.round and other.home.loser_of is None for other in matches)
