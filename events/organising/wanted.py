"""Which events are wanted: conditions on `event` that an index answers, however many events there are."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import NamedTuple
from uuid import UUID
from zoneinfo import ZoneInfo

from events import access, db, settings
from events.access import Actor, Right
from events.organising import searching
from events.organising.forms import EventQuery
from events.text import either_holds, within_stored

Clause = tuple[str, list[object]]
SHORT = timedelta(days=2)  # whatever lasts longer is marked in the database (event.long: from 45 hours on)


class Beyond(NamedTuple):
    """Where a page begins: behind the event with this beginning and id, going forwards or back."""

    key: tuple[datetime, UUID] | None = None
    back: bool = False


FROM_THE_FIRST = Beyond()


async def selection(
    actor: Actor, query: EventQuery, columns: str, *, beyond: Beyond = FROM_THE_FIRST, order: str = ""
) -> tuple[str, list[object]]:
    """A select of the events that the actor may see and the query wants, with its arguments.

    `order`, with its limit, is that of the whole and holds for each part, so that none reads more than the whole shows.
    """
    common = [access.seen_by(actor), *_filters(actor, query), *await _named(query.q), *_behind(beyond)]
    selects, arguments = list[str](), list[object]()
    for part in _parts(query.first, beyond):
        clauses = [*part, *common]
        where = " AND ".join(clause for clause, _ in clauses)
        unions = 'JOIN unions ON unions.id = event."union"' if "unions." in where else ""
        selects.append(f"SELECT * FROM (SELECT {columns} FROM event {unions} WHERE {where} {order}) part")  # noqa: S608
        arguments += [argument for _, values in clauses for argument in values]
    return " UNION ALL ".join(selects), arguments


def _parts(first: date | None, beyond: Beyond) -> Iterator[list[Clause]]:
    """What takes place on a day or later: what began shortly before it or begins then, and the few long ones.

    Together they are all that end at that time or later, but no part reads all that was before.
    """
    if first is None:
        yield []
        return
    day = midnight(first)
    since = max(day - SHORT, beyond.key[0]) if beyond.key and not beyond.back else day - SHORT
    yield [("event.starts_at >= {} AND event.ends_at >= {}", [since, day])]
    yield [("event.long AND event.ends_at >= {} AND event.starts_at < {}", [day, day - SHORT])]


def _filters(actor: Actor, query: EventQuery) -> Iterator[Clause]:
    yield "event.is_template = {}", [query.templates]
    for column in ("kind", "state", "city", "series"):
        if wanted := getattr(query, column):
            yield f"event.{column} = {{}}", [wanted]
    if query.union:
        yield access.below(query.union)
    if query.last:
        yield "event.starts_at < {}", [midnight(query.last + timedelta(days=1))]
    if query.over:
        over = midnight(query.over)
        yield "event.ends_at < {} AND event.starts_at < {}", [over, over]
    if query.organised or query.official:
        yield access.within(actor, Right.ORGANISE if query.organised else Right.SEE)


async def _named(text: str) -> list[Clause]:
    if not text.strip():
        return []
    holds, texts = either_holds("event.title", text)
    few = await searching.named(within_stored(text))
    if few is None:  # many have it: put so that no planner takes it for rare, and reads all of them to find some
        return [(f"CASE WHEN {holds} THEN TRUE ELSE FALSE END", texts)]
    among, ids = db.one_of(few)
    return [(f"event.id {among}", ids), (holds, texts)]


def _behind(beyond: Beyond) -> Iterator[Clause]:
    if beyond.key is not None:
        yield f"(event.starts_at, event.id) {'<' if beyond.back else '>'} ({{}}, {{}})", [*beyond.key]


def midnight(day: date) -> datetime:
    """The beginning of a day in the federation's zone."""
    return datetime.combine(day, time(), ZoneInfo(settings.current().zone))
