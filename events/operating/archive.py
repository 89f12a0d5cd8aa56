"""The file of a backup: a zip archive with a list of its tables and, for each, a line of JSON a row.

It holds values and their types, nothing of either database, so that it can be restored into both.
"""

from __future__ import annotations

import base64
import hashlib
import json
import os
import zipfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import IO, Any
from uuid import UUID

import msgspec
from piccolo import columns
from piccolo.table import Table

from events.errors import conflict

FORMAT = "magpie-backup/1"
MANIFEST = "manifest.json"
TYPES: dict[type[columns.Column], str] = {
    columns.UUID: "uuid",
    columns.Text: "text",
    columns.BigInt: "integer",
    columns.Boolean: "boolean",
    columns.Timestamptz: "time",
    columns.Date: "date",
    columns.Bytea: "bytes",
}
WRITERS: dict[str, Callable[[Any], object]] = {
    "uuid": str,
    "time": datetime.isoformat,
    "date": date.isoformat,
    "bytes": lambda value: base64.b64encode(value).decode(),
    "boolean": bool,
}
READERS: dict[str, Callable[[Any], object]] = {
    "uuid": UUID,
    "time": datetime.fromisoformat,
    "date": date.fromisoformat,
    "bytes": base64.b64decode,
}


class Contents(msgspec.Struct, frozen=True, kw_only=True):
    """What is in one table: how many rows, and the SHA-256 of its lines."""

    columns: dict[str, str]
    rows: int
    digest: str


class Manifest(msgspec.Struct, frozen=True, kw_only=True):
    """What a backup holds; `key` tells whether a secret key is the one that its personal data were sealed with."""

    format: str
    made_at: datetime
    migrations: list[str]
    key: str
    tables: dict[str, Contents]


def columns_of(table: type[Table]) -> dict[str, str]:
    """The names and types of a table's columns."""
    return {column._meta.name: TYPES[type(column)] for column in table._meta.columns}


class Writer:
    """Writes a backup beside its path; `finish` puts it there at once and whole."""

    def __init__(self, path: Path) -> None:
        self._path, self._beside = path, path.with_name(f".{path.name}.{os.getpid()}")
        descriptor = os.open(self._beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)  # there are names in it
        self._file = os.fdopen(descriptor, "wb")
        self._zip = zipfile.ZipFile(self._file, "w", zipfile.ZIP_DEFLATED)

    def open(self, name: str) -> IO[bytes]:
        """The file of one table, to be closed before the next is opened."""
        return self._zip.open(_part(name), "w", force_zip64=True)

    def finish(self, manifest: Manifest) -> None:
        """Write the list of what is in it, make it durable, and put it in its place."""
        self._zip.writestr(MANIFEST, msgspec.json.format(msgspec.json.encode(manifest)))
        self._zip.close()
        self._file.flush()
        os.fsync(self._file.fileno())
        self._file.close()
        self._beside.replace(self._path)

    def abandon(self) -> None:
        """Leave nothing of it."""
        self._zip.close()
        self._file.close()
        self._beside.unlink()


def encoded(rows: Iterable[Mapping[str, Any]], kinds: Mapping[str, str]) -> bytes:
    """Rows as lines of JSON."""
    lines = [[_written(row[name], kind) for name, kind in kinds.items()] for row in rows]
    return b"".join(json.dumps(line, ensure_ascii=False, separators=(",", ":")).encode() + b"\n" for line in lines)


def manifest_of(path: Path) -> Manifest:
    """What a file says it holds; Conflict backup_broken when it is no backup of ours."""
    try:
        with zipfile.ZipFile(path) as file:
            found = msgspec.json.decode(file.read(MANIFEST), type=Manifest)
    except (zipfile.BadZipFile, KeyError, msgspec.DecodeError):
        conflict("backup_broken", part=path.name)
    if found.format != FORMAT:
        conflict("backup_broken", part=path.name)
    return found


def check(path: Path, manifest: Manifest) -> None:
    """Read it all and compare with its digests; Conflict backup_broken names the first table that differs."""
    with zipfile.ZipFile(path) as file:
        for name, contents in manifest.tables.items():
            try:
                with file.open(_part(name)) as part:
                    sound = hashlib.file_digest(part, "sha256").hexdigest() == contents.digest  # type: ignore[arg-type]
            except (zipfile.BadZipFile, KeyError):
                sound = False
            if not sound:
                conflict("backup_broken", part=name)


def rows_of(path: Path, name: str, contents: Contents) -> Iterator[Sequence[object]]:
    """The rows of a table, their values in the order of its columns."""
    kinds = list(contents.columns.values())
    with zipfile.ZipFile(path) as file, file.open(_part(name)) as part:
        for line in part:
            yield [_read(value, kind) for value, kind in zip(json.loads(line), kinds, strict=True)]


def _part(table: str) -> str:
    return f"tables/{table}.ndjson"


def _written(value: Any, kind: str) -> object:
    return value if value is None or kind not in WRITERS else WRITERS[kind](value)


def _read(value: Any, kind: str) -> object:
    return value if value is None or kind not in READERS else READERS[kind](value)
