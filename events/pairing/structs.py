"""What goes into and comes out of the verbs of pairing."""

from __future__ import annotations

from typing import Annotated, Literal
from uuid import UUID

import msgspec

from events.drawing import MeetingRules
from events.text import Bilingual

Score = Annotated[int, msgspec.Meta(ge=0, le=1_000_000)]
Winner = Literal["home", "away", "draw"]


class ResultForm(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What came of a match: both scores, or who won. Without `winner` the scores tell; they never say otherwise."""

    winner: Winner | None = None
    home_score: Score | None = None
    away_score: Score | None = None


class SideView(msgspec.Struct, frozen=True, kw_only=True):
    """Who plays; without the right to it, who stands behind a code stays empty."""

    code: str
    entry_id: UUID | None
    number: int | None
    name: str | None
    union_name: Bilingual | None


class FromView(msgspec.Struct, frozen=True, kw_only=True):
    """Whose place in a bracket it is: the winner's, or the loser's, of a match."""

    match: int
    loser: bool


class FixtureView(msgspec.Struct, frozen=True, kw_only=True):
    """A match, or a bye (number 0, no `away`); `ready`: both are known. In a bracket somebody has to win."""

    number: int
    round: int
    group: int | None
    bracket: bool
    home: SideView | None
    away: SideView | None
    home_from: FromView | None
    away_from: FromView | None
    ready: bool
    winner: Winner | None
    home_score: int | None
    away_score: int | None


class LineView(msgspec.Struct, frozen=True, kw_only=True):
    """A line of a table; who is equal in all that is compared shares the rank, in drawn order."""

    rank: int
    side: SideView
    played: int
    won: int
    drawn: int
    lost: int
    scored: int
    conceded: int
    points: int


class TableView(msgspec.Struct, frozen=True, kw_only=True):
    """The table of a group, or of all (no `group`), the best first."""

    group: int | None
    lines: list[LineView]


class PlaceView(msgspec.Struct, frozen=True, kw_only=True):
    """A place that a bracket has decided."""

    place: int
    side: SideView


class FixturesView(msgspec.Struct, frozen=True, kw_only=True):
    """Who meets whom in a stage, with what is known so far; `over`: nothing is left to be played."""

    stage_id: UUID
    meeting: MeetingRules
    fixtures: list[FixtureView]
    tables: list[TableView]
    places: list[PlaceView]
    over: bool
