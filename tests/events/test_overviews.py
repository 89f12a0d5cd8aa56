"""What pages ask of many events at once: numbers, standings, tickets, the trail, one's own results."""

from datetime import timedelta
from typing import Any

import pytest

from events import notices, organising, registering
from events.access import ANONYMOUS
from events.errors import NotFound, NotSignedIn
from events.organising import EventQuery
from events.registering import RegistrationForm, ReviewForm
from events.terms import Kind, RegistrationState
from tests.events.factory import START, make_account, make_event, make_official, make_participant, make_union, posted


async def test_events_are_counted_by_city_and_day(database: str) -> None:
    union = await make_union()
    await make_event(union, city="合肥")
    await make_event(
        union, city="合肥", starts_at=START + timedelta(days=1, hours=15), ends_at=START + timedelta(days=2)
    )
    await make_event(union, city="芜湖", kind="fair")
    await make_event(union, city="芜湖", state="draft")
    assert await organising.by_city(ANONYMOUS, EventQuery()) == {"合肥": 2, "芜湖": 1}
    assert await organising.count(ANONYMOUS, EventQuery(kind=Kind.FAIR)) == 1
    days = [brief.day().day for brief in await organising.briefs(ANONYMOUS, EventQuery(city="合肥"))]
    assert days == [1, 3], "16:00 in London is the next day in China"


async def test_some_events_are_those_that_may_be_seen(database: str) -> None:
    union = await make_union()
    public, draft = await make_event(union), await make_event(union, state="draft")
    assert set(await organising.some(ANONYMOUS, [public, draft])) == {public}
    assert set(await organising.some(await make_official("organiser", union=union), [public, draft])) == {public, draft}
    assert await organising.some(ANONYMOUS, []) == {}


async def test_standings_tell_of_each_event_what_the_verdict_says(database: str) -> None:
    union = await make_union()
    me = await make_participant(union)
    taken, same_time = await make_event(union), await make_event(union)
    later: dict[str, Any] = {"starts_at": START + timedelta(days=9), "ends_at": START + timedelta(days=9, hours=1)}
    free, closed = await make_event(union, **later), await make_event(union, state="closed", **later)
    await registering.register(me, taken, RegistrationForm())
    found = await registering.standings(me, [taken, same_time, free, closed])
    for event, standing in found.items():
        assert standing.may_register == (await registering.may_register(me, event)).accepted
    assert [found[event].may_register for event in (taken, same_time, free, closed)] == [False, False, True, False]
    assert found[taken].state == RegistrationState.CONFIRMED
    assert found[free].state is None
    assert await registering.standings(ANONYMOUS, [free]) == {}


async def test_a_ticket_is_found_by_its_reference_by_whom_it_concerns(database: str) -> None:
    union = await make_union()
    me, other = await make_participant(union), await make_participant(union, "别人")
    event = await make_event(union)
    made = await registering.register(me, event, RegistrationForm())
    assert (await registering.ticket(me, event, made.reference.lower())).id == made.id
    assert (
        await registering.ticket(await make_official("registrar", event=event), event, made.reference)
    ).id == made.id
    with pytest.raises(NotFound):
        await registering.ticket(other, event, made.reference)
    with pytest.raises(NotFound):
        await registering.ticket(me, event, "NOTHING2")
    with pytest.raises(NotSignedIn):
        await registering.ticket(ANONYMOUS, event, made.reference)


async def test_the_trail_names_who_did_what(database: str) -> None:
    union = await make_union()
    me, organiser = await make_participant(union, "王芳"), await make_official("organiser", union=union, name="org")
    event = await make_event(union, approval="review")
    made = await registering.register(me, event, RegistrationForm())
    await registering.review(organiser, event, ReviewForm(registrations=[made.id], confirm=True))
    await registering.withdraw(me, event, made.id)
    await posted(event=event, public_only=False)
    page = await organising.trail(organiser, event, limit=2)
    rest = await organising.trail(organiser, event, cursor=page.next or "", limit=2)
    told = [(done.kind, done.who) for done in [*page.items, *rest.items]]
    assert told == [
        ("registration.withdrawn", "王芳"),
        ("registration.confirmed", "org"),
        ("registration.pending", "王芳"),
    ]
    assert rest.next is None
    for nobody in (me, await make_account()):
        with pytest.raises(NotFound):
            await organising.trail(nobody, event)


async def test_the_stamp_changes_with_every_notice(database: str) -> None:
    union = await make_union()
    before = await notices.stamp()
    assert await notices.stamp() == before
    await registering.register(await make_participant(union), await make_event(union), RegistrationForm())
    assert await notices.stamp() != before
