"""What is put in and what comes out: persons, pairs of persons who may be the same."""

from __future__ import annotations

from datetime import date
from typing import Annotated
from uuid import UUID

from msgspec import Meta, Struct

from events.errors import Reason
from events.terms import Sex
from events.text import Bilingual, Line

Short = Annotated[str, Meta(max_length=40, pattern=r"^[^\x00-\x1f\x7f]*$(?!\n)")]


class PersonForm(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A person and the union that person is a member of; sex and birth date follow from an identity number.

    In a change None leaves what is there, for the form shows it masked, and an empty text clears it.
    """

    name: Line
    union: UUID
    sex: Sex | None = None
    born: date | None = None
    identity_number: Short | None = None
    phone: Short | None = None
    mail: Line | None = None


class PersonView(Struct, frozen=True, kw_only=True):
    """A person as shown to whoever keeps people: identity number, phone and mail are masked (138****5678)."""

    id: UUID
    name: str
    sex: Sex | None
    born: date | None
    identity_number: str
    phone: str
    mail: str
    union: UUID | None
    union_name: Bilingual | None
    joined_on: date | None
    has_account: bool
    merged_into: UUID | None


class Membership(Struct, frozen=True, kw_only=True):
    """A membership that a person has, or (`left_on`) had."""

    union: UUID
    union_name: Bilingual
    joined_on: date
    left_on: date | None


class SuspectedDuplicate(Struct, frozen=True, kw_only=True):
    """Two persons of one name who share a birth date or a phone (`because`: born, phone)."""

    older: PersonView
    younger: PersonView
    because: list[str]


class MergePreview(Struct, frozen=True, kw_only=True):
    """What a merge would do: why it cannot be (`obstacles`), and what would move from `drop` to `keep`.

    `filled` names what is not known of `keep` and comes from `drop`; `lost` what both have, of which keep's stays.
    """

    keep: PersonView
    drop: PersonView
    obstacles: list[Reason]
    registrations: int
    entries: int
    account: bool
    filled: list[str]
    lost: list[str]
