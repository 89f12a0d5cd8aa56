"""The people of the demo federation: plausible names, rare characters among them, and identity numbers of nobody."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, timedelta
from random import Random

from events import clock, db
from events.access import SYSTEM
from events.demo import plans
from events.demo.plans import Login, Names
from events.demo.world import Human, World, chance
from events.eligibility import Candidate
from events.people import PersonForm, identity, keeping
from events.people.keeping import Wanted
from events.terms import Sex

PEOPLE = 3000
CHUNK = 500
RARE = 40  # one in so many has a rare character, and one in so many a name of another make
NO_NUMBER = 150
OLDEST, YOUNGEST = date(1964, 3, 1), date(2006, 9, 1)


async def register(world: World, progress: Callable[[str, int, int], None]) -> None:
    """Register everybody in six batches, a fortnight apart: those who have accounts first."""
    people = forms(world)
    for start in range(0, len(people), CHUNK):
        day = world.now - timedelta(days=460 - 14 * (start // CHUNK))
        with clock.at(day):
            await _register(world, people[start : start + CHUNK])
        progress("people", len(world.people), len(people))


async def _register(world: World, forms: Sequence[PersonForm]) -> None:
    paths = {union: path for path, union in world.unions.items()}
    wanted = [Wanted(keeping.known(form), form.union, paths[form.union]) for form in forms]
    async with db.transaction():
        persons = await keeping.write(SYSTEM, wanted)
    for person, one in zip(persons, wanted, strict=True):
        known = Candidate(one.known.sex, one.known.born, frozenset(world.above(one.path)))
        world.people.append(Human(person, one.path, known))


def forms(world: World) -> list[PersonForm]:
    """Everybody, the same each time."""
    return [*_officials(world), *_crowd(world)]


def logins() -> list[Login]:
    """The accounts that belong to a person, in the order in which those are registered."""
    return [login for login in plans.logins().accounts if login.person]


def _officials(world: World) -> list[PersonForm]:
    luck = chance("officials")
    return [_official(world, luck, login, serial) for serial, login in enumerate(logins(), PEOPLE)]


def _official(world: World, luck: Random, login: Login, serial: int) -> PersonForm:
    assert login.person
    name, sex, year = login.person
    near = [path for path in _grass_roots(world) if path.startswith(login.union)]
    path = luck.choice([path for path in near if not login.kinds or world.kinds[path] in login.kinds])
    return form_of(world, name, sex, plans.birthday(year), path=path, serial=serial)


def _crowd(world: World) -> list[PersonForm]:
    luck, names, paths = chance("people"), plans.names(), _grass_roots(world)
    return [_human(world, luck, names, luck.choice(paths), serial=serial) for serial in range(PEOPLE - len(logins()))]


def _human(world: World, luck: Random, names: Names, path: str, *, serial: int) -> PersonForm:
    sex = luck.choice((Sex.FEMALE, Sex.MALE))
    born = OLDEST + timedelta(days=luck.randrange((YOUNGEST - OLDEST).days))
    return form_of(world, _name(luck, names, sex, serial), sex, born, path=path, serial=serial)


def form_of(world: World, name: str, sex: Sex, born: date, *, path: str, serial: int) -> PersonForm:
    """A person's form; the area of the identity number is a city's own, which no identity card has."""
    number = _number(_area(path), born, sex, serial)
    return PersonForm(
        name=name,
        union=world.unions[path],
        sex=sex,
        born=born,
        identity_number=None if serial % NO_NUMBER == 1 else number,
        phone=f"140{10_000_000 + serial * 7_919 % 89_999_999}",  # a range that telephones do not have
    )


def _name(luck: Random, names: Names, sex: Sex, serial: int) -> str:
    given = luck.choice(names.female if sex == Sex.FEMALE else names.male)
    family = luck.choice(names.compound) if luck.random() < 0.01 else luck.choice(names.family)
    if serial % RARE == 0:
        return family + luck.choice(names.rare_given)
    if serial % RARE == 20:
        return luck.choice(names.rare_family) + given
    if serial % RARE == 10:
        return luck.choice(names.whole_female if sex == Sex.FEMALE else names.whole_male)
    return family + given


def _number(area: str, born: date, sex: Sex, serial: int) -> str:
    """A valid identity number; its serial figures are odd for men."""
    start = f"{area}{born:%Y%m%d}{serial % 450 * 2 + (sex == Sex.MALE):03}"
    return start + identity.check_character(f"{start}0")


def _area(path: str) -> str:
    cities = {city.code: city.area for city in plans.federation().cities}
    return cities.get(path.split(".")[1], "340100")


def _grass_roots(world: World) -> list[str]:
    return list(world.kinds)
