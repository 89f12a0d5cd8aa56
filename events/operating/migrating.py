"""Bringing the schema up to date: each migration is one transaction with its record."""

from __future__ import annotations

import pkgutil
from collections.abc import Collection
from importlib import import_module
from types import ModuleType

from piccolo.apps.migrations.tables import Migration

from events import db, migrations


async def migrate(only: Collection[str] | None = None) -> list[str]:
    """Run the migrations that are pending, or of them those with the IDs in `only`; gives the IDs that were run."""
    missing = [step for step in await _missing() if only is None or step.ID in only]
    for step in missing:
        async with db.transaction():
            await step.forwards()
            await Migration.insert(Migration(name=step.ID, app_name="events"))
    return [step.ID for step in missing]


async def pending() -> list[str]:
    """The IDs of the migrations that this database has yet to see."""
    return [step.ID for step in await _missing()]


def known() -> list[str]:
    """The IDs of every migration there is, in order."""
    return [step.ID for step in _steps()]


async def _missing() -> list[ModuleType]:
    db.engine()  # which points the tables at it
    await Migration.create_table(if_not_exists=True)
    done = set(await Migration.get_migrations_which_ran(app_name="events"))
    return [step for step in _steps() if step.ID not in done]


def _steps() -> list[ModuleType]:
    names = sorted(module.name for module in pkgutil.iter_modules(migrations.__path__))
    return [import_module(f"events.migrations.{name}") for name in names]
