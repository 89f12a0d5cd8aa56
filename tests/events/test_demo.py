"""The demo federation: what is planned, and what lies in the database after loading."""

from collections import Counter
from datetime import UTC, datetime, timedelta

import msgspec
import pytest

from events import access, accounts, clock, db, demo, marking, organising, pairing, publishing, registering
from events.accounts import SignInForm
from events.demo import crowd, federation, happenings, plans
from events.demo.world import World
from events.errors import Conflict
from events.organising import EventQuery
from events.people import identity
from events.people.keeping import flaws, known
from events.terms import BoardKind, EventState, Kind, RegistrationState, Role

HOURS = [datetime(2027, 3, 1, tzinfo=UTC) + timedelta(hours=hours, minutes=1) for hours in range(0, 24, 3)]
COUNTERS = """SELECT capacity.used, capacity.waiting, capacity.id = capacity.event_id AS whole,
        (SELECT COUNT(*) FROM registration WHERE registration.event_id = capacity.event_id
            AND (capacity.id = capacity.event_id OR registration.contest_id = capacity.id)
            AND state IN ('pending', 'confirmed')) AS held,
        (SELECT COUNT(*) FROM registration WHERE registration.event_id = capacity.event_id
            AND state = 'waiting') AS queue
    FROM capacity"""


def told(*_: object) -> None:
    """Nobody looks at the progress."""


def test_events_are_of_every_kind_and_state() -> None:
    events = plans.events()
    assert len(events) == len({event.key for event in events}) == 40
    assert {event.kind for event in events} == set(Kind)
    assert {event.state for event in events} == set(EventState)


def test_every_text_exists_in_both_languages() -> None:
    texts = [text for event in plans.events() for text in (event.title, event.summary, event.description)]
    texts += [msgspec.convert({"zh": one.zh, "en": one.en}, type(texts[0])) for one in plans.series()]
    assert all(text.zh and text.en for text in texts)


@pytest.mark.parametrize("now", HOURS)
def test_nothing_happens_before_its_time_or_in_the_future(now: datetime) -> None:
    world = World(now=now)
    for plan in plans.events():
        moments = [step.at for step in happenings.steps(world, plan)]
        assert max(moments) <= now, plan.key
        assert min(moments) == moments[0], plan.key


@pytest.mark.parametrize("now", HOURS)
def test_time_alone_changes_no_state(now: datetime) -> None:
    for plan in plans.events():
        times = happenings.times_of(World(now=now), plan)
        if plan.state in (EventState.OPEN, EventState.ANNOUNCED):
            assert times.closes is None or times.closes > now, plan.key
        if plan.state == EventState.ANNOUNCED:
            assert times.opens is None or times.opens > now, plan.key


async def test_people_are_the_same_each_time_and_could_be_registered_by_hand(database: str) -> None:
    world = World()
    await federation.build(world)
    forms = crowd.forms(world)
    assert forms == crowd.forms(world)
    assert len(forms) == 3000
    assert [form for form in forms if any(flaws(known(form), clock.now().date()))] == []
    numbers = Counter(form.identity_number for form in forms if form.identity_number)
    assert max(numbers.values()) == 1
    assert all(number[4:6] == "00" and identity.check_character(number) == number[17] for number in numbers)


def test_rare_names_are_among_them() -> None:
    names = plans.names()
    assert {"㼆", "喆", "龘", "䶮"} <= set(names.rare_given)
    assert "𠮷" in names.rare_family
    assert any("·" in name for name in names.whole_female)


async def test_the_federation_is_loaded(database: str) -> None:
    assert await demo.is_empty()
    logins = await demo.load(told)
    assert not await demo.is_empty()
    with pytest.raises(Conflict):
        await demo.load(told)
    assert {login.role for login in logins} == {*Role, None}
    levels = {row["level"]: row["n"] for row in await db.rows("SELECT level, COUNT(*) AS n FROM unions GROUP BY level")}
    assert (levels["city"], levels["industry"], levels["grass_roots"]) == (16, 4, 300)
    await _counters_are_right()
    await _everybody_may_sign_in(logins)
    await _worker_has_a_place_a_wait_and_a_result()
    await _a_contest_can_be_marked_at_once()
    await _a_league_is_in_the_middle_of_its_rounds()


async def _counters_are_right() -> None:
    for row in await db.rows(COUNTERS):
        assert row["used"] == row["held"]
        assert row["waiting"] == (row["queue"] if row["whole"] else 0)


async def _everybody_may_sign_in(logins: list[demo.DemoAccount]) -> None:
    for login in (logins[0], logins[-1]):
        assert await accounts.sign_in(SignInForm(login=login.name, password=login.password))


async def _actor(name: str) -> access.Actor:
    found = await db.row("SELECT id FROM account WHERE name = {}", name)
    assert found
    actor = await access.actor_of(found["id"])
    assert actor
    return actor


async def _worker_has_a_place_a_wait_and_a_result() -> None:
    own = (await registering.own(await _actor("worker"))).items
    states = Counter(registration.state for registration in own)
    assert states == {RegistrationState.CONFIRMED: 2, RegistrationState.WAITING: 1}
    boards = [board for one in own for board in await publishing.results(access.ANONYMOUS, one.event_id, leading=50)]
    assert [board.kind for board in boards] == [BoardKind.OFFICIAL]
    assert any(row.name == own[0].person_name and row.rank for row in boards[0].rows)
    assert [one.title.en for one in boards[0].awards] == ["First prize", "Second prize", "Third prize"]
    assert boards[0].rows[0].awards == ["first"]


async def _a_contest_can_be_marked_at_once() -> None:
    judge, query = await _actor("judge"), EventQuery(kind=Kind.COMPETITION, state=EventState.UNDER_WAY)
    (event,) = (await organising.list_events(access.ANONYMOUS, query)).items
    (duty,) = [duty for duty in await marking.duties(judge) if duty.event_id == event.id]
    sheet = await marking.sheet(judge, duty.event_id, duty.stage_id)
    assert (len(sheet.entries), len({mark.code for mark in sheet.marks})) == (12, 6)
    board = (await publishing.public_board(duty.event_id, duty.stage_id)).board()
    assert (board.kind, board.complete) == (BoardKind.LIVE, 6)


async def _a_league_is_in_the_middle_of_its_rounds() -> None:
    played = await db.rows("SELECT event_id, stage_id, COUNT(*) AS n FROM match_result GROUP BY event_id, stage_id")
    ((event, stage, count),) = [(row["event_id"], row["stage_id"], row["n"]) for row in played]
    found = await pairing.fixtures(access.ANONYMOUS, event, stage)
    assert count in (8, 12)  # tonight's round is over, or not yet
    assert (len([one for one in found.fixtures if one.number]), found.over) == (20, False)
    assert {one.home.name for one in found.fixtures if one.home} >= {"潘集煤电", "谢桥矿"}
