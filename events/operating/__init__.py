"""What keeps the installation going: migrations, checks, backup; the door for the command line."""

from __future__ import annotations

from events import db
from events.operating.backing_up import backup
from events.operating.examining import Finding, Health, doctor
from events.operating.migrating import migrate, pending
from events.operating.restoring import restore

__all__ = ["Finding", "Health", "backup", "doctor", "migrate", "pending", "restore", "start", "stop"]


async def start() -> None:
    """Reach the database before the first request comes."""
    await db.rows("SELECT 1")


async def stop() -> None:
    """Let go of the database."""
    await db.close()
