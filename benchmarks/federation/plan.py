"""What the year holds: how many unions, people and events, of which size, where and when; the same every time."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from itertools import accumulate, cycle, islice
from pathlib import Path
from random import Random

import msgspec

from events.demo import plans
from events.terms import EventState, Kind

SEED = "magpie"
COUNTIES = 6
PAST, AHEAD = 330, 35  # days of the year that lie behind and ahead
ACTIVE = 0.1  # this part of the unions takes part in what happens: people come several times a year
S = EventState
WAY = (S.ANNOUNCED, S.OPEN, S.CLOSED, S.UNDER_WAY, S.FINISHED)


@dataclass(frozen=True)
class Place:
    """A union of the plan, below `above`."""

    above: str
    code: str
    zh: str
    en: str
    level: str
    city: str
    members: int = 0

    @property
    def path(self) -> str:
        """Where it stands."""
        return f"{self.above}{self.code}."


@dataclass(frozen=True)
class Happening:
    """An event of the plan: who registers comes from `unions`; `day` counts from today."""

    number: int
    what: str
    kind: Kind
    host: Place
    day: int
    people: int
    unions: Sequence[str]

    @property
    def state(self) -> EventState:
        """How far it has come by today."""
        if self.day < 0:
            return S.FINISHED
        return S.UNDER_WAY if self.day == 0 else S.CLOSED if self.day < 3 else S.OPEN if self.day < 30 else S.ANNOUNCED


@dataclass(frozen=True)
class Year:
    """A share of the year, with the same share of members and unions unless it is another (`of_members`)."""

    share: float
    now: datetime
    of_members: float | None = None

    @property
    def members(self) -> int:
        """How many people."""
        return round(_figures().members * self._part)

    @property
    def _part(self) -> float:
        return self.share if self.of_members is None else self.of_members

    def places(self) -> list[Place]:
        """Every union, each after the one above it; grass-roots ones with the number of their members."""
        return list(_places(round(_figures().unions * self._part), self.members))

    def happenings(self, places: Sequence[Place]) -> list[Happening]:
        """Every event, in the order in which they take place."""
        return list(_happenings(self.share, places)) if self.share else []

    def moment(self, day: int, hour: int) -> datetime:
        """A time, some days from today (UTC; China is eight hours ahead)."""
        return self.now.replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=day, hours=hour - 8)


def chance(purpose: str) -> Random:
    """Chance of its own for each purpose, that always falls the same way."""
    return Random(f"{SEED}/{purpose}")  # noqa: S311  # the same year in every run


def spread(total: int, parts: int, luck: Random, *, least: int = 1) -> list[int]:
    """A total in so many parts, a few of them large."""
    weights = [luck.expovariate(1) + 0.05 for _ in range(parts)]
    left, of = total - least * parts, sum(weights)
    ends = [round(left * end / of) for end in accumulate(weights)]
    return [least + end - start for start, end in zip([0, *ends], ends, strict=False)]


class Figure(msgspec.Struct, frozen=True):
    """So many events of one sort, in which so many people take part."""

    what: str
    kind: Kind
    events: int
    people: int


class Figures(msgspec.Struct, frozen=True):
    """What province.toml says."""

    members: int
    unions: int
    happenings: list[Figure]


@cache
def _figures() -> Figures:
    return msgspec.toml.decode((Path(__file__).parent / "province.toml").read_bytes(), type=Figures)


def _places(unions: int, members: int) -> Iterator[Place]:
    plan = plans.federation()
    root = f"{plan.province.code}."
    upper = [Place("", plan.province.code, plan.province.zh, plan.province.en, "province", "")]
    upper += [
        Place(root, city.code, f"{city.zh}市总工会", f"{city.en} Federation", "city", city.zh) for city in plan.cities
    ]
    upper += [Place(root, one.code, one.zh, one.en, "industry", "合肥") for one in plan.industries]
    lower = [
        Place(f"{root}{city.code}.", code, f"{zh}总工会", f"{en} Federation", "county", city.zh)
        for city in plan.cities
        for code, zh, en in [*city.counties, *((f"zone{n}", f"开发区{n}", f"Zone {n}") for n in range(COUNTIES))][
            :COUNTIES
        ]
    ]
    yield from [*upper, *lower]
    above = [*lower, *(one for one in upper if one.level == "industry")]
    count = max(unions - len(upper) - len(lower), len(above))
    sizes = spread(members, count, chance("unions"), least=2) if members else [0] * count
    kinds, words = [*plan.kinds.values()], plan.words
    for number, (size, county) in enumerate(zip(sizes, cycle(above), strict=False)):
        kind, word = kinds[number % len(kinds)], words[number // len(above) % len(words)]
        zh, en = (text.format(place=(county.city, county.city)[n], word=word[n]) for n, text in enumerate(kind))
        code = f"{number // len(above) + 1:04}"
        yield Place(county.path, code, f"{zh}第 {code} 分会", f"{en} {code}", "grass_roots", county.city, size)


def _happenings(share: float, places: Sequence[Place]) -> Iterator[Happening]:
    hosts = [one for one in places if one.level in ("city", "industry")]
    active = ACTIVE * _figures().members * share / max(1, sum(one.members for one in places))
    parts = {host.path: _Part(host, places, min(active, 1)) for host in hosts}
    drafts = sorted(_drafts(share, hosts), key=lambda draft: draft[0])
    for number, (day, what, kind, host, people) in enumerate(drafts):
        part = parts[host.path]
        wanted = min(people, part.members // 4)
        yield Happening(number, what, kind, host, day, wanted, part.some(wanted))


class _Part:
    """The part of the tree below a host, of which some unions come, by turns."""

    def __init__(self, host: Place, places: Sequence[Place], active: float) -> None:
        self.unions = [one for one in places if one.members and one.path.startswith(host.path)]
        self.members = sum(one.members for one in self.unions)
        self.active = cycle(self.unions[: max(3, round(len(self.unions) * active))])

    def some(self, people: int) -> list[str]:
        """Unions with enough members for as many to come."""
        found, members = set[str](), 0
        for one in islice(self.active, len(self.unions)):
            found.add(one.path)
            members += one.members
            if members >= people * 1.2 + 5:
                break
        return sorted(found)


def _drafts(share: float, hosts: Sequence[Place]) -> Iterator[tuple[int, str, Kind, Place, int]]:
    for one in _figures().happenings:
        luck, events = chance(one.what), max(1, round(one.events * share))
        for people in spread(max(round(one.people * share), events), events, luck):
            yield luck.randrange(-PAST, AHEAD), one.what, one.kind, luck.choice(hosts), people
