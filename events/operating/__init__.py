"""What keeps the installation going: migrations, checks, backup; the door for the command line."""

from __future__ import annotations

from events import db, notices
from events.operating.backing_up import backup
from events.operating.examining import Finding, Health, doctor, writable
from events.operating.migrating import lacking, migrate, newer, pending
from events.operating.provisioning import add_account
from events.operating.restoring import restore

__all__ = [
    "Finding", "Health", "LacksTables", "add_account", "backup", "connect", "doctor", "is_embedded", "lacking",
    "migrate", "newer", "pending", "restore", "start", "stop", "writable",
]  # fmt: skip

LacksTables = db.SchemaMismatch


def is_embedded() -> bool:
    """Whether the database is a file of ours, which whoever serves brings up to date."""
    return db.engine().embedded


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
