"""Where somebody stands in many events at once: registered, waiting, or free to take part."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from uuid import UUID

from msgspec import Struct

from events import clock, db, lasting
from events.access import Actor
from events.registering.knowing import Held, persons
from events.registering.verdicts import Facts, verdict
from events.tables import Event
from events.terms import OVER, RegistrationState

HELD = """SELECT registration.event_id AS event_id, registration.state AS state, event.title AS title,
        event.starts_at AS starts_at, event.ends_at AS ends_at, event.state AS event_state
    FROM registration JOIN event ON event.id = registration.event_id WHERE registration.person = {}"""
ASKED = "id, state, reason, opens_at, closes_at, starts_at, ends_at, zone, eligibility"  # all that the verdict asks for
BUSY = (RegistrationState.PENDING, RegistrationState.CONFIRMED)


class Standing(Struct, frozen=True):
    """The state of the actor's registration in an event, if there is one, and whether the actor may register now."""

    state: RegistrationState | None
    may_register: bool


async def standings(actor: Actor, events: Collection[UUID]) -> dict[UUID, Standing]:
    """Where the actor stands in each of some events; nothing for who is linked to no person."""
    known = (await persons([actor.person])).get(actor.person) if actor.person else None
    if known is None or not events:
        return {}
    rows = await db.rows(HELD, actor.person)
    standing = {}
    for event in await lasting.while_events_last(("standings", *events), lambda: _events(events)):
        facts = Facts(event, clock.now(), known.candidate, list(_held(event, rows)))
        standing[event.id] = Standing(_state(event, rows), verdict(facts).accepted)
    return standing


async def _events(events: Collection[UUID]) -> list[Event]:
    clause, ids = db.one_of(events)
    return [Event(**row) for row in await db.rows(f"SELECT {ASKED} FROM event WHERE id {clause}", *ids)]  # noqa: S608


def _held(event: Event, rows: Iterable[db.Row]) -> Iterable[Held]:
    for row in rows:
        clashes = row["starts_at"] < event.ends_at and row["ends_at"] > event.starts_at
        busy = row["state"] in BUSY and row["event_state"] not in OVER and clashes
        if busy or row["event_id"] == event.id:
            yield Held(row["event_id"], row["state"], row["title"])


def _state(event: Event, rows: Iterable[db.Row]) -> RegistrationState | None:
    return next((RegistrationState(row["state"]) for row in rows if row["event_id"] == event.id), None)
