"""What is put in and what comes out: accounts, sign-ins, tokens, grants of roles."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from msgspec import Meta, Struct

from events.terms import ContactKind, Role, TokenUse
from events.text import Bilingual, Line

Language = Literal["zh", "en"]
Password = Annotated[str, Meta(max_length=200, pattern=r"^[^\x00]*$")]
Aware = Annotated[datetime, Meta(tz=True)]


class SignUpForm(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A new login: at least one of name, phone and mail, and a password; without a name one is made up."""

    password: Password
    name: Line | None = None
    phone: Line | None = None
    mail: Line | None = None
    language: Language = "zh"


class SignInForm(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A login (name, phone or mail), its password, and what the browser is called in the list of devices."""

    login: Line
    password: Password
    device: Line = ""


class LinkForm(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Name and identity number as in the real-name membership."""

    name: Line
    identity_number: Line


class RecoveryForm(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The secret out of the recovery link and the new password."""

    secret: Line
    password: Password


class PasswordForm(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A change of password by its owner."""

    old: Password
    new: Password


class TokenForm(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A token for a program: what it is for, and until when (None: until it is revoked)."""

    name: Line
    expires_at: Aware | None = None


class GrantForm(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A role for an account, in an event, in a union's subtree, or (administrator) everywhere."""

    account: UUID
    role: Role
    event_id: UUID | None = None
    union: UUID | None = None


class ClaimForm(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A phone or mail that is to become the account's, and the account's password."""

    contact: Line
    password: Password


class ProofForm(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The six figures that were sent to a claimed phone or mail."""

    kind: ContactKind
    code: Line


class DisableForm(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Why an account is shut out."""

    reason: Line


class AccountView(Struct, frozen=True, kw_only=True):
    """An account as its owner and administrators see it; phone and mail are masked.

    What is unproven serves for signing in and nothing else, until the code that was sent there is entered.
    """

    id: UUID
    name: str
    person: UUID | None
    phone: str
    mail: str
    unproven_phone: str
    unproven_mail: str
    language: str
    disabled: bool
    created_at: datetime


class AccountItem(AccountView, frozen=True, kw_only=True):
    """An account in the lists of those who keep them: whose it is, and what roles it has."""

    person_name: str | None
    union_name: Bilingual | None
    roles: list[Role]


class AccountDetail(AccountItem, frozen=True, kw_only=True):
    """All that those who keep accounts see of one; `signed_in_at` is kept for about two months."""

    disabled_at: datetime | None
    disabled_reason: str
    signed_in_at: datetime | None
    browsers: int
    tokens: int


class Ended(Struct, frozen=True):
    """How many sign-ins and tokens were ended."""

    browsers: int
    tokens: int


class RecoveryLink(Struct, frozen=True):
    """A link that sets a new password, to be handed over in person: the only time that it is shown."""

    url: str
    expires_at: datetime


class SignedIn(Struct, frozen=True, kw_only=True):
    """A sign-in that has just been made: `token` goes into the cookie and is kept nowhere else.

    By `mark`, which opens nothing, the browser is known when it comes back after it was signed out.
    """

    id: UUID
    account: UUID
    token: str
    mark: str
    expires_at: datetime


class DeviceView(Struct, frozen=True, kw_only=True):
    """A browser that is signed in; `current` is the one that asks."""

    id: UUID
    device: str
    created_at: datetime
    expires_at: datetime
    current: bool


class TokenView(Struct, frozen=True, kw_only=True):
    """A token in the list of its owner; `used_at` is right to the hour."""

    id: UUID
    use: TokenUse
    name: str
    created_at: datetime
    expires_at: datetime | None
    used_at: datetime | None


class NewToken(Struct, frozen=True, kw_only=True):
    """A token that has just been made: the only time that its `token` is shown."""

    id: UUID
    name: str
    token: str
    expires_at: datetime | None


class GrantView(Struct, frozen=True, kw_only=True):
    """A role that an account holds, and where."""

    id: UUID
    account: UUID
    account_name: str
    person_name: str | None
    role: Role
    event_id: UUID | None
    union: UUID | None
    union_name: Bilingual | None
    granted_at: datetime
