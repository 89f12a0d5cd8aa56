"""What goes into and comes out of the verbs of contests."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

import msgspec

from events import eligibility
from events.eligibility import Eligibility
from events.errors import Reason
from events.terms import EntryState, StageState
from events.text import Bilingual, BilingualProse, Line

Count = Annotated[int, msgspec.Meta(ge=0, le=10**9)]
Number = Annotated[int, msgspec.Meta(ge=1, le=10**9)]
Document = dict[str, object]


def flaws_of_title(known: Mapping[str, Any]) -> Iterator[Reason]:
    """A title that could be read and says nothing."""
    if "title" in known and not known["title"]:
        yield Reason("title_needed", "/title")


class ContestForm(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A contest as an organiser writes it down; without a number the next one, without places no limit."""

    title: Bilingual
    number: Number | None = None
    trade: Line = ""
    judges_see_names: bool = False
    live_public: bool = False
    places: Count | None = None

    @staticmethod
    def flaws(known: Mapping[str, Any]) -> Iterator[Reason]:
        """What is wrong beyond the types, with what could be read."""
        yield from flaws_of_title(known)


class DivisionForm(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A class of entrants, by the conditions that events have too."""

    title: Bilingual
    eligibility: Eligibility = Eligibility()

    @staticmethod
    def flaws(known: Mapping[str, Any]) -> Iterator[Reason]:
        """What is wrong beyond the types, with what could be read."""
        yield from flaws_of_title(known)
        yield from eligibility.flaws(known.get("eligibility", Eligibility()), "/eligibility")


class StageForm(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A step of a contest; `heat_size` is how many compete together (none: all)."""

    title: Bilingual
    number: Number | None = None
    heat_size: Number | None = None

    @staticmethod
    def flaws(known: Mapping[str, Any]) -> Iterator[Reason]:
        """What is wrong beyond the types, with what could be read."""
        yield from flaws_of_title(known)


class SchemeForm(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A scheme document (docs/schemes.md), or the key of a ready one in the library."""

    document: Document | None = None
    library: Line | None = None


class EntryForm(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A competitor that an organiser enters directly: a team, a guest, one from an imported contest."""

    name: Line
    union: UUID | None = None
    person: UUID | None = None
    division_id: UUID | None = None
    number: Number | None = None
    out_of_competition: bool = False


class EntryChange(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What may change about an entry; what is left out stays."""

    name: Line | None = None
    state: EntryState | None = None


class DivisionView(msgspec.Struct, frozen=True, kw_only=True):
    """A class of entrants of a contest."""

    id: UUID
    contest_id: UUID
    title: Bilingual
    eligibility: Eligibility
    version: int


class StageView(msgspec.Struct, frozen=True, kw_only=True):
    """A step of a contest and how far it has come.

    `meets` is the format in which entries meet, where they do; `filled_at`: when it was said who goes on into it.
    """

    id: UUID
    contest_id: UUID
    number: int
    title: Bilingual
    state: StageState
    heat_size: int | None
    meets: str | None
    scheme_id: UUID | None
    drawn_at: datetime | None
    frozen_at: datetime | None
    objections_until: datetime | None
    filled_at: datetime | None
    version: int


class ContestView(msgspec.Struct, frozen=True, kw_only=True):
    """A contest with its divisions and stages; `places` none means no limit."""

    id: UUID
    event_id: UUID
    number: int
    title: Bilingual
    trade: str
    judges_see_names: bool
    live_public: bool
    places: int | None
    used: int
    waiting: int
    divisions: list[DivisionView]
    stages: list[StageView]
    version: int
    created_at: datetime


class SchemeView(msgspec.Struct, frozen=True, kw_only=True):
    """A version of the rules of marking; `digest` is the SHA-256 (hex) of the canonical document."""

    id: UUID
    contest_id: UUID
    version: int
    key: str
    title: Bilingual
    digest: str
    created_at: datetime
    document: Document


class LibraryScheme(msgspec.Struct, frozen=True, kw_only=True):
    """A ready scheme that a contest can take as it is or as a start."""

    key: str
    title: Bilingual
    description: BilingualProse
    document: Document


class EntryView(msgspec.Struct, frozen=True, kw_only=True):
    """A competitor; name, union and person are empty for those who must not know who it is."""

    id: UUID
    contest_id: UUID
    number: int
    state: EntryState
    division_id: UUID | None
    name: str | None
    union: UUID | None
    union_name: Bilingual | None
    person: UUID | None
    registration_id: UUID | None
    created_at: datetime
