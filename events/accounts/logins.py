"""Names, phones and mail addresses by which people sign in."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from uuid import UUID

from msgspec import Struct

from events import clock, crypto, db, errors, ids, notices
from events.accounts.forms import AccountView
from events.errors import Reason
from events.people import identity, names

LONGEST = 50
TAKEN = (Reason("name_taken", "/name"), Reason("phone_taken", "/phone"), Reason("mail_taken", "/mail"))


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


async def account_with(login: str) -> db.Row | None:
    """The account with exactly this name, phone or mail."""
    text = plain(login)
    if "@" in text:
        return await db.row("SELECT * FROM account WHERE mail = {}", text)
    if identity.PHONE.fullmatch(text):
        return await db.row("SELECT * FROM account WHERE phone_index = {}", crypto.blind_index(text, of="phone"))
    return await db.row("SELECT * FROM account WHERE name = {}", text)


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


async def taken(logins: Logins) -> list[Reason]:
    """Which of them are another's."""
    asked = zip((logins.name, logins.phone, logins.mail), TAKEN, strict=True)
    return [reason for login, reason in asked if login and await account_with(login)]


async def insert(logins: Logins, *, password_hash: str | None, language: str, by: UUID | None = None) -> UUID:
    """Write a new account; Invalid name_taken, phone_taken, mail_taken."""
    account = ids.new()
    try:
        async with db.transaction():
            await _insert(account, logins, password_hash=password_hash, language=language)
            await notices.post("account.made", subject=account, by=by)
    except db.ConstraintViolated:
        errors.refuse(await taken(logins))
        raise
    return account


async def _insert(account: UUID, logins: Logins, **columns: str | None) -> None:
    cipher = crypto.seal(logins.phone, place=_place(account)) if logins.phone else None
    index = crypto.blind_index(logins.phone, of="phone") if logins.phone else None
    await db.rows(
        "INSERT INTO account (id, name, phone_cipher, phone_index, mail, password_hash, language, created_at) "
        "VALUES ({}, {}, {}, {}, {}, {}, {}, {})",
        account, logins.name or f"m-{ids.reference().lower()}", cipher, index, logins.mail or None,
        columns["password_hash"], columns["language"], clock.now(),
    )  # fmt: skip


def view(row: dict[str, Any]) -> AccountView:
    """A row of `account` as its owner and administrators see it."""
    phone = crypto.unseal(row["phone_cipher"], place=_place(row["id"])) if row["phone_cipher"] else ""
    return AccountView(
        id=row["id"],
        name=row["name"],
        person=row["person"],
        phone=identity.masked(phone),
        mail=identity.masked_mail(row["mail"] or ""),
        language=row["language"],
        disabled=row["disabled_at"] is not None,
        created_at=row["created_at"],
    )


async def look(account: UUID) -> AccountView | None:
    """An account as it is shown, if there is one."""
    row = await db.row("SELECT * FROM account WHERE id = {}", account)
    return view(row) if row else None


def _place(account: UUID) -> str:
    return f"account:phone:{account}"
