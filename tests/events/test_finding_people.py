"""Finding whom to register: among one's own people, or for one event by what one has to know of a person."""

from uuid import UUID

import pytest

from events import people, registering
from events.access import ANONYMOUS, SYSTEM, Actor
from events.accounts import throttle
from events.errors import Conflict, Invalid, NotFound, NotSignedIn
from events.people import PersonForm
from events.registering import FindForm, RegistrationForm
from tests.events.factory import make_event, make_official, make_participant, make_union

NUMBER, PHONE = "11010519491231002X", "13812345678"

pytestmark = pytest.mark.usefixtures("database")


class World:
    """An event of the province; a person of a county's union, and a namesake elsewhere."""

    def __init__(self, top: UUID, county: UUID, event: UUID) -> None:
        self.top, self.county, self.event = top, county, event

    async def found(self, actor: Actor, text: str, union: UUID | None = None) -> list[str]:
        return [one.name for one in await registering.find_people(actor, self.event, FindForm(text=text, union=union))]


@pytest.fixture
async def world() -> World:
    top = await make_union("ah")
    county = await make_union("fx", top, "county")
    elsewhere = await make_union("wh", top, "city")
    await people.register(SYSTEM, PersonForm(name="王芳", union=county, identity_number=NUMBER, phone=PHONE))
    await people.register(SYSTEM, PersonForm(name="王芳", union=elsewhere))
    return World(top, county, await make_event(top))


@pytest.mark.parametrize("role", ["registrar", "organiser"])
async def test_a_duty_in_one_event_finds_a_person_by_what_one_has_to_know(world: World, role: str) -> None:
    official = await make_official(role, event=world.event)
    assert await world.found(official, NUMBER.lower()) == ["王芳"]
    assert await world.found(official, f"+86 {PHONE}") == ["王芳"]
    assert await world.found(official, " 王  芳 ", world.county) == []
    assert await world.found(official, "王芳", world.county) == ["王芳"]


async def test_a_duty_in_one_event_does_not_leaf_through_the_register(world: World) -> None:
    official = await make_official("registrar", event=world.event)
    for text in ("王芳", "王", "wang", "1381234", "110105"):
        with pytest.raises(Invalid, match="/union union_needed"):
            await world.found(official, text)
    for text in ("王", "wangfang", "1381234"):
        assert await world.found(official, text, world.county) == []
    assert await world.found(official, "王芳", world.top) == []  # not those of the unions below
    with pytest.raises(Invalid, match="/text missing"):
        await world.found(official, " ", world.county)
    with pytest.raises(Invalid, match="/union unknown_union"):
        await world.found(official, "王芳", world.event)
    with pytest.raises(NotFound):
        await people.search(official, "王芳")


async def test_what_is_found_is_masked_and_can_be_registered(world: World) -> None:
    official = await make_official("registrar", event=world.event)
    (found,) = await registering.find_people(official, world.event, FindForm(text=PHONE))
    assert (found.phone, found.identity_number) == ("138****5678", "110***********002X")
    made = await registering.register(official, world.event, RegistrationForm(person=found.id))
    assert made.person_name == "王芳"


@pytest.mark.parametrize("role", ["judge", "chief_judge", "employer"])
async def test_other_duties_find_nobody(world: World, role: str) -> None:
    with pytest.raises(NotFound):
        await world.found(await make_official(role, event=world.event), PHONE)


async def test_a_duty_in_another_event_and_no_duty_at_all_find_nobody(world: World) -> None:
    for stranger in (await make_official("registrar", event=await make_event(world.top)), await make_participant()):
        with pytest.raises(NotFound):
            await world.found(stranger, PHONE)
    with pytest.raises(NotSignedIn):
        await world.found(ANONYMOUS, PHONE)


async def test_who_keeps_a_union_looks_through_it_and_beyond_it_by_numbers_only(world: World) -> None:
    registrar = await make_official("registrar", union=await make_union("hf", world.top, "city"))
    with pytest.raises(NotFound):  # no right in this event, however many unions one keeps
        await world.found(registrar, PHONE)
    both = await make_official("registrar", union=world.county)
    event = await make_event(world.county)
    world = World(world.top, world.county, event)
    assert await world.found(both, "王") == ["王芳"]
    await people.register(SYSTEM, PersonForm(name="李娜", union=world.top, phone="13912345678"))
    assert await world.found(both, "李娜") == []
    assert await world.found(both, "李娜", world.top) == ["李娜"]
    assert await world.found(both, "13912345678") == ["李娜"]


async def test_looking_people_up_is_counted(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(throttle, "LOOK_UP", throttle.LOOK_UP._replace(tries=3))
    official = await make_official("registrar", event=world.event)
    for phone in ("13912345670", "13912345671", "13912345672"):
        assert await world.found(official, phone) == []
    with pytest.raises(Conflict, match="too_many_tries"):
        await world.found(official, PHONE)
    assert await world.found(SYSTEM, PHONE) == ["王芳"]  # whoever may look at everybody is not counted
