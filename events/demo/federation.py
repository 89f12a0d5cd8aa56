"""The union tree and the venues of the demo federation."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import count, product
from random import Random

from events import clock, ids
from events.demo import plans
from events.demo.plans import Federation, VenuePlan
from events.demo.world import World, chance
from events.scheduling.venue_keeping import millionths
from events.tables import Station, Union, Venue
from events.terms import Level
from events.text import Bilingual

IN_A_COUNTY = 5
IN_AN_INDUSTRY = 15
LOCAL_KINDS = (
    "machinery", "textiles", "logistics", "food", "building", "delivery", "hotel", "hospital", "school", "bus",
    "power", "electronics", "chemicals",
)  # fmt: skip
CAPITAL = "合肥"


async def build(world: World) -> None:
    """Insert unions, venues and stations."""
    unions = list(_unions(world, plans.federation()))
    await Union.insert(*unions)
    venues = plans.venues()
    await Venue.insert(*[_venue(world, plan) for plan in venues])
    await Station.insert(*[station for plan in venues for station in _stations(world, plan)])


def _unions(world: World, plan: Federation) -> Iterator[Union]:
    yield _union(world, "", plan.province.code, plan.province.name, level=Level.PROVINCE)
    root = f"{plan.province.code}."
    for city in plan.cities:
        name = Bilingual(f"{city.zh}市总工会", f"{city.en} Federation of Trade Unions")
        yield _union(world, root, city.code, name, level=Level.CITY, city=city.zh)
        for code, zh, en in city.counties:
            name = Bilingual(f"{zh}总工会", f"{en} Federation of Trade Unions")
            yield _union(world, f"{root}{city.code}.", code, name, level=Level.COUNTY, city=city.zh)
    for industry in plan.industries:
        yield _union(world, root, industry.code, industry.name, level=Level.INDUSTRY)
    yield from _grass_roots(world, plan, root)


def _grass_roots(world: World, plan: Federation, root: str) -> Iterator[Union]:
    luck = chance("grass roots")
    for city in plan.cities:
        for code, zh, en in city.counties:
            place = (zh[:-1] if len(zh) > 2 else zh, en)
            for kind, name in _companies(plan, luck, LOCAL_KINDS, place)[:IN_A_COUNTY]:
                yield _grass_root(world, f"{root}{city.code}.{code}.", kind, name, city=city.zh)
    for industry in plan.industries:
        place = (industry.short_zh, industry.short_en)
        for kind, name in _companies(plan, luck, industry.kinds, place)[:IN_AN_INDUSTRY]:
            yield _grass_root(world, f"{root}{industry.code}.", kind, name, city=CAPITAL)


def _companies(
    plan: Federation, luck: Random, kinds: Sequence[str], place: tuple[str, str]
) -> list[tuple[str, Bilingual]]:
    """Every name that unions of some kinds could have there, with the kind, shuffled."""
    found = [(kind, _name(plan.kinds[kind], place, word)) for kind, word in product(kinds, plan.words)]
    luck.shuffle(found)
    return found


def _name(texts: tuple[str, str], place: tuple[str, str], word: tuple[str, str]) -> Bilingual:
    return Bilingual(*(text.format(place=place[n], word=word[n]) for n, text in enumerate(texts)))


def _grass_root(world: World, above: str, kind: str, name: Bilingual, *, city: str) -> Union:
    code = next(f"{number:03}" for number in count(1) if f"{above}{number:03}." not in world.unions)
    world.kinds[f"{above}{code}."] = kind
    return _union(world, above, code, name, level=Level.GRASS_ROOTS, city=city)


def _union(world: World, above: str, code: str, name: Bilingual, *, level: Level, city: str = "") -> Union:
    path = f"{above}{code}."
    world.unions[path] = ids.new()
    return Union(
        id=world.unions[path], parent=world.unions.get(above), path=path, code=code, name=name.stored(), level=level,
        city=city, created_at=clock.now(),
    )  # fmt: skip


def _venue(world: World, plan: VenuePlan) -> Venue:
    world.venues[plan.key] = ids.new()
    return Venue(
        id=world.venues[plan.key], name=Bilingual(plan.zh, plan.en).stored(), address=plan.address, city=plan.city,
        latitude_e6=millionths(plan.latitude), longitude_e6=millionths(plan.longitude), union=world.unions[plan.union],
        created_at=clock.now(),
    )  # fmt: skip


def _stations(world: World, plan: VenuePlan) -> Iterator[Station]:
    zh, en = plan.station
    for number in range(1, plan.stations + 1):
        name = Bilingual(f"{number} 号{zh}", f"{en} {number}").stored()
        yield Station(id=ids.new(), venue=world.venues[plan.key], number=number, name=name)
