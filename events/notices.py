"""The outbox: what changed, appended in the transaction that changed it. Feeds, audit and boards follow it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Callable, Hashable, Mapping, Sequence
from datetime import datetime
from functools import partial
from typing import Any, NamedTuple
from uuid import UUID

import msgspec

from events import clock, db

POST = """INSERT INTO notice (event_id, kind, subject, "public", account, at, data) VALUES ({}, {}, {},
    {} AND NOT EXISTS (SELECT 1 FROM event WHERE id = {} AND (state = 'draft' OR is_template)), {}, {}, {})
    RETURNING txid"""
Listener = Callable[["Posted"], None]
_listeners: set[Listener] = set()
_ear: db.Ear | None = None


class Post(NamedTuple):
    """A notice to be appended; `by` where each is of somebody else."""

    kind: str
    subject: UUID | None
    data: Mapping[str, object]
    by: UUID | None = None


class Posted(msgspec.Struct, frozen=True):
    """What listeners hear once a notice is durable, at least once; `here` when this process has written it."""

    kind: str
    event_id: UUID | None
    subject: UUID | None
    here: bool = True


class Notice(msgspec.Struct, frozen=True):
    """An entry of the outbox; `cursor` is where reading goes on after it."""

    cursor: str
    kind: str
    event_id: UUID | None
    subject: UUID | None
    account: UUID | None
    public: bool
    at: datetime
    data: dict[str, Any]


async def post(
    kind: str,
    *,
    event: UUID | None = None,
    subject: UUID | None = None,
    by: UUID | None = None,
    public: bool = False,
    **data: object,
) -> None:
    """Append a notice to the running transaction; `public` ones appear in the feed that anybody may read.

    Nothing is public of a draft or template, of which the world does not know.
    `data` holds what changed and never personal data: the log outlives the people in it.
    """
    one = Post(kind, subject, data)
    _tell_later(await _append(one, event, public, by), event, [one])


async def post_all(posts: Sequence[Post], *, event: UUID, by: UUID | None = None) -> None:
    """Append notices of one event, none of them public, to the running transaction: many at once."""
    if not posts:
        return
    txid = await _append(posts[0], event, False, by or posts[0].by)
    now = clock.now()
    rows = [(event, one.kind, one.subject, False, by or one.by, now, _json(one.data)) for one in posts[1:]]
    await db.insert('notice (event_id, kind, subject, "public", account, at, data)', rows)
    _tell_later(txid, event, posts)


async def hear() -> None:
    """Let listeners hear also what other processes commit, and those processes what is committed here."""
    global _ear
    await fall_silent()
    _ear = db.engine().ear(_pass_on)
    await _ear.start()


async def fall_silent() -> None:
    """Hear other processes no longer; what is still to be said is said."""
    global _ear
    ear, _ear = _ear, None
    if ear is not None:
        await ear.stop()


def is_deaf() -> bool:
    """Whether what other processes commit is not heard for a while; afterwards all of it is told."""
    return _ear is not None and _ear.is_deaf


def listen(listener: Listener) -> Callable[[], None]:
    """Have `listener` called for every notice that is committed, here or (after `hear`) in another process.

    It may hear the same notice twice. Returns what ends it.
    """
    _listeners.add(listener)
    return lambda: _listeners.discard(listener)


async def read(
    *,
    after: str = "",
    event: UUID | None = None,
    public_only: bool = True,
    newest_first: bool = False,
    limit: int = 100,
) -> list[Notice]:
    """Up to `limit` settled notices after (or, newest first, before) a cursor; nothing is ever inserted before one."""
    conditions, arguments = [db.engine().settled_notices], []
    if after:
        txid, number = cursor_of(after)
        conditions.append("(txid, number) < ({}, {})" if newest_first else "(txid, number) > ({}, {})")
        arguments += [txid, number]
    if event is not None:
        conditions.append("event_id = {}")
        arguments.append(event)  # type: ignore[arg-type]
    if public_only:
        conditions.append('"public" = {}')
        arguments.append(True)
    order = "txid DESC, number DESC" if newest_first else "txid, number"
    sql = f"SELECT * FROM notice WHERE {' AND '.join(conditions)} ORDER BY {order} LIMIT {limit:d}"  # noqa: S608
    return [_notice(row) for row in await db.rows(sql, *arguments)]


async def stamp() -> Hashable:
    """What stays equal as long as nothing is posted: the database and its newest notice."""
    found = await db.row("SELECT MAX(number) AS number FROM notice")
    return db.engine(), found["number"] if found else None


def cursor_of(text: str) -> tuple[int, int]:
    """The two numbers of a cursor; raises ValueError when it is none of ours."""
    txid, _, number = text.partition("-")
    return int(txid), int(number)


async def follow(
    *, after: str = "", event: UUID | None = None, public_only: bool = True
) -> AsyncGenerator[Notice, None]:
    """Every notice from a cursor on, without end: woken by commits, and looking once a second for what settled late."""
    heard = asyncio.Event()
    silence = listen(lambda _: heard.set())
    try:
        while True:
            heard.clear()
            found = await read(after=after, event=event, public_only=public_only)
            for notice in found:
                after = notice.cursor
                yield notice
            if not found:
                await wait_for(heard, 1)
    finally:
        silence()


async def wait_for(heard: asyncio.Event, seconds: float) -> bool:
    """Whether the event was set within some seconds."""
    try:
        await asyncio.wait_for(heard.wait(), seconds)
    except TimeoutError:
        return False
    return True


async def _append(one: Post, event: UUID | None, public: bool, by: UUID | None) -> int:
    values = (event, one.kind, one.subject, public, event, by, clock.now(), _json(one.data))
    (row,) = await db.rows(POST, *values)
    return int(row["txid"])


def _json(data: Mapping[str, object]) -> str:
    return msgspec.json.encode(data).decode()


def _tell_later(txid: int, event: UUID | None, posts: Sequence[Post]) -> None:
    within = db.active_transaction()
    if within is not None:
        within.when_committed(partial(_tell, txid, event, posts))


def _tell(txid: int, event: UUID | None, posts: Sequence[Post]) -> None:
    for kind, subject in dict.fromkeys((one.kind, one.subject) for one in posts):
        if _ear is not None:
            _ear.said((txid, kind, event, subject))
        _call(Posted(kind, event, subject))


def _pass_on(entries: Sequence[db.Entry]) -> None:
    for _, kind, event, subject in entries:
        _call(Posted(kind, event, subject, here=False))


def _call(posted: Posted) -> None:
    for listener in tuple(_listeners):
        listener(posted)


def _notice(row: db.Row) -> Notice:
    return Notice(
        cursor=f"{row['txid']}-{row['number']}",
        kind=row["kind"],
        event_id=row["event_id"],
        subject=row["subject"],
        account=row["account"],
        public=row["public"],
        at=row["at"],
        data=msgspec.json.decode(row["data"]),
    )
