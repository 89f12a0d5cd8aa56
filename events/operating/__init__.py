"""What keeps the installation going: migrations, checks, backup; the door for the command line."""

from __future__ import annotations

import sqlite3

import asyncpg

from events import db, notices
from events.operating.backing_up import backup
from events.operating.examining import Finding, Health, doctor, writable
from events.operating.migrating import lacking, migrate, newer, pending
from events.operating.provisioning import add_account
from events.operating.restoring import restore

__all__ = [
    "UNREACHABLE", "Finding", "Health", "add_account", "backup", "connect", "doctor", "lacking", "lacks_tables",
    "migrate", "newer", "pending", "restore", "start", "stop", "writable",
]  # fmt: skip

# What a database that cannot be used raises.
UNREACHABLE = (
    OSError,
    sqlite3.DatabaseError,
    asyncpg.PostgresConnectionError,
    asyncpg.InvalidAuthorizationSpecificationError,
    asyncpg.InvalidCatalogNameError,
    asyncpg.UndefinedTableError,
)


def lacks_tables(error: BaseException) -> bool:
    """Whether a database was reached that has not been migrated."""
    return isinstance(error, asyncpg.UndefinedTableError) or "no such table" in str(error)


def connect() -> None:
    """Point everything at the database of the settings; nothing is asked of it yet."""
    db.engine()


async def start() -> None:
    """Reach the database before the first request comes, and hear what other processes commit."""
    await db.rows("SELECT 1")
    await notices.hear()


async def stop() -> None:
    """Let go of the database."""
    await notices.fall_silent()
    await db.close()
