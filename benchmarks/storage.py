"""The two kinds of database that scenarios run on."""

from __future__ import annotations

from typing import Protocol


class Storage(Protocol):
    """Databases by name, which can be copied."""

    name: str

    def url(self, database: str) -> str:
        """Where a database is."""

    def has(self, database: str) -> bool:
        """Whether there is such a database."""

    def create(self, database: str, *, like: str = "") -> str:
        """A fresh database, a copy of another if one is named; gives its address."""

    def settle(self, database: str) -> None:
        """What is done once after much was written."""

    def drop(self, database: str) -> None:
        """Have no such database."""

    def stop(self) -> None:
        """Let go of everything."""
