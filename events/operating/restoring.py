"""Filling an empty database from a backup, whichever of the two databases it was made from."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import islice
from pathlib import Path

from events import db, tables
from events.errors import conflict
from events.operating import archive, migrating
from events.operating.archive import Contents, Manifest
from events.operating.backing_up import key_mark

MOST_VALUES = 10_000
# Columns that name another row of their own table: filled in when all the rows are there.
OWN_ROWS = {"unions": "parent", "person": "merged_into"}
Progress = Callable[[str, int], None]


def _quiet(*_: object) -> None:
    return None


async def restore(path: Path, *, other_key: bool = False, progress: Progress = _quiet) -> Manifest:
    """Fill an empty database, wholly or not at all, and bring it up to date.

    Conflict backup_broken, backup_newer, restore_not_empty; secret_key_differs unless `other_key` says it is meant.
    """
    manifest = archive.manifest_of(path)
    archive.check(path, manifest)
    if set(manifest.migrations) - set(migrating.known()):
        conflict("backup_newer")
    if manifest.key != key_mark() and not other_key:
        conflict("secret_key_differs")
    await migrating.migrate(only=manifest.migrations)
    async with db.transaction():
        await _require_empty(manifest)
        await _load(path, manifest, progress)
        await db.rows(db.engine().dialect("{count_on}"))
    await migrating.migrate()
    return manifest


async def _require_empty(manifest: Manifest) -> None:
    there = {table._meta.tablename for table in tables.ALL} & set(manifest.tables)
    for name in sorted(there):
        if await db.row(f"SELECT 1 AS something FROM {name} LIMIT 1"):  # noqa: S608
            conflict("restore_not_empty")


async def _load(path: Path, manifest: Manifest, progress: Progress) -> None:
    """Load the tables, each when those that it refers to are there."""
    waiting = list(manifest.tables)
    while waiting:
        left = [name for name in waiting if not await _loads(path, name, manifest.tables[name], progress)]
        if left == waiting:
            conflict("backup_broken", part=left[0])
        waiting = left
    for name, column in OWN_ROWS.items():
        await _link(path, name, column, manifest.tables[name])


async def _loads(path: Path, name: str, contents: Contents, progress: Progress) -> bool:
    """Insert a table's rows, unless they refer to some that are still missing."""
    rows, count = archive.rows_of(path, name, contents), 0
    try:
        async with db.transaction():
            for chunk in _chunks(rows, MOST_VALUES // len(contents.columns)):
                await _insert(name, contents, chunk)
                count += len(chunk)
                progress(name, count)
    except db.ConstraintViolated as error:
        if error.kind != "foreign_key":
            raise
        return False
    return True


async def _insert(name: str, contents: Contents, rows: Sequence[Sequence[object]]) -> None:
    own = OWN_ROWS.get(name)
    names = ", ".join(f'"{column}"' for column in contents.columns)
    marks = ", ".join([f"({', '.join(['{}'] * len(contents.columns))})"] * len(rows))
    values = [
        None if column == own else value for row in rows for column, value in zip(contents.columns, row, strict=True)
    ]
    await db.rows(f"INSERT INTO {name} ({names}) VALUES {marks}", *values)  # noqa: S608


async def _link(path: Path, name: str, column: str, contents: Contents) -> None:
    names = list(contents.columns)
    for row in archive.rows_of(path, name, contents):
        if (other := row[names.index(column)]) is not None:
            await db.rows(f"UPDATE {name} SET {column} = {{}} WHERE id = {{}}", other, row[names.index("id")])  # noqa: S608


def _chunks(rows: Iterator[Sequence[object]], size: int) -> Iterator[list[Sequence[object]]]:
    while chunk := list(islice(rows, size)):
        yield chunk
