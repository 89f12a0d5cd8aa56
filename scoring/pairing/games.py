"""What the formats share: a pair that is to meet, and a game that was played."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction


@dataclass(frozen=True, slots=True)
class Pair:
    """Two who are to meet, or one who has a bye (`away` is None)."""

    home: str
    away: str | None


@dataclass(frozen=True, slots=True)
class Points:
    """What a game is worth."""

    win: Decimal = Decimal(1)
    draw: Decimal = Decimal("0.5")
    loss: Decimal = Decimal(0)
    bye: Decimal = Decimal(1)


@dataclass(frozen=True, slots=True)
class Game:
    """A game with the points it brought; scores (goals, sets) where there are any. A bye has no `away`.

    A walkover, or points taken from both, is a game with points and without scores.
    """

    home: str
    away: str | None
    home_points: Decimal
    away_points: Decimal = Decimal(0)
    home_score: Decimal | None = None
    away_score: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Played:
    """A game as one side sees it."""

    opponent: str | None
    points: Fraction
    against: Fraction
    scored: Fraction
    conceded: Fraction
    home: bool


def scored(home: str, away: str, score: tuple[Decimal, Decimal], points: Points) -> Game:
    """A game from its score, home first."""
    if score[0] == score[1]:
        return Game(home, away, points.draw, points.draw, *score)
    won = (points.win, points.loss)
    return Game(home, away, *(won if score[0] > score[1] else won[::-1]), *score)


def bye(entry: str, points: Points) -> Game:
    """A round without opponent."""
    return Game(entry, None, points.bye)


def by_entry(games: Iterable[Game]) -> dict[str, list[Played]]:
    """Everybody's games, in order."""
    found: dict[str, list[Played]] = {}
    for game in games:
        points, scores = numbers(game.home_points, game.away_points), numbers(game.home_score, game.away_score)
        found.setdefault(game.home, []).append(Played(game.away, *points, *scores, home=True))
        if game.away is not None:
            found.setdefault(game.away, []).append(Played(game.home, *points[::-1], *scores[::-1], home=False))
    return found


def numbers(home: Decimal | None, away: Decimal | None) -> tuple[Fraction, Fraction]:
    """Two numbers exactly; nothing is 0."""
    return Fraction(home or 0), Fraction(away or 0)
