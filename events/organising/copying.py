"""Last year's event once more: with its sessions, contests, stages, schemes and rules, but with nobody in it."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from events import access, calendars, clock, contests, db, eligibility, ids, marking, notices, scheduling
from events.access import Actor, Right
from events.errors import Invalid, Reason
from events.organising import lists
from events.organising.forms import CopyForm, EventForm, EventView, SeriesView
from events.organising.writing import insert
from events.tables import Capacity, Event, Series
from events.terms import Approval, Kind
from events.text import Bilingual, bilingual, prose

MOST_IN_A_SERIES = 500


async def copy_event(actor: Actor, event_id: UUID, form: CopyForm) -> EventView:
    """A draft like the event, moved to another beginning; its copy may also come from a template."""
    found = await access.event_for(actor, Right.ORGANISE, event_id)
    if not 2000 <= form.starts_at.year <= 2200:
        raise Invalid(Reason("year", "/starts_at"))
    if form.series and not await Series.exists().where(Series.id == form.series):
        raise Invalid(Reason("unknown_series", "/series"))
    async with db.transaction():
        made = await _copy(actor, found, form)
    return await lists.load(made.id)


async def copy_series(actor: Actor, series_id: UUID, title: Bilingual, *, days: int) -> tuple[SeriesView, int]:
    """A new series with a copy of every event of another, moved by some days; gives it and the number of events."""
    series = await Series.objects().get(Series.id == series_id)
    if series is None:
        raise access.not_found()
    access.require(actor, Right.ORGANISE, union_path=await access.union_path(series.union))
    made = Series(id=ids.new(), title=title.stored(), union=series.union, created_at=clock.now())
    async with db.transaction():
        await Series.insert(made)
        old = await Event.objects().where(Event.series == series_id).order_by(Event.starts_at).limit(MOST_IN_A_SERIES)
        for found in old:
            await _copy(actor, found, CopyForm(starts_at=found.starts_at + timedelta(days=days), series=made.id))
        await notices.post("series.copied", subject=made.id, by=actor.account, source=series_id, events=len(old))
    return lists.series_view(made.to_dict()), len(old)


async def _copy(actor: Actor, found: Event, form: CopyForm) -> Event:
    delta = form.starts_at - found.starts_at
    counter = await Capacity.select(Capacity.places).where(
        Capacity.event_id == found.id, Capacity.id == found.id
    ).first()  # fmt: skip
    made = await insert(actor, _form(found, form, delta, counter["places"] if counter else None), copied_from=found.id)
    renamed = await contests.copy_contests(found.id, made.id)
    await marking.copy_judging_rules(found.id, made.id)
    await scheduling.copy_sessions(found.id, made.id, delta, contests=renamed)
    await calendars.refresh(made.id)
    await notices.post("event.copied", event=made.id, subject=made.id, by=actor.account, source=found.id)
    return made


def _form(found: Event, form: CopyForm, delta: timedelta, places: int | None) -> EventForm:
    return EventForm(
        kind=Kind(found.kind),
        title=form.title or bilingual(found.title),
        union=found.union,
        starts_at=form.starts_at,
        ends_at=found.ends_at + delta,
        summary=bilingual(found.summary),
        description=prose(found.description),
        series=form.series or found.series,
        city=found.city,
        venue=found.venue,
        zone=found.zone,
        opens_at=found.opens_at + delta if found.opens_at else None,
        closes_at=found.closes_at + delta if found.closes_at else None,
        places=places,
        approval=Approval(found.approval),
        eligibility=eligibility.eligibility(found.eligibility),
    )
