"""Storage: one interface over SQLite and PostgreSQL, and the only place that knows which of the two it is.

Piccolo builds the queries; the engines here run them (docs/decisions/ tells why the stock ones do not).
PICCOLO_CONF=events.db makes Piccolo's own command line work.
"""

from __future__ import annotations

import os
from collections.abc import Collection, Sequence
from contextlib import AbstractAsyncContextManager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from piccolo.apps.migrations.tables import Migration

from events import settings, tables
from events.db.again import again, persistent
from events.db.engine import ConstraintViolated, Engine, Read, Row, SchemaMismatch, Transaction, active
from events.db.hearing import Ear, Entry
from events.db.postgres import PostgresEngine
from events.db.sqlite import SqliteEngine

__all__ = [
    "ConstraintViolated",
    "Ear",
    "Engine",
    "Entry",
    "Read",
    "Row",
    "SchemaMismatch",
    "Transaction",
    "again",
    "among",
    "close",
    "connect",
    "engine",
    "insert",
    "one_of",
    "persistent",
    "row",
    "rows",
    "snapshot",
    "transaction",
]

_engine: SqliteEngine | PostgresEngine | None = None


def connect(url: str | None = None) -> SqliteEngine | PostgresEngine:
    """Point every table at the database of `url` (sqlite:PATH, postgresql://...); by default MAGPIE_DATABASE_URL."""
    global _engine
    _engine = _engine_for(url or settings.current().database_url)
    for table in (*tables.ALL, Migration):
        table._meta._db = _engine
    return _engine


def engine() -> Engine:
    """The engine in use; connects by the settings when nothing has yet."""
    return _engine or connect()


async def close() -> None:
    """Let go of every connection."""
    if _engine is not None:
        await _engine.close_connection_pool()


def transaction() -> Transaction[Any]:
    """A write transaction; inside another one it is a savepoint, so that a refused part leaves nothing behind."""
    return engine().transaction()


def snapshot() -> AbstractAsyncContextManager[Read]:
    """Something like `rows` of which every answer is of the same moment, while others go on writing."""
    return engine().snapshot()


def active_transaction() -> Transaction[Any] | None:
    """The outermost transaction that this task is in."""
    within = active(engine())
    return within.root if within else None


async def rows(sql: str, *arguments: object) -> list[Row]:
    """Rows of one statement; `{}` stands for an argument on either database."""
    return await engine().run(sql, arguments)


async def row(sql: str, *arguments: object) -> Row | None:
    """The first row of one statement, or nothing."""
    found = await rows(sql, *arguments)
    return found[0] if found else None


async def insert(into: str, many: Sequence[Sequence[object]]) -> None:
    """Write many rows at once; `into` names the table and its columns: `notice (kind, subject)`."""
    if many:
        table, _, columns = into.rstrip(")").partition(" (")
        await engine().insert(table, [column.strip('"') for column in columns.split(", ")], many)


def one_of(values: Collection[object]) -> tuple[str, list[object]]:
    """A condition behind a column, "is one of these", with its arguments; the statement is the same for any number."""
    return engine().one_of(values)


def among(columns: str, many: Sequence[Sequence[object]]) -> tuple[str, list[object]]:
    """A condition, "these columns are one of these rows", with its arguments; one statement for any number of rows."""
    return engine().among(columns, many) if many else ("1 = 0", [])


async def run_script(statements: Sequence[str]) -> None:
    """Run data definitions written with the type names of `DIALECT`."""
    for statement in statements:
        await engine().run_ddl(engine().dialect(statement))


def _engine_for(url: str) -> SqliteEngine | PostgresEngine:
    if url.startswith("sqlite:"):
        path = Path(url.removeprefix("sqlite:"))
        path.parent.mkdir(parents=True, exist_ok=True)
        os.close(os.open(path, os.O_CREAT, 0o600))  # a new file is for nobody else on this machine to read
        return SqliteEngine(str(path))
    if urlsplit(url).scheme in ("postgresql", "postgres"):
        return PostgresEngine(url, settings.current().pool_size)
    raise ValueError("MAGPIE_DATABASE_URL must begin with sqlite: or postgresql://")


def __getattr__(name: str) -> object:
    """What Piccolo's command line looks for, made when it does: importing connects to nothing and stays quick."""
    if name == "DB":
        return engine()
    if name not in ("APP_CONFIG", "APP_REGISTRY"):
        raise AttributeError(name)
    from piccolo.conf.apps import AppConfig, AppRegistry

    if name == "APP_REGISTRY":
        return AppRegistry(apps=["events.db"])
    migrations = str(Path(__file__).parent.parent / "migrations")
    return AppConfig(app_name="events", migrations_folder_path=migrations, table_classes=list(tables.ALL))
