"""May somebody register? Decided by plain functions of plain values, with every reason at once."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from msgspec import Struct

from events import eligibility
from events.eligibility import Candidate
from events.errors import Reason
from events.registering.forms import Verdict
from events.registering.knowing import Held
from events.tables import Event
from events.terms import EventState, RegistrationState
from events.text import bilingual

LATER = (EventState.DRAFT, EventState.ANNOUNCED)
SHUT = (EventState.CLOSED, EventState.UNDER_WAY, EventState.FINISHED)


class Facts(Struct, frozen=True):
    """All that the verdict depends on; `division` are the conditions of the one that is chosen, as they are stored."""

    event: Event
    now: datetime
    candidate: Candidate | None
    held: Sequence[Held] = ()
    division: str | None = None
    full: bool = False


def verdict(facts: Facts) -> Verdict:
    """Accepted, or refused with every reason; `until` is the opening when waiting for it is all that is needed."""
    reasons = (*of_time(facts.event, facts.now), *_of_person(facts), *_of_registrations(facts))
    codes = {reason.code for reason in reasons}
    until = facts.event.opens_at if codes == {"not_open_yet"} else None
    return Verdict(not reasons, reasons, until, facts.full and not reasons)


def of_time(event: Event, now: datetime) -> Iterator[Reason]:
    """Why it is not the time to register, whoever asks."""
    if event.state == EventState.CANCELLED:
        yield Reason("cancelled", params={"why": event.reason or ""})
    elif event.state in SHUT or (event.closes_at and now >= event.closes_at):
        yield Reason("closed", params={"at": event.closes_at} if event.closes_at else {})
    elif event.state in LATER or (event.opens_at and now < event.opens_at):
        yield Reason("not_open_yet", params={"at": event.opens_at} if event.opens_at else {})


def _of_person(facts: Facts) -> Iterator[Reason]:
    if facts.candidate is None:
        yield Reason("not_linked")
        return
    day = facts.event.starts_at.astimezone(ZoneInfo(facts.event.zone)).date()
    yield from eligibility.unmet(eligibility.eligibility(facts.event.eligibility), facts.candidate, day)
    if facts.division:
        yield from eligibility.unmet(eligibility.eligibility(facts.division), facts.candidate, day)


def _of_registrations(facts: Facts) -> Iterator[Reason]:
    for held in facts.held:
        if held.event_id != facts.event.id:
            yield Reason("clash", params={"event": bilingual(held.title)})
        elif held.state == RegistrationState.REFUSED:
            yield Reason("refused_before")
        elif held.state != RegistrationState.WITHDRAWN:
            yield Reason("already_registered")
