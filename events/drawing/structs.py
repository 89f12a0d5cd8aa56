"""What goes into and comes out of the verbs of drawing."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

import msgspec

from events.branches import Branch
from events.terms import StageState
from events.text import Bilingual, Line
from scoring.pairing.formats import Meeting
from scoring.recipes import Apart

Key = Annotated[str, msgspec.Meta(min_length=1, max_length=200, pattern=r"^[^\x00-\x1f\x7f]*$(?!\n)")]
Number = Annotated[int, msgspec.Meta(ge=1, le=10**9)]
Stations = Literal["drawn", "centred", "listed"]
MOST = 5000


class MeetingRules(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How entries meet: `cycles` of a round robin; `groups` of which `places` each go on; `rounds` of a Swiss.

    `third`: a match for third place in a knock-out; `win` and `draw`: the points of a match, a bye is a win. What a
    format does not ask for is not read.
    """

    format: Literal["round_robin", "knock_out", "groups", "swiss"]
    cycles: Annotated[int, msgspec.Meta(ge=1, le=10)] = 1
    groups: Annotated[int, msgspec.Meta(ge=2, le=100)] = 2
    places: Annotated[int, msgspec.Meta(ge=1, le=100)] = 2
    rounds: Annotated[int, msgspec.Meta(ge=1, le=50)] = 5
    third: bool = False
    win: Annotated[int, msgspec.Meta(ge=1, le=100)] = 2
    draw: Annotated[int, msgspec.Meta(ge=0, le=100)] = 1

    def meeting(self) -> Meeting:
        """The same as scoring takes it."""
        return Meeting(**msgspec.structs.asdict(self))


class DrawRules(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How a stage is drawn; `seeds` are numbers of entries, the best first; `heat_size` none: all in one.

    `apart`: whether entries of one part of the union tree (`apart_by`) are kept apart, in heats or, with one heat, in
    the start order: off, as far as possible, or required. `stations`: as drawn, the best in the middle lanes (centred),
    or the best in the first of the `lanes` listed. `two_stage`: who draws first is drawn first.
    """

    heat_size: Number | None = None
    apart: Apart = "off"
    apart_by: Branch = Branch.UNION
    stations: Stations = "drawn"
    lanes: Annotated[list[Number], msgspec.Meta(max_length=1000)] = []
    two_stage: bool = False
    seeds: Annotated[list[Number], msgspec.Meta(max_length=MOST)] = []
    meeting: MeetingRules | None = None


class AnnounceForm(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`source` names the public value that will be the key ("closing index of 2 May"); without it a secret is kept."""

    source: Line | None = None


class DrawForm(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The public key, or a start order set by hand (ids of all entries); neither takes the committed or a new secret.

    `reason` is needed to draw again.
    """

    key: Key | None = None
    order: Annotated[list[UUID], msgspec.Meta(max_length=MOST)] | None = None
    reason: Line = ""


class CrowdView(msgspec.Struct, frozen=True, kw_only=True):
    """Several entries of one part of the tree: at least and at most so many are in a heat, however it is drawn.

    `too_many`: they cannot all be kept apart; `heat_size` is the largest with which they could, if there is one.
    """

    union_name: Bilingual
    entries: int
    least: int
    most: int
    too_many: bool
    heat_size: int | None


class DrawPreview(msgspec.Struct, frozen=True, kw_only=True):
    """What rules come to: the sizes of heats, unions with several entries, and the fewest pairs of one that can meet.

    `possible`: nothing that is required is impossible.
    """

    entries: int
    heats: list[int]
    together: int
    possible: bool
    crowds: list[CrowdView]


class SlotView(msgspec.Struct, frozen=True, kw_only=True):
    """What the draw gave one entry; without the right to it, who stands behind a code stays empty."""

    position: int
    heat: int
    station: int
    code: str
    entry_id: UUID | None
    number: int | None
    name: str | None
    union_name: Bilingual | None


class DrawView(msgspec.Struct, frozen=True, kw_only=True):
    """A draw with all that may be known of it; seeds, `key` and `slots` stay empty to those from whom codes are kept.

    `method`: key (public), secret (committed), manual. `digest` is that of `listed` (numbers of entries, one a line),
    `recipe_digest` that of the `rules`, which are published with it; before that they may still change.
    """

    stage_id: UUID
    state: StageState
    method: str | None
    listed: list[str]
    digest: str | None
    recipe_digest: str | None
    commitment: str | None
    source: str | None
    key: str | None
    rules: DrawRules
    drawn_at: datetime | None
    slots: list[SlotView]


class OwnSlot(msgspec.Struct, frozen=True, kw_only=True):
    """Where and when somebody competes: heat, station and the code on the bench."""

    event_id: UUID
    contest_id: UUID
    contest: Bilingual
    stage_id: UUID
    stage: Bilingual
    position: int
    heat: int
    station: int
    code: str
