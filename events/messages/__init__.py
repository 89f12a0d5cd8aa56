"""What is sent to people: on their page, and by mail."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

import msgspec

from events import access, clock, db, ids, paging, tasks
from events.access import Actor
from events.messages.delivering import LOADED, reaches, values
from events.messages.wording import rendered, texts
from events.paging import Page
from events.text import Bilingual, bilingual

__all__ = ["MessageView", "inbox", "mark_all_read", "mark_read", "outlive", "reaches", "send", "send_all", "unread"]

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


async def send_all(kind: str, told: Mapping[UUID, Mapping[str, object]], *, event: UUID) -> None:
    """Send a message to many persons about an event, within the running transaction, each with its own params."""
    texts("zh")[kind]
    if not told:
        return
    (these, persons), now = db.one_of(told), clock.now()
    found = await db.rows(f"{RECIPIENTS} WHERE p.id {these}", *persons)
    rows = [
        (ids.new(), to["id"], event, kind, to["mail"], to["language"] or "zh", _params(told[to["id"]]), now)
        for to in found
    ]
    await db.insert("message (id, person, event_id, kind, address, language, params, created_at)", rows)
    await tasks.enqueue_all("message.deliver", [{"message": row[0]} for row in rows])


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
