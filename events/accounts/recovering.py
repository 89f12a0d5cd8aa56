"""A lost password: a link that works once, for an hour."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from events import access, clock, db, errors, ids, messages, notices, tasks
from events.access import Actor, Right
from events.accounts import logins, passwords, signing, throttle, tokens
from events.accounts.forms import RecoveryForm, RecoveryLink
from events.messages.delivering import recovery_secret, recovery_url
from events.terms import TokenUse

LASTS = timedelta(hours=1)
OPEN = "use = 'recovery' AND token_hash = {} AND revoked_at IS NULL AND expires_at > {}"


async def ask_recovery(login: str) -> None:
    """Have a recovery link sent to the account with this name, or proven phone or mail; never tells of there being one.

    The work is the same either way, and done in the background. Conflict too_many_tries.
    """
    await throttle.count(throttle.RECOVERY, logins.plain(login))
    account = await logins.account_with(login)
    await tasks.enqueue("account.recover", account=account["id"] if account else None)


async def recover(form: RecoveryForm) -> None:
    """Set a new password by the secret of a link and end every sign-in and API token; Invalid recovery_expired."""
    digest = ids.digest(form.secret)
    sql = f"SELECT a.* FROM token JOIN account a ON a.id = token.account WHERE {OPEN}"  # noqa: S608
    account = await db.row(sql, digest, clock.now())
    if account is None:
        errors.invalid("recovery_expired", "/secret")
    errors.refuse(passwords.flaws(form.password, account["name"], account["mail"]))
    kept = await passwords.hashed(form.password)
    async with db.transaction():
        await _use_up(digest)
        await set_hash(account["id"], kept, by=account["id"])
        await tokens.revoke_all(account["id"], TokenUse.API, TokenUse.RECOVERY)


async def set_hash(account: UUID, password_hash: str, *, by: UUID | None, but: str = "") -> None:
    """Write a new password and end every sign-in but one, within the running transaction."""
    await db.rows("UPDATE account SET password_hash = {} WHERE id = {}", password_hash, account)
    await signing.close_browsers(account, but=but)
    await notices.post("account.password_set", subject=account, by=by)


async def issue_link(actor: Actor, account: UUID) -> RecoveryLink:
    """A recovery link that is handed over in person (Right.KEEP_ACCOUNTS); the account is told that there is one.

    Conflict account_disabled, for it would open nothing.
    """
    access.require(actor, Right.KEEP_ACCOUNTS)
    found = await db.row("SELECT disabled_at FROM account WHERE id = {}", account)
    if found is None:
        raise access.not_found()
    if found["disabled_at"]:
        errors.conflict("account_disabled")
    async with db.transaction():
        token, expires_at = await _token(account)
        await messages.send("account.recovery_issued", account=account)
        await notices.post("account.recovery_issued", subject=account, by=actor.account)
    return RecoveryLink(recovery_url(token), expires_at)


@tasks.runs("account.recover")
async def send_link(account: str | None) -> None:
    """Make a token and send its link, if there is such an account."""
    if account is None:
        return
    async with db.transaction():
        token, _ = await _token(UUID(account))
        await messages.send("account.recovery", account=UUID(account), token=token)


async def _token(account: UUID) -> tuple[UUID, datetime]:
    token, expires_at = ids.new(), clock.now() + LASTS
    digest = ids.digest(recovery_secret(token))
    await tokens.insert_digest(token, account, TokenUse.RECOVERY, token_hash=digest, expires_at=expires_at)
    return token, expires_at


async def _use_up(digest: bytes) -> None:
    now = clock.now()
    sql = f"UPDATE token SET revoked_at = {{}} WHERE {OPEN} RETURNING id"  # noqa: S608
    if not await db.rows(sql, now, digest, now):
        errors.invalid("recovery_expired", "/secret")
