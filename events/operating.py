"""What keeps the installation going: migrations, checks, backup; the door for the command line."""

from __future__ import annotations

import pkgutil
from collections.abc import Iterator
from importlib import import_module
from types import ModuleType

from piccolo.apps.migrations.tables import Migration

from events import db, migrations


async def migrate() -> list[str]:
    """Bring the schema up to date; gives the IDs of the migrations that were run. Each is one transaction with its record."""
    db.engine()  # which points the tables at it
    await Migration.create_table(if_not_exists=True)
    done = set(await Migration.get_migrations_which_ran(app_name="events"))
    missing = [step for step in _steps() if step.ID not in done]
    for step in missing:
        async with db.transaction():
            await step.forwards()
            await Migration.insert(Migration(name=step.ID, app_name="events"))
    return [step.ID for step in missing]


async def start() -> None:
    """Reach the database before the first request comes."""
    await db.rows("SELECT 1")


async def stop() -> None:
    """Let go of the database."""
    await db.close()


def _steps() -> Iterator[ModuleType]:
    names = sorted(module.name for module in pkgutil.iter_modules(migrations.__path__))
    return (import_module(f"events.migrations.{name}") for name in names)
