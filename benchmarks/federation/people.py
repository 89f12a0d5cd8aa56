"""The unions and members of the year, written by the functions that imports use; and the same as files to import."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from itertools import accumulate
from pathlib import Path
from random import Random
from uuid import UUID

from benchmarks.federation.plan import Place, Year, chance
from events import clock, db, ids, notices, unions
from events.access import SYSTEM
from events.demo import plans
from events.imports import people_lines, union_lines
from events.people import identity, keeping
from events.people.keeping import Known, Plan, Wanted
from events.terms import Level, Sex
from events.text import Bilingual
from events.unions import UnionForm

CHUNK = 5000
OLDEST, DAYS = date(1964, 3, 1), 15_521
SCRAMBLE = 1_000_003  # no factor of the numbers of people: whoever comes next is not born the next day


async def write_unions(places: Sequence[Place]) -> None:
    """All of them, in batches as an import would."""
    known: dict[str, UUID] = {}
    for start in range(0, len(places), CHUNK):
        made = [(ids.new(), place) for place in places[start : start + CHUNK]]
        known |= {place.path: union for union, place in made}
        async with db.transaction():
            await unions.insert_all([(union, _form(place, known), place.above) for union, place in made])
            await notices.post("unions.imported", by=SYSTEM.account, added=len(made), changed=0)


async def union_ids() -> dict[str, UUID]:
    """Every union by its path."""
    return {row["path"]: row["id"] for row in await db.rows("SELECT path, id FROM unions")}


def chunks(year: Year) -> range:
    """People are written in so many parts."""
    return range(-(-year.members // CHUNK))


async def write_people(year: Year, places: Sequence[Place], known: dict[str, UUID], chunk: int) -> int:
    """One part of the people, as an import would write it."""
    with clock.at(year.now - timedelta(days=500) + timedelta(seconds=chunk)):
        wanted = [Wanted(person, known[path], path) for person, path in humans(year, places, chunk)]
        async with db.transaction():
            await keeping.carry_out([Plan(one, None, {}) for one in wanted])
            await notices.post("people.imported", by=SYSTEM.account, added=len(wanted), changed=0)
    return len(wanted)


def humans(year: Year, places: Sequence[Place], chunk: int) -> Iterator[tuple[Known, str]]:
    """Some of the people, and the path of the union of each."""
    luck, names = chance(f"people {chunk}"), plans.names()
    first, last = chunk * CHUNK, min((chunk + 1) * CHUNK, year.members)
    paths = _paths(places, first, last)
    for serial in range(first, last):
        yield _human(luck, names, serial, year.members), next(paths)


def write_files(year: Year, folder: Path) -> tuple[Path, Path]:
    """The unions and the people as files that `magpie import` takes."""
    folder.mkdir(parents=True, exist_ok=True)
    places, files = year.places(), (folder / "unions.csv", folder / "people.csv")
    with files[0].open("w", encoding="utf-8", newline="") as file:
        table = csv.writer(file)
        table.writerow(union_lines.TABLE.columns)
        table.writerows([one.above.rstrip("."), one.code, one.zh, one.en, one.level, one.city] for one in places)
    with files[1].open("w", encoding="utf-8", newline="") as file:
        table = csv.writer(file)
        table.writerow(people_lines.TABLE.columns)
        for chunk in chunks(year):
            table.writerows(
                [one.name, one.sex, one.born, one.number, one.phone, "", path.rstrip(".")]
                for one, path in humans(year, places, chunk)
            )
    return files


def _form(place: Place, known: dict[str, UUID]) -> UnionForm:
    name = Bilingual(place.zh, place.en)
    parent = known.get(place.above)
    return UnionForm(name=name, code=place.code, level=Level(place.level), city=place.city, parent=parent)


def _paths(places: Sequence[Place], first: int, last: int) -> Iterator[str]:
    """The union of each member from one to another, as they lie one after the other."""
    ends = accumulate(one.members for one in places)
    for end, place in zip(ends, places, strict=True):
        start = end - place.members
        if start < last and end > first:
            yield from [place.path] * (min(end, last) - max(start, first))


def _human(luck: Random, names: plans.Names, serial: int, of: int) -> Known:
    sex = luck.choice((Sex.FEMALE, Sex.MALE))
    given = luck.choice(names.female if sex == Sex.FEMALE else names.male)
    scrambled = serial * SCRAMBLE % of
    areas = [city.area for city in plans.federation().cities]
    area, within = areas[scrambled % len(areas)], scrambled // len(areas)
    born = OLDEST + timedelta(days=within % DAYS)
    start = f"{area}{born:%Y%m%d}{within // DAYS * 2 + (sex == Sex.MALE):03}"
    return Known(
        name=luck.choice(names.family) + given,
        sex=sex,
        born=born,
        number=start + identity.check_character(f"{start}0"),
        phone=f"140{serial * 7_919 % 100_000_000:08}",  # a range that telephones do not have
        mail=None,
    )
