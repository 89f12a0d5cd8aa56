"""Unions, people, accounts, and the venues and series that several events share."""

from __future__ import annotations

from piccolo.columns import UUID, BigInt, Bytea, Date, Text, Timestamptz
from piccolo.table import Table


class Union(Table, tablename="unions"):
    """A union organisation; `path` is its ancestors' codes and its own, each ended by a dot ("ah.hf.01.")."""

    id = UUID(primary_key=True)
    parent = UUID(null=True, default=None)
    path = Text()
    code = Text()
    name = Text()
    level = Text()
    city = Text()
    created_at = Timestamptz()


class Person(Table):
    """A human. Identity number and phone lie encrypted; the indexes are keyed hashes that find without revealing."""

    id = UUID(primary_key=True)
    name = Text()
    sort_name = Text()
    sex = Text(null=True, default=None)
    born = Date(null=True, default=None)
    identity_cipher = Bytea(null=True, default=None)
    identity_index = Bytea(null=True, default=None)
    phone_cipher = Bytea(null=True, default=None)
    phone_index = Bytea(null=True, default=None)
    mail = Text(null=True, default=None)
    merged_into = UUID(null=True, default=None)
    created_at = Timestamptz()
    updated_at = Timestamptz()


class Member(Table):
    """A person's real-name membership of a union."""

    id = UUID(primary_key=True)
    person = UUID()
    union = UUID()
    joined_on = Date()
    left_on = Date(null=True, default=None)


class Account(Table):
    """A login, by a name, or by a phone or a mail address that is proven to be its owner's."""

    id = UUID(primary_key=True)
    name = Text()
    person = UUID(null=True, default=None)
    phone_cipher = Bytea(null=True, default=None)
    phone_index = Bytea(null=True, default=None)
    mail = Text(null=True, default=None)
    password_hash = Text(null=True, default=None)
    language = Text()
    disabled_at = Timestamptz(null=True, default=None)
    disabled_reason = Text(null=True, default=None)
    created_at = Timestamptz()


class Claim(Table):
    """A phone or mail that somebody says is theirs, sealed; several may, until a code that is sent there proves it."""

    id = UUID(primary_key=True)
    account = UUID()
    kind = Text()
    address_cipher = Bytea()
    address_index = Bytea()
    code_id = UUID(null=True, default=None)
    expires_at = Timestamptz(null=True, default=None)
    created_at = Timestamptz()


class SignIn(Table):
    """A browser that is signed in; only the hash of its cookie is kept."""

    id = UUID(primary_key=True)
    account = UUID()
    token_hash = Bytea()
    device = Text()
    created_at = Timestamptz()
    expires_at = Timestamptz()
    revoked_at = Timestamptz(null=True, default=None)


class Token(Table):
    """A secret that opens the API, a private calendar or a forgotten password; only its hash is kept."""

    id = UUID(primary_key=True)
    account = UUID()
    use = Text()
    name = Text()
    token_hash = Bytea()
    created_at = Timestamptz()
    expires_at = Timestamptz(null=True, default=None)
    revoked_at = Timestamptz(null=True, default=None)
    used_at = Timestamptz(null=True, default=None)


class Throttle(Table):
    """How often something was tried in vain; `key` is a keyed hash of whom or what it was tried on."""

    id = UUID(primary_key=True)
    purpose = Text()
    key = Bytea()
    tries = BigInt()
    since = Timestamptz()


class RoleGrant(Table):
    """A role that an account holds, in an event, in a union's subtree, or (administrator) everywhere."""

    id = UUID(primary_key=True)
    account = UUID()
    role = Text()
    event_id = UUID(null=True, default=None)
    union = UUID(null=True, default=None)
    granted_by = UUID(null=True, default=None)
    granted_at = Timestamptz()


class Venue(Table):
    """A place; coordinates in millionths of a degree."""

    id = UUID(primary_key=True)
    name = Text()
    address = Text()
    city = Text()
    latitude_e6 = BigInt(null=True, default=None)
    longitude_e6 = BigInt(null=True, default=None)
    union = UUID()
    created_at = Timestamptz()


class Station(Table):
    """A numbered position in a venue."""

    id = UUID(primary_key=True)
    venue = UUID()
    number = BigInt()
    name = Text()


class Series(Table):
    """Events that belong together."""

    id = UUID(primary_key=True)
    title = Text()
    union = UUID()
    created_at = Timestamptz()
