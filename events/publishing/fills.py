"""What goes into and comes out of filling a stage."""

from __future__ import annotations

from uuid import UUID

import msgspec

from events.publishing.structs import Column, Ruling
from events.terms import BoardKind
from events.text import Bilingual
from scoring.marks import Status


class FillForm(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Which of the entries that are equal at the cut go on; needed, be it empty, where people have to decide."""

    decided: list[UUID] | None = None


class FillSource(msgspec.Struct, frozen=True, kw_only=True):
    """A published result that entries or values come from."""

    contest: Bilingual
    stage: Bilingual
    stage_id: UUID
    kind: BoardKind
    version: int


class FillColumn(Column, frozen=True, kw_only=True):
    """An aspect whose values are carried, attempt by attempt where it is repeated."""

    attempt: int | None


class FillValue(msgspec.Struct, frozen=True, kw_only=True):
    """What an entry brings along for a column; `changed`: the entry is in, and something else stands there."""

    value: str | None
    status: Status | None
    changed: bool


class FillRow(msgspec.Struct, frozen=True, kw_only=True):
    """An entry that goes on, or that people have to decide about, with its values by the columns.

    `rank` and `ruling` are those of the stage before; `there`: it is in the stage already.
    """

    entry_id: UUID
    number: int
    name: str
    union: Bilingual | None
    rank: str | None
    ruling: Ruling | None
    to_decide: bool
    there: bool
    values: list[FillValue]


class FillView(msgspec.Struct, frozen=True, kw_only=True):
    """What filling a stage would do; `leaving`: numbers of entries that are in it and would go.

    `blocked`: codes of what stands in the way; then the rest is empty.
    """

    stage_id: UUID
    sources: list[FillSource] = []
    columns: list[FillColumn] = []
    rows: list[FillRow] = []
    leaving: list[int] = []
    blocked: list[str] = []


class Filled(msgspec.Struct, frozen=True, kw_only=True):
    """How many entries are in the stage now, how many of them are new, and how many values were written."""

    entries: int
    added: int
    values: int
