"""How fast scoring is, with no database and no server: beside a plain program in the same run.

The plain program uses Decimal and knows these rules alone; for ranking it is sorted() of the same numbers.
"""

from __future__ import annotations

import json
import random
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import partial

from benchmarks import plain
from benchmarks.checking import must
from benchmarks.clocks import Taken, best
from benchmarks.contests import SEED, STEPS, Contest, contest
from benchmarks.ground import Outcome
from benchmarks.year import CONTESTS, ENTRIES
from scoring.facts import Mark
from scoring.restating import Stated, restate, state
from scoring.standings import rank
from scoring.totals import evaluate

GIGABYTE = 10**9
SHOTS = 200


def restating() -> Outcome:
    """3,000 entries x 5 judges x 10 aspects: from scratch, one more mark, and the longest way on the board."""
    measured = contest(3_000, 5, 10)
    marks, entries = measured.marks(), measured.entries
    values = [mark.value for mark in marks if mark.value is not None]
    theirs = best(lambda: plain.board(measured, values))
    ours = best(lambda: rank(measured.scheme, evaluate(measured.scheme, marks, entries)))
    known = by_entry(measured, marks)
    stated = state(measured.scheme, known)
    found = [(line.entry, line.score, line.rank) for line in stated.board]
    must(found == plain.board(measured, values), "the board is not what a plain program makes of the same marks")
    measures = milliseconds(
        scratch=ours, plain=theirs, one_more=one_more(stated, known), last=best(lambda: to_the_end(stated, known))
    )
    ran = f"CPU time, the best of several runs; one more mark: the slowest of {SHOTS}"
    return Outcome(ran, measures, ["the same board, to the last digit, as by plain Decimal"])


def ranking() -> Outcome:
    """1.14 million entries in 1,400 contests, from stored totals and from stored marks."""
    sorting, totals = in_a_process("sorted"), in_a_process("totals")
    plainly, marks = in_a_process("plain"), in_a_process("marks")
    must(plainly.digest == marks.digest, "the boards are not what a plain program makes of the same marks")
    measures = milliseconds(sorted=sorting.taken, totals=totals.taken, plain=plainly.taken, marks=marks.taken)
    measures |= {"memory_gb": max(totals.memory, marks.memory) / GIGABYTE}
    ran = f"CPU time; {ENTRIES:,} entries in {CONTESTS:,} contests, three criteria x five judges"
    return Outcome(ran, measures, ["the same boards, to the last digit, as by plain Decimal"])


def milliseconds(**taken: Taken) -> dict[str, float]:
    """CPU times as figures."""
    return {f"{name}_cpu_ms": one.cpu * 1000 for name, one in taken.items()}


def by_entry(measured: Contest, marks: Sequence[Mark]) -> dict[str, Sequence[Mark]]:
    """The marks of each entry."""
    size = len(measured.judges) * len(measured.aspects)
    return {entry: marks[place * size : (place + 1) * size] for place, entry in enumerate(measured.entries)}


def one_more(stated: Stated, known: Mapping[str, Sequence[Mark]]) -> Taken:
    """The slowest of many single marks that became another one."""
    chance = random.Random(SEED)  # noqa: S311  # the same marks in every run
    runs = []
    for _ in range(SHOTS):
        entry = chance.choice(list(known))
        marks = list(known[entry])
        place = chance.randrange(len(marks))
        marks[place] = replace(marks[place], value=Decimal(chance.choice(STEPS)))
        runs.append(best(partial(restate, stated, {entry: marks}), 3))
    return Taken(max(one.wall for one in runs), max(one.cpu for one in runs))


def to_the_end(stated: Stated, known: Mapping[str, Sequence[Mark]]) -> Stated:
    """The first entry falls to the last place, so that the rank of every line changes."""
    first = stated.board[0].entry
    return restate(stated, {first: [replace(mark, value=Decimal(STEPS[0])) for mark in known[first]]})


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
