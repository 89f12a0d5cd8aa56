"""Tokens for programs and for private calendars: only their hashes are kept."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from events import access, clock, db, errors, ids, notices
from events.access import Actor
from events.accounts.forms import NewToken, TokenForm, TokenView
from events.terms import TokenUse

VALID = "use = {} AND revoked_at IS NULL AND (expires_at IS NULL OR expires_at > {})"


async def issue_token(actor: Actor, form: TokenForm) -> NewToken:
    """A token with which a program acts as the actor."""
    account = access.signed_in(actor)
    if not form.name.strip():
        errors.invalid("required", "/name")
    if form.expires_at and form.expires_at <= clock.now():
        errors.invalid("token_in_past", "/expires_at")
    async with db.transaction():
        made = await insert(account, TokenUse.API, name=form.name.strip(), expires_at=form.expires_at)
        await notices.post("account.token_issued", subject=account, by=account)
    return made


async def tokens(actor: Actor) -> list[TokenView]:
    """The actor's tokens for programs, the newest first."""
    return await _listed(access.signed_in(actor), TokenUse.API)


async def revoke_token(actor: Actor, token: UUID) -> None:
    """End one of the actor's tokens, the calendar's among them; NotFound when it is none of theirs."""
    account = access.signed_in(actor)
    found = await db.rows(
        "UPDATE token SET revoked_at = {} WHERE id = {} AND account = {} AND revoked_at IS NULL AND use <> 'recovery' "
        "RETURNING id",
        clock.now(), token, account,
    )  # fmt: skip
    if not found:
        raise access.not_found()


async def issue_calendar_token(actor: Actor) -> NewToken:
    """A new token for the actor's private calendar; the one before it ends."""
    account = access.signed_in(actor)
    async with db.transaction():
        hold = db.engine().dialect("{for_update}")
        await db.rows(f"SELECT id FROM account WHERE id = {{}} {hold}", account)  # noqa: S608
        await revoke_all(account, TokenUse.CALENDAR)
        return await insert(account, TokenUse.CALENDAR)


async def calendar_token(actor: Actor) -> TokenView | None:
    """The token of the actor's private calendar, if there is one; itself it is not shown again."""
    found = await _listed(access.signed_in(actor), TokenUse.CALENDAR)
    return found[0] if found else None


async def insert(account: UUID, use: TokenUse, *, name: str = "", expires_at: datetime | None = None) -> NewToken:
    """Write a new token of an account; the answer holds its secret."""
    made = NewToken(id=ids.new(), name=name, token=ids.secret(), expires_at=expires_at)
    await insert_digest(made.id, account, use, token_hash=ids.digest(made.token), name=name, expires_at=expires_at)
    return made


async def insert_digest(
    token: UUID, account: UUID, use: TokenUse, *, token_hash: bytes, name: str = "", expires_at: datetime | None = None
) -> None:
    """Write a token of which the secret is known elsewhere."""
    await db.rows(
        "INSERT INTO token (id, account, use, name, token_hash, created_at, expires_at) "
        "VALUES ({}, {}, {}, {}, {}, {}, {})",
        token, account, use, name, token_hash, clock.now(), expires_at,
    )  # fmt: skip


async def revoke_all(account: UUID, *uses: TokenUse) -> int:
    """End an account's tokens of these uses; gives how many."""
    ended = 0
    for use in uses:
        found = await db.rows(
            "UPDATE token SET revoked_at = {} WHERE account = {} AND use = {} AND revoked_at IS NULL RETURNING id",
            clock.now(), account, use,
        )  # fmt: skip
        ended += len(found)
    return ended


async def _listed(account: UUID, use: TokenUse) -> list[TokenView]:
    sql = f"SELECT * FROM token WHERE account = {{}} AND {VALID} ORDER BY id DESC"  # noqa: S608
    return [_view(row) for row in await db.rows(sql, account, use, clock.now())]


def _view(row: db.Row) -> TokenView:
    return TokenView(
        id=row["id"],
        use=TokenUse(row["use"]),
        name=row["name"],
        created_at=row["created_at"],
        expires_at=row["expires_at"],
        used_at=row["used_at"],
    )
