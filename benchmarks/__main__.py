"""Every scenario on SQLite and on PostgreSQL: `python -m benchmarks [only=NAME,...] [database=NAME]`, or `make bench`.

A scenario that fails is reported as failed, and the others go on. What was measured is kept as JSON, of which
docs/performance.md is made.
"""

from __future__ import annotations

import os
import resource
import signal
import sys
import time
import traceback
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import NoReturn

import msgspec

from benchmarks import report, results, verdicts
from benchmarks.calibrating import calibrate, compared
from benchmarks.ground import RUN, Outcome
from benchmarks.harness.postgres import Postgres
from benchmarks.harness.sqlite import Sqlite
from benchmarks.machine import machine
from benchmarks.places import SECRET, WORK
from benchmarks.results import Result, Run, mean, rounded
from benchmarks.steps import NAMES, Step, steps


class Late(KeyboardInterrupt):
    """Something takes too long; of this kind, because a loop of asyncio would log others and go on."""


def main(arguments: Sequence[str]) -> int:
    """Measures, keeps and tells; 1 when a scenario has failed, 2 for what cannot be asked."""
    given = dict(argument.split("=", 1) for argument in arguments if "=" in argument)
    only = [name for name in given.pop("only", "").split(",") if name]
    database = given.pop("database", "")
    if given or not set(only) <= set(NAMES) or database not in ("", Sqlite.name, Postgres.name):
        say(f"What can be asked: only={','.join(NAMES)} database={Sqlite.name}|{Postgres.name}")
        return 2
    prepare()
    postgres = Postgres()
    storages = [one for one in (Sqlite(), postgres) if database in ("", one.name)]
    try:
        run = measured(steps(only, storages, postgres), postgres)
    finally:
        for storage in storages:
            storage.drop(RUN)
        postgres.stop()
    results.save(run)
    report.write(results.load())
    for one in verdicts.verdicts(run, verdicts.targets()):
        if one.value is not None:
            say(f"{one.word:>8}  {one.target.scenario} {one.database}: {one.target.what}: {one.shown}")
    return int(any(one.failed for one in run.results))


def prepare() -> None:
    """Folders, an environment of our own for whatever asks for settings, and as many open files as thousands take."""
    data = WORK / "data"
    data.mkdir(parents=True, exist_ok=True)
    os.environ |= {"MAGPIE_SECRET_KEY": SECRET, "MAGPIE_DATA_DIR": str(data)}
    resource.setrlimit(resource.RLIMIT_NOFILE, (resource.getrlimit(resource.RLIMIT_NOFILE)[1],) * 2)


def measured(todo: Iterator[Step], postgres: Postgres) -> Run:
    """Every step, between two calibrations."""
    before = calibrate(postgres)
    say(f"calibration: {told(before)}")
    found = [done(step) for step in todo]
    after = calibrate(postgres)
    differing = compared(before, after)
    say(f"calibration: {told(after)}{' NOISY: ' + ', '.join(differing) if differing else ''}")
    noop = mean([one[f"noop_{who}_cpu_ms"] for one in (before, after) for who in ("web", "load")]) * 2
    return Run(
        made_at=now(), machine=machine(postgres), before=rounded(before), after=rounded(after), differing=differing,
        results=[msgspec.structs.replace(one, noop_cpu_ms=round(noop, 4), differing=differing) for one in found],
    )  # fmt: skip


def done(step: Step) -> Result:
    """One step; what goes wrong is told, and is part of the result."""
    say(f"{step.name} {step.database}: ...")
    began, outcome, failed = time.monotonic(), Outcome(""), ""
    try:
        with limited(step.patience):
            outcome = step.work()
    except (Exception, Late) as error:
        failed = f"{type(error).__name__}: {error}"[:500]
        say(traceback.format_exc())
    seconds = round(time.monotonic() - began, 1)
    say(f"{step.name} {step.database}: {seconds} s: {failed or told(outcome.measures)}")
    return Result(
        name=step.name, database=step.database, at=now(), seconds=seconds, ran=outcome.ran, checks=outcome.checks,
        measures=rounded(outcome.measures), failed=failed,
    )  # fmt: skip


@contextmanager
def limited(seconds: int) -> Iterator[None]:
    """Have Late break off what takes longer."""

    def late(*_: object) -> NoReturn:
        raise Late(f"not done after {seconds} s")

    signal.signal(signal.SIGALRM, late)
    signal.alarm(seconds)
    try:
        yield
    finally:
        signal.alarm(0)


def now() -> str:
    """This moment."""
    return datetime.now(UTC).isoformat(timespec="seconds")


def told(measures: Mapping[str, float]) -> str:
    """Figures in a line."""
    return ", ".join(f"{name} {value:.4g}" for name, value in measures.items())


def say(text: str) -> None:
    """A line for whoever looks on."""
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
