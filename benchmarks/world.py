"""The federation that scenarios run in: written in bulk once, kept as a template, and copied for each scenario."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from uuid import UUID

import msgspec

from benchmarks import arena
from benchmarks.places import ROOT, WORK
from benchmarks.storage import Storage
from events import clock, db, ids, operating
from events.calendars.rendering import Facts, vevent
from events.terms import Kind
from events.text import Bilingual

CITIES, CHUNK, DAYS = 16, 200, 300
MADE_BY = ("benchmarks/world.py", "benchmarks/arena.py", "benchmarks/contests.py", "events/migrations", "events/tables")
DAY = timedelta(days=1)
BORN = date(1990, 1, 1)
NOTHING = Bilingual().stored()


class Size(msgspec.Struct, frozen=True):
    """How much there is; `sessions` are those to come, which a calendar holds."""

    name: str
    accounts: int = 0
    events: int = 0
    sessions: int = 0
    registrations: int = 0  # of each event
    entries: int = 0


# What most scenarios run in; and of a year's events and registrations none but what fills a page, a tenth, and all.
MAIN = Size("main", accounts=60_000, events=14_000, sessions=10_000, entries=3_000)
FLAT = {
    0: Size("year0", accounts=20_000, events=60, registrations=179),
    10: Size("year10", accounts=20_000, events=1_400, registrations=179),
    100: Size("year100", accounts=20_000, events=14_000, registrations=179),
}


class World(msgspec.Struct, frozen=True):
    """What a scenario has to know: tokens, the hot event with so many places, an event for its page, the contest."""

    tokens: list[str]
    organiser: str
    hot: UUID
    places: int
    event: UUID
    arena: arena.Arena | None
    seconds: float = 0


def key(size: Size) -> str:
    """The name of the template: another one as soon as something that it is made by has changed."""
    digest = hashlib.sha256(msgspec.json.encode(size))
    for path in sorted(found for name in MADE_BY for found in _files(ROOT / name)):
        digest.update(path.read_bytes())
    return f"{size.name}_{digest.hexdigest()[:12]}"


def _files(path: Path) -> Iterator[Path]:
    return path.glob("*.py") if path.is_dir() else iter([path])


def world(storage: Storage, size: Size) -> tuple[str, World]:
    """The template's name and what is in it; made unless an earlier run has left it."""
    name = key(size)
    told = WORK / f"{storage.name}_{name}.json"
    if not told.exists() or not storage.has(name):
        began = clock.now()
        _forget_older(storage, size)
        found = asyncio.run(_make(storage.create(name), size))
        storage.settle(name)
        taken = (clock.now() - began).total_seconds()
        told.write_bytes(msgspec.json.encode(msgspec.structs.replace(found, seconds=taken)))
    return name, msgspec.json.decode(told.read_bytes(), type=World)


def _forget_older(storage: Storage, size: Size) -> None:
    """Let go of what was made by an earlier version of the program."""
    for told in WORK.glob(f"{storage.name}_{size.name}_*.json"):
        storage.drop(told.stem.removeprefix(f"{storage.name}_"))
        told.unlink()


async def _make(url: str, size: Size) -> World:
    db.connect(url)
    await operating.migrate()
    try:
        return await _fill(size)
    finally:
        await db.close()


async def _fill(size: Size) -> World:
    unions = await _unions()
    people = await _people(unions, size.accounts)
    tokens = await _tokens(people)
    organiser = await _organiser()
    places = size.accounts * 2 // 3  # the others wait
    hot = await _event(unions[0], places=places)
    page = await _event(unions[0], places=100)
    for start in range(0, size.events, CHUNK):
        await _events(range(start, min(start + CHUNK, size.events)), unions, people, size)
    found = await arena.make(await _event(unions[0]), unions, size.entries) if size.entries else None
    return World(tokens, organiser, hot, places, page, found)


async def _unions() -> list[UUID]:
    """A province and its cities; the province first."""
    found = [ids.new() for _ in range(CITIES + 1)]
    paths = ["pr.", *(f"pr.c{number:02}." for number in range(CITIES))]
    await db.insert(
        "unions (id, parent, path, code, name, level, city, created_at)",
        [
            (one, found[0] if number else None, path, path.split(".")[-2],
             Bilingual(zh=f"第{number}工会", en=f"Union {number}").stored(), "city" if number else "province", "",
             clock.now())
            for number, (one, path) in enumerate(zip(found, paths, strict=True))
        ],
    )  # fmt: skip
    return found


async def _people(unions: Sequence[UUID], count: int) -> list[UUID]:
    """Members of the unions in turn."""
    now, people = clock.now(), [ids.new() for _ in range(count)]
    await db.insert(
        "person (id, name, sort_name, sex, born, created_at, updated_at)",
        [(one, f"工人{number}", f"gong ren {number}", "female", BORN, now, now) for number, one in enumerate(people)],
    )
    homes = [(ids.new(), one, unions[number % len(unions)], BORN) for number, one in enumerate(people)]
    await db.insert('member (id, person, "union", joined_on)', homes)
    return people


async def _tokens(people: Sequence[UUID]) -> list[str]:
    """An account with a token for each of them."""
    now, accounts = clock.now(), [ids.new() for _ in people]
    await db.insert(
        "account (id, name, person, language, created_at)",
        [(one, f"worker-{one.hex}", person, "zh", now) for one, person in zip(accounts, people, strict=True)],
    )
    return await arena.tokens(accounts)


async def _organiser() -> str:
    """The token of an administrator."""
    account = ids.new()
    await db.insert("account (id, name, language, created_at)", [(account, "organiser", "zh", clock.now())])
    grant = (ids.new(), account, "administrator", clock.now())
    await db.insert("role_grant (id, account, role, granted_at)", [grant])
    return (await arena.tokens([account]))[0]


@dataclass(frozen=True)
class Drawn:
    """Rows of events, and of what is inside them."""

    events: list[tuple[object, ...]]
    capacities: list[tuple[object, ...]]
    sessions: list[tuple[object, ...]]
    registrations: list[tuple[object, ...]]


EVENT = (
    'event (id, "union", kind, state, title, summary, description, city, zone, starts_at, ends_at, approval, '
    "eligibility, is_template, postponed, version, created_at, updated_at)"
)
CAPACITY = "capacity (event_id, id, places, used, waiting, queued)"
SESSION = (
    "session (event_id, id, title, starts_at, ends_at, state, sequence, vevent, vevent_en, vevent_digest, "
    "created_at, updated_at)"
)
REGISTRATION = 'registration (event_id, id, person, "union", state, reference, note, version, created_at, updated_at)'


async def _event(union: UUID, *, places: int | None = None) -> UUID:
    """An open event on a day without others, so that nobody's time clashes."""
    event = ids.new()
    await db.insert(EVENT, [_event_row(event, union, 0, DAYS + 100)])
    await db.insert(CAPACITY, [(event, event, places, 0, 0, 0)])
    return event


def _event_row(event: UUID, union: UUID, number: int, day: int) -> tuple[object, ...]:
    now = clock.now()
    begins = now.replace(hour=1, minute=0, second=0, microsecond=0) + day * DAY
    title = Bilingual(zh=f"职工技能竞赛 {number}", en=f"Workers' skills contest {number}").stored()
    kind, state = list(Kind)[number % len(Kind)].value, "open" if day > 0 else "finished"
    return (
        event, union, kind, state, title, NOTHING, NOTHING, "", "Asia/Shanghai", begins, begins + timedelta(hours=8),
        "automatic", "{}", False, False, 1, now, now,
    )  # fmt: skip


async def _events(numbers: Sequence[int], unions: Sequence[UUID], people: Sequence[UUID], size: Size) -> None:
    """Some events with their sessions and registrations, in one transaction."""
    drawn = Drawn([], [], [], [])
    for number in numbers:
        event, union = ids.new(), unions[number % len(unions)]
        to_come = number < size.sessions or not size.sessions
        row = _event_row(event, union, number, 2 + number % DAYS if to_come else -60 - number % DAYS)
        drawn.events.append(row)
        drawn.capacities.append((event, event, 200, size.registrations, 0, 0))
        drawn.sessions.append(_session_row(row, number, rendered=to_come and bool(size.sessions)))
        # the last of them is registered for nothing: what that one is shown is the same, however much there is
        drawn.registrations.extend(_registrations(event, union, number, people=people[:-1], count=size.registrations))
    async with db.transaction():
        await db.insert(EVENT, drawn.events)
        await db.insert(CAPACITY, drawn.capacities)
        await db.insert(SESSION, drawn.sessions)
        await db.insert(REGISTRATION, drawn.registrations)


def _session_row(event: tuple[object, ...], number: int, *, rendered: bool) -> tuple[object, ...]:
    session, now = ids.new(), clock.now()
    facts = msgspec.convert(
        {
            "id": session, "event_id": event[0], "kind": event[2], "title": {}, "summary": {}, "zone": event[8],
            "event_title": {"zh": f"职工技能竞赛 {number}", "en": f"Workers' skills contest {number}"},
            "starts_at": event[9], "ends_at": event[10], "status": "CONFIRMED", "base_url": "http://127.0.0.1:8180",
        },
        Facts,
    )  # fmt: skip
    zh, en = (vevent(facts, lang, sequence=0, stamp=now) if rendered else "" for lang in ("zh", "en"))
    return (event[0], session, NOTHING, event[9], event[10], "planned", 0, zh, en, facts.digest(), now, now)


def _registrations(
    event: UUID, union: UUID, number: int, *, people: Sequence[UUID], count: int
) -> Iterator[tuple[object, ...]]:
    now = clock.now()
    for place in range(count):
        person = people[(number * count + place) % len(people)]
        yield event, ids.new(), person, union, "confirmed", f"R{place:07}", "", 1, now, now
