"""Who asks: found by the hash of a secret, for all who ask at the same moment by one statement. Nothing is kept."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from functools import partial
from uuid import UUID

from events import access, clock, db, ids
from events.access import GRANTS, HELD, Actor
from events.terms import TokenUse
from events.together import Together

HOUR = timedelta(hours=1)
BY_TOKEN = f"""SELECT token.token_hash AS hash, token.id AS token, token.used_at AS used_at, {HELD}
    FROM token JOIN account ON account.id = token.account {GRANTS}
    WHERE account.disabled_at IS NULL AND token.revoked_at IS NULL
        AND (token.expires_at IS NULL OR token.expires_at > {{}}) AND token.use = {{}} AND token.token_hash"""  # noqa: S608
BY_COOKIE = f"""SELECT sign_in.token_hash AS hash, {HELD}
    FROM sign_in JOIN account ON account.id = sign_in.account {GRANTS}
    WHERE account.disabled_at IS NULL AND sign_in.revoked_at IS NULL AND sign_in.expires_at > {{}}
        AND sign_in.token_hash"""  # noqa: S608


async def actor_of_token(token: str) -> Actor | None:
    """Whoever a program acts for with this token, if anybody."""
    return await _find(TokenUse.API, token)


async def actor_of_calendar_token(token: str) -> Actor | None:
    """Whose private calendar this token opens, if anybody's."""
    return await _find(TokenUse.CALENDAR, token)


async def actor_of_cookie(token: str) -> Actor | None:
    """Whoever is signed in with this secret, if anybody."""
    return await _find(None, token)


async def _find(use: TokenUse | None, secret: str) -> Actor | None:
    asked = (use, ids.digest(secret))
    if db.active_transaction() is None:
        return await _crowds.ask(use, asked)
    return (await _recognised([asked]))[0]


async def _recognised(asked: Sequence[tuple[TokenUse | None, bytes]]) -> list[Actor | None]:
    (these, hashes), now, use = db.one_of([secret for _, secret in asked]), clock.now(), asked[0][0]
    if use is None:
        rows = await db.rows(f"{BY_COOKIE} {these}", now, *hashes)
    else:
        rows = await db.rows(f"{BY_TOKEN} {these}", now, use, *hashes)
        if idle := {row["token"] for row in rows if row["used_at"] is None or row["used_at"] < now - HOUR}:
            await db.again(partial(_note_use, idle, now))  # not more often: reading should not write
    actors, accounts = access.actors(rows), {bytes(row["hash"]): row["id"] for row in rows}
    return [actors[accounts[secret]] if secret in accounts else None for _, secret in asked]


async def _note_use(tokens: Collection[UUID], now: datetime) -> None:
    these, wanted = db.one_of(tokens)
    await db.rows(f"UPDATE token SET used_at = {{}} WHERE id {these}", now, *wanted)  # noqa: S608


_crowds = Together(_recognised)
