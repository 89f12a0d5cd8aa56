"""What is put in and what comes out of registering."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Annotated
from uuid import UUID

from msgspec import Meta, Struct

from events.errors import Reason
from events.terms import RegistrationState
from events.text import Bilingual, Line, Prose


class RegistrationForm(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A request to take part; `person` only where somebody registers another."""

    contest_id: UUID | None = None
    division_id: UUID | None = None
    person: UUID | None = None
    note: Prose = ""


class RegistrationsForm(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Up to 500 requests to take part, made by one for many."""

    registrations: Annotated[list[RegistrationForm], Meta(min_length=1, max_length=500)]


class ReviewForm(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A decision on up to 500 registrations at once; a refusal needs a reason."""

    registrations: Annotated[list[UUID], Meta(min_length=1, max_length=500)]
    confirm: bool
    reason: Line = ""


class Sort(StrEnum):
    """By what registrations are ordered: time sent, name in pinyin, union, contest, state; "-" turns it round."""

    NEWEST = "-sent"
    OLDEST = "sent"
    NAME = "name"
    NAME_BACK = "-name"
    UNION = "union"
    UNION_BACK = "-union"
    CONTEST = "contest"
    CONTEST_BACK = "-contest"
    STATE = "state"
    STATE_BACK = "-state"


class FindForm(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Whom to register: a whole phone or identity number, or a name and the union whose member it is."""

    text: Line
    union: UUID | None = None


class RegistrationQuery(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Which registrations of an event are wanted; `q` is part of a name or a reference, `phone` a whole number."""

    state: RegistrationState | None = None
    contest_id: UUID | None = None
    q: Line = ""
    phone: str = ""
    sort: Sort = Sort.NEWEST


class Verdict(Struct, frozen=True):
    """Whether somebody may register now: accepted, refused (reasons), or refused until a time.

    `would_wait` tells that the places are gone and the registration would stand on the wait-list.
    """

    accepted: bool
    reasons: tuple[Reason, ...] = ()
    until: datetime | None = None
    would_wait: bool = False


class RegistrationView(Struct, frozen=True, kw_only=True):
    """A registration as its person and the event's registrars see it; `position` of `waiting` on the wait-list."""

    event_id: UUID
    id: UUID
    event_title: Bilingual
    person: UUID
    person_name: str
    union_name: Bilingual | None
    contest_id: UUID | None
    contest_title: Bilingual | None
    division_id: UUID | None
    division_title: Bilingual | None
    state: RegistrationState
    reference: str
    note: str
    reason: str | None
    position: int | None
    waiting: int
    checked_in_at: datetime | None
    version: int
    created_at: datetime
    updated_at: datetime


class Presence(Struct, frozen=True):
    """How many have come (`here`), of how many who are confirmed (`expected`)."""

    here: int
    expected: int
