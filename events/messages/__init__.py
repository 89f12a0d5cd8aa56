"""What is sent to people: on their page, and by mail."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

import msgspec

from events import access, clock, db, ids, paging, tasks
from events.access import Actor
from events.messages.delivering import LOADED, reaches, values
from events.messages.wording import rendered, texts
from events.paging import Page
from events.text import Bilingual, bilingual

__all__ = [
    "Letter",
    "MessageView",
    "Recipient",
    "inbox",
    "mark_all_read",
    "mark_read",
    "outlive",
    "reaches",
    "send",
    "send_all",
    "unread",
]

RECIPIENTS = """SELECT p.id, COALESCE(a.mail, p.mail) AS mail, a.language
    FROM person p LEFT JOIN account a ON a.person = p.id"""
OWN = "(message.person = {} OR message.account = {}) AND message.kind NOT IN ('account.recovery', 'account.code')"


class MessageView(msgspec.Struct, frozen=True, kw_only=True):
    """A message on the page of whoever it was sent to, in that person's language."""

    id: UUID
    kind: str
    event_id: UUID | None
    event_title: Bilingual | None
    subject: str
    body: str
    created_at: datetime
    read_at: datetime | None


async def send(
    kind: str,
    *,
    person: UUID | None = None,
    account: UUID | None = None,
    event: UUID | None = None,
    **params: object,
) -> UUID:
    """Send a message to a person or an account, within the running transaction; raises KeyError for an unknown kind.

    `params` fill in its text (reference, reason); name, event, when, where and link are found by ourselves. With a
    `claim` it goes to the claimed phone or mail, and nowhere else.
    """
    texts("zh")[kind]
    to, message = await _recipient(person, account), ids.new()
    await db.rows(
        "INSERT INTO message (id, account, person, event_id, kind, address, language, params, created_at) "
        "VALUES ({}, {}, {}, {}, {}, {}, {}, {}, {})",
        message, account, person, event, kind, None if "claim" in params else to["mail"], to["language"] or "zh",
        _params(params), clock.now(),
    )  # fmt: skip
    await tasks.enqueue("message.deliver", message=message)
    return message


class Recipient(NamedTuple):
    """The address of somebody, if there is one, and the language, if it is known."""

    mail: str | None
    language: str | None


class Letter(NamedTuple):
    """A message to be sent to a person, who is looked up unless it is said where (`to`)."""

    kind: str
    person: UUID
    params: Mapping[str, object]
    to: Recipient | None = None


async def send_all(letters: Sequence[Letter], *, event: UUID) -> None:
    """Send messages about an event, one to each of many persons, within the running transaction.

    Whom no mail reaches finds it on the page, and nothing is to be delivered.
    """
    if not letters:
        return
    now, found = clock.now(), await _recipients([letter.person for letter in letters if letter.to is None])
    rows = [
        (ids.new(), letter.person, event, letter.kind, to.mail, to.language or "zh", _params(letter.params), now)
        for letter in letters
        if texts("zh")[letter.kind] and (to := letter.to or found[letter.person])
    ]
    await db.insert("message (id, person, event_id, kind, address, language, params, created_at)", rows)
    await tasks.enqueue_all("message.deliver", [{"message": row[0]} for row in rows if row[4]])


async def _recipients(persons: Collection[UUID]) -> dict[UUID, Recipient]:
    if not persons:
        return {}
    these, wanted = db.one_of(persons)
    rows = await db.rows(f"{RECIPIENTS} WHERE p.id {these}", *wanted)
    return {row["id"]: Recipient(row["mail"], row["language"]) for row in rows}


async def outlive(event: UUID, title: object) -> None:
    """Have the messages about an event that is deleted keep its title, within the running transaction."""
    for row in await db.rows("SELECT id, params FROM message WHERE event_id = {}", event):
        params = msgspec.json.encode(msgspec.json.decode(row["params"]) | {"event_title": title}).decode()
        await db.rows("UPDATE message SET event_id = NULL, params = {} WHERE id = {}", params, row["id"])


async def inbox(actor: Actor, *, cursor: str = "", limit: int = 50) -> Page[MessageView]:
    """The actor's messages, the newest first."""
    access.signed_in(actor)
    condition, arguments = OWN, list[object]([actor.person, actor.account])
    if cursor:
        condition += " AND (message.created_at, message.id) < ({}, {})"
        arguments += paging.key_of(cursor, tuple[datetime, UUID])
    sql = f"{LOADED} WHERE {condition} ORDER BY message.created_at DESC, message.id DESC LIMIT {limit + 1:d}"
    return paging.page(await db.rows(sql, *arguments), limit, _view, lambda row: (row["created_at"], row["id"]))


async def unread(actor: Actor) -> int:
    """How many messages the actor has not read."""
    access.signed_in(actor)
    sql = f"SELECT count(*) AS n FROM message WHERE {OWN} AND read_at IS NULL"  # noqa: S608
    found = await db.row(sql, actor.person, actor.account)
    assert found is not None
    return int(found["n"])


async def mark_read(actor: Actor, *some: UUID) -> None:
    """Note that the actor has read some messages; NotFound when one is none of theirs."""
    access.signed_in(actor)
    these, messages = db.one_of(some)
    sql = f"UPDATE message SET read_at = COALESCE(read_at, {{}}) WHERE id {these} AND {OWN} RETURNING id"  # noqa: S608
    async with db.transaction():
        if len(await db.rows(sql, clock.now(), *messages, actor.person, actor.account)) < len(some):
            raise access.not_found()


async def mark_all_read(actor: Actor, *, newest: UUID) -> None:
    """Note that the actor has read all messages up to the newest that was shown; NotFound when it is none of theirs."""
    access.signed_in(actor)
    sql = f"SELECT created_at FROM message WHERE id = {{}} AND {OWN}"  # noqa: S608
    known = await db.row(sql, newest, actor.person, actor.account)
    if known is None:
        raise access.not_found()
    await db.rows(
        f"UPDATE message SET read_at = {{}} WHERE {OWN} AND read_at IS NULL AND (created_at, id) <= ({{}}, {{}})",  # noqa: S608
        clock.now(), actor.person, actor.account, known["created_at"], newest,
    )  # fmt: skip


def _params(said: Mapping[str, object]) -> str:
    return msgspec.json.encode({name: value for name, value in said.items() if value is not None}).decode()


async def _recipient(person: UUID | None, account: UUID | None) -> db.Row:
    """Address and language of a person, or of an account: its own address first, then the other's."""
    column, one = ("p.id", person) if person else ("a.id", account)
    side = "person p LEFT JOIN account a" if person else "account a LEFT JOIN person p"
    found = await db.row(
        f"SELECT COALESCE(a.mail, p.mail) AS mail, a.language FROM {side} ON a.person = p.id WHERE {column} = {{}}",  # noqa: S608
        one,
    )
    if found is None:
        raise access.not_found()
    return found


def _view(row: db.Row) -> MessageView:
    subject, body = rendered(row["kind"], row["language"], values(row))
    return MessageView(
        id=row["id"],
        kind=row["kind"],
        event_id=row["event_id"],
        event_title=bilingual(row["title"]) if row["title"] else None,
        subject=subject,
        body=body,
        created_at=row["created_at"],
        read_at=row["read_at"],
    )
