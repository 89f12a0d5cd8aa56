"""What goes into and comes out of the tables of delegations."""

from __future__ import annotations

from uuid import UUID

import msgspec

from events.contests.structs import Document
from events.publishing.structs import Column
from events.terms import BoardKind
from events.text import Bilingual, BilingualProse, Line


class TallyForm(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The rules of a table (docs/schemes.md, "Tables of delegations"), or the key of ready ones in the library."""

    document: Document | None = None
    library: Line | None = None


class TallyHead(msgspec.Struct, frozen=True, kw_only=True):
    """A table of an event, by its title."""

    id: UUID
    number: int
    title: Bilingual
    description: BilingualProse


class LibraryTally(msgspec.Struct, frozen=True, kw_only=True):
    """Ready rules of a table."""

    key: str
    title: Bilingual
    description: BilingualProse
    document: Document


class TallySource(msgspec.Struct, frozen=True, kw_only=True):
    """A result that has gone into a table."""

    contest_id: UUID
    contest: Bilingual
    stage_id: UUID
    kind: BoardKind
    version: int


class TallyPart(msgspec.Struct, frozen=True, kw_only=True):
    """What one result gave in one column; `code`: counted, over_cap, not_best, non_scoring, nothing."""

    column: str
    contest_id: UUID
    entry_id: UUID
    name: str
    value: str | None
    code: str


class TallyRow(msgspec.Struct, frozen=True, kw_only=True):
    """A delegation: its rank, what it has by the columns, and from what. `decided_by`: the column that parted it."""

    rank: str
    tied: bool
    decided_by: str | None
    delegation_id: UUID
    delegation: Bilingual
    values: list[str | None]
    parts: list[TallyPart]


class TallyView(TallyHead, frozen=True, kw_only=True):
    """A table of delegations; `sources` are the results so far, of `contests` there are."""

    columns: list[Column]
    sources: list[TallySource]
    contests: int
    rows: list[TallyRow]
