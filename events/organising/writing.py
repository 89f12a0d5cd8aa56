"""How an event is written: inserted, and touched with a new version."""

from __future__ import annotations

from uuid import UUID

import msgspec

from events import access, clock, ids, places
from events.access import Actor, Right
from events.errors import Reason, Stale
from events.organising.forms import EventForm
from events.tables import Event
from events.terms import EventState, RegistrationState

told = (RegistrationState.PENDING, RegistrationState.CONFIRMED, RegistrationState.WAITING)


async def insert(actor: Actor, form: EventForm, *, copied_from: UUID | None = None) -> Event:
    """A draft as the form says, with the counter of its places."""
    now = clock.now()
    plain = {
        name: getattr(form, name)
        for name in (
            "kind", "union", "series", "city", "venue", "zone", "starts_at", "ends_at", "opens_at", "closes_at",
            "approval", "is_template",
        )
    }  # fmt: skip
    made = Event(
        **plain,
        id=ids.new(),
        state=EventState.DRAFT,
        title=form.title.stored(),
        summary=form.summary.stored(),
        description=form.description.stored(),
        eligibility=msgspec.json.encode(form.eligibility).decode(),
        copied_from=copied_from,
        postponed=False,
        version=1,
        created_by=actor.account,
        created_at=now,
        updated_at=now,
    )
    await Event.insert(made)
    await places.create(made.id, made.id, form.places)
    return made


async def touch(found: Event, **columns: object) -> None:
    """Write some columns, with the next version and the time of this change."""
    for name, value in (columns | {"version": found.version + 1, "updated_at": clock.now()}).items():
        setattr(found, name, value)
    changed = [getattr(Event, name) for name in (*columns, "version", "updated_at")]
    await found.save(columns=changed)


async def held(actor: Actor, event_id: UUID, version: int | None) -> Event:
    """The event to write to, with everybody else's changes of it held off until the end of the transaction."""
    await access.event_for(actor, Right.ORGANISE, event_id)
    await places.hold_still(event_id)
    found = await Event.objects().get(Event.id == event_id)
    if found is None:  # deleted while we waited
        raise access.not_found()
    if version is not None and version != found.version:
        raise Stale(Reason("stale"))
    return found
