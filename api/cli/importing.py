"""`magpie import`: unions and people out of files of any size."""

import csv
import os
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import rich_click as click

from api.cli.documents import EXISTING_FILE, MOST_TOLD, NewFile
from api.cli.running import run
from api.cli.telling import LANG, progress, sentence, stop, t, tell
from api.wording import words
from events.errors import Reason

if TYPE_CHECKING:
    from events.imports import Taken

PIECE = 1 << 20
COLUMNS = ("row", "column", "value", "what")


class ReportFile:
    """A csv of what is wrong; rows that are told are on the disk before the batch they are in is taken."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.last: int | None = None  # the last row of which something is told; None before it is known

    def begin(self, row: int) -> None:
        """Keep what was told of the rows before this one, by an interrupted run as well, and nothing else."""
        if self.last is not None and self.last < row:
            return
        kept = [line for line in self._told() if int(line[0]) < row]
        made = self.path.with_name(f"{self.path.name}.new")
        os.close(os.open(made, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600))
        made.write_bytes(b"\xef\xbb\xbf")  # so that spreadsheets read its Chinese
        self._write(made, [[t(f"import_{name}") for name in COLUMNS], *kept])
        made.replace(self.path)
        self.last = row - 1

    def tell(self, flaws: Sequence[Reason]) -> None:
        """Write some rows."""
        wheres = [[str(flaw.params[name]) for name in ("row", "column", "value")] for flaw in flaws]
        lines = [[*where, words(flaw, LANG)] for where, flaw in zip(wheres, flaws, strict=True)]
        self.last = max(int(where[0]) for where in wheres)
        self._write(self.path, [[_plain(cell) for cell in line] for line in lines])

    def _told(self) -> list[list[str]]:
        """The rows that were told before; none in a file that is no report."""
        if not self.path.exists():
            return []
        with self.path.open(encoding="utf-8-sig", newline="") as file:
            return [line for line in csv.reader(file) if len(line) == len(COLUMNS) and line[0].isdigit()]

    def _write(self, path: Path, lines: Sequence[Sequence[str]]) -> None:
        with path.open("a", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows(lines)
            file.flush()
            os.fsync(file.fileno())


class Shown:
    """Tells the first that are wrong, and counts the others."""

    def __init__(self) -> None:
        self.told = 0

    def begin(self, row: int) -> None:
        """Nothing was told before."""

    def tell(self, flaws: Sequence[Reason]) -> None:
        """Say what is wrong."""
        for flaw in flaws[: max(MOST_TOLD - self.told, 0)]:
            tell(sentence(flaw))
        self.told += len(flaws)


@click.command(name="import", help=t("import_help"))
@click.argument("kind", type=click.Choice(["unions", "people"]))
@click.argument("file", type=EXISTING_FILE)
@click.option("--check", is_flag=True, help=t("import_check"))
@click.option("--report", type=NewFile(path_type=Path, dir_okay=False), help=t("import_report"))
def import_(kind: str, file: Path, check: bool, report: Path | None) -> None:
    """Take a file, whole or in batches that can be resumed; or only look through it."""
    wrong = ReportFile(report) if report else Shown() if check else None
    with progress() as bar:
        of = rows_about(file)
        taken = run(
            _import(kind, file, wrong, check=check, progress=lambda rows: bar(t("rows_done", rows=rows), rows, of))
        )
    say_what_came(taken, wrong, check=check)


def say_what_came(taken: "Taken", wrong: ReportFile | Shown | None, *, check: bool) -> None:
    """Say how many rows did what; exits with 1 when some are wrong."""
    counts = {"rows": taken.rows, "added": taken.added, "changed": taken.changed, "before": taken.before}
    tell(t("import_checked" if check else "imported", unchanged=taken.unchanged, **counts))
    if isinstance(wrong, ReportFile) and taken.left_out:
        stop(t("import_reported", n=taken.left_out, file=wrong.path))
    if taken.left_out:
        more = wrong.told - MOST_TOLD if isinstance(wrong, Shown) else 0
        stop(*[t("import_more", n=more)] if more > 0 else [], t("import_wrong", n=taken.left_out))


async def _import(
    kind: str, file: Path, wrong: ReportFile | Shown | None, *, check: bool, progress: Callable[[int], None]
) -> "Taken":
    from events import imports
    from events.access import SYSTEM

    take = imports.unions if kind == "unions" else imports.people
    return await take(SYSTEM, file, try_only=check, progress=progress, report=wrong)


def rows_about(file: Path) -> int | None:
    """About how many rows a text has; nobody knows of a workbook before it is read."""
    with file.open("rb") as read:
        if read.read(2) == b"PK":
            return None
        return sum(piece.count(b"\n") for piece in iter(lambda: read.read(PIECE), b""))


def _plain(cell: str) -> str:
    from events.exports import plain

    return plain(cell)
