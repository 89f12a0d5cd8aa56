"""A year of contests, measured in a process of its own to tell its memory: `python -m benchmarks.year WHAT`.

`totals`, `marks`: by scoring; `sorted`, `plain`: the same numbers by sorted() alone, the same marks by plain Decimal.
"""

from __future__ import annotations

import hashlib
import json
import random
import sys
from collections.abc import Callable, Iterable
from dataclasses import asdict
from decimal import Decimal
from functools import partial

from benchmarks import plain
from benchmarks.clocks import NONE, Taken, best, memory, timed
from benchmarks.contests import SEED, Contest, scheme, sizes, year
from scoring.orders import Stored, ranks
from scoring.standings import rank
from scoring.totals import evaluate

ENTRIES, CONTESTS = 1_140_000, 1_400
RULES = scheme(5, ["a0", "a1", "a2"])


def board(measured: Contest) -> list[plain.Line]:
    """Entry, total and rank from texts, by scoring."""
    found = evaluate(measured.scheme, measured.marks(), measured.entries)
    return [(line.entry, line.score or Decimal(0), int(line.rank or 0)) for line in rank(measured.scheme, found)]


def plainly(measured: Contest) -> list[plain.Line]:
    """The same by plain Decimal."""
    return plain.board(measured, list(map(Decimal, measured.texts)))


def of_marks(make: Callable[[Contest], list[plain.Line]], contests: Iterable[Contest]) -> tuple[Taken, str]:
    """The time that boards take, one contest after the other, and the fingerprint of all of them."""
    total, digest = NONE, hashlib.sha256()
    for measured in contests:
        lines, taken = timed(partial(make, measured))
        total += taken
        digest.update("".join(f"{entry} {score} {rank}\n" for entry, score, rank in lines).encode())
    return total, digest.hexdigest()


def kept() -> list[tuple[list[int], list[int]]]:
    """Totals of a year as they are stored, by contest: cents, and those of the tie-break."""
    chance = random.Random(SEED)  # noqa: S311  # the same totals in every run
    return [
        (chance.choices(range(18_000, 30_001), k=size), chance.choices(range(6_000, 10_001), k=size))
        for size in sizes(ENTRIES, CONTESTS)
    ]


def of_totals() -> Taken:
    """The time that all ranks take."""
    stored = [Stored(scores, [breaks]) for scores, breaks in kept()]
    return best(lambda: [ranks(RULES, one) for one in stored], 3)


def of_sorting() -> Taken:
    """The time that sorted() takes for the same numbers."""
    pairs = [list(zip(scores, breaks, strict=True)) for scores, breaks in kept()]
    return best(lambda: [sorted(one) for one in pairs], 3)


def main(what: str) -> None:
    """Measures, and says it as JSON."""
    digest = ""
    if what in ("marks", "plain"):
        taken, digest = of_marks(board if what == "marks" else plainly, year(ENTRIES, CONTESTS))
    else:
        taken = of_totals() if what == "totals" else of_sorting()
    sys.stdout.write(json.dumps({**asdict(taken), "memory": memory(), "digest": digest}))


if __name__ == "__main__":
    main(sys.argv[1])
