"""How fast scoring is: `python -m benchmarks.scoring`, or `make bench`.

Each thing is measured beside a reference in the same run: a plain program with Decimal that knows these rules alone, or
sorted() of the same numbers. The machine slows both alike, so the ratio says more than the seconds.
"""

from __future__ import annotations

import json
import os
import platform
import random
import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import partial
from itertools import chain

from benchmarks import plain
from benchmarks.clocks import Taken, best
from benchmarks.contests import SEED, STEPS, Contest, contest
from benchmarks.year import CONTESTS, ENTRIES
from scoring.facts import Mark
from scoring.restating import Stated, restate, state
from scoring.standings import rank
from scoring.totals import evaluate

GIGABYTE = 10**9
SHOTS = 200


@dataclass(frozen=True)
class Line:
    """One line of the table; `target` in seconds."""

    what: str
    reference: str
    theirs: Taken
    ours: Taken
    target: float | None = None
    memory: int | None = None
    same: bool | None = None

    def cells(self) -> list[str]:
        """As it is printed."""
        return [
            self.what, self.reference, milliseconds(self.theirs), milliseconds(self.ours),
            f"{self.ours.cpu / self.theirs.cpu:.2f}", goal(self.target, self.memory), self.verdict(),
        ]  # fmt: skip

    def verdict(self) -> str:
        """Whether the target was met, by CPU time."""
        if self.same is False:
            return "results differ"
        if self.target is None:
            return ""
        return "met" if self.ours.cpu <= self.target and (self.memory or 0) <= GIGABYTE else "not met"


def milliseconds(taken: Taken) -> str:
    """CPU time, and the wall time in brackets."""
    return f"{taken.cpu * 1000:,.1f} ({taken.wall * 1000:,.1f})"


def goal(target: float | None, memory: int | None) -> str:
    """What is to be reached, and what was held."""
    held = "" if memory is None else f", 1 GB (held {memory / GIGABYTE:.2f})"
    return "" if target is None else f"{target * 1000:,.0f}{held}"


def one_contest() -> Iterator[Line]:
    """3,000 entries x 5 judges x 10 aspects: from scratch, one more mark, and the longest way on the board."""
    measured = contest(3_000, 5, 10)
    marks, entries = measured.marks(), measured.entries
    values = [mark.value for mark in marks if mark.value is not None]
    theirs = best(lambda: plain.board(measured, values))
    ours = best(lambda: rank(measured.scheme, evaluate(measured.scheme, marks, entries)))
    stated = state(measured.scheme, by_entry(measured, marks))
    found = [(line.entry, line.score, line.rank) for line in stated.board]
    same = found == plain.board(measured, values)
    yield Line("one contest from scratch: marks, totals, board", "plain Decimal", theirs, ours, 0.1, same=same)
    yield Line(f"one more mark, the slowest of {SHOTS}", "plain Decimal, all", theirs, one_more(stated), 0.005)
    yield Line("all marks of the first now the least", "plain Decimal, all", theirs, best(lambda: to_the_end(stated)))


def by_entry(measured: Contest, marks: Sequence[Mark]) -> dict[str, Sequence[Mark]]:
    """The marks of each entry."""
    size = len(measured.judges) * len(measured.aspects)
    return {entry: marks[place * size : (place + 1) * size] for place, entry in enumerate(measured.entries)}


def one_more(stated: Stated) -> Taken:
    """The slowest of many single marks that became another one."""
    chance = random.Random(SEED)  # noqa: S311  # the same marks in every run
    runs = []
    for _ in range(SHOTS):
        entry = chance.choice(list(stated.marks))
        marks = list(stated.marks[entry])
        place = chance.randrange(len(marks))
        marks[place] = replace(marks[place], value=Decimal(chance.choice(STEPS)))
        runs.append(best(partial(restate, stated, entry, marks), 3))
    return Taken(max(one.wall for one in runs), max(one.cpu for one in runs))


def to_the_end(stated: Stated) -> Stated:
    """The first entry falls to the last place, so that the rank of every line changes."""
    first = stated.board[0].entry
    return restate(stated, first, [replace(mark, value=Decimal(STEPS[0])) for mark in stated.marks[first]])


def of_year() -> Iterator[Line]:
    """1.14 million entries in 1,400 contests."""
    what = f"{ENTRIES:,} entries in {CONTESTS:,} contests, from stored"
    sorting, totals = in_a_process("sorted"), in_a_process("totals")
    yield Line(f"{what} totals", "sorted() alone", sorting.taken, totals.taken, 2, totals.memory)
    plainly, marks = in_a_process("plain"), in_a_process("marks")
    same = plainly.digest == marks.digest
    yield Line(f"{what} marks (3 x 5)", "plain Decimal", plainly.taken, marks.taken, 60, marks.memory, same)


@dataclass(frozen=True)
class Told:
    """What a process of its own has measured."""

    taken: Taken
    memory: int
    digest: str


def in_a_process(what: str) -> Told:
    """One measurement of the year."""
    command = [sys.executable, "-m", "benchmarks.year", what]
    found = json.loads(subprocess.run(command, check=True, capture_output=True).stdout)  # noqa: S603  # ours
    return Told(Taken(found["wall"], found["cpu"]), found["memory"], found["digest"])


def machine() -> str:
    """What it ran on, and how busy that is."""
    load = " ".join(f"{load:.1f}" for load in os.getloadavg())
    return f"{os.cpu_count()} cores, {platform.machine()}, Python {platform.python_version()}, load {load}"


HEAD = ["what", "reference", "reference ms", "ours ms", "ratio", "target ms", ""]
WIDTHS = [62, 19, 21, 21, 6, 24, 0]


def row(cells: Sequence[str]) -> str:
    """One row of the table."""
    return "  ".join(cell.ljust(width) for cell, width in zip(cells, WIDTHS, strict=True)).rstrip() + "\n"


def main() -> None:
    """Prints the table, line by line as it is measured."""
    write = sys.stdout.write
    write(f"{machine()}\nCPU time (wall time), the best of several; targets are met by CPU time\n\n{row(HEAD)}")
    for line in chain(one_contest(), of_year()):
        write(row(line.cells()))
        sys.stdout.flush()
    write(f"\n{machine()}\n")


if __name__ == "__main__":
    main()
