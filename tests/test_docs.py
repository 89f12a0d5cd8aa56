"""What the documents say is so: the configuration, the commands, the links, the two languages of the README."""

import re
from collections.abc import Iterator
from pathlib import Path

import click
import msgspec
import pytest

from api import cli
from events.settings import Settings, load
from tests.code import ROOT

DOCUMENTS = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])


def text(name: str) -> str:
    return (ROOT / name).read_text("utf-8")


def test_the_configuration_table_is_the_settings() -> None:
    rows = re.findall(r"^\| `(MAGPIE_\w+)` \| (?:`(.*?)`)? *\|", text("docs/configuration.md"), flags=re.MULTILINE)
    fields = [(f"MAGPIE_{field.name.upper()}", str(field.default)) for field in msgspec.structs.fields(Settings)]
    assert rows == fields


def test_the_database_goes_where_the_data_directory_goes() -> None:
    assert load({"MAGPIE_DATA_DIR": "/srv/magpie"}).database_url == "sqlite:/srv/magpie/magpie.db"
    assert load({"MAGPIE_DATA_DIR": "x", "MAGPIE_DATABASE_URL": "sqlite:y.db"}).database_url == "sqlite:y.db"


def commands(group: click.Group, *above: str) -> Iterator[tuple[str, click.Command]]:
    """Every command that does something, by its words after `magpie`."""
    for name, command in group.commands.items():
        if isinstance(command, click.Group):
            yield from commands(command, *above, name)
        else:
            yield " ".join((*above, name)), command


def sections() -> dict[str, str]:
    """What docs/commands.md says, by command."""
    parts = re.split(r"^## `magpie (.+)`$", text("docs/commands.md"), flags=re.MULTILINE)[1:]
    return dict(zip(parts[::2], parts[1::2], strict=True))


def test_every_command_is_documented_and_no_other() -> None:
    assert set(sections()) == {name for name, _ in commands(cli.main)}


@pytest.mark.parametrize(("name", "command"), list(commands(cli.main)))
def test_every_option_of_a_command_is_documented(name: str, command: click.Command) -> None:
    options = [max(parameter.opts, key=len) for parameter in command.params if isinstance(parameter, click.Option)]
    assert [option for option in options if option not in sections()[name]] == []


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_links_lead_somewhere(path: Path) -> None:
    links = re.findall(r"\]\(([^)#\s]+)", path.read_text("utf-8"))
    assert [link for link in links if "://" not in link and not (path.parent / link).exists()] == []


def test_both_readmes_say_the_same() -> None:
    english, chinese = text("README.md"), text("README.zh.md")
    for pattern in (r"^#+(?= )", r"^```.*?^```", r"`[^`\n]+`", r"(?<=\()[\w./]+(?=\))"):
        found = [re.findall(pattern, readme, flags=re.MULTILINE | re.DOTALL) for readme in (english, chinese)]
        assert _without_language(found[0]) == _without_language(found[1])


def _without_language(found: list[str]) -> list[str]:
    return sorted(name.replace(".zh.", ".") for name in found if name not in {"README.md", "README.zh.md"})


def test_the_makefile_helps_with_what_the_documents_name() -> None:
    helped = set(re.findall(r"^([a-z]+):.*## ", text("Makefile"), flags=re.MULTILINE))
    named = {name for path in DOCUMENTS for name in re.findall(r"`make ([a-z]+)", path.read_text("utf-8"))}
    assert named <= helped


def test_decisions_are_numbered_in_turn() -> None:
    numbers = [int(path.name[:3]) for path in sorted((ROOT / "docs/decisions").glob("*.md"))]
    assert numbers == list(range(1, len(numbers) + 1))
