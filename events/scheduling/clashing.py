"""What cannot be at once: found among the sessions as they are stored, by overlapping half-open intervals."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import groupby
from typing import NamedTuple
from uuid import UUID

from events import access, db
from events.access import Actor, Right
from events.calendars.attending import SEAT_TO_SESSION, TAKES_PART
from events.errors import Reason
from events.scheduling.forms import Clash
from events.terms import EventState
from events.text import Bilingual, bilingual

MOST_NAMES = 20
HIDDEN = Bilingual(zh="—")
POINTERS = {"clash_venue": "/venue", "clash_official": "/officials", "clash_participants": "/starts_at"}

OTHER = """session.event_id, session.id, session.title, session.starts_at, session.ends_at,
    event.title AS event_title, event.zone, event.state AS event_state, event.starts_at AS event_starts_at,
    event.ends_at AS event_ends_at, unions.path"""
ITS_EVENT = 'JOIN event ON event.id = session.event_id JOIN unions ON unions.id = event."union"'
TAKES_PLACE = "session.state = 'planned' AND event.state <> 'cancelled' AND NOT event.is_template"
AT_ONCE = f"{TAKES_PLACE} AND session.starts_at < {{}} AND session.ends_at > {{}} AND session.id <> {{}}"
IN_ORDER = "ORDER BY session.starts_at, session.id"
HOLDS_A_PLACE = "registration.state IN ('confirmed', 'pending')"

SUBJECT = f"""SELECT {OTHER}, session.venue, session.contest_id FROM session {ITS_EVENT}
WHERE session.event_id = {{}} AND session.id = {{}} AND {TAKES_PLACE}"""  # noqa: S608
AT_THE_VENUE = f"""SELECT {OTHER} FROM session {ITS_EVENT}
WHERE {AT_ONCE} AND session.venue = {{}} {IN_ORDER}"""  # noqa: S608

MY_OFFICIALS = f"""SELECT account FROM session_official WHERE event_id = {{}} AND session_id = {{}}
UNION SELECT panel_seat.account FROM {SEAT_TO_SESSION}
WHERE session.event_id = {{}} AND session.id = {{}} AND panel_seat.until IS NULL"""  # noqa: S608
# Judges of one contest are not told which of its sessions they sit in: two of these at once are no clash.
THEIR_DUTIES = f"""SELECT event_id, session_id, account FROM session_official WHERE account IN ({MY_OFFICIALS})
UNION SELECT session.event_id, session.id, panel_seat.account FROM {SEAT_TO_SESSION}
WHERE panel_seat.until IS NULL AND (session.event_id <> {{}} OR session.contest_id <> {{}})
    AND panel_seat.account IN ({MY_OFFICIALS})"""  # noqa: S608
ON_DUTY = f"""SELECT {OTHER}, duty.account AS who, COALESCE(person.name, account.name) AS name
FROM ({THEIR_DUTIES}) duty JOIN session ON session.event_id = duty.event_id AND session.id = duty.session_id {ITS_EVENT}
JOIN account ON account.id = duty.account LEFT JOIN person ON person.id = account.person
WHERE {AT_ONCE} {IN_ORDER}, name, who"""  # noqa: S608

MY_PARTICIPANTS = f"""SELECT registration.person FROM registration
JOIN session ON session.event_id = registration.event_id
WHERE session.event_id = {{}} AND session.id = {{}} AND {HOLDS_A_PLACE} AND {TAKES_PART}"""  # noqa: S608
# In one event only two contests clash: a session for all of the event is for those in a contest as well.
PARTICIPATING = f"""SELECT {OTHER}, person.id AS who, person.name AS name
FROM registration JOIN person ON person.id = registration.person
JOIN session ON session.event_id = registration.event_id {ITS_EVENT}
WHERE {AT_ONCE} AND (session.event_id <> {{}} OR session.contest_id <> {{}}) AND {HOLDS_A_PLACE} AND {TAKES_PART}
    AND registration.person IN ({MY_PARTICIPANTS}) {IN_ORDER}, person.sort_name, who"""  # noqa: S608


class _Group(NamedTuple):
    code: str
    session: db.Row
    people: list[db.Row]


async def clashes(actor: Actor, event_id: UUID) -> list[Clash]:
    """What the planned sessions of an event clash with, for its organiser; in the order of time."""
    await access.event_for(actor, Right.ORGANISE, event_id)
    own = await db.rows("SELECT id FROM session WHERE event_id = {} ORDER BY starts_at, id", event_id)
    return [clash for session in own for clash in await clashes_of(actor, event_id, session["id"])]


async def clashes_of(actor: Actor, event_id: UUID, session_id: UUID) -> list[Clash]:
    """What one session, as it is stored, clashes with; nothing if it does not take place."""
    me = await db.row(SUBJECT, event_id, session_id)
    if me is None:
        return []
    groups = [*await _at_the_venue(me), *await _on_duty(me), *await _participating(me)]
    return [_clash(actor, me, group) for group in groups if not _frames(me, group.session)]


async def clashes_of_official(actor: Actor, event_id: UUID, session_id: UUID, account: UUID) -> list[Clash]:
    """Where else one official of a session has a duty at the time."""
    me = await db.row(SUBJECT, event_id, session_id)
    groups = await _on_duty(me, only=account) if me else []
    return [_clash(actor, me, group) for group in groups if me and not _frames(me, group.session)]


def reasons(found: Iterable[Clash]) -> list[Reason]:
    """Clashes as the reasons of a refusal."""
    return [Reason(clash.code, POINTERS[clash.code], _params(clash)) for clash in found]


async def _at_the_venue(me: db.Row) -> list[_Group]:
    if me["venue"] is None:
        return []
    return [_Group("clash_venue", row, []) for row in await db.rows(AT_THE_VENUE, *_at_once(me), me["venue"])]


async def _on_duty(me: db.Row, *, only: UUID | None = None) -> list[_Group]:
    mine = (me["event_id"], me["id"], me["event_id"], me["id"])
    contest = me["contest_id"] or UUID(int=0)  # none: a comparison with NULL would be neither true nor false
    rows = await db.rows(ON_DUTY, *mine, me["event_id"], contest, *mine, *_at_once(me))
    return _grouped("clash_official", [row for row in rows if only in (None, row["who"])])


async def _participating(me: db.Row) -> list[_Group]:
    mine = (me["event_id"], me["id"])
    rows = await db.rows(PARTICIPATING, *_at_once(me), me["event_id"], me["contest_id"], *mine)
    return _grouped("clash_participants", rows)


def _at_once(me: db.Row) -> tuple[object, ...]:
    return me["ends_at"], me["starts_at"], me["id"]


def _grouped(code: str, rows: list[db.Row]) -> list[_Group]:
    by_session = [list(rows) for _, rows in groupby(rows, key=lambda row: row["id"])]
    return [_Group(code, rows[0], rows) for rows in by_session]


def _frames(one: db.Row, other: db.Row) -> bool:
    """Whether one of two sessions of an event is its frame, as long as the event, in which the other lies."""
    return bool(one["event_id"] == other["event_id"]) and _spans(one) != _spans(other)


def _spans(row: db.Row) -> bool:
    return bool(row["starts_at"] <= row["event_starts_at"] and row["ends_at"] >= row["event_ends_at"])


def _clash(actor: Actor, me: db.Row, group: _Group) -> Clash:
    other = group.session
    scope = {"event": other["event_id"], "union_path": other["path"]}
    seen = other["event_state"] != EventState.DRAFT or actor.may(Right.SEE, **scope)
    named = group.code != "clash_participants" or actor.may(Right.REVIEW, **scope)
    return Clash(
        code=group.code,
        session_id=me["id"],
        other_event=other["event_id"] if seen else None,
        other_session=other["id"] if seen else None,
        event_title=bilingual(other["event_title"]) if seen else Bilingual(),
        title=bilingual(other["title"]) if seen else Bilingual(),
        starts_at=other["starts_at"],
        ends_at=other["ends_at"],
        zone=other["zone"],
        names=tuple(row["name"] for row in group.people[:MOST_NAMES]) if named else (),
        count=len(group.people),
    )


def _params(clash: Clash) -> dict[str, object]:
    event = clash.event_title or HIDDEN
    return {
        "event": event,
        "session": clash.title or event,
        "from": clash.starts_at,
        "to": clash.ends_at,
        "names": clash.names or (HIDDEN,),
        "count": clash.count,
    }
