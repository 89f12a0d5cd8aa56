"""What waits for somebody at the desk: over all events in which they have a duty, or in one."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

from msgspec import Struct

from events import access, clock, db
from events.access import Actor, Right
from events.text import Bilingual, bilingual

MOST = 100
SOON = timedelta(days=30)
FROM = 'FROM event JOIN unions ON unions.id = event."union"'
SESSIONS = f"{FROM} JOIN session ON session.event_id = event.id AND session.state = 'planned'"
STAGES = f"{FROM} JOIN stage ON stage.event_id = event.id"
GOING_ON = "event.state NOT IN ('cancelled', 'finished')"
# The frame of an event, a session as long as it, holds the others: no clash within the event.
SAME_PLACE = """JOIN session other ON other.venue = session.venue AND other.id <> session.id
    AND other.state = 'planned' AND other.starts_at < session.ends_at AND other.ends_at > session.starts_at
    JOIN event theirs ON theirs.id = other.event_id AND theirs.state <> 'cancelled' AND NOT theirs.is_template
    AND (theirs.id <> event.id OR (session.starts_at <= event.starts_at AND session.ends_at >= event.ends_at)
        = (other.starts_at <= event.starts_at AND other.ends_at >= event.ends_at))"""


class Need(Struct, frozen=True):
    """Something that waits: what (`kind`), how often, and in which event."""

    kind: str
    event_id: UUID
    event: Bilingual
    n: int


class _Search(Struct, frozen=True):
    """How one kind of need is found: who is asked for it, in which tables, under which condition, counted by what."""

    kind: str
    right: Right
    tables: str
    condition: str
    arguments: Sequence[object] = ()
    count: str = "*"


async def needs(actor: Actor, event_id: UUID | None = None) -> list[Need]:
    """What waits for the actor now, the most urgent kind first and up to a hundred events of each."""
    access.signed_in(actor)
    return [need for search in _searches() for need in await _found(actor, search, event_id)]


def _searches() -> list[_Search]:
    now = clock.now()
    return [
        _Search("review", Right.REVIEW, f"{FROM} JOIN registration ON registration.event_id = event.id",
                f"registration.state = 'pending' AND {GOING_ON}"),
        _Search("clash", Right.ORGANISE, f"{SESSIONS} {SAME_PLACE}", f"session.ends_at > {{}} AND {GOING_ON}", [now],
                "DISTINCT session.id"),
        _Search("sign_off", Right.SIGN_OFF, STAGES, "stage.state = 'marking'"),
        _Search("publish", Right.PUBLISH, STAGES, "stage.state = 'signed'"),
        _Search("official", Right.PUBLISH, STAGES, "stage.state = 'provisional' AND stage.objections_until <= {}",
                [now]),
        _Search("announce", Right.ORGANISE, FROM, "event.state = 'draft' AND event.starts_at < {}", [now + SOON]),
        _Search("begin", Right.ORGANISE, FROM, "event.state IN ('announced', 'open', 'closed')"
                " AND event.starts_at <= {} AND NOT event.postponed", [now]),
        _Search("finish", Right.ORGANISE, FROM, "event.state = 'under_way' AND event.ends_at <= {}", [now]),
        _Search("new_day", Right.ORGANISE, FROM, f"event.postponed AND {GOING_ON}"),
    ]  # fmt: skip


async def _found(actor: Actor, search: _Search, event_id: UUID | None) -> list[Need]:
    where, arguments = access.within(actor, search.right)
    one, this = ("AND event.id = {}", [event_id]) if event_id else ("", [])
    rows = await db.rows(
        f"SELECT event.id, event.title, COUNT({search.count}) AS n {search.tables}"
        f" WHERE NOT event.is_template AND {search.condition} AND {where} {one}"
        f" GROUP BY event.id, event.title, event.starts_at ORDER BY event.starts_at, event.id LIMIT {MOST:d}",
        *search.arguments, *arguments, *this,
    )  # fmt: skip
    return [Need(search.kind, row["id"], bilingual(row["title"]), int(row["n"])) for row in rows]
