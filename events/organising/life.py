"""The life of an event: which state follows which, and what time alone does."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from events.errors import Reason
from events.organising.forms import AdvanceForm
from events.tables import Event
from events.terms import EventState

S = EventState
NEXT: dict[EventState, tuple[EventState, ...]] = {
    S.DRAFT: (S.ANNOUNCED,),
    S.ANNOUNCED: (S.OPEN, S.CLOSED, S.UNDER_WAY, S.CANCELLED),
    S.OPEN: (S.CLOSED, S.UNDER_WAY, S.CANCELLED),
    S.CLOSED: (S.OPEN, S.UNDER_WAY, S.CANCELLED),
    S.UNDER_WAY: (S.FINISHED, S.CANCELLED),
    S.FINISHED: (),
    S.CANCELLED: (),
}


def obstacles(event: Event, form: AdvanceForm, now: datetime) -> Iterator[Reason]:
    """Every reason why an event may not take this step now."""
    if event.is_template:
        yield Reason("is_template", "/state")
    if form.state not in NEXT[EventState(event.state)]:
        yield Reason("not_next", "/state", {"state": event.state, "wanted": form.state})
    if form.state == S.CANCELLED and not form.reason.strip():
        yield Reason("reason_needed", "/reason")
    if form.state == S.ANNOUNCED and event.ends_at <= now:
        yield Reason("already_over", "/ends_at")
    if form.state == S.OPEN and event.closes_at and event.closes_at <= now:
        yield Reason("closing_passed", "/closes_at", {"at": event.closes_at})


def by_time(
    state: EventState, opens_at: datetime | None, closes_at: datetime | None, now: datetime
) -> EventState | None:
    """The state that time alone leads to: an announced event opens, an open one closes."""
    if state in (S.ANNOUNCED, S.OPEN) and closes_at and closes_at <= now:
        return S.CLOSED
    if state == S.ANNOUNCED and opens_at and opens_at <= now:
        return S.OPEN
    return None
