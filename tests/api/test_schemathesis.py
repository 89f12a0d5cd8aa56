"""Schemathesis over the whole document: every check, every operation but the endless streams, with all rights."""

import asyncio
import os
import socket
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import httpx

from api.openapi.operations import operations
from events import db
from tests.api.conftest import token_of
from tests.api.test_rights import World, make_world
from tests.code import ROOT

EXAMPLES = 2
# Some rules cannot be said in JSON Schema: that an end is after its start, that an account exists, that a tag is ours.
SETTINGS = """
[checks.positive_data_acceptance]
expected-statuses = ["2xx", "304", "401", "404", "409", "412", "422"]

[parameters]
{parameters}
"""


def settings(world: World) -> str:
    """Addresses of things that there are, so that more than their absence is tried."""
    known = {f"path.{name}": value for name, value in world.ids.items() if name not in ("twin",)}
    return SETTINGS.format(parameters="\n".join(f'"{name}" = "{value}"' for name, value in known.items()))


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


@asynccontextmanager
async def process(*command: str, cwd: Path = ROOT, **environment: str) -> AsyncIterator[asyncio.subprocess.Process]:
    """A program of our own environment, ended at the end."""
    made = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        *command,
        cwd=cwd,
        env=os.environ | environment,
        stdout=-1,
        stderr=asyncio.subprocess.STDOUT,
    )
    try:
        yield made
    finally:
        if made.returncode is None:
            made.terminate()
            await made.communicate()


async def ready(address: str) -> None:
    """Once the server answers."""
    async with httpx.AsyncClient() as client:
        while True:
            try:
                await client.get(f"{address}/api/openapi.json")
            except httpx.TransportError:
                await asyncio.sleep(0.05)
            else:
                return


async def test_every_check_on_every_operation(sqlite_url: str, tmp_path: Path) -> None:
    db.connect(sqlite_url)
    world = await make_world()
    token = await token_of(world.admin)
    await db.close()
    (tmp_path / "schemathesis.toml").write_text(settings(world))
    address = f"http://127.0.0.1:{free_port()}"
    without = [f"--exclude-operation-id={operation.id}" for operation in operations() if operation.endless]
    server = ("uvicorn", "api.app:app", f"--port={address.rpartition(':')[2]}", "--log-level=error")
    async with process(*server, MAGPIE_DATABASE_URL=sqlite_url, MAGPIE_RATE_LIMIT="0"):
        await ready(address)
        run = (
            "schemathesis.cli", "--config-file", str(tmp_path / "schemathesis.toml"), "run",
            f"{address}/api/openapi.json", f"--header=Authorization: Bearer {token}", *without,
            f"--max-examples={EXAMPLES}", "--workers=2", "--seed=1", "--generation-deterministic",
            "--no-color", "--warnings=off", "--suppress-health-check=all",
        )  # fmt: skip
        async with process(*run, cwd=tmp_path) as fuzzer:
            told, _ = await fuzzer.communicate()
    assert fuzzer.returncode == 0, told.decode()
