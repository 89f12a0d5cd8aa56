"""Accounts as their owners and administrators keep them."""

from __future__ import annotations

from uuid import UUID

from events import access, clock, db, errors, notices, paging
from events.access import Actor, Right
from events.accounts import logins, passwords, throttle
from events.accounts.forms import AccountView, Language, PasswordForm
from events.accounts.logins import Logins
from events.accounts.recovering import set_hash
from events.paging import Page
from events.people import names


async def own(actor: Actor) -> AccountView:
    """The actor's account."""
    return await _found(access.signed_in(actor))


async def change_password(actor: Actor, form: PasswordForm, *, token: str = "") -> None:
    """Change one's password and sign out everywhere but at `token`; Invalid password_wrong, password_short, ..."""
    account = await _row(access.signed_in(actor))
    await throttle.count(throttle.SIGN_IN, str(account["id"]))
    if not await passwords.fits(account["password_hash"], form.old):
        errors.invalid("password_wrong", "/old")
    await throttle.forget(throttle.SIGN_IN, str(account["id"]))
    errors.refuse(passwords.flaws(form.new, account["name"], account["mail"], pointer="/new"))
    kept = await passwords.hashed(form.new)
    async with db.transaction():
        await set_hash(account["id"], kept, by=actor.account, but=token)


async def set_language(actor: Actor, language: Language) -> None:
    """Speak to the actor in this language."""
    await db.rows("UPDATE account SET language = {} WHERE id = {}", language, access.signed_in(actor))


async def find(actor: Actor, login: str) -> AccountView:
    """The account with exactly this name, phone or mail, for those who hand out roles; NotFound."""
    access.signed_in(actor)
    found = await logins.account_with(login)
    if found is None or not (actor.may_somewhere(Right.KEEP_ACCOUNTS) or actor.may_somewhere(Right.ORGANISE)):
        raise access.not_found()
    return logins.view(found)


async def everyone(actor: Actor, *, cursor: str = "", limit: int = 50) -> Page[AccountView]:
    """All accounts, by name (Right.KEEP_ACCOUNTS)."""
    access.require(actor, Right.KEEP_ACCOUNTS)
    after = paging.key_of(cursor, tuple[str])[0] if cursor else ""
    rows = await db.rows(f"SELECT * FROM account WHERE name > {{}} ORDER BY name LIMIT {limit + 1:d}", after)  # noqa: S608
    return paging.page(rows, limit, logins.view, lambda row: (row["name"],))


async def add(actor: Actor, name: str, *, password: str | None = None, language: Language = "zh") -> AccountView:
    """Make an account for somebody else or for a program (Right.KEEP_ACCOUNTS); without a password nobody signs in."""
    access.require(actor, Right.KEEP_ACCOUNTS)
    wanted = Logins(name=names.tidy(name), phone="", mail="")
    said = passwords.flaws(password, wanted.name) if password is not None else ()
    errors.refuse([*logins.flaws(wanted), *said, *await logins.taken(wanted)])
    kept = await passwords.hashed(password) if password is not None else None
    return await _found(await logins.insert(wanted, password_hash=kept, language=language, by=actor.account))


async def set_password(actor: Actor, account: UUID, password: str) -> None:
    """Set another's password (Right.KEEP_ACCOUNTS) and sign them out everywhere."""
    access.require(actor, Right.KEEP_ACCOUNTS)
    row = await _row(account)
    errors.refuse(passwords.flaws(password, row["name"], row["mail"]))
    kept = await passwords.hashed(password)
    async with db.transaction():
        await set_hash(account, kept, by=actor.account)


async def disable(actor: Actor, account: UUID, *, disabled: bool = True) -> None:
    """Shut an account out, or let it in again (Right.KEEP_ACCOUNTS)."""
    access.require(actor, Right.KEEP_ACCOUNTS)
    await _row(account)
    async with db.transaction():
        moment = clock.now() if disabled else None
        await db.rows("UPDATE account SET disabled_at = {} WHERE id = {}", moment, account)
        kind = "account.disabled" if disabled else "account.enabled"
        await notices.post(kind, subject=account, by=actor.account)


async def _found(account: UUID) -> AccountView:
    return logins.view(await _row(account))


async def _row(account: UUID) -> db.Row:
    found = await db.row("SELECT * FROM account WHERE id = {}", account)
    if found is None:
        raise access.not_found()
    return found
