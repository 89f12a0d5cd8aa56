"""The same unions and people through `magpie import`, as an operator would: files in, and the same files once more."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from benchmarks.federation import people
from benchmarks.federation.building import Built, Step, prepared
from benchmarks.federation.plan import Year

MAGPIE = [sys.executable, "-c", "from api.cli import main; main()", "import"]


async def import_all(url: str, year: Year, folder: Path, tell: Callable[[Step], None]) -> Built:
    """Write the files, and take them into an empty database."""
    built = await prepared(url, tell)
    files = dict(zip(("unions", "people"), people.write_files(year, folder), strict=True))
    for kind, rows in (("unions", len(year.places())), ("people", year.members)):
        for name in (kind, f"{kind} again"):
            with built.step(name) as counted:
                await asyncio.to_thread(_magpie, url, kind, files[kind])
                counted.append(rows)
            _touch(files[kind])
    return built


def _magpie(url: str, kind: str, file: Path) -> None:
    subprocess.run([*MAGPIE, kind, str(file)], check=True, env={**os.environ, "MAGPIE_DATABASE_URL": url})  # noqa: S603


def _touch(file: Path) -> None:
    """Another file with the same rows, so that they are all looked at again."""
    with file.open("a") as out:
        out.write("\n")
