"""SQLite files, kept and copied as PostgreSQL's databases are."""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

from benchmarks.places import WORK

BESIDE = ("", "-wal", "-shm")


class Sqlite:
    """A folder of files; what the database takes of the processors is part of what the web takes."""

    name = "sqlite"

    def __init__(self, folder: Path = WORK / "sqlite") -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.folder = folder

    def stop(self) -> None:
        """Nothing runs."""

    def path(self, database: str) -> Path:
        """Where a database is."""
        return self.folder / f"{database}.db"

    def url(self, database: str) -> str:
        """The same as an address."""
        return f"sqlite:{self.path(database)}"

    def has(self, database: str) -> bool:
        """Whether there is such a database."""
        return self.path(database).exists()

    def create(self, database: str, *, like: str = "") -> str:
        """A fresh database, a copy of another if one is named; gives its address."""
        self.drop(database)
        if like:
            shutil.copyfile(self.path(like), self.path(database))
        return self.url(database)

    def settle(self, database: str) -> None:
        """Have everything in the one file that is copied."""
        with closing(sqlite3.connect(self.path(database))) as connection:
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")

    def drop(self, database: str) -> None:
        """Have no such database."""
        for beside in BESIDE:
            self.path(database).with_name(f"{database}.db{beside}").unlink(missing_ok=True)
