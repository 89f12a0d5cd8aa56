"""Whether a built year is as the verbs would have left it."""

from __future__ import annotations

from events import db, operating
from events.operating import Health

OURS = frozenset({"counter_wrong", "tasks_late", "tasks_given_up", "secret_key_wrong"})
FAULTS = {
    "oversold": "SELECT count(*) AS n FROM capacity WHERE used > places",
    "registrations without a notice": """SELECT count(*) AS n FROM registration r WHERE NOT EXISTS (
        SELECT 1 FROM notice WHERE notice.event_id = r.event_id AND notice.subject = r.id)""",
    "entries of registrations that are not confirmed": """SELECT count(*) AS n FROM entry JOIN registration r
        ON r.event_id = entry.event_id AND r.id = entry.registration_id
        WHERE entry.state = 'competing' AND r.state <> 'confirmed'""",
    "contests without as many entries as places taken": """SELECT count(*) AS n FROM capacity c
        JOIN contest ON contest.event_id = c.event_id AND contest.id = c.id
        WHERE c.used <> (SELECT count(*) FROM entry WHERE entry.event_id = c.event_id AND entry.contest_id = c.id
            AND entry.state = 'competing')""",
    "persons without a membership": """SELECT count(*) AS n FROM person WHERE NOT EXISTS (
        SELECT 1 FROM member WHERE member.person = person.id AND left_on IS NULL)""",
}


async def doctor() -> list[str]:
    """What `magpie doctor` finds broken or doubtful of the data."""
    found = await operating.doctor()
    return [f"{one.code} {one.params}" for one in found if one.health != Health.SOUND and one.code in OURS]


async def faults() -> list[str]:
    """What is wrong beyond that."""
    wrong = []
    for what, sql in FAULTS.items():
        found = await db.row(sql)
        if found and found["n"]:
            wrong.append(f"{what}: {found['n']}")
    return wrong
