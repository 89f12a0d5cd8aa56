"""A large import that is killed in the middle: started again it goes on where it was, as if nothing had been."""

import asyncio
import csv
import os
import subprocess
import sys
from pathlib import Path

from events.tables import ImportRun, Member, Notice, Person
from tests.events.factory import make_union

ROWS = 45
WRONG = {12, 27, 43}  # one in a batch that is durable when it dies, one in the batch that is not, one after that
# The power is cut when the third batch is written, checked in and reported, but not committed.
CUT_OFF = """
import os, signal
inner = running._check_in
async def check_in(*where, **counts):
    await inner(*where, **counts)
    if where[3] == 30:
        os.kill(os.getpid(), signal.SIGKILL)
running._check_in = check_in
"""
MAGPIE = """
from events.imports import running
running.BATCH = 10
{}
from api.cli import main; main()
"""


async def magpie(database: str, *words: str, fault: str = "") -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", MAGPIE.format(fault), *words]
    environment = {**os.environ, "MAGPIE_DATABASE_URL": database, "LANG": "en", "LC_ALL": ""}
    return await asyncio.to_thread(
        subprocess.run, command, env=environment, capture_output=True, text=True, check=False
    )


def phone(row: int) -> str:
    return "1" if row in WRONG else f"138{row:08d}"


async def test_killed_in_the_middle_it_goes_on_where_it_was(database: str, tmp_path: Path) -> None:
    await make_union("ah")
    file, report = tmp_path / "people.csv", tmp_path / "wrong.csv"
    lines = [f"王芳,{phone(row)},ah" for row in range(2, ROWS + 2)]
    file.write_text("\n".join(["姓名,手机号,工会", *lines]), "utf-8")
    words = ("import", "people", str(file), "--report", str(report))
    assert (await magpie(database, *words, fault=CUT_OFF)).returncode == -9
    assert await Person.count() == 19
    told = await magpie(database, *words)
    assert (told.returncode, "23 added" in told.stderr, "20 taken before" in told.stderr) == (1, True, True)
    with report.open(encoding="utf-8-sig", newline="") as found:
        assert [row[:3] for row in csv.reader(found)][1:] == [[str(row), "phone", "1"] for row in sorted(WRONG)]
    assert (await Person.count(), await Member.count()) == (42, 42)
    assert await Notice.count().where(Notice.kind == "people.imported") == 5
    run = await ImportRun.objects().get(ImportRun.kind == "people")
    assert run is not None
    assert (run.rows_done, run.rows_left_out, run.finished_at is None) == (45, 3, False)
    assert report.stat().st_mode & 0o077 == 0
