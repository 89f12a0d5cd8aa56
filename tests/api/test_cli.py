"""The command `magpie`, as a process of its own: what it prints, where, and its exit codes."""

import asyncio
import os
import re
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from api.cli.importing import ReportFile
from events import accounts, people
from events.access import SYSTEM, Right
from events.accounts import SignInForm
from events.errors import Reason
from events.imports.reading import reason
from events.tables import Person
from tests.events.factory import make_union

MAGPIE = [sys.executable, "-c", "from api.cli import main; main()"]


class Machine:
    """Where an operator sits: a data directory and a database."""

    def __init__(self, folder: Path, url: str) -> None:
        ours = {
            "MAGPIE_DATABASE_URL": url,
            "MAGPIE_DATA_DIR": str(folder / "data"),
            "MAGPIE_SECRET_KEY": "only for tests",
        }
        bare = {name: value for name, value in os.environ.items() if name != "PICCOLO_CONF"}  # operators have none
        self.environment = {**bare, "LANG": "en", "LC_ALL": "", "LC_MESSAGES": "", **ours}

    async def __call__(self, *words: str, typed: str = "", **environment: str) -> subprocess.CompletedProcess[str]:
        """What came of one command."""
        return await asyncio.to_thread(
            subprocess.run,
            [*MAGPIE, *words],
            env={**self.environment, **environment},
            input=typed,
            capture_output=True,
            text=True,
            check=False,
        )

    async def start(self, *words: str) -> asyncio.subprocess.Process:
        """A command that goes on until it is stopped."""
        return await asyncio.create_subprocess_exec(*MAGPIE, *words, env=self.environment, stderr=subprocess.PIPE)


@pytest.fixture
def fresh(tmp_path: Path) -> Machine:
    """A machine with nothing on it."""
    return Machine(tmp_path, f"sqlite:{tmp_path / 'fresh.db'}")


@pytest.fixture
def magpie(tmp_path: Path, database: str) -> Machine:
    """A machine with a migrated and empty database of either kind."""
    return Machine(tmp_path, database)


async def test_two_commands_are_all_that_a_script_needs(fresh: Machine) -> None:
    migrated = await fresh("migrate")
    assert (migrated.returncode, migrated.stdout) == (0, "")
    assert "0001" in migrated.stderr
    assert "up to date" in (await fresh("migrate")).stderr
    added = await fresh("account", "add", "robot", "--role", "administrator", "--token")
    assert added.returncode == 0
    assert re.fullmatch(r"[\w-]{43}\n", added.stdout)
    assert "robot" in added.stderr


async def test_an_added_account_may_what_its_role_allows(magpie: Machine) -> None:
    union = await make_union()
    added = await magpie("account", "add", "robot", "--role", "administrator", "--token")
    actor = await accounts.actor_of_token(added.stdout.strip())
    assert actor is not None
    assert actor.may(Right.KEEP_ACCOUNTS)
    await magpie(
        "account", "add", "wang", "--role", "registrar", "--union", "ah", "--password-stdin", typed="correct horse\n"
    )
    entered = await accounts.sign_in(SignInForm(login="wang", password="correct horse"))
    actor = await accounts.actor_of_cookie(entered.token)
    assert actor is not None
    assert actor.scope(Right.KEEP_PEOPLE) == ([], ["ah."])
    assert union
    listed = (await magpie("account", "list")).stdout.splitlines()
    assert [line.split("\t")[:2] for line in listed] == [["wang", "registrar"], ["robot", "administrator"]]


async def test_an_account_gets_a_new_password(magpie: Machine) -> None:
    await magpie("account", "add", "wang")
    assert (await magpie("account", "password", "wang", "--password-stdin", typed="correct horse\n")).returncode == 0
    await accounts.sign_in(SignInForm(login="wang", password="correct horse"))
    refused = await magpie("account", "password", "wang", "--password-stdin", typed="short\n")
    assert (refused.returncode, "8 characters" in refused.stderr) == (1, True)
    assert (await magpie("account", "password", "nobody", "--password-stdin", typed="correct horse\n")).returncode == 1
    assert (await magpie("account", "password", "wang", "--password-stdin")).returncode == 1


async def test_what_is_refused_leaves_nothing_behind(magpie: Machine) -> None:
    refused = await magpie("account", "add", "wang", "--role", "registrar", "--union", "nowhere", "--token")
    assert (refused.returncode, refused.stdout) == (1, "")
    assert (await magpie("account", "list")).stdout == ""
    for words in (
        ("--role", "registrar"),
        ("--union", "ah"),
        ("--role", "administrator", "--union", "ah"),
        ("--role", "king"),
    ):
        assert (await magpie("account", "add", "wang", *words)).returncode == 2


async def test_every_wrong_cell_of_an_import_is_named(magpie: Machine, tmp_path: Path) -> None:
    file = tmp_path / "people.csv"
    file.write_text("name,union,phone\n王芳,ah,138\n李娜,nowhere,13812345678\n", "utf-8")
    await make_union()
    refused = await magpie("import", "people", str(file))
    assert refused.returncode == 1
    assert [line.partition(":")[0] for line in refused.stderr.splitlines()] == [
        'Row 2, phone, "138"',
        'Row 3, union, "nowhere"',
    ]
    checked = await magpie("import", "people", str(file), "--check")
    assert checked.returncode == 1
    assert checked.stderr.splitlines()[:2] == refused.stderr.splitlines()
    assert "2 rows looked through, nothing written: 0 would be added" in checked.stderr
    assert await Person.count() == 0


def test_a_report_says_once_what_is_found_twice(tmp_path: Path) -> None:
    path = tmp_path / "wrong.csv"

    def flaws(*rows: int) -> list[Reason]:
        return [reason(row, "name", "=1", Reason("required")) for row in rows]

    for _ in range(2):  # the second is a run that goes on after an interruption
        report = ReportFile(path)
        report.begin(2)
        report.tell(flaws(3))
        report.begin(4)
        report.tell(flaws(5, 6))
        report.begin(4)  # the batch was undone, and is taken again
        report.tell(flaws(5))
    lines = path.read_text("utf-8-sig").splitlines()[1:]
    assert [line.split(",")[:3] for line in lines] == [["3", "name", "'=1"], ["5", "name", "'=1"]]


async def test_lists_go_in_and_out(magpie: Machine, tmp_path: Path) -> None:
    unions, members = tmp_path / "unions.csv", tmp_path / "people.csv"
    unions.write_text("parent,code,name_zh,level\n,ah,省总工会,省\nah,hf,合肥市总工会,市\n", "utf-8")
    members.write_text("姓名,工会,手机号\n王芳,ah.hf,13812345678\n", "utf-8")
    assert "2 added" in (await magpie("import", "unions", str(unions))).stderr
    assert "1 added" in (await magpie("import", "people", str(members))).stderr
    again = await magpie("import", "people", str(members), LANG="zh_CN.UTF-8")
    assert "先前已导入 1" in again.stderr
    assert [person.name for person in (await people.search(SYSTEM)).items] == ["王芳"]
    assert (await magpie("export", "unions")).stdout.splitlines()[2] == "ah,hf,合肥市总工会,,city,"
    out = tmp_path / "out.csv"
    assert (await magpie("export", "people", str(out))).returncode == 0
    assert "138****5678" in out.read_text("utf-8-sig")
    assert (await magpie("export", "registrations")).returncode == 2
    missing = await magpie("export", "registrations", "--event", "01a20a00-0000-7000-8000-000000000000")
    assert (missing.returncode, "Traceback" in missing.stderr) == (1, False)
    nowhere = await magpie("export", "people", str(tmp_path / "none" / "out.csv"))
    assert (nowhere.returncode, "Nothing can be written" in nowhere.stderr) == (2, True)


def rights(folder: Path) -> dict[str, int]:
    """Every file below, and who may do what with it."""
    return {path.name: path.stat().st_mode for path in folder.rglob("*") if path.is_file()}


async def test_what_is_kept_is_for_nobody_else_on_the_machine_to_read(fresh: Machine, tmp_path: Path) -> None:
    await fresh("migrate")
    await fresh("backup", str(tmp_path / "magpie.backup"))
    kept = rights(tmp_path)
    assert {*kept} >= {"fresh.db", "magpie.backup"}
    assert [name for name, mode in kept.items() if mode & 0o077] == []


async def test_a_file_that_is_no_database_is_said_to_be_none(fresh: Machine, tmp_path: Path) -> None:
    (tmp_path / "fresh.db").write_bytes(b"no database at all, but long enough to be looked at" * 20)
    refused = await fresh("migrate")
    assert (refused.returncode, "not a database" in refused.stderr) == (1, True)
    assert "Traceback" not in refused.stderr


async def test_the_demo_is_loaded_once_backed_up_and_restored(fresh: Machine, tmp_path: Path) -> None:
    first = await fresh("demo", "--if-empty")
    assert first.returncode == 0
    assert "admin" in first.stderr
    second = await fresh("demo", "--if-empty")
    assert (second.returncode, "admin" in second.stderr) == (0, True)
    assert (await fresh("demo")).returncode == 1
    saved = await fresh("backup", str(tmp_path / "magpie.backup"))
    assert "MAGPIE_SECRET_KEY" in saved.stderr
    assert (await fresh("restore", str(tmp_path / "magpie.backup"))).returncode == 1
    other = {"MAGPIE_DATABASE_URL": f"sqlite:{tmp_path / 'other.db'}"}
    wrong = await fresh("restore", str(tmp_path / "magpie.backup"), MAGPIE_SECRET_KEY="another", **other)
    assert (wrong.returncode, "another secret key" in wrong.stderr) == (1, True)
    assert (await fresh("restore", str(tmp_path / "magpie.backup"), **other)).returncode == 0
    assert (await fresh("account", "list", **other)).stdout == (await fresh("account", "list")).stdout


async def test_the_doctor_exits_by_what_is_broken(magpie: Machine) -> None:
    sound = await magpie("doctor")
    assert sound.returncode == 0
    assert "sound\tThe database is up to date." in sound.stdout
    broken = await magpie("doctor", MAGPIE_ZONE="Nowhere", LANG="zh_CN.UTF-8")
    assert broken.returncode == 1
    assert "有误\t没有时区 Nowhere 的数据" in broken.stdout


@pytest.mark.parametrize(
    ("variable", "value", "said"),
    [
        ("MAGPIE_POOL_SIZE", "many", "MAGPIE_POOL_SIZE"),
        ("MAGPIE_DATABASE_URL", "mysql://localhost/magpie", "MAGPIE_DATABASE_URL"),
        ("MAGPIE_DATABASE_URL", "postgresql://[::1/magpie", "MAGPIE_DATABASE_URL"),
        ("MAGPIE_DATABASE_URL", "postgresql://nobody@127.0.0.1:1/nothing", "cannot be reached"),
    ],
)
async def test_a_wrong_setting_is_named(fresh: Machine, variable: str, value: str, said: str) -> None:
    stopped = await fresh("migrate", **{variable: value})
    assert stopped.returncode == 1
    assert said in stopped.stderr
    assert "Traceback" not in stopped.stderr


async def test_an_unmigrated_database_is_said_to_be_one(fresh: Machine) -> None:
    stopped = await fresh("account", "list")
    assert (stopped.returncode, "run magpie migrate" in stopped.stderr) == (1, True)


async def heard(process: asyncio.subprocess.Process, words: str) -> None:
    """Wait for a line on standard error."""
    assert process.stderr is not None
    while line := (await process.stderr.readline()).decode():
        if words in line:
            return
    raise AssertionError("it ended without a word of it")


@pytest.mark.parametrize(("words", "said"), [(("serve", "--port", "0"), "Uvicorn running on"), (("work",), "Waiting")])
async def test_what_goes_on_ends_at_a_signal(fresh: Machine, words: tuple[str, ...], said: str) -> None:
    process = await fresh.start(*words)
    try:
        await asyncio.wait_for(heard(process, said), 60)
        process.send_signal(signal.SIGTERM)
        await asyncio.wait_for(process.communicate(), 60)
    finally:
        if process.returncode is None:
            process.kill()
    assert process.returncode in (0, -signal.SIGTERM)


async def test_help_is_given_in_both_languages(fresh: Machine) -> None:
    assert "Serve pages" in (await fresh("--help")).stdout
    assert "提供网页" in (await fresh("--help", LC_ALL="zh_CN.UTF-8")).stdout
