"""Who may do what: actors, roles, rights; the only way to get a row on someone's behalf.

Unknown and forbidden look alike (NotFound); who is not signed in is asked to be (NotSignedIn) before any look-up.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from enum import StrEnum
from uuid import UUID

import msgspec

from events import db
from events.errors import NotFound, NotSignedIn, Reason
from events.tables import Event, Union
from events.terms import EventState, Role


class Right(StrEnum):
    """A verb that is allowed within the scope of a role."""

    SEE = "see"
    ORGANISE = "organise"
    REVIEW = "review"
    REGISTER_OTHERS = "register_others"
    CHECK_IN = "check_in"
    MARK = "mark"
    SEE_MARKS = "see_marks"
    SIGN_OFF = "sign_off"
    PUBLISH = "publish"
    READ_LOG = "read_log"
    KEEP_PEOPLE = "keep_people"
    KEEP_UNIONS = "keep_unions"
    KEEP_ACCOUNTS = "keep_accounts"


RIGHTS: dict[Role, frozenset[Right]] = {
    Role.ADMINISTRATOR: frozenset(Right) - {Right.MARK},
    Role.ORGANISER: frozenset(
        {Right.SEE, Right.ORGANISE, Right.REVIEW, Right.REGISTER_OTHERS, Right.CHECK_IN, Right.SEE_MARKS,
         Right.PUBLISH, Right.READ_LOG}
    ),
    Role.REGISTRAR: frozenset({Right.SEE, Right.REVIEW, Right.REGISTER_OTHERS, Right.CHECK_IN, Right.KEEP_PEOPLE}),
    Role.CHIEF_JUDGE: frozenset({Right.SEE, Right.SEE_MARKS, Right.SIGN_OFF}),
    Role.JUDGE: frozenset({Right.MARK}),
    Role.DELEGATION_LEADER: frozenset({Right.REGISTER_OTHERS}),
    Role.EMPLOYER: frozenset(),
}  # fmt: skip
LAST = "\U0010ffff"  # sorts behind every other character
# What no role in a single event gives, for people, unions and accounts belong to none.
OF_UNIONS = frozenset({Right.KEEP_PEOPLE, Right.KEEP_UNIONS, Right.KEEP_ACCOUNTS})


def rights(role: Role, *, in_event: bool = False) -> list[Right]:
    """What a role allows, in a fixed order: in one event, or in all of a scope."""
    allowed = RIGHTS[role] - (OF_UNIONS if in_event else frozenset())
    return [right for right in Right if right in allowed]


class Grant(msgspec.Struct, frozen=True):
    """A role and where it holds: an event, a union's subtree (`union_path` is a prefix), or everywhere (neither)."""

    role: Role
    event_id: UUID | None = None
    union_path: str | None = None

    def covers(self, event_id: UUID | None, union_path: str | None) -> bool:
        """Whether this event, or this union, lies in the scope."""
        if self.event_id is not None:
            return self.event_id == event_id
        return self.union_path is None or (union_path or "").startswith(self.union_path)


class Actor(msgspec.Struct, frozen=True):
    """Whoever asks now."""

    account: UUID | None = None
    person: UUID | None = None
    name: str = ""
    language: str = "zh"
    grants: tuple[Grant, ...] = ()

    def may(self, right: Right, *, event: UUID | None = None, union_path: str | None = None) -> bool:
        """Whether a role of this actor allows the verb for this event or union."""
        return any(right in RIGHTS[grant.role] and grant.covers(event, union_path) for grant in self.grants)

    def may_somewhere(self, right: Right) -> bool:
        """Whether a role of this actor allows the verb anywhere at all."""
        return any(right in RIGHTS[grant.role] for grant in self.grants)

    def scope(self, right: Right) -> tuple[list[UUID], list[str]]:
        """The events and the union paths ("" is everywhere) within which the verb is allowed."""
        allowed = [grant for grant in self.grants if right in RIGHTS[grant.role]]
        events = [grant.event_id for grant in allowed if grant.event_id is not None]
        return events, [grant.union_path or "" for grant in allowed if grant.event_id is None]


ANONYMOUS = Actor()
SYSTEM = Actor(name="magpie", grants=(Grant(Role.ADMINISTRATOR),))


HELD = """account.id AS id, account.person AS person, account.name AS name, account.language AS language,
    role_grant.role AS role, role_grant.event_id AS event_id, unions.path AS path"""
GRANTS = 'LEFT JOIN role_grant ON role_grant.account = account.id LEFT JOIN unions ON unions.id = role_grant."union"'


async def actor_of(account: UUID) -> Actor | None:
    """The actor behind an account that is not disabled, with all its roles."""
    return (await actors_of([account])).get(account)


async def actors_of(accounts: Collection[UUID]) -> dict[UUID, Actor]:
    """The actors behind those of the accounts that are not disabled, with all their roles."""
    if not accounts:
        return {}
    these, wanted = db.one_of(accounts)
    sql = f"SELECT {HELD} FROM account {GRANTS} WHERE account.id {these} AND account.disabled_at IS NULL"  # noqa: S608
    return actors(await db.rows(sql, *wanted))


def actors(rows: Iterable[db.Row]) -> dict[UUID, Actor]:
    """The actors in rows of `HELD`, by account; who has several roles stands in as many."""
    found: dict[UUID, list[db.Row]] = {}
    for row in rows:
        found.setdefault(row["id"], []).append(row)
    return {account: _actor(held) for account, held in found.items()}


def _actor(rows: list[db.Row]) -> Actor:
    one = rows[0]
    held = tuple(Grant(Role(row["role"]), row["event_id"], row["path"]) for row in rows if row["role"])
    return Actor(one["id"], one["person"], one["name"], one["language"], held)


def signed_in(actor: Actor) -> UUID:
    """The actor's account; NotSignedIn for nobody in particular."""
    if actor.account is None and actor is not SYSTEM:
        raise NotSignedIn(Reason("not_signed_in"))
    return actor.account  # type: ignore[return-value]  # the system itself has none, and columns for it are nullable


def require(actor: Actor, right: Right, *, event: UUID | None = None, union_path: str | None = None) -> None:
    """Raise NotSignedIn or NotFound unless the verb is allowed there."""
    signed_in(actor)
    if not actor.may(right, event=event, union_path=union_path):
        raise not_found()


def not_found() -> NotFound:
    """The one answer for what is unknown and for what is forbidden."""
    return NotFound(Reason("not_found"))


async def union_path(union: UUID) -> str:
    """Where a union stands in the tree; NotFound when there is none."""
    found = await db.row("SELECT path FROM unions WHERE id = {}", union)
    if found is None:
        raise not_found()
    return str(found["path"])


def is_public(event: Event) -> bool:
    """Whether the world may know of the event."""
    return event.state != EventState.DRAFT and not event.is_template


async def event_to_see(actor: Actor, event_id: UUID) -> Event:
    """An event that the actor may look at: any announced one, a draft or template only by right."""
    event = await Event.objects().get(Event.id == event_id)
    if event is None:
        raise not_found()
    if not is_public(event) and not await may_in_event(actor, Right.SEE, event):
        raise not_found()
    return event


async def event_for(actor: Actor, right: Right, event_id: UUID) -> Event:
    """An event that the actor has this right in."""
    signed_in(actor)
    event = await Event.objects().get(Event.id == event_id)
    if event is None or not await may_in_event(actor, right, event):
        raise not_found()
    return event


async def may_in_event(actor: Actor, right: Right, event: Event) -> bool:
    """Whether the actor has this right in the event, by a role there or in the organiser's part of the union tree."""
    if not actor.may_somewhere(right):
        return False
    found = await Union.select(Union.path).where(Union.id == event.union).first()
    return actor.may(right, event=event.id, union_path=found["path"] if found else None)


def below(path: str) -> tuple[str, list[object]]:
    """A condition on `unions` (and its arguments): the unions whose path begins so; all of them for none."""
    return ("unions.path >= {} AND unions.path < {}", [path, f"{path}{LAST}"]) if path else ("1 = 1", [])


def seen_by(actor: Actor) -> tuple[str, list[object]]:
    """A condition on `event` joined with `unions` (and its arguments): the events that `event_to_see` would give."""
    events, paths = actor.scope(Right.SEE)
    if "" in paths:
        return "1 = 1", []
    public = "(event.state <> 'draft' AND NOT event.is_template)"
    return _any_of(events, paths, public)


def within(actor: Actor, right: Right) -> tuple[str, list[object]]:
    """A condition on `event` joined with `unions` (and its arguments): the events in which the actor has a right."""
    events, paths = actor.scope(right)
    return _any_of(events, paths)


def _any_of(events: Sequence[UUID], paths: Sequence[str], *others: str) -> tuple[str, list[object]]:
    parts = [below(path) for path in paths]
    clauses = [*others, *["event.id = {}"] * len(events), *(f"({clause})" for clause, _ in parts)]
    return f"({' OR '.join(clauses) or '1 = 0'})", [*events, *(value for _, values in parts for value in values)]
