"""A crowd is registered as one by one would be, in however many batches; what is wrong with one is wrong with one."""

import asyncio
from collections.abc import Sequence
from datetime import timedelta
from itertools import count
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec import structs

from events import db, idempotency, places, registering
from events.access import SYSTEM, Actor
from events.contests import ContestForm, add_contest
from events.errors import Conflict, Invalid, Refusal
from events.idempotency import Recalled, Remembering
from events.registering import RegistrationForm, RegistrationView, joining
from events.registering.joining import Ask
from events.tables import Capacity, Entry, IdempotencyKey, Message, Notice, Registration
from events.text import Bilingual
from tests.events.factory import (
    START,
    make_account,
    make_event,
    make_official,
    make_participant,
    make_person,
    make_union,
)

FORM = RegistrationForm()
PEOPLE, PLACES = 6, 3
WAITING = "SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"


def told(outcome: object) -> object:
    """An outcome as far as it does not depend on when and in which event it came."""
    if isinstance(outcome, RegistrationView):
        return outcome.state, outcome.position, outcome.waiting, outcome.version
    assert isinstance(outcome, Refusal)
    return [(reason.code, reason.pointer) for reason in outcome.reasons]


async def test_who_is_refused_disturbs_nobody_and_turns_go_by_arrival(database: str) -> None:
    union = await make_union()
    event = await make_event(union, places=2, eligibility='{"sex": "female"}')
    one, two, three, four = [await make_participant(union) for _ in range(4)]
    man, nobody = await make_participant(union, sex="male"), await make_account()
    asks = [Ask(who, event, FORM) for who in (one, man, two, one, three, nobody, four)]
    outcomes = await joining.carry_out(asks)
    assert [told(outcome) for outcome in outcomes] == [
        ("confirmed", None, 0, 1), [("only_female", "")], ("confirmed", None, 0, 1),
        [("already_registered", "")], ("waiting", 1, 1, 1), [("not_linked", "")], ("waiting", 2, 2, 1),
    ]  # fmt: skip
    for asked, made in zip(asks, outcomes, strict=True):
        if isinstance(made, RegistrationView):
            kept = await registering.registration(asked.actor, event, made.id)
            assert made == structs.replace(kept, waiting=made.waiting), "what is answered is what is there"
    assert await Message.count() == await Notice.count() == await Registration.count() == 4


@pytest.mark.parametrize("what", ["UPDATE event SET state = 'closed', version = version + 1 WHERE id = {}",
                                  "UPDATE capacity SET used = places WHERE event_id = {}"])  # fmt: skip
async def test_what_changes_while_somebody_registers_is_seen_in_the_end(postgres_url: str, what: str) -> None:
    db.connect(postgres_url)
    union = await make_union()
    event, worker = await make_event(union, places=2), await make_participant(union)
    async with db.transaction():
        await places.hold_still(event)
        asking = asyncio.create_task(joining.carry_out([Ask(worker, event, FORM)]))
        while not await asyncio.create_task(db.rows(WAITING)):  # for us, with everything written but the place
            assert not asking.done()
        await db.rows(what, event)
    [outcome] = await asking
    assert told(outcome) in ([("closed", "")], ("waiting", 1, 1, 1))
    assert (await Registration.count()) == ("capacity" in what)
    await db.close()


async def test_who_withdrew_is_taken_up_again_among_others(database: str) -> None:
    union = await make_union()
    event = await make_event(union, places=1)
    back, other = await make_participant(union), await make_participant(union)
    first = await registering.register(back, event, RegistrationForm(note="素食"))
    await registering.withdraw(back, event, first.id)
    made, again = await joining.carry_out([Ask(other, event, FORM), Ask(back, event, FORM)])
    assert isinstance(made, RegistrationView)
    assert isinstance(again, RegistrationView)
    assert (again.id, again.reference, again.created_at) == (first.id, first.reference, first.created_at)
    assert (made.state, again.state, again.position, again.version) == ("confirmed", "waiting", 1, 3)
    assert again == await registering.registration(back, event, first.id)


def remembering(who: Actor, key: str = "one", digest: bytes = b"1", fails: bool = False) -> Remembering[Any]:
    def written(made: RegistrationView) -> tuple[int, list[tuple[str, str]], bytes]:
        if fails:
            raise ValueError(key)
        return 201, [], made.reference.encode()

    assert who.account is not None
    return Remembering(who.account, key, digest, written)


async def test_what_fails_fails_alone(database: str) -> None:
    union = await make_union()
    event = await make_event(union)
    workers = [await make_participant(union) for _ in range(3)]
    asks = [Ask(who, event, FORM, remembering(who, fails=who is workers[1])) for who in workers]
    outcomes = await joining.carry_out(asks)
    assert [type(outcome) for outcome in outcomes] == [RegistrationView, ValueError, RegistrationView]
    assert await Registration.count() == await IdempotencyKey.count() == await Message.count() == 2


async def test_answers_are_remembered_with_what_was_done_and_given_again(database: str) -> None:
    union = await make_union()
    event, registrar = await make_event(union), await make_official("registrar", union=union)
    one, other = [RegistrationForm(person=await make_person(union)) for _ in range(2)]
    made, same = await joining.carry_out([
        Ask(registrar, event, one, remembering(registrar)), Ask(registrar, event, other, remembering(registrar)),
    ])  # fmt: skip
    assert isinstance(made, RegistrationView)
    assert isinstance(same, Recalled), "one key stands for one request"
    with pytest.raises(Recalled) as recalled:
        await registering.register(registrar, event, other, remembering=remembering(registrar))
    assert same.answer.body == recalled.value.answer.body == made.reference.encode()
    with pytest.raises(Invalid) as refused:
        await registering.register(registrar, event, other, remembering=remembering(registrar, digest=b"2"))
    assert told(refused.value) == [("key_used_otherwise", "")]
    assert await Registration.count() == 1
    with pytest.raises(Conflict):
        await registering.register(registrar, event, one, remembering=remembering(registrar, "two"))
    assert await idempotency.recall(registrar.account, "two") is None, "a refusal frees the key"  # type: ignore[arg-type]


async def final_state(event: UUID, people: Sequence[Actor], contests: Sequence[UUID | None]) -> dict[str, object]:
    """Everything that is left of a crowd's requests, with people and contests by their number."""
    number = {who.person: place for place, who in enumerate(people)}
    rows = await Registration.select().where(Registration.event_id == event)
    entries = await Entry.select().where(Entry.event_id == event)
    counters = await Capacity.select().where(Capacity.event_id == event)
    limits = {None: -2, event: -1} | {contest: place for place, contest in enumerate(contests) if contest}
    notices = await Notice.select(Notice.kind).where(Notice.event_id == event).order_by(Notice.number)
    messages = await Message.select(Message.kind, Message.person, Message.params).where(Message.event_id == event)
    registered = [(number[row["person"]], row["state"], limits[row["contest_id"]], row["queue_number"]) for row in rows]
    return {
        "registrations": sorted(registered, key=str),
        "entries": sorted((limits[row["contest_id"]], row["number"], number[row["person"]]) for row in entries),
        "counters": sorted((limits[row["id"]], row["used"], row["waiting"], row["queued"]) for row in counters),
        "notices": sorted(row["kind"] for row in notices),
        "messages": sorted((row["kind"], number[row["person"]], "position" in row["params"]) for row in messages),
    }  # fmt: skip


@pytest.mark.usefixtures("anyio_backend")
def test_batches_of_any_size_leave_what_one_by_one_leaves(sqlite_url: str) -> None:
    days = count(1)

    async def people_of(union: UUID) -> list[Actor]:
        return [await make_participant(union, sex="male" if not number else "female") for number in range(PEOPLE)]

    async def asked(union: UUID, people: list[Actor], wishes: list[tuple[int, int]], sizes: list[int]) -> object:
        at = START + timedelta(days=next(days))
        event = await make_event(
            union, places=PLACES, starts_at=at, ends_at=at + timedelta(hours=8), eligibility='{"sex": "female"}'
        )
        contests = [
            (await add_contest(SYSTEM, event, ContestForm(title=Bilingual("赛"), places=places))).id
            for places in (1, None)
        ]
        asks = [
            Ask(people[who], event, RegistrationForm(contest_id=[*contests, None][contest])) for who, contest in wishes
        ]
        outcomes: list[object] = []
        for size in sizes:
            outcomes += await joining.carry_out(asks[:size]) if asks[:size] else []
            del asks[:size]
        return [told(outcome) for outcome in outcomes], await final_state(event, people, contests)

    with asyncio.Runner() as runner:
        db.connect(sqlite_url)
        union = runner.run(make_union())
        people = runner.run(people_of(union))

        @settings(max_examples=12, deadline=None)
        @given(
            st.lists(st.tuples(st.integers(0, PEOPLE - 1), st.integers(0, 2)), min_size=1, max_size=10),
            st.lists(st.integers(1, 5), max_size=3),
        )
        def check(wishes: list[tuple[int, int]], sizes: list[int]) -> None:
            singly = runner.run(asked(union, people, wishes, [1] * len(wishes)))
            assert runner.run(asked(union, people, wishes, [*sizes, len(wishes)])) == singly

        check()
        runner.run(db.close())
