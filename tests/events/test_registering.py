"""Registering: the verdict, the guarded counter, the wait-list, the review and the way out, on both databases."""

import asyncio
from collections.abc import Awaitable
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from events import access, clock, db, organising, people, registering
from events.access import Actor
from events.contests import ContestForm, DivisionForm, add_contest, add_division
from events.db.sqlite import SqliteEngine
from events.eligibility import Eligibility
from events.errors import Conflict, Invalid, NotFound, NotSignedIn, Stale
from events.organising import AdvanceForm, EventChange
from events.registering import RegistrationForm, RegistrationQuery, RegistrationView, ReviewForm
from events.tables import Capacity, Event, Message, Registration
from events.terms import EventState, RegistrationState
from events.text import Bilingual
from tests.events.factory import (
    actor,
    make_account,
    make_event,
    make_official,
    make_participant,
    make_person,
    make_union,
)

FORM = RegistrationForm()
WAITS_FOR_A_LOCK = """SELECT pid FROM pg_stat_activity
    WHERE datname = current_database() AND wait_event_type = 'Lock'"""


async def codes(attempt: Any) -> set[str]:
    with pytest.raises((Conflict, Invalid)) as refused:
        await attempt
    return {reason.code for reason in refused.value.reasons}


async def counter(event: UUID, limit: UUID | None = None) -> tuple[int, int]:
    found = await Capacity.select().where(Capacity.event_id == event, Capacity.id == (limit or event)).first()
    assert found is not None
    return found["used"], found["waiting"]


async def states(event: UUID, workers: list[Actor], made: list[RegistrationView]) -> list[str]:
    """The states that the registrations of these workers have by now."""
    pairs = zip(workers, made, strict=True)
    return [str((await registering.registration(worker, event, one.id)).state) for worker, one in pairs]


async def test_a_registration_is_confirmed_and_told(database: str) -> None:
    union = await make_union()
    event, worker = await make_event(union, places=2), await make_participant(union)
    made = await registering.register(worker, event, FORM)
    assert (made.state, made.position, made.union_name) == (
        RegistrationState.CONFIRMED,
        None,
        Bilingual("工会ah", "Union ah"),
    )
    assert len(made.reference) == 8
    assert await counter(event) == (1, 0)
    assert [row["kind"] for row in await Message.select(Message.kind)] == ["registration.confirmed"]


async def test_nobody_registers_twice(database: str) -> None:
    union = await make_union()
    event, worker = await make_event(union), await make_participant(union)
    await registering.register(worker, event, FORM)
    assert await codes(registering.register(worker, event, FORM)) == {"already_registered"}


async def test_the_same_person_from_two_places_at_once_has_one_registration(database: str) -> None:
    union = await make_union()
    event, worker = await make_event(union, places=5), await make_participant(union)
    outcomes = await asyncio.gather(
        *(registering.register(worker, event, FORM) for _ in range(8)), return_exceptions=True
    )
    assert sum(not isinstance(outcome, BaseException) for outcome in outcomes) == 1
    assert all(isinstance(outcome, Conflict) for outcome in outcomes if isinstance(outcome, BaseException))
    assert await counter(event) == (1, 0)


async def test_a_crowd_gets_exactly_the_places_there_are(database: str) -> None:
    union = await make_union()
    event = await make_event(union, places=10)
    crowd = [await make_participant(union, f"工人{number}") for number in range(60)]
    made = await asyncio.gather(*(registering.register(worker, event, FORM) for worker in crowd))
    assert sum(one.state == RegistrationState.CONFIRMED for one in made) == 10
    assert await counter(event) == (10, 50)
    waiting = [one for one in made if one.state == RegistrationState.WAITING]
    rows = await Registration.select(Registration.queue_number).where(
        Registration.event_id == event, Registration.state == RegistrationState.WAITING
    )
    assert sorted(row["queue_number"] for row in rows) == list(range(1, 51))
    assert len(waiting) == 50


async def test_who_leaves_makes_room_for_the_first_who_waits(database: str) -> None:
    union = await make_union()
    event = await make_event(union, places=1)
    first, second, third = [await make_participant(union, name) for name in ("甲", "乙", "丙")]
    held = await registering.register(first, event, FORM)
    waits = await registering.register(second, event, FORM)
    last = await registering.register(third, event, FORM)
    assert (waits.position, last.position, last.waiting) == (1, 2, 2)
    await registering.withdraw(first, event, held.id)
    await registering.withdraw(first, event, held.id)
    assert (await registering.registration(second, event, waits.id)).state == RegistrationState.CONFIRMED
    assert (await registering.registration(third, event, last.id)).position == 1
    assert await counter(event) == (1, 1)


async def test_parallel_withdrawals_promote_each_exactly_once(database: str) -> None:
    union = await make_union()
    event = await make_event(union, places=5)
    holders = [await make_participant(union, f"在{number}") for number in range(5)]
    held = [await registering.register(worker, event, FORM) for worker in holders]
    waiters = [await make_participant(union, f"候{number}") for number in range(8)]
    waiting = [await registering.register(worker, event, FORM) for worker in waiters]
    await asyncio.gather(
        *(registering.withdraw(worker, event, one.id) for worker, one in zip(holders, held, strict=True))
    )
    after = [
        await registering.registration(worker, event, one.id) for worker, one in zip(waiters, waiting, strict=True)
    ]
    assert [one.state for one in after] == [RegistrationState.CONFIRMED] * 5 + [RegistrationState.WAITING] * 3
    assert await counter(event) == (5, 3)
    promoted = await Message.count().where(Message.kind == "registration.promoted")
    assert promoted == 5


async def test_who_withdrew_may_come_again_at_the_end_of_the_queue(database: str) -> None:
    union = await make_union()
    event = await make_event(union, places=1)
    first, second = await make_participant(union, "甲"), await make_participant(union, "乙")
    held = await registering.register(first, event, FORM)
    await registering.register(second, event, FORM)
    await registering.withdraw(first, event, held.id)
    again = await registering.register(first, event, FORM)
    assert (again.id, again.state, again.position) == (held.id, RegistrationState.WAITING, 1)


async def test_the_verdict_gives_every_reason_at_once(database: str) -> None:
    union, other = await make_union(), await make_union("js")
    rule = f'{{"age_min": 50, "sex": "male", "union": "{other}"}}'
    event = await make_event(union, state="closed", eligibility=rule)
    worker = await make_participant(union, born=date(2000, 1, 1))
    verdict = await registering.may_register(worker, event)
    assert {reason.code for reason in verdict.reasons} == {"closed", "too_young", "only_male", "other_union"}
    assert await codes(registering.register(worker, event, FORM)) == {"closed", "too_young", "only_male", "other_union"}


async def test_before_the_opening_the_verdict_says_until_when(database: str) -> None:
    union = await make_union()
    opens = clock.now() + timedelta(days=1)
    event = await make_event(union, state="announced", opens_at=opens)
    verdict = await registering.may_register(await make_participant(union), event)
    assert not verdict.accepted
    assert verdict.until == opens


async def test_a_union_rule_holds_for_everybody_below_that_union(database: str) -> None:
    province = await make_union()
    city = await make_union("hf", province, "city")
    event = await make_event(province, eligibility=f'{{"union": "{province}"}}')
    assert (await registering.may_register(await make_participant(city), event)).accepted


async def test_another_event_at_the_same_time_is_a_clash(database: str) -> None:
    union = await make_union()
    one, other, worker = await make_event(union), await make_event(union), await make_participant(union)
    await registering.register(worker, one, FORM)
    assert await codes(registering.register(worker, other, FORM)) == {"clash"}


async def test_who_is_not_linked_to_a_membership_is_told(database: str) -> None:
    event = await make_event(await make_union())
    assert await codes(registering.register(await make_account(), event, FORM)) == {"not_linked"}


async def test_nobody_in_particular_has_to_sign_in(database: str) -> None:
    event = await make_event(await make_union())
    with pytest.raises(NotSignedIn):
        await registering.register(access.ANONYMOUS, event, FORM)


async def test_nested_limits_are_taken_together_or_not_at_all(database: str) -> None:
    union = await make_union()
    organiser = await make_official("organiser", union=union)
    event = await make_event(union, places=3)
    small = await add_contest(organiser, event, ContestForm(title=Bilingual("电工"), places=1))
    large = await add_contest(organiser, event, ContestForm(title=Bilingual("焊工"), places=9))
    workers = [await make_participant(union, f"工{number}") for number in range(5)]
    wishes = [small.id, small.id, large.id, large.id, large.id]
    made = [
        await registering.register(worker, event, RegistrationForm(contest_id=contest))
        for worker, contest in zip(workers, wishes, strict=True)
    ]
    assert [one.state for one in made] == ["confirmed", "waiting", "confirmed", "confirmed", "waiting"]
    assert (await counter(event), await counter(event, small.id), await counter(event, large.id)) == (
        (3, 2),
        (1, 0),
        (2, 0),
    )
    await registering.withdraw(workers[2], event, made[2].id)
    states = [
        (await registering.registration(worker, event, one.id)).state for worker, one in zip(workers, made, strict=True)
    ]
    assert states == ["confirmed", "waiting", "withdrawn", "confirmed", "confirmed"], (
        "the full contest's waiter is passed over"
    )
    assert (await counter(event), await counter(event, small.id), await counter(event, large.id)) == (
        (3, 1),
        (1, 0),
        (2, 0),
    )


async def test_a_contest_and_a_division_must_be_chosen_where_there_are_some(database: str) -> None:
    union = await make_union()
    organiser = await make_official("organiser", union=union)
    event, worker = await make_event(union), await make_participant(union, born=date(1999, 1, 1))
    contest = await add_contest(organiser, event, ContestForm(title=Bilingual("电工")))
    assert await codes(registering.register(worker, event, FORM)) == {"contest_needed"}
    assert await codes(registering.register(worker, event, RegistrationForm(contest_id=event))) == {"unknown_contest"}
    division = await add_division(
        organiser, event, contest.id, DivisionForm(title=Bilingual("资深组"), eligibility=Eligibility(age_min=40))
    )
    chosen = RegistrationForm(contest_id=contest.id)
    assert await codes(registering.register(worker, event, chosen)) == {"division_needed"}
    chosen = RegistrationForm(contest_id=contest.id, division_id=division.id)
    assert await codes(registering.register(worker, event, chosen)) == {"too_young"}


async def test_a_review_confirms_or_refuses_with_a_reason(database: str) -> None:
    union = await make_union()
    registrar = await make_official("registrar", union=union)
    event = await make_event(union, approval="review", places=1)
    first, second = await make_participant(union, "甲"), await make_participant(union, "乙")
    pending = await registering.register(first, event, FORM)
    waiting = await registering.register(second, event, FORM)
    assert (pending.state, waiting.state) == (RegistrationState.PENDING, RegistrationState.WAITING)
    refusal = ReviewForm(registrations=[pending.id], confirm=False)
    assert await codes(registering.review(registrar, event, refusal)) == {"reason_needed"}
    await registering.review(registrar, event, ReviewForm(registrations=[pending.id], confirm=False, reason="材料不全"))
    seen = await registering.registration(first, event, pending.id)
    assert (seen.state, seen.reason) == (RegistrationState.REFUSED, "材料不全")
    assert (await registering.registration(second, event, waiting.id)).state == RegistrationState.PENDING
    assert await codes(registering.register(first, event, FORM)) == {"refused_before"}
    with pytest.raises(NotFound):
        await registering.review(first, event, ReviewForm(registrations=[waiting.id], confirm=True))


async def test_a_review_decides_all_or_none(database: str) -> None:
    union = await make_union()
    registrar, worker = await make_official("registrar", union=union), await make_participant(union)
    event = await make_event(union, approval="review")
    pending = await registering.register(worker, event, FORM)
    with pytest.raises(NotFound):
        await registering.review(registrar, event, ReviewForm(registrations=[pending.id, event], confirm=True))
    assert (await registering.registration(worker, event, pending.id)).state == RegistrationState.PENDING


async def test_a_review_of_many_asks_no_more_than_one_of_few(sqlite_url: str) -> None:
    engine = db.connect(sqlite_url)
    assert isinstance(engine, SqliteEngine)
    union = await make_union()
    registrar = await make_official("registrar", union=union)
    await db.rows("SELECT 1")
    asked: dict[tuple[int, bool], int] = {}
    for count in (2, 9):
        event = await make_event(union, approval="review", places=count)
        title = Bilingual(zh="电工", en="Electricians")
        contest = (await add_contest(access.SYSTEM, event, ContestForm(title=title, places=count))).id
        form = RegistrationForm(contest_id=contest)
        made = [await registering.register(await make_participant(union), event, form) for _ in range(2 * count)]
        those = [one.id for one in made[:count]]
        for confirm in (True, False):
            decision = ReviewForm(registrations=those, confirm=confirm, reason="材料不全")
            asked[count, confirm] = await statements(engine, registering.review(registrar, event, decision))
        assert await counter(event) == await counter(event, contest) == (count, 0)
        numbers = [row["number"] for row in await db.rows("SELECT number FROM entry WHERE event_id = {}", event)]
        assert sorted(numbers) == list(range(1, count + 1))
        kinds = [row["kind"] for row in await db.rows("SELECT kind FROM message WHERE event_id = {}", event)]
        assert {kind: kinds.count(kind) for kind in kinds} == {
            "registration.waiting": count, "registration.confirmed": count, "registration.refused": count,
        }  # fmt: skip
    assert asked[2, True] == asked[9, True]
    assert asked[2, False] == asked[9, False]
    await db.close()


async def statements(engine: SqliteEngine, work: Awaitable[object]) -> int:
    """How many statements some work takes; rows that are written together, one beside the other, count as one."""
    count, before = 0, ""

    def note(sql: str) -> None:
        nonlocal count, before
        start = sql.partition(" VALUES ")[0]
        count += start != before or not start.startswith("INSERT")
        before = start

    for connection in (engine.writer, *engine._readers):
        await connection.call(lambda it: it.set_trace_callback(note))
    await work
    for connection in (engine.writer, *engine._readers):
        await connection.call(lambda it: it.set_trace_callback(None))
    return count


async def test_a_registrar_registers_members_of_the_own_unions_only(database: str) -> None:
    city, other = await make_union("hf", level="city"), await make_union("wh", level="city")
    event = await make_event(await make_union("ah"))
    leader = await make_official("delegation_leader", union=city)
    made = await registering.register(leader, event, RegistrationForm(person=await make_person(city, "李雷")))
    assert (made.person_name, made.state) == ("李雷", RegistrationState.CONFIRMED)
    form = RegistrationForm(person=await make_person(other))
    assert await codes(registering.register(leader, event, form)) == {"unknown_person"}


async def test_others_do_not_see_a_registration(database: str) -> None:
    union = await make_union()
    event, worker = await make_event(union), await make_participant(union)
    made = await registering.register(worker, event, FORM)
    stranger = await make_participant(union, "旁人")
    with pytest.raises(NotFound):
        await registering.registration(stranger, event, made.id)
    with pytest.raises(NotFound):
        await registering.withdraw(stranger, event, made.id)
    with pytest.raises(NotFound):
        await registering.list_registrations(stranger, event, RegistrationQuery())


async def test_check_in_once_then_says_when(database: str) -> None:
    union = await make_union()
    registrar, worker = await make_official("registrar", union=union), await make_participant(union)
    event = await make_event(union)
    made = await registering.register(worker, event, FORM)
    seen = await registering.check_in(registrar, event, made.reference.lower())
    assert seen.checked_in_at is not None
    with pytest.raises(Conflict) as refused:
        await registering.check_in(registrar, event, made.reference)
    assert refused.value.reasons[0].params["at"] == seen.checked_in_at
    with pytest.raises(NotFound):
        await registering.check_in(registrar, event, "NOSUCHREF")


async def test_a_stale_version_is_refused(database: str) -> None:
    union = await make_union()
    event, worker = await make_event(union), await make_participant(union)
    made = await registering.register(worker, event, FORM)
    with pytest.raises(Stale):
        await registering.withdraw(worker, event, made.id, version=made.version - 1)


async def test_more_places_promote_and_fewer_than_taken_are_refused(database: str) -> None:
    union = await make_union()
    organiser = await make_official("organiser", union=union)
    event = await make_event(union, places=1)
    workers = [await make_participant(union, f"工{number}") for number in range(3)]
    made = [await registering.register(worker, event, FORM) for worker in workers]
    await organising.change(organiser, event, EventChange(places=3))
    assert await states(event, workers, made) == ["confirmed"] * 3
    assert await codes(organising.change(organiser, event, EventChange(places=2))) == {"places_below_used"}


async def test_lists_are_paged_and_filtered(database: str) -> None:
    union = await make_union()
    organiser = await make_official("organiser", union=union)
    event = await make_event(union, places=3)
    names = ("王芳", "李娜", "张伟", "欧阳修", "阿依古丽·买买提")
    for name in names:
        await registering.register(await make_participant(union, name), event, FORM)
    page = await registering.list_registrations(organiser, event, RegistrationQuery(), limit=2)
    rest = await registering.list_registrations(organiser, event, RegistrationQuery(), cursor=page.next or "", limit=10)
    assert [item.person_name for item in page.items + rest.items] == list(reversed(names))
    found = await registering.list_registrations(organiser, event, RegistrationQuery(q="·买"))
    assert [item.person_name for item in found.items] == ["阿依古丽·买买提"]
    assert (await registering.counts(organiser, event))[RegistrationState.WAITING] == 2


async def test_the_window_closes_by_the_clock_even_before_anybody_closes_it(database: str) -> None:
    union = await make_union()
    past = datetime(2020, 1, 1, tzinfo=UTC)
    event, worker = await make_event(union, closes_at=past), await make_participant(union)
    assert await codes(registering.register(worker, event, FORM)) == {"closed"}
    assert await Event.exists().where(Event.id == event)
    assert (await actor(worker.account)).person == worker.person


@pytest.mark.parametrize("state", ["finished", "cancelled"])
async def test_registrations_of_an_event_that_is_over_stay_as_they_are(database: str, state: str) -> None:
    union = await make_union()
    event, registrar = await make_event(union, places=1), await make_official("registrar", union=union)
    workers = [await make_participant(union) for _ in range(2)]
    made = [await registering.register(worker, event, FORM) for worker in workers]
    await Event.update({"state": state, "reason": "."}, force=True)
    assert await codes(registering.withdraw(workers[0], event, made[0].id)) == {"event_ended"}
    refusal = ReviewForm(registrations=[made[0].id], confirm=False, reason="迟到")
    assert await codes(registering.review(registrar, event, refusal)) == {"event_ended"}
    await organising.change(await make_official("administrator"), event, EventChange(places=5))
    assert await states(event, workers, made) == ["confirmed", "waiting"]


async def test_who_is_there_does_not_withdraw_any_more(database: str) -> None:
    union = await make_union()
    event, registrar = await make_event(union), await make_official("registrar", union=union)
    worker = await make_participant(union)
    made = await registering.register(worker, event, FORM)
    await registering.check_in(registrar, event, made.reference)
    assert await codes(registering.withdraw(worker, event, made.id)) == {"already_checked_in"}


async def test_who_was_merged_meanwhile_is_registered_as_the_person_that_stays(database: str) -> None:
    union = await make_union()
    event, kept = await make_event(union), await make_person(union)
    worker, admin = await make_participant(union), await make_official("administrator")
    assert worker.person is not None
    await people.merge(admin, kept, worker.person)
    made = await registering.register(worker, event, FORM)  # asked before the merge, answered after it
    assert made.person == kept
    other = await make_event(union, starts_at=made.created_at, ends_at=made.created_at + timedelta(hours=1))
    assert (await registering.register(admin, other, RegistrationForm(person=worker.person))).person == kept


async def test_who_registers_while_the_event_is_cancelled_is_refused(database: str) -> None:
    union = await make_union()
    event, admin = await make_event(union), await make_official("administrator")
    worker = await make_participant(union)
    async with db.transaction():
        await organising.advance(admin, event, AdvanceForm(state=EventState.CANCELLED, reason="台风"))
        registers = asyncio.create_task(registering.register(worker, event, FORM))
        while database.startswith("postgresql") and not await asyncio.create_task(db.rows(WAITS_FOR_A_LOCK)):
            pass  # it has seen an open event, and now waits for the event's counter
    assert await codes(registers) == {"cancelled"}
    assert await counter(event) == (0, 0)


async def test_positions_on_the_wait_list_cost_a_list_nothing_more(
    database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    union = await make_union()
    event, registrar = await make_event(union, places=0), await make_official("registrar", union=union)
    for _ in range(5):
        await registering.register(await make_participant(union), event, FORM)
    asked: list[str] = []
    run = db.engine()._run  # type: ignore[attr-defined]

    async def noted(sql: str, given: Any) -> Any:
        asked.append(sql)
        return await run(sql, given)

    monkeypatch.setattr(db.engine(), "_run", noted)
    page = await registering.list_registrations(registrar, event, RegistrationQuery())
    assert [item.position for item in page.items] == [5, 4, 3, 2, 1]
    assert sum("FROM registration" in sql for sql in asked) == 1
