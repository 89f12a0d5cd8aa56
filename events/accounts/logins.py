"""Names, phones and mail addresses by which people sign in; the latter two are claims until they are proven."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from uuid import UUID

from msgspec import Struct

from events import clock, crypto, db, errors, ids, notices
from events.accounts.forms import AccountView
from events.errors import Reason
from events.messages.delivering import claim_place, phone_place
from events.people import identity, names
from events.terms import ContactKind

LONGEST = 50


ACCOUNTS = """SELECT a.*, phone.id AS phone_claim, phone.address_cipher AS claimed_phone, mail.id AS mail_claim,
        mail.address_cipher AS claimed_mail
    FROM account a LEFT JOIN claim phone ON phone.account = a.id AND phone.kind = 'phone'
    LEFT JOIN claim mail ON mail.account = a.id AND mail.kind = 'mail' """
CLAIMANTS = 5


class Logins(Struct, frozen=True, kw_only=True):
    """What an account is to be found by, in the spelling that is kept."""

    name: str
    phone: str
    mail: str


def plain(login: str) -> str:
    """A login in the spelling that is kept, whichever of the three it is."""
    text = names.tidy(login)
    if "@" in text:
        return text.lower()
    phone = identity.plain_phone(text)
    return phone if identity.PHONE.fullmatch(phone) else text


def contact_kind(text: str) -> ContactKind | None:
    """Whether a login in the spelling that is kept is a phone or a mail address, or neither."""
    if "@" in text:
        return ContactKind.MAIL
    return ContactKind.PHONE if identity.PHONE.fullmatch(text) else None


async def account_with(login: str) -> db.Row | None:
    """The account with exactly this name, or this phone or mail if it is proven."""
    text = plain(login)
    kind = contact_kind(text)
    if kind == ContactKind.MAIL:
        return await db.row(f"{ACCOUNTS} WHERE a.mail = {{}}", text)
    if kind == ContactKind.PHONE:
        return await db.row(f"{ACCOUNTS} WHERE a.phone_index = {{}}", crypto.blind_index(text, of="phone"))
    return await db.row(f"{ACCOUNTS} WHERE a.name = {{}}", text)


async def accounts_to_enter(login: str) -> list[db.Row]:
    """Which accounts a login may mean: the one that `account_with` gives, then the newest of those that claim it.

    A claim opens nobody's account but the claimant's own, by the claimant's own password.
    """
    found = await account_with(login)
    text = plain(login)
    kind = contact_kind(text)
    proven = [found] if found else []
    if kind is None:
        return proven
    index = claim_index(kind, text)
    own = "a.id IN (SELECT account FROM claim WHERE kind = {} AND address_index = {} ORDER BY id DESC LIMIT {})"
    return proven + await db.rows(f"{ACCOUNTS} WHERE {own} ORDER BY a.id DESC", kind, index, CLAIMANTS)


def claim_index(kind: ContactKind, address: str) -> bytes:
    """The keyed hash by which claims on an address are found."""
    return crypto.blind_index(address, of=f"claimed {kind}")


def flaws(logins: Logins) -> Iterator[Reason]:
    """What is wrong with them; a name must not look like a phone or a mail address."""
    if not (logins.name or logins.phone or logins.mail):
        yield Reason("login_missing", "/name")
    if "@" in logins.name or identity.PHONE.fullmatch(plain(logins.name)) or len(logins.name) > LONGEST:
        yield Reason("login_name_form", "/name", {"most": LONGEST})
    if logins.phone and not identity.PHONE.fullmatch(logins.phone):
        yield Reason("phone_form", "/phone")
    if logins.mail and not identity.MAIL.fullmatch(logins.mail):
        yield Reason("mail_form", "/mail")


async def taken(name: str) -> list[Reason]:
    """Whether a name is another's; of a phone or mail that is told to nobody who cannot prove it."""
    return [Reason("name_taken", "/name")] if name and await account_with(name) else []


async def insert(name: str, *, password_hash: str | None, language: str, by: UUID | None = None) -> UUID:
    """Write a new account; without a name one is made up. Invalid name_taken."""
    account = ids.new()
    try:
        async with db.transaction():
            await db.rows(
                "INSERT INTO account (id, name, password_hash, language, created_at) VALUES ({}, {}, {}, {}, {})",
                account, name or f"m-{ids.reference().lower()}", password_hash, language, clock.now(),
            )  # fmt: skip
            await notices.post("account.made", subject=account, by=by)
    except db.ConstraintViolated:
        errors.refuse(await taken(name))
        raise
    return account


def view(row: dict[str, Any]) -> AccountView:
    """A row of `ACCOUNTS` as its owner and administrators see it."""
    return AccountView(**shown(row))


def shown(row: dict[str, Any]) -> dict[str, Any]:
    """The fields of a view of a row of `ACCOUNTS`."""
    return {name: row[name] for name in ("id", "name", "person", "language", "created_at")} | {
        "phone": identity.masked(phone_of(row)),
        "mail": identity.masked_mail(row["mail"] or ""),
        "unproven_phone": identity.masked(_claimed(row, ContactKind.PHONE)),
        "unproven_mail": identity.masked_mail(_claimed(row, ContactKind.MAIL)),
        "disabled": row["disabled_at"] is not None,
    }


def phone_of(row: dict[str, Any]) -> str:
    """An account's proven phone in plain figures, or nothing."""
    return crypto.unseal(row["phone_cipher"], place=phone_place(row["id"])) if row["phone_cipher"] else ""


def _claimed(row: dict[str, Any], kind: ContactKind) -> str:
    sealed = row[f"claimed_{kind}"]
    return crypto.unseal(sealed, place=claim_place(row[f"{kind}_claim"])) if sealed else ""


async def look(account: UUID) -> AccountView | None:
    """An account as it is shown, if there is one."""
    row = await db.row(f"{ACCOUNTS} WHERE a.id = {{}}", account)
    return view(row) if row else None
