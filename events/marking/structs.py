"""What goes into and comes out of the verbs of marking. Values are decimal texts: "7.25", never floats."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated
from uuid import UUID

import msgspec

from events.terms import EntryState, StageState
from events.text import Bilingual, Line
from scoring.marks import Status

Key = Annotated[str, msgspec.Meta(min_length=1, max_length=64, pattern=r"^[A-Za-z0-9_.-]*$")]
SeatName = Annotated[str, msgspec.Meta(min_length=1, max_length=20, pattern=r"^[A-Za-z0-9_.-]*$")]
Value = Annotated[str, msgspec.Meta(max_length=24, pattern=r"^-?[0-9]{1,12}(\.[0-9]{1,9})?$")]
LARGEST = 500


class PanelForm(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Judges whose marks are combined. `aspects`: keys they mark (none: every judged one); `leader`: an account."""

    title: Bilingual
    aspects: Annotated[list[Key], msgspec.Meta(max_length=500)] = []
    leader: UUID | None = None


class SeatForm(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The account that takes a seat (J1, J2, ...), in place of whoever has it."""

    seat: SeatName
    account: UUID


class MarkForm(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One mark: a value or a status. `id` makes sending it again harmless; `entry` is its id or the code judges see.

    Without `seat` it is the actor's own; a chief judge names the seat of a judge who is absent or recused, or whose
    mark is corrected after sign-off. `agreed`: a value without a judge that overrules the panel's.
    """

    entry: Annotated[str, msgspec.Meta(min_length=1, max_length=64)]
    aspect: Key
    attempt: Annotated[int, msgspec.Meta(ge=1, le=10_000)] = 1
    value: Value | None = None
    status: Status | None = None
    reason: Line = ""
    seat: SeatName | None = None
    agreed: bool = False
    id: UUID | None = None


class MarksForm(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Up to 500 marks, taken in this order, all or none."""

    marks: Annotated[list[MarkForm], msgspec.Meta(min_length=1, max_length=LARGEST)]


class SignOffForm(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What is confirmed: a panel's marks by its leader, or (no panel) the stage by the chief judge."""

    panel_id: UUID | None = None


class WithdrawalForm(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Why a confirmation is taken back."""

    reason: Annotated[str, msgspec.Meta(min_length=1, max_length=200, pattern=r"^[^\x00-\x1f\x7f]*$(?!\n)")]


class SeatView(msgspec.Struct, frozen=True, kw_only=True):
    """A judge's time on a seat; `until` none: now."""

    id: UUID
    seat: str
    account: UUID
    name: str
    since: datetime
    until: datetime | None


class PanelView(msgspec.Struct, frozen=True, kw_only=True):
    """A panel with everybody who sits or sat in it."""

    id: UUID
    stage_id: UUID
    title: Bilingual
    aspects: list[str]
    leader: UUID | None
    leader_name: str | None
    seats: list[SeatView]
    signed_at: datetime | None


class MarkView(msgspec.Struct, frozen=True, kw_only=True):
    """A mark as it was entered; a superseded one counts no longer. Without `seat` it is a given or an agreed value."""

    id: UUID
    entry_id: UUID
    code: str
    aspect: str
    attempt: int
    seat: str | None
    value: str | None
    status: Status | None
    reason: str | None
    entered_by: UUID | None
    entered_at: datetime
    superseded_at: datetime | None


class Entered(msgspec.Struct, frozen=True, kw_only=True):
    """What became of the marks sent: `new` ones, of which some `superseded` others, and those already there."""

    new: int
    superseded: int
    unchanged: int
    ids: list[UUID]


class SheetAspect(msgspec.Struct, frozen=True, kw_only=True):
    """An aspect to be marked. `headings`: titles above it; `judged`: by judges, else one value; limits as texts.

    `per_unit`: what one unit adds to the score (6 digits), none where that depends on more than this mark.
    """

    key: str
    title: Bilingual
    headings: list[Bilingual]
    kind: str
    judged: bool
    attempts: int
    least: str | None
    most: str | None
    step: str | None
    max_spread: str | None
    levels: list[Bilingual]
    per_unit: str | None


class SheetPanel(msgspec.Struct, frozen=True, kw_only=True):
    """A panel in which the actor sits or leads."""

    id: UUID
    title: Bilingual
    seat: str | None
    leads: bool
    signed: bool
    aspects: list[str]


class SheetEntry(msgspec.Struct, frozen=True, kw_only=True):
    """A competitor in draw order; id and name only where judges may see names."""

    position: int
    heat: int
    station: int
    code: str
    state: EntryState
    entry_id: UUID | None
    name: str | None
    own: bool


class SheetMark(msgspec.Struct, frozen=True, kw_only=True):
    """A mark that counts, by code and seat (none: given or agreed)."""

    id: UUID
    code: str
    aspect: str
    attempt: int
    seat: str | None
    value: str | None
    status: Status | None
    reason: str | None


class Sheet(msgspec.Struct, frozen=True, kw_only=True):
    """All that a judge needs. `marks` are those of the actor's seats (and values without a judge where the actor gives
    them); `others`: marks of the same panels where all are in, or all marks for those who may see them.
    """

    event_id: UUID
    event: Bilingual
    contest_id: UUID
    contest: Bilingual
    stage_id: UUID
    stage: Bilingual
    state: StageState
    blind: bool
    gives_values: bool
    chief: bool
    panels: list[SheetPanel]
    aspects: list[SheetAspect]
    entries: list[SheetEntry]
    marks: list[SheetMark]
    others: list[SheetMark]


class Duty(msgspec.Struct, frozen=True, kw_only=True):
    """A stage in which an account sits in a panel or leads it."""

    event_id: UUID
    event: Bilingual
    starts_at: datetime
    contest_id: UUID
    contest: Bilingual
    stage_id: UUID
    stage: Bilingual
    state: StageState
    panel_id: UUID
    panel: Bilingual
    seat: str | None
    leads: bool


class Missing(msgspec.Struct, frozen=True, kw_only=True):
    """Marks that are not in yet: `have` of `needed`."""

    code: str
    aspect: str
    attempt: int
    have: int
    needed: int


class SignOffView(msgspec.Struct, frozen=True, kw_only=True):
    """A confirmation; `panel_id` none: of the whole stage."""

    id: UUID
    panel_id: UUID | None
    account: UUID
    signed_at: datetime
    withdrawn_at: datetime | None
    reason: str | None


class Progress(msgspec.Struct, frozen=True, kw_only=True):
    """How far marking has come: what is missing (the first hundred), and who has signed."""

    state: StageState
    entries: int
    complete: int
    missing_marks: int
    missing: list[Missing]
    sign_offs: list[SignOffView]
