"""Organising: events are created, announced, changed, moved, postponed, cancelled, copied and brought to their end."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec

from events import access, calendars, clock, contests, db, eligibility, ids, notices, places, registering, scheduling
from events.access import Actor, Right, is_public
from events.contests import ContestForm, ContestView
from events.errors import Conflict, Invalid, NotFound, Reason, refuse
from events.organising import life, lists
from events.organising.copying import copy_event, copy_series
from events.organising.counting import Brief, briefs, by_city, by_day, count, some
from events.organising.forms import (
    AdvanceForm,
    CopyForm,
    EventChange,
    EventForm,
    EventItem,
    EventQuery,
    EventView,
    MoveForm,
    Preview,
    SeriesForm,
    SeriesView,
    flaws_of_times,
    flaws_of_window,
)
from events.organising.lists import event, list_events, list_series, series
from events.organising.needs import Need, needs
from events.organising.removing import (
    DraftGoing,
    contest_going,
    delete,
    draft_going,
    keeps_contest,
    keeps_event,
    remove_contest,
)
from events.organising.telling import on_duty, tell_duties, tell_on_duty
from events.organising.trail import Done, trail
from events.organising.writing import held, insert, told, touch
from events.tables import Event, Registration, Series, Session, Venue
from events.terms import OVER, EventState
from events.text import Bilingual

__all__ = [
    "AdvanceForm",
    "Brief",
    "CopyForm",
    "Done",
    "DraftGoing",
    "EventChange",
    "EventForm",
    "EventItem",
    "EventQuery",
    "EventView",
    "MoveForm",
    "Need",
    "Preview",
    "SeriesForm",
    "SeriesView",
    "add_series",
    "advance",
    "briefs",
    "by_city",
    "by_day",
    "change",
    "change_contest",
    "contest_going",
    "copy_event",
    "copy_series",
    "count",
    "create",
    "delete",
    "draft_going",
    "event",
    "keep_time",
    "keeps_contest",
    "keeps_event",
    "list_events",
    "list_series",
    "move",
    "needs",
    "obstacles",
    "preview",
    "remove_contest",
    "series",
    "some",
    "trail",
]  # fmt: skip


async def create(actor: Actor, form: EventForm) -> EventView:
    """A new draft with its first session; Invalid with every flaw of the form."""
    access.require(actor, Right.ORGANISE, union_path=await _path(actor, form.union))
    refuse([*form.flaws(msgspec.structs.asdict(form)), *await _unknown(form.venue, form.series)])
    async with db.transaction():
        made = await insert(actor, form)
        await scheduling.first_session(made)
        await calendars.refresh(made.id)
        await notices.post("event.created", event=made.id, subject=made.id, by=actor.account)
    return await lists.load(made.id)


@db.persistent
async def change(actor: Actor, event_id: UUID, form: EventChange, *, version: int | None = None) -> EventView:
    """Change what is said of an event; more places move those who wait up, fewer than are taken is a Conflict."""
    async with db.transaction():
        found = await held(actor, event_id, version)
        wanted = {name: value for name, value in msgspec.structs.asdict(form).items() if value is not msgspec.UNSET}
        refuse([*_changed_flaws(found, wanted), *await _unknown(None, wanted.get("series"))])
        if "places" in wanted:
            await places.resize(event_id, event_id, wanted.pop("places"))
        await touch(found, **{name: _stored(value) for name, value in wanted.items()})
        await registering.promote(found)
        await calendars.refresh(event_id)
        await notices.post(
            "event.changed",
            event=event_id,
            subject=event_id,
            by=actor.account,
            public=True,
            fields=sorted(wanted),
        )
    return await lists.load(event_id)


@db.persistent
async def change_contest(
    actor: Actor, event_id: UUID, contest_id: UUID, form: ContestForm, *, version: int | None = None
) -> ContestView:
    """Write a contest anew; more places move those who wait for it up, fewer than are taken is a Conflict."""
    async with db.transaction():
        found = await held(actor, event_id, None)
        await contests.rewrite_contest(actor, event_id, contest_id, form, version=version)
        await registering.promote(found)
    return await contests.contest(actor, event_id, contest_id)


@db.persistent
async def advance(actor: Actor, event_id: UUID, form: AdvanceForm, *, version: int | None = None) -> EventView:
    """Take the next step in an event's life; Conflict with every reason when it is not the time for it."""
    async with db.transaction():
        found = await held(actor, event_id, version)
        if reasons := tuple(life.obstacles(found, form, clock.now())):
            raise Conflict(*reasons)
        await _step(found, form.state, reason=form.reason or None, by=actor.account)
    return await lists.load(event_id)


async def preview(actor: Actor, event_id: UUID, form: AdvanceForm) -> Preview:
    """What `advance` would do, and to how many people, without doing it."""
    found = await access.event_for(actor, Right.ORGANISE, event_id)
    allowed = not any(life.obstacles(found, form, clock.now()))
    people = await Registration.count().where(Registration.event_id == event_id, Registration.state.is_in([*told]))
    sessions = await Session.count().where(Session.event_id == event_id)
    people += len(await on_duty(event_id, by=actor.account))
    informed = people if form.state == EventState.CANCELLED else 0
    return Preview(allowed, form.state, informed, sessions, form.state == EventState.ANNOUNCED)


async def obstacles(actor: Actor, event_id: UUID, form: AdvanceForm) -> list[Reason]:
    """Every reason why `advance` would be refused now."""
    return [*life.obstacles(await access.event_for(actor, Right.ORGANISE, event_id), form, clock.now())]


async def move(actor: Actor, event_id: UUID, form: MoveForm, *, version: int | None = None) -> EventView:
    """Move an event with all its sessions, or postpone it without a new day; everybody in it is told.

    A reason is needed once the event is public.
    """
    async with db.transaction():
        found = await held(actor, event_id, version)
        refuse([*_flaws_of_move(found, form), *await _unknown(form.venue, None)])
        if form.starts_at is None:
            await touch(found, postponed=True, reason=form.reason)
        else:
            await _move(found, form)
        await calendars.refresh(event_id)
        await notices.post("event.moved", event=event_id, subject=event_id, by=actor.account, public=True)
        await registering.tell_all(event_id, kind="event.changed")
        await tell_on_duty(event_id, "duty.changed", by=actor.account)
    return await lists.load(event_id)


async def add_series(actor: Actor, form: SeriesForm) -> SeriesView:
    """A new series of events."""
    access.require(actor, Right.ORGANISE, union_path=await _path(actor, form.union))
    refuse([] if form.title else [Reason("title_needed", "/title")])
    made = Series(id=ids.new(), title=form.title.stored(), union=form.union, created_at=clock.now())
    async with db.transaction():
        await Series.insert(made)
        await notices.post("series.added", subject=made.id, by=actor.account)
    return lists.series_view(made.to_dict())


async def keep_time() -> int:
    """Open and close registration where its time has come; gives how many events changed. Run it often."""
    now, moved = clock.now(), 0
    due = await db.rows(
        "SELECT id FROM event WHERE NOT is_template AND (state = 'announced' AND opens_at <= {}"
        " OR state IN ('announced', 'open') AND closes_at <= {}) LIMIT 500",
        now, now,
    )  # fmt: skip
    for row in due:
        async with db.transaction():
            moved += await _by_time(row["id"], now)
    return moved


async def _by_time(event_id: UUID, now: datetime) -> bool:
    await places.hold_still(event_id)
    found = await Event.objects().get(Event.id == event_id)
    assert found is not None
    state = life.by_time(EventState(found.state), found.opens_at, found.closes_at, now)
    if state is not None:
        await _step(found, state, reason=found.reason, by=None)
    return state is not None


async def _step(found: Event, state: EventState, *, reason: str | None, by: UUID | None) -> None:
    await touch(found, state=state, reason=reason)
    await calendars.refresh(found.id)
    await notices.post(f"event.{state}", event=found.id, subject=found.id, by=by, public=True)
    if state == EventState.ANNOUNCED:
        await tell_duties(found.id, by=by)
    if state == EventState.CANCELLED:
        await registering.tell_all(found.id, kind="event.cancelled", reason=reason or "")
        await tell_on_duty(found.id, "duty.cancelled", by=by, reason=reason)


async def _move(found: Event, form: MoveForm) -> None:
    assert form.starts_at is not None
    delta, old_venue = form.starts_at - found.starts_at, found.venue
    columns: dict[str, object] = {
        "starts_at": form.starts_at,
        "ends_at": form.ends_at or found.ends_at + delta,
        "postponed": False,
        "reason": form.reason,
    }
    if is_public(found):
        columns |= {"previous_starts_at": found.starts_at, "previous_venue": found.venue}
    if form.venue:
        columns["venue"] = form.venue
    await touch(found, **columns)
    await scheduling.shift(found.id, delta, from_venue=old_venue, to_venue=form.venue)


async def _path(actor: Actor, union: UUID) -> str:
    access.signed_in(actor)
    try:
        return await access.union_path(union)
    except NotFound:
        raise Invalid(Reason("unknown_union", "/union")) from None


async def _unknown(venue: UUID | None, series: UUID | None) -> list[Reason]:
    missing = []
    if venue and not await Venue.exists().where(Venue.id == venue):
        missing.append(Reason("unknown_venue", "/venue"))
    if series and not await Series.exists().where(Series.id == series):
        missing.append(Reason("unknown_series", "/series"))
    return missing


def _changed_flaws(found: Event, wanted: dict[str, Any]) -> Iterator[Reason]:
    if "title" in wanted and not wanted["title"]:
        yield Reason("title_needed", "/title")
    opens_at, closes_at = wanted.get("opens_at", found.opens_at), wanted.get("closes_at", found.closes_at)
    yield from flaws_of_window(opens_at, closes_at, found.ends_at)
    if isinstance(rule := wanted.get("eligibility"), eligibility.Eligibility):
        yield from eligibility.flaws(rule, "/eligibility")


def _flaws_of_move(found: Event, form: MoveForm) -> Iterator[Reason]:
    if found.state in OVER:
        yield Reason("event_over", "/starts_at", {"state": found.state})
    if is_public(found) and not form.reason.strip():
        yield Reason("reason_needed", "/reason")
    if form.starts_at:
        yield from flaws_of_times(form.starts_at, form.ends_at or form.starts_at + (found.ends_at - found.starts_at))


def _stored(value: object) -> object:
    if isinstance(value, Bilingual):
        return value.stored()
    return msgspec.json.encode(value).decode() if isinstance(value, msgspec.Struct) else value
