"""Every scenario by its name, in the order in which they run."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from benchmarks import scoring
from benchmarks.ground import Ground, Outcome
from benchmarks.harness.postgres import Postgres
from benchmarks.scenarios import arrival, calendars, crashes, fanout, growing, marks, reading, registration, year
from benchmarks.storage import Storage

ON_DATABASES: Mapping[str, Callable[[Ground], Outcome]] = {
    "starting": growing.starting,
    "registration": registration.registration,
    "registration_crash": crashes.registrations,
    "marks": marks.single,
    "sheets": marks.by_the_sheet,
    "marks_crash": crashes.of_marks,
    "arrival": arrival.arrival,
    "board": reading.board,
    "fanout5000": fanout.five_thousand,
    "fanout10000": fanout.ten_thousand,
    "events": reading.events,
    "calendar": calendars.calendar,
    "flat": growing.flat,
}
ALONE: Mapping[str, Callable[[], Outcome]] = {"restating": scoring.restating, "ranking": scoring.ranking}
LONG: Mapping[str, Callable[[Ground], Outcome]] = {"year": year.year}  # only when asked for
NAMES = (*ON_DATABASES, *ALONE, *LONG)
PATIENCE = 300
PATIENT = {"flat": 1_500, "year": 5_400}  # the first run makes a year's registrations


@dataclass(frozen=True)
class Step:
    """One thing to be measured, within so many seconds."""

    name: str
    database: str
    work: Callable[[], Outcome]
    patience: int = PATIENCE


def steps(only: Sequence[str], storages: Sequence[Storage], postgres: Postgres) -> Iterator[Step]:
    """What was asked for (nothing: all that does not take long), one database after the other."""
    for storage in storages:
        for name, scenario in {**ON_DATABASES, **LONG}.items():
            if name in only or (not only and name not in LONG):
                work = partial(scenario, Ground(storage, postgres))
                yield Step(name, storage.name, work, PATIENT.get(name, PATIENCE))
    for name, alone in ALONE.items():
        if name in only or not only:
            yield Step(name, "", alone)
