"""Answers remembered by key: a request sent twice is carried out once (draft-ietf-httpapi-idempotency-key-header)."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from datetime import timedelta
from uuid import UUID

import msgspec

from events import clock, crypto, db, ids
from events.errors import Interrupted
from events.tables import IdempotencyKey

KEPT = timedelta(hours=48)
REMEMBER = """INSERT INTO idempotency_key (id, account, key, request_digest, status, headers, body, created_at)
    VALUES ({}, {}, {}, {}, {}, {}, {}, {}) ON CONFLICT (account, key) DO NOTHING RETURNING id"""


class Answer(msgspec.Struct, frozen=True):
    """An answer as it was sent; `request_digest` tells whether the same thing was asked."""

    request_digest: bytes
    status: int
    headers: list[tuple[str, str]]
    body: bytes


class AlreadyAnswered(Exception):
    """Another process answered the same key first: what was done here must be undone."""


class Attempt:
    """What came of a request; unless `keep` is set everything that it wrote is undone."""

    keep = False


class _Undone(Exception):
    pass


again = db.again


@asynccontextmanager
async def attempt() -> AsyncIterator[Attempt]:
    """One transaction around a whole request and the record of its answer.

    Raises Interrupted, whatever was made of that on the way, when the database undid it: `db.again` tries once more.
    """
    made = Attempt()
    with suppress(_Undone):
        async with db.transaction() as transaction:
            yield made
            if not made.keep:
                raise Interrupted if transaction.interrupted else _Undone


async def recall(account: UUID, key: str) -> Answer | None:
    """The answer given to this account's key, if there was one."""
    row = await IdempotencyKey.select().where(IdempotencyKey.account == account, IdempotencyKey.key == key).first()
    if row is None:
        return None
    headers = msgspec.json.decode(row["headers"], type=list[tuple[str, str]])
    body = crypto.unseal(row["body"], place=_place(account, key)).encode()
    return Answer(bytes(row["request_digest"]), row["status"], headers, body)


async def remember(account: UUID, key: str, answer: Answer) -> None:
    """Keep an answer in the running transaction, the one that did the work; raises AlreadyAnswered."""
    headers = msgspec.json.encode(answer.headers).decode()
    body = crypto.seal(answer.body.decode(), place=_place(account, key))  # some hold a secret shown only once
    kept = await db.rows(
        REMEMBER, ids.new(), account, key, answer.request_digest, answer.status, headers, body, clock.now()
    )
    if not kept:
        raise AlreadyAnswered


async def forget_old() -> None:
    """Let go of answers that nobody will ask for again."""
    await db.rows("DELETE FROM idempotency_key WHERE created_at < {}", clock.now() - KEPT)


def _place(account: UUID, key: str) -> str:
    return f"idempotency_key:body:{account}:{key}"
