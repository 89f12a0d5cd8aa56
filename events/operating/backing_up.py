"""Writing everything into one file, as it is at one moment, while the installation goes on."""

from __future__ import annotations

import hashlib
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from uuid import UUID

from piccolo.table import Table

from events import clock, crypto, db, tables
from events.db import Read, Row
from events.operating.archive import FORMAT, Contents, Manifest, Writer, columns_of, encoded

CHUNK = 5000
Progress = Callable[[str, int], None]


def _quiet(*_: object) -> None:
    return None


async def backup(path: Path, *, progress: Progress = _quiet) -> Manifest:
    """Write every table into one file; `progress` hears each table and how many of its rows are done.

    The secret key is not in it: without the key, which is kept apart, the encrypted personal data stay unreadable.
    """
    writer = Writer(path)
    try:
        async with db.snapshot() as read:
            done = await read("SELECT name FROM migration WHERE app_name = 'events' ORDER BY name")
            held = {table._meta.tablename: await _write(writer, table, read, progress) for table in tables.ALL}
    except BaseException:
        writer.abandon()
        raise
    manifest = Manifest(
        format=FORMAT, made_at=clock.now(), migrations=[row["name"] for row in done], key=key_mark(), tables=held
    )
    writer.finish(manifest)
    return manifest


def key_mark() -> str:
    """What tells one secret key from another and nothing about it."""
    return crypto.signature("which key is this", of="backup")


async def _write(writer: Writer, table: type[Table], read: Read, progress: Progress) -> Contents:
    kinds, digest, count = columns_of(table), hashlib.sha256(), 0
    with writer.open(table._meta.tablename) as part:
        async for rows in _chunks(table, read):
            lines = encoded(rows, kinds)
            part.write(lines)
            digest.update(lines)
            count += len(rows)
            progress(table._meta.tablename, count)
    return Contents(columns=kinds, rows=count, digest=digest.hexdigest())


async def _chunks(table: type[Table], read: Read) -> AsyncIterator[list[Row]]:
    """All rows of a table, by their key, so many at a time."""
    names, key = [f'"{name}"' for name in columns_of(table)], _key(table)
    order, marks = ", ".join(key), ", ".join(["{}"] * len(key))
    after: list[object] = [0 if key == ["number"] else UUID(int=0)] * len(key)
    sql = (
        f"SELECT {', '.join(names)} FROM {table._meta.tablename} "  # noqa: S608
        f"WHERE ({order}) > ({marks}) ORDER BY {order} LIMIT {CHUNK}"
    )
    while rows := await read(sql, *after):
        yield [_portable(row) for row in rows]
        after = [rows[-1][name] for name in key]


def _key(table: type[Table]) -> list[str]:
    """The columns of the primary key: things inside an event begin with it, notices have a number."""
    first = table._meta.columns[0]._meta.name
    return {"event_id": ["event_id", "id"], "number": ["number"]}.get(first, ["id"])


def _portable(row: Row) -> Row:
    """A row without what means something in its own database only: the number of the transaction of a notice."""
    return {**row, "txid": 0} if "txid" in row else row
