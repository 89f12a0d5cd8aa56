"""The figures of the year that a report would need: how many registered and came, by kind of event, city and month."""

from __future__ import annotations

from collections import defaultdict
from typing import NamedTuple
from zoneinfo import ZoneInfo

from events import db

BY_EVENT = """SELECT event_id, count(*) AS registered, count(checked_in_at) AS came,
    sum(CASE WHEN state = 'confirmed' THEN 1 ELSE 0 END) AS confirmed FROM registration GROUP BY event_id"""
EVENTS = "SELECT id, kind, city, zone, starts_at FROM event WHERE state <> 'draft' AND NOT is_template"


class Figures(NamedTuple):
    """How many events, and people in them."""

    events: int = 0
    registered: int = 0
    confirmed: int = 0
    came: int = 0


async def by_kind_city_and_month() -> dict[tuple[str, str, str], Figures]:
    """All of the year, read from the registrations themselves."""
    counts = {row["event_id"]: (row["registered"], row["confirmed"], row["came"]) for row in await db.rows(BY_EVENT)}
    found: dict[tuple[str, str, str], Figures] = defaultdict(Figures)
    for row in await db.rows(EVENTS):
        key = row["kind"], row["city"], f"{row['starts_at'].astimezone(ZoneInfo(row['zone'])):%Y-%m}"
        one = Figures(1, *counts.get(row["id"], (0, 0, 0)))
        found[key] = Figures(*map(sum, zip(found[key], one, strict=True)))
    return found
