"""Running an import: up to 5,000 rows as one, more in batches of 5,000 that can be resumed."""

from __future__ import annotations

import hashlib
from collections.abc import Awaitable, Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from itertools import islice
from typing import NamedTuple

from msgspec import Struct

from events import clock, db, errors, ids
from events.access import Actor
from events.imports.reading import Line, Table, lines

BATCH = 5000
CHECKPOINT = """INSERT INTO import_run (id, kind, digest, rows_done, created_at) VALUES ({}, {}, {}, {}, {})
    ON CONFLICT (kind, digest) DO UPDATE SET rows_done = excluded.rows_done WHERE import_run.rows_done = {}
    RETURNING id"""


class Taken(Struct, frozen=True, kw_only=True):
    """What came of an import; `before` rows had been taken by an earlier run of the same file."""

    rows: int
    added: int
    changed: int
    before: int

    @property
    def unchanged(self) -> int:
        """Rows that said nothing new."""
        return self.rows - self.before - self.added - self.changed


Take = Callable[[Actor, Sequence[Line]], Awaitable[tuple[int, int]]]
Progress = Callable[[int], None]


class Kind(NamedTuple):
    """What a file may be of: its name, its table, and what takes a batch of its lines."""

    name: str
    table: Table
    take: Take


class _Undone(Exception):
    pass


async def rehearse(actor: Actor, data: bytes, kind: Kind, progress: Progress) -> Taken:
    """What `run` would do with a file, refused as it would be; nothing is kept."""
    with suppress(_Undone):
        async with db.transaction():
            taken = await run(actor, data, kind, progress)
            raise _Undone
    return taken


async def run(actor: Actor, data: bytes, kind: Kind, progress: Progress) -> Taken:
    """Take a file; Invalid names every wrong cell of the batch that it stops at, of which nothing is written.

    Batches before it stay. The same file again goes on where it stopped; a mended one begins anew and finds what it
    wrote before, so nothing is doubled either way.
    """
    digest = hashlib.sha256(data).digest()
    before = done = await _done(kind.name, digest)
    added = changed = 0
    for batch in _batches(islice(lines(data, kind.table), before, None)):
        async with db.transaction():
            new, other = await kind.take(actor, batch)
            await _check_in(kind.name, digest, done, done + len(batch))
        done, added, changed = done + len(batch), added + new, changed + other
        progress(done)
    await db.rows(
        "UPDATE import_run SET finished_at = {} WHERE kind = {} AND digest = {} AND finished_at IS NULL",
        clock.now(), kind.name, digest,
    )  # fmt: skip
    return Taken(rows=done, added=added, changed=changed, before=before)


async def _done(kind: str, digest: bytes) -> int:
    found = await db.row("SELECT rows_done FROM import_run WHERE kind = {} AND digest = {}", kind, digest)
    return int(found["rows_done"]) if found else 0


async def _check_in(kind: str, digest: bytes, before: int, done: int) -> None:
    """Note how far it has come, in the batch's transaction: a batch and its checkpoint are durable together."""
    if not await db.rows(CHECKPOINT, ids.new(), kind, digest, done, clock.now(), before):
        errors.conflict("import_under_way")


def _batches(found: Iterable[Line]) -> Iterator[list[Line]]:
    left = iter(found)
    while batch := list(islice(left, BATCH)):
        yield batch
