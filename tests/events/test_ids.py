"""Identifiers sort by the moment in which they were made."""

from datetime import UTC, datetime, timedelta
from uuid import RFC_4122

from events import clock, ids

START = datetime(2026, 11, 25, 8, 30, 0, 999_990, UTC)


def test_an_identifier_sorts_by_its_microsecond() -> None:
    made = []
    for microsecond in range(20):  # over the end of a millisecond
        with clock.at(START + timedelta(microseconds=microsecond)):
            made.append(ids.new())
    assert made == sorted(made)
    assert {(one.version, one.variant) for one in made} == {(7, RFC_4122)}
    assert made[0].int >> 80 == int(START.timestamp() * 1000)
