"""Answers remembered by key: a request sent twice is carried out once (draft-ietf-httpapi-idempotency-key-header)."""

from __future__ import annotations

import hashlib
from collections.abc import AsyncIterator, Callable, Collection, Sequence
from contextlib import asynccontextmanager, suppress
from datetime import timedelta
from functools import lru_cache
from typing import Generic, TypeVar
from uuid import UUID

import msgspec

from events import clock, crypto, db
from events.errors import Interrupted, Invalid, Reason

KEPT = timedelta(hours=48)
COLUMNS = "idempotency_key (id, account, key, request_digest, status, headers, body, created_at)"
Made = TypeVar("Made")


class Answer(msgspec.Struct, frozen=True):
    """An answer as it was sent; `request_digest` tells whether the same thing was asked."""

    request_digest: bytes
    status: int
    headers: list[tuple[str, str]]
    body: bytes


class AlreadyAnswered(Exception):
    """Another process answered the same key first: what was done here must be undone."""


class Recalled(Exception):
    """What was asked has been answered before: `answer` is to be given again."""

    def __init__(self, answer: Answer) -> None:
        super().__init__()
        self.answer = answer


class Remembering(msgspec.Struct, Generic[Made], frozen=True):
    """A request to a verb that does many at once, and so remembers the answer itself; `written` makes it of the result.

    Such a verb calls `recall_all` and `remember_all` in the transaction that does the work.
    """

    account: UUID
    key: str
    request_digest: bytes
    written: Callable[[Made], tuple[int, list[tuple[str, str]], bytes]]


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
    return (await _answers([(account, key)])).get((account, key))


async def recall_all(asked: Collection[Remembering[Made]]) -> dict[tuple[UUID, str], Recalled | Invalid]:
    """What who was answered before is to get, by account and key: the same, or that the key was used otherwise."""
    known = await _answers([(one.account, one.key) for one in asked])
    return {
        (one.account, one.key): _again(known[one.account, one.key], one.request_digest)
        for one in asked
        if (one.account, one.key) in known
    }


async def remember(account: UUID, key: str, answer: Answer) -> None:
    """Keep an answer in the running transaction, the one that did the work; raises AlreadyAnswered."""
    try:
        await db.insert(COLUMNS, [_row(account, key, answer)])
    except db.ConstraintViolated as error:
        if error.kind != "unique":
            raise
        raise AlreadyAnswered from error


async def remember_all(made: Sequence[tuple[Remembering[Made], Made]]) -> None:
    """Keep many answers in the running transaction; raises ConstraintViolated when one was answered meanwhile."""
    answers = [(one, Answer(one.request_digest, *one.written(result))) for one, result in made]
    await db.insert(COLUMNS, [_row(one.account, one.key, answer) for one, answer in answers])


async def forget_old() -> None:
    """Let go of answers that nobody will ask for again."""
    await db.rows("DELETE FROM idempotency_key WHERE created_at < {}", clock.now() - KEPT)


async def _answers(keys: Sequence[tuple[UUID, str]]) -> dict[tuple[UUID, str], Answer]:
    if not keys:
        return {}
    these, names = db.one_of([_id(*one) for one in keys])
    rows = await db.rows(f"SELECT * FROM idempotency_key WHERE id {these}", *names)  # noqa: S608
    return {(row["account"], row["key"]): _answer(row) for row in rows}


def _answer(row: db.Row) -> Answer:
    headers = msgspec.json.decode(row["headers"], type=list[tuple[str, str]])
    body = crypto.unseal(row["body"], place=_place(row["account"], row["key"])).encode()
    return Answer(bytes(row["request_digest"]), row["status"], headers, body)


def _again(answer: Answer, digest: bytes) -> Recalled | Invalid:
    return Recalled(answer) if answer.request_digest == digest else Invalid(Reason("key_used_otherwise"))


def _row(account: UUID, key: str, answer: Answer) -> tuple[object, ...]:
    headers = msgspec.json.encode(answer.headers).decode()
    body = crypto.seal(answer.body.decode(), place=_place(account, key))  # some hold a secret shown only once
    return (_id(account, key), account, key, answer.request_digest, answer.status, headers, body, clock.now())


@lru_cache(1024)  # asked for twice: to recall, and to remember
def _id(account: UUID, key: str) -> UUID:
    """One id a key of an account: many are found by one condition, and the primary key keeps a second answer out."""
    return UUID(bytes=hashlib.sha256(account.bytes + key.encode()).digest()[:16])


def _place(account: UUID, key: str) -> str:
    return f"idempotency_key:body:{account}:{key}"
