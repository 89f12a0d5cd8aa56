"""Accounts as their owners and administrators keep them."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from events import access, clock, db, errors, notices
from events.access import Actor, Right
from events.accounts import logins, passwords, signing, tokens
from events.accounts.forms import AccountView, DisableForm, Ended, Language, PasswordForm
from events.accounts.granting import leave_one_administrator
from events.accounts.logins import Logins
from events.accounts.recovering import set_hash
from events.people import names
from events.terms import TokenUse


async def own(actor: Actor) -> AccountView:
    """The actor's account."""
    return await _found(access.signed_in(actor))


async def change_password(actor: Actor, form: PasswordForm, *, token: str = "") -> None:
    """Change one's password and sign out everywhere but at `token`; Invalid password_wrong, password_short, ..."""
    account = await _row(access.signed_in(actor))
    await passwords.confirm(account, form.old, pointer="/old")
    errors.refuse(passwords.flaws(form.new, account["name"], account["mail"], pointer="/new"))
    kept = await passwords.hashed(form.new)
    async with db.transaction():
        await set_hash(account["id"], kept, by=actor.account, but=token)


async def set_language(actor: Actor, language: Language) -> None:
    """Speak to the actor in this language."""
    await db.rows("UPDATE account SET language = {} WHERE id = {}", language, access.signed_in(actor))


async def find(actor: Actor, login: str) -> AccountView:
    """The account with exactly this name, or proven phone or mail, for those who hand out roles; NotFound."""
    access.signed_in(actor)
    found = await logins.account_with(login)
    if found is None or not (actor.may_somewhere(Right.KEEP_ACCOUNTS) or actor.may_somewhere(Right.ORGANISE)):
        raise access.not_found()
    return logins.view(found)


async def add(actor: Actor, name: str, *, password: str | None = None, language: Language = "zh") -> AccountView:
    """Make an account for somebody else or for a program (Right.KEEP_ACCOUNTS); without a password nobody signs in."""
    access.require(actor, Right.KEEP_ACCOUNTS)
    wanted = Logins(name=names.tidy(name), phone="", mail="")
    said = passwords.flaws(password, wanted.name) if password is not None else ()
    errors.refuse([*logins.flaws(wanted), *said, *await logins.taken(wanted.name)])
    kept = await passwords.hashed(password) if password is not None else None
    return await _found(await logins.insert(wanted.name, password_hash=kept, language=language, by=actor.account))


async def set_password(actor: Actor, account: UUID, password: str) -> None:
    """Set another's password (Right.KEEP_ACCOUNTS); every sign-in and token of theirs ends, the calendar's too."""
    access.require(actor, Right.KEEP_ACCOUNTS)
    row = await _row(account)
    errors.refuse(passwords.flaws(password, row["name"], row["mail"]))
    kept = await passwords.hashed(password)
    async with db.transaction():
        await set_hash(account, kept, by=actor.account)
        await tokens.revoke_all(account, *TokenUse)


async def disable(actor: Actor, account: UUID, form: DisableForm) -> None:
    """Shut an account out (Right.KEEP_ACCOUNTS); Invalid reason_needed, Conflict own_account, last_administrator."""
    access.require(actor, Right.KEEP_ACCOUNTS)
    await _row(account)
    if not form.reason.strip():
        errors.invalid("reason_needed", "/reason")
    if account == actor.account:
        errors.conflict("own_account")
    async with db.transaction():
        await leave_one_administrator(account)
        await _write_disabled(account, clock.now(), form.reason.strip())
        await notices.post("account.disabled", subject=account, by=actor.account)


async def enable(actor: Actor, account: UUID) -> None:
    """Let an account in again (Right.KEEP_ACCOUNTS)."""
    access.require(actor, Right.KEEP_ACCOUNTS)
    await _row(account)
    async with db.transaction():
        await _write_disabled(account, None, None)
        await notices.post("account.enabled", subject=account, by=actor.account)


async def end_sign_ins(actor: Actor, account: UUID) -> Ended:
    """Sign another's browsers out and end its tokens, the calendar's among them (Right.KEEP_ACCOUNTS)."""
    access.require(actor, Right.KEEP_ACCOUNTS)
    await _row(account)
    async with db.transaction():
        browsers = await signing.close_browsers(account)
        ended = Ended(browsers, await tokens.revoke_all(account, TokenUse.API, TokenUse.CALENDAR))
        await notices.post("account.signed_out", subject=account, by=actor.account, browsers=browsers)
    return ended


async def _write_disabled(account: UUID, at: datetime | None, reason: str | None) -> None:
    await db.rows("UPDATE account SET disabled_at = {}, disabled_reason = {} WHERE id = {}", at, reason, account)


async def _found(account: UUID) -> AccountView:
    return logins.view(await _row(account))


async def _row(account: UUID) -> db.Row:
    found = await db.row(f"{logins.ACCOUNTS} WHERE a.id = {{}}", account)
    if found is None:
        raise access.not_found()
    return found
