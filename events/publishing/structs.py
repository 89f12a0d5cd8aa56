"""What goes into and comes out of the verbs of publishing. Scores and ranks are decimal texts, never floats."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated
from uuid import UUID

import msgspec

from events.terms import BoardKind, StageState
from events.text import Bilingual, Line
from scoring.marks import Status

Aware = Annotated[datetime, msgspec.Meta(tz=True)]


class ProvisionalForm(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Until when objections are taken; the official result waits for that moment."""

    objections_until: Aware


class OfficialForm(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`early` confirms that the public notice period is cut short; `reason`: why an official result is corrected."""

    early: bool = False
    reason: Line = ""


class Column(msgspec.Struct, frozen=True, kw_only=True):
    """A criterion right under the root: a column of scores."""

    key: str
    title: Bilingual


class Award(msgspec.Struct, frozen=True, kw_only=True):
    """Something that the scheme gives down the board; an entry gets one thing of a series."""

    key: str
    title: Bilingual
    series: str


class Ruling(msgspec.Struct, frozen=True, kw_only=True):
    """Whether an award (none: a place in the next stage) is given, and why: code and params as in docs/schemes.md.

    Other entries in it are named by their codes.
    """

    award: str | None
    given: bool
    code: str
    params: dict[str, str]


class Row(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """An entry's standing. `scores` go by the columns; `moved`: places won (+) or lost (-) since the board before.

    Entry, name, union and delegation are empty while codes must not be opened. `decided_by` names the node (or "lot")
    that broke a tie. `marks_in` of `marks_needed`. `advances`: it goes on to the next stage. What the scheme gives to
    nobody (scale, awards) is left out.
    """

    rank: str | None
    tied: bool
    score: str | None
    status: Status | None
    scores: list[str | None]
    code: str
    position: int
    out_of_competition: bool
    complete: bool
    marks_in: int
    marks_needed: int
    decided_by: str | None
    points: str | None
    moved: int | None
    entry_id: UUID | None
    number: int | None
    name: str | None
    union: Bilingual | None
    delegation: Bilingual | None
    scaled: str | None = None
    awards: list[str] = []
    advances: bool = False
    rulings: list[Ruling] = []


class Board(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A list of standings. `version` counts the changes of a live board, or the stored versions of the other kinds.

    What the scheme does not have is left out: a scale, awards, places in the next stage (`advances`), and `vacant`,
    what could be given to nobody.
    """

    kind: BoardKind
    version: int
    made_at: datetime
    state: StageState
    event_id: UUID
    event: Bilingual
    contest_id: UUID
    contest: Bilingual
    stage_id: UUID
    stage: Bilingual
    stage_number: int
    scheme_id: UUID
    scheme_version: int
    digest: str
    objections_until: datetime | None
    entries: int
    complete: int
    columns: list[Column]
    rows: list[Row]
    scaled: bool = False
    awards: list[Award] = []
    advances: bool = False
    vacant: list[Ruling] = []


class ReadyBoard(msgspec.Struct, frozen=True, kw_only=True):
    """A board as the JSON bytes that are sent; `etag` changes with them."""

    kind: BoardKind
    version: int
    etag: str
    made_at: datetime
    body: bytes

    def board(self) -> Board:
        """The board in these bytes."""
        return msgspec.json.decode(self.body, type=Board)


class BoardVersion(msgspec.Struct, frozen=True, kw_only=True):
    """A stored version; `digest` is a SHA-256 (hex) over its standings, `reason` why a result was corrected."""

    kind: BoardKind
    version: int
    digest: str
    scheme_version: int
    made_at: datetime
    reason: str | None


class ResultView(msgspec.Struct, frozen=True, kw_only=True):
    """A contest's newest published board: its head, and its first rows."""

    contest_id: UUID
    contest_number: int
    contest: Bilingual
    stage_id: UUID
    stage: Bilingual
    stage_number: int
    state: StageState
    kind: BoardKind
    version: int
    made_at: datetime
    objections_until: datetime | None
    columns: list[Column]
    awards: list[Award]
    entries: int
    rows: list[Row]


class UsedMark(msgspec.Struct, frozen=True, kw_only=True):
    """A value that went in: its source (seat, child or attempt), its fate, what counted of it (scoring.traces.Used)."""

    source: str
    value: str | None
    status: Status | None
    fate: str
    counted: str | None


class StepView(msgspec.Struct, frozen=True, kw_only=True):
    """A change of the value on the way (scoring.traces.Step)."""

    code: str
    before: str | None
    after: str
    params: dict[str, str]


class TraceView(msgspec.Struct, frozen=True, kw_only=True):
    """How a node came to its result; a tree with the scheme's shape."""

    node: str
    title: Bilingual
    attempt: int | None
    result: str | None
    status: Status | None
    used: list[UsedMark]
    steps: list[StepView]
    children: list[TraceView]


class Explanation(msgspec.Struct, frozen=True, kw_only=True):
    """Why an entry has its place: the row, its neighbours' rows, and the way from marks to score.

    `scale` is the way from the score to its place on the scale of the board, where there is one.
    """

    kind: BoardKind
    version: int
    columns: list[Column]
    awards: list[Award]
    row: Row
    above: Row | None
    below: Row | None
    trace: TraceView
    scale: list[StepView]
