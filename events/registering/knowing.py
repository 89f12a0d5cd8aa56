"""What registering has to know of events and persons, read for one or for a crowd by the same few statements."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Mapping
from datetime import date
from itertools import accumulate
from uuid import UUID

from msgspec import Struct

from events import access, db
from events.access import Actor, Right
from events.eligibility import Candidate
from events.errors import Invalid, Reason
from events.messages import Recipient
from events.registering.forms import RegistrationForm
from events.tables import Event

ASKED = (  # of an event: what decides, and what a registration says of it
    "id", "union", "title", "state", "reason", "zone", "starts_at", "ends_at", "opens_at", "closes_at", "approval",
    "eligibility", "is_template", "version",
)  # fmt: skip
GROUNDS = f"""SELECT {", ".join(f'event."{name}"' for name in ASKED)}, unions.path AS organiser,
        EXISTS (SELECT 1 FROM contest WHERE contest.event_id = event.id) AS has_contests
    FROM event JOIN unions ON unions.id = event."union" WHERE event.id = {{}}"""  # noqa: S608
CHOICES = """SELECT contest.id AS contest, contest.title AS contest_title, division.id AS division,
        division.title AS division_title, division.eligibility AS eligibility
    FROM contest LEFT JOIN division ON division.event_id = contest.event_id AND division.contest_id = contest.id
    WHERE contest.event_id = {}"""
PERSONS = """SELECT person.id AS id, person.merged_into AS merged_into, person.name AS name, person.sex AS sex,
        person.born AS born, member."union" AS "union", unions.path AS path, unions.name AS union_name,
        COALESCE(account.mail, person.mail) AS mail, account.language AS language
    FROM person LEFT JOIN account ON account.person = person.id
    LEFT JOIN member ON member.person = person.id AND member.left_on IS NULL
    LEFT JOIN unions ON unions.id = member."union" WHERE person.id"""
HELD = """SELECT registration.person AS person, registration.id AS id, registration.event_id AS event_id,
        registration.state AS state, event.title AS title
    FROM registration JOIN event ON event.id = registration.event_id
    WHERE (event.id = {{}}
        OR (registration.state IN ('pending', 'confirmed') AND event.state NOT IN ('cancelled', 'finished')
            AND event.starts_at < {{}} AND event.ends_at > {{}}))
        AND registration.person {these}
    ORDER BY event.starts_at, event.id"""


class Held(Struct, frozen=True):
    """A registration that the person already holds, here or in another event at the same time."""

    event_id: UUID
    state: str
    title: str
    id: UUID | None = None


class Known(Struct, frozen=True):
    """A person, with the union that the person is a member of, and where messages go to."""

    id: UUID
    name: str
    candidate: Candidate
    recipient: Recipient
    union: UUID | None = None
    path: str | None = None
    union_name: str | None = None


class Choice(Struct, frozen=True):
    """The contest and division that somebody registers for, if the event has any; texts as they are stored."""

    contest_id: UUID | None = None
    contest_title: str | None = None
    division_id: UUID | None = None
    division_title: str | None = None
    eligibility: str | None = None


class Grounds(Struct, frozen=True):
    """An event, where its organiser stands in the union tree, and what there is to choose: by contest and division.

    Under no division of a contest stands the contest alone.
    """

    event: Event
    organiser: str
    choices: Mapping[UUID, Mapping[UUID | None, Choice]]

    def may(self, actor: Actor, right: Right) -> bool:
        """Whether the actor has this right in the event."""
        return actor.may(right, event=self.event.id, union_path=self.organiser)

    def is_seen_by(self, actor: Actor) -> bool:
        """Whether the actor may look at the event."""
        return access.is_public(self.event) or self.may(actor, Right.SEE)

    def choice(self, form: RegistrationForm, *, strict: bool) -> Choice:
        """What is chosen; `strict` where a contest or division has to be. Invalid for what there is not."""
        if form.contest_id is None:
            if strict and self.choices:
                raise Invalid(Reason("contest_needed", "/contest_id"))
            return Choice()
        divisions = self.choices.get(form.contest_id)
        if divisions is None:
            raise Invalid(Reason("unknown_contest", "/contest_id"))
        if strict and form.division_id is None and len(divisions) > 1:
            raise Invalid(Reason("division_needed", "/division_id"))
        if form.division_id not in divisions:
            raise Invalid(Reason("unknown_division", "/division_id"))
        return divisions[form.division_id]


async def grounds(event_id: UUID) -> Grounds:
    """What is known of an event; NotFound when there is none."""
    found = await db.row(GROUNDS, event_id)
    if found is None:
        raise access.not_found()
    choices: dict[UUID, dict[UUID | None, Choice]] = defaultdict(dict)
    for row in await db.rows(CHOICES, event_id) if found.pop("has_contests") else ():
        of_contest = choices[row["contest"]]
        of_contest[None] = Choice(row["contest"], row["contest_title"])
        of_contest[row["division"]] = Choice(*row.values())
    return Grounds(organiser=found.pop("organiser"), event=Event(**found), choices=choices)


async def persons(wanted: Collection[UUID], *, hold: bool = False) -> dict[UUID, Known]:
    """Persons by their ids, with all that rules may know of them; for one merged into another, that other.

    With `hold` nobody merges them into others before the running transaction ends.
    """
    if not wanted:
        return {}
    lock = db.engine().dialect("{for_share}") if hold else ""
    rows = {row["id"]: row for row in await _rows(wanted, lock and f"{lock} OF person")}
    merged = {one: row["merged_into"] for one, row in rows.items() if row["merged_into"]}
    kept = {row["id"]: row for row in await _rows({*merged.values()}, "")} if merged else {}
    rows |= {one: kept[other] for one, other in merged.items()}
    above = await _above({row["path"] or "" for row in rows.values()})
    return {asked: _known(row, above[row["path"] or ""]) for asked, row in rows.items()}


async def _rows(wanted: Collection[UUID], lock: str) -> list[db.Row]:
    these, ids = db.one_of(wanted)
    return await db.rows(f"{PERSONS} {these} {lock}", *ids)


async def held(event: Event, persons: Collection[UUID]) -> defaultdict[UUID, list[Held]]:
    """What persons hold in an event, and at its time in others."""
    found: defaultdict[UUID, list[Held]] = defaultdict(list)
    if persons:
        these, ids = db.one_of(persons)
        for row in await db.rows(HELD.format(these=these), event.id, event.ends_at, event.starts_at, *ids):
            found[row["person"]].append(Held(row["event_id"], row["state"], row["title"], row["id"]))
    return found


def _known(row: db.Row, unions: frozenset[UUID]) -> Known:
    born: date | None = row["born"]
    candidate = Candidate(row["sex"], born, unions)
    recipient = Recipient(row["mail"], row["language"])
    return Known(row["id"], row["name"], candidate, recipient, row["union"], row["path"], row["union_name"])


async def _above(paths: Collection[str]) -> dict[str, frozenset[UUID]]:
    """For each of these paths the unions from the top down to it."""
    ways = {path: list(accumulate(re.findall(r"[^.]+[.]", path))) for path in paths}
    these, names = db.one_of({step for way in ways.values() for step in way})
    rows = await db.rows(f"SELECT path, id FROM unions WHERE path {these}", *names)  # noqa: S608
    unions = {row["path"]: row["id"] for row in rows}
    return {path: frozenset(unions[step] for step in way if step in unions) for path, way in ways.items()}
