"""Running an import: up to 5,000 rows as one, more in batches of 5,000 that can be resumed."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import AsyncGenerator, Callable, Iterable, Iterator, Sequence
from contextlib import aclosing
from functools import partial
from itertools import islice
from typing import Any, NamedTuple, Protocol

from msgspec import Struct

from events import clock, db, errors, ids
from events.access import Actor
from events.errors import Reason
from events.imports.reading import PIECE, Line, Source, Table, lines, opened

BATCH = 5000
CHECKPOINT = """INSERT INTO import_run (id, kind, digest, rows_done, rows_left_out, created_at)
    VALUES ({}, {}, {}, {}, {}, {}) ON CONFLICT (kind, digest) DO UPDATE
    SET rows_done = excluded.rows_done, rows_left_out = import_run.rows_left_out + excluded.rows_left_out
    WHERE import_run.rows_done = {} AND import_run.finished_at IS NULL RETURNING id"""
FINISH = "UPDATE import_run SET finished_at = {} WHERE kind = {} AND digest = {} AND finished_at IS NULL"
ANEW = "DELETE FROM import_run WHERE kind = {} AND digest = {} AND finished_at IS NOT NULL AND rows_left_out > 0"


class Taken(Struct, frozen=True, kw_only=True):
    """What came of an import; `before` rows had been taken by an earlier run of the same file.

    `left_out` rows were wrong: they are in the report.
    """

    rows: int
    added: int
    changed: int
    before: int
    left_out: int = 0

    @property
    def unchanged(self) -> int:
        """Rows that said nothing new."""
        return self.rows - self.before - self.added - self.changed - self.left_out


class Plans(NamedTuple):
    """What a batch would do: what is to be written, how much of it is new or other, and all that is wrong."""

    write: Sequence[Any]
    added: int
    changed: int
    flaws: Sequence[Reason]


class Kind(Protocol):
    """What a file may be of. Preparing needs no database; planning writes nothing."""

    name: str
    table: Table

    def prepare(self, batch: Sequence[Line]) -> Sequence[Any]:
        """What can be told of lines by themselves."""

    async def plan(self, actor: Actor, prepared: Sequence[Any]) -> Plans:
        """What these lines would do."""

    async def write(self, actor: Actor, plans: Plans) -> None:
        """Do it, within the running transaction."""


class Report(Protocol):
    """Where wrong rows are told that are left out, so that the others can be taken."""

    def begin(self, row: int) -> None:
        """What was told of this row and later ones is forgotten: a batch begins, perhaps not for the first time."""

    def tell(self, flaws: Sequence[Reason]) -> None:
        """Tell what is wrong, to stay."""


class Batch(NamedTuple):
    """Lines that are taken together, prepared."""

    rows: int
    first: int
    prepared: Sequence[Any]


Progress = Callable[[int], None]


async def rehearse(
    actor: Actor, source: Source, kind: Kind, *, progress: Progress, report: Report | None = None
) -> Taken:
    """What `run` would do with a file, refused as it would be; nothing is written.

    With a report, it hears of all that is wrong in the whole file.
    """
    rows = added = changed = left_out = 0
    async with aclosing(_batches(source, kind, skip=0)) as batches:
        async for batch in batches:
            plans = await kind.plan(actor, batch.prepared)
            left_out += _tell(batch, plans, report)
            rows, added, changed = rows + batch.rows, added + plans.added, changed + plans.changed
            progress(rows)
    return Taken(rows=rows, added=added, changed=changed, before=0, left_out=left_out)


async def run(actor: Actor, source: Source, kind: Kind, *, progress: Progress, report: Report | None = None) -> Taken:
    """Take a file; Invalid names every wrong cell of the batch that it stops at, of which nothing is written.

    Batches before it stay. The same file again goes on where it stopped; a mended one begins anew and finds what it
    wrote before, so nothing is doubled either way. With a report, wrong rows are left out and told there.
    """
    digest = await asyncio.to_thread(_digest, source)
    before = done = await _done(kind.name, digest)
    added = changed = left_out = 0
    async with aclosing(_batches(source, kind, skip=before)) as batches:
        async for batch in batches:
            plans = await db.again(partial(_take, actor, kind, batch, digest, done=done, report=report))
            done, added, changed = done + batch.rows, added + plans.added, changed + plans.changed
            left_out += len(_wrong(plans))
            progress(done)
    await db.rows(FINISH, clock.now(), kind.name, digest)
    if done - before > BATCH:
        await db.rows(db.engine().dialect("{after_bulk}"))
    return Taken(rows=done, added=added, changed=changed, before=before, left_out=left_out)


async def _take(actor: Actor, kind: Kind, batch: Batch, digest: bytes, *, done: int, report: Report | None) -> Plans:
    """A batch and its checkpoint, durable together; once more when another writes the same at the same moment."""
    for last in (False, True):
        try:
            async with db.transaction():
                plans = await kind.plan(actor, batch.prepared)
                left_out = _tell(batch, plans, report)
                await kind.write(actor, plans)
                await _check_in(kind.name, digest, done, done + batch.rows, left_out=left_out)
                return plans
        except db.ConstraintViolated:
            if last:
                raise
    raise AssertionError("unreachable")


def _tell(batch: Batch, plans: Plans, report: Report | None) -> int:
    """How many rows are left out; without a report none may be."""
    if report is None:
        errors.refuse(plans.flaws)
        return 0
    report.begin(batch.first)
    if plans.flaws:
        report.tell(plans.flaws)
    return len(_wrong(plans))


def _wrong(plans: Plans) -> set[object]:
    return {flaw.params["row"] for flaw in plans.flaws}


async def _done(kind: str, digest: bytes) -> int:
    """How many rows have been taken; a file that was taken to its end without some rows is taken anew."""
    await db.rows(ANEW, kind, digest)
    found = await db.row("SELECT rows_done FROM import_run WHERE kind = {} AND digest = {}", kind, digest)
    return int(found["rows_done"]) if found else 0


async def _check_in(kind: str, digest: bytes, before: int, done: int, *, left_out: int = 0) -> None:
    """Note how far it has come, in the batch's transaction: a batch and its checkpoint are durable together."""
    if not await db.rows(CHECKPOINT, ids.new(), kind, digest, done, left_out, clock.now(), before):
        errors.conflict("import_under_way")


async def _batches(source: Source, kind: Kind, *, skip: int) -> AsyncGenerator[Batch, None]:
    """The batches of a file; while one is written, a thread reads the next."""
    found = _prepared(lines(source, kind.table, skip=skip), kind)
    ahead = _next(found)
    try:
        while (batch := await ahead) is not None:
            ahead = _next(found)
            yield batch
    finally:
        ahead.cancel()


def _next(found: Iterator[Batch]) -> asyncio.Task[Batch | None]:
    task = asyncio.create_task(asyncio.to_thread(next, found, None))
    task.add_done_callback(lambda done: done.cancelled() or done.exception())  # looked at, though nobody waits for it
    return task


def _prepared(found: Iterable[Line], kind: Kind) -> Iterator[Batch]:
    left = iter(found)
    while batch := list(islice(left, BATCH)):
        yield Batch(len(batch), batch[0].number, kind.prepare(batch))


def _digest(source: Source) -> bytes:
    digest = hashlib.sha256()
    with opened(source) as file:
        for piece in iter(partial(file.read, PIECE), b""):
            digest.update(piece)
    return digest.digest()
