"""The three rings: who may import whom, who may read the world, and what is shipped."""

import ast
import re
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from importlinter.cli import EXIT_STATUS_SUCCESS, lint_imports

from tests.code import ROOT, imported, named, sources, trees

# Who may read what lies outside the program, and nobody else.
WORLD = {
    "environment": (r"os\.(environ|getenv)", {"events/settings.py"}),
    "time": (
        r"(datetime\.)?(datetime|date)\.(now|utcnow|today)|time\.(time|time_ns|localtime|gmtime)",
        {"events/clock.py"},
    ),
    "chance": (
        r"os\.urandom|secrets\.\w+|uuid\.uuid[14678]|random\.(?!Random$)\w+",
        {"events/ids.py", "events/crypto.py", "events/settings.py"},
    ),
}


def test_imports_go_from_api_to_events_to_scoring(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    assert lint_imports(no_cache=True, no_logo=True) == EXIT_STATUS_SUCCESS


@pytest.mark.parametrize("what", WORLD)
def test_only_the_leaves_read_the_world(what: str) -> None:
    pattern, allowed = WORLD[what]
    readers = {path for path, tree in trees().items() if any(_matching(pattern, tree))}
    assert readers <= allowed


def _matching(pattern: str, tree: ast.Module) -> list[str]:
    return [name for name in (*named(tree), *imported(tree)) if re.fullmatch(pattern, name)]


DATABASES = re.compile("sqlite|postgres|asyncpg|PRAGMA|pg_", re.IGNORECASE)
# What forms an address may have is a matter of the settings.
OF_ADDRESSES = {"events/settings.py", "api/cli/running.py"}


def test_only_the_engines_know_which_database_it_is() -> None:
    knowing = {path for path, tree in trees().items() if any(map(DATABASES.search, [*imported(tree), *_spoken(tree)]))}
    assert {path for path in knowing if not path.startswith(("events/db/", "events/migrations/"))} == OF_ADDRESSES


def _spoken(tree: ast.Module) -> list[str]:
    """Every string and name that is not there for readers only."""
    told = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    constants = [node for node in ast.walk(tree) if isinstance(node, ast.Constant) and id(node) not in told]
    return [*named(tree), *(node.value for node in constants if isinstance(node.value, str))]


def test_one_module_at_most_speaks_the_http_client() -> None:
    callers = [path for path, tree in trees().items() if any(name.split(".")[0] == "httpx" for name in imported(tree))]
    assert len(callers) <= 1


def test_the_router_can_read_every_annotation() -> None:
    assert not [path for path, source in sources().items() if path.startswith("api/") and "from __future__" in source]


def test_constraints_pin_everything_by_hash_and_name_no_host() -> None:
    entries = re.split(r"^(?=\w)", (ROOT / "constraints.txt").read_text(), flags=re.MULTILINE)[1:]
    form = r"[\w.-]+(\[[\w, -]+\])?==[^ ]+ .*\n( +--hash=sha256:\w{64}.*\n)+"
    assert [entry for entry in entries if not re.match(form, entry)] == []
    assert "://" not in "".join(entries)


@pytest.fixture(scope="module")
def shipped(tmp_path_factory: pytest.TempPathFactory) -> set[str]:
    """The names of the files in our wheel."""
    copy = tmp_path_factory.mktemp("wheel") / "magpie"
    shutil.copytree(ROOT, copy, ignore=shutil.ignore_patterns(".*", "build", "*.egg-info", "__pycache__"))
    command = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--no-build-isolation", "."]
    subprocess.run(command, cwd=copy, check=True)
    (wheel,) = copy.glob("magpie-*.whl")
    return set(zipfile.ZipFile(wheel).namelist())


def test_the_wheel_holds_the_three_rings_and_all_their_data(shipped: set[str]) -> None:
    ours = {path.relative_to(ROOT).as_posix() for ring in ("api", "events", "scoring") for path in _files(ROOT / ring)}
    assert ours <= shipped


def test_the_wheel_holds_nothing_else(shipped: set[str]) -> None:
    folders = {name.split("/")[0] for name in shipped if ".dist-info/" not in name}
    assert folders == {"api", "events", "scoring"}


def _files(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file() and "__pycache__" not in path.parts]
