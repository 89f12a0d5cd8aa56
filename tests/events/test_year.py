"""The year that the benchmark builds in bulk is as the verbs would have left it, and the same every time."""

from datetime import UTC, datetime

import pytest

from benchmarks.federation import building, happenings, people, sound, statistics
from benchmarks.federation.plan import Year
from events import db
from events.tables import Board, Event, Message, Registration

NOW = datetime(2026, 11, 25, 4, tzinfo=UTC)


async def test_a_thousandth_of_a_year_is_sound(database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    year = Year(0.0007, NOW, 0.0004)
    places = year.places()
    await people.write_unions(places)
    await building.appoint()
    known = await people.union_ids()
    assert sum([await people.write_people(year, places, known, chunk) for chunk in people.chunks(year)]) == 2600
    cast = await building.cast()
    monkeypatch.setattr(happenings, "MARKED", 1)
    counts = [await happenings.hold(year, one, cast) for one in year.happenings(places)]
    assert await Event.count() == len(counts)
    told = await Message.count().where(Message.kind.like("registration.%"))
    assert await Registration.count() == told == sum(counts) > 300
    assert await Board.count().where(Board.kind == "live") == 1
    assert await sound.faults() == []
    assert sum(one.registered for one in (await statistics.by_kind_city_and_month()).values()) == sum(counts)
    await db.rows("UPDATE capacity SET waiting = waiting + 1")
    assert {fault.partition(" ")[0] for fault in await sound.doctor()} >= {"counter_wrong"}


def test_the_plan_is_the_same_every_time_and_as_large_as_its_share_of_the_report() -> None:
    year = Year(0.1, NOW)
    places = year.places()
    planned = year.happenings(places)
    assert (len(places), sum(one.members for one in places), len(planned)) == (8_400, 650_000, 1_401)
    assert len({one.path for one in places}) == len(places)
    assert sum(one.people for one in planned) > 250_000
    assert planned == Year(0.1, NOW).happenings(places)
