"""Bringing the schema up to date: each migration is one transaction with its record."""

from __future__ import annotations

import pkgutil
from collections.abc import Collection
from importlib import import_module
from types import ModuleType

from piccolo.apps.migrations.tables import Migration
from piccolo.table import Table

from events import db, migrations, tables
from events.errors import Conflict, Reason, conflict


async def migrate(only: Collection[str] | None = None) -> list[str]:
    """Run the migrations that are pending, or of them those with the IDs in `only`; gives the IDs that were run.

    Conflict database_newer; migration_failed when the tables are not those that the records of migrations tell of.
    """
    missing = [step for step in await _missing() if only is None or step.ID in only]
    if unknown := await newer():
        conflict("database_newer", "", migrations=", ".join(unknown))
    for step in missing:
        await _run(step)
    return [step.ID for step in missing]


async def _run(step: ModuleType) -> None:
    try:
        async with db.transaction():
            await step.forwards()
            await Migration.insert(Migration(name=step.ID, app_name="events"))
    except db.SchemaMismatch as error:
        raise Conflict(Reason("migration_failed", "", {"migration": step.ID, "error": str(error)})) from error


async def newer() -> list[str]:
    """The IDs of migrations that this database has seen and this program does not know: a newer one has been here."""
    return sorted(set(await _done()) - set(known()))


async def lacking() -> list[str]:
    """The tables that are not there, or not as they should be, in a database that is said to be up to date."""
    return [table._meta.tablename for table in tables.ALL if not await _is_whole(table)]


async def _is_whole(table: type[Table]) -> bool:
    try:
        await table.select().limit(0)
    except db.SchemaMismatch:
        return False
    return True


async def pending() -> list[str]:
    """The IDs of the migrations that this database has yet to see."""
    return [step.ID for step in await _missing()]


def known() -> list[str]:
    """The IDs of every migration there is, in order."""
    return [step.ID for step in _steps()]


async def _missing() -> list[ModuleType]:
    done = await _done()
    return [step for step in _steps() if step.ID not in done]


async def _done() -> list[str]:
    db.engine()  # which points the tables at it
    await Migration.create_table(if_not_exists=True)
    return await Migration.get_migrations_which_ran(app_name="events")


def _steps() -> list[ModuleType]:
    names = sorted(module.name for module in pkgutil.iter_modules(migrations.__path__))
    return [import_module(f"events.migrations.{name}") for name in names]
