"""The steps of an event's life in words: the line, what a step will do, and to how many."""

from datetime import datetime
from itertools import pairwise

from api.web.desk.frame import Desk
from api.wording import counted
from events import contests, organising, pairing, registering
from events.access import Right
from events.contests import StageView
from events.organising import AdvanceForm
from events.terms import EventState, RegistrationState, StageState

LINE = (
    EventState.DRAFT,
    EventState.ANNOUNCED,
    EventState.OPEN,
    EventState.CLOSED,
    EventState.UNDER_WAY,
    EventState.FINISHED,
)
NEXT = dict(pairwise(LINE))
Effect = dict[str, object]


def life_line(desk: Desk) -> list[dict[str, object]]:
    """The states of an event, where it stands now, and the times that are fixed."""
    event = desk.event
    ended = event.state == EventState.CANCELLED
    here = len(LINE) if event.state == EventState.FINISHED else LINE.index(event.state) if not ended else 0
    times = {
        EventState.OPEN: event.opens_at,
        EventState.CLOSED: event.closes_at,
        EventState.UNDER_WAY: event.starts_at,
        EventState.FINISHED: event.ends_at,
    }
    line = [
        _step(desk, state, "done" if number < here else "now" if number == here and not ended else "next", times)
        for number, state in enumerate(LINE)
    ]
    return [_step(desk, EventState.CANCELLED, "failed", {})] if ended else line


def _step(desk: Desk, state: EventState, where: str, times: dict[EventState, datetime | None]) -> dict[str, object]:
    plain = {"who": "", "by": None, "url": "", "note": ""}
    return plain | {"label": desk.say(f"common.state_{state}"), "state": where, "at": times.get(state)}


async def effects(desk: Desk, state: EventState) -> list[Effect]:
    """What a step will do, and to how many."""
    counts = await _counts(desk)
    holding = counts[RegistrationState.CONFIRMED] + counts[RegistrationState.PENDING]
    found = await organising.preview(desk.actor, desk.event.id, AdvanceForm(state=state, reason="-"))
    told: dict[EventState, list[tuple[str, int | None]]] = {
        EventState.ANNOUNCED: [("in_calendar", found.sessions)],
        EventState.OPEN: [("registration_opens", None), ("places", desk.event.places.places)],
        EventState.CLOSED: [("keep_places", holding), _waiting(counts)],
        EventState.UNDER_WAY: [("expected", counts[RegistrationState.CONFIRMED])],
        EventState.FINISHED: [("without_result", await _without_result(desk))],
        EventState.CANCELLED: [
            ("told", found.people_told),
            ("sessions_cancelled", found.sessions),
        ],
    }
    said = told.get(state, [])
    if desk.event.opens_at and state == EventState.ANNOUNCED:
        said.append(("opens_by_itself", None))
    return [effect(desk, key, n) for key, n in said if n != 0]


def effect(desk: Desk, key: str, n: int | None = None) -> Effect:
    """One line of a preview."""
    return {"n": n, "words": counted(desk.lang, f"desk.effect_{key}", n)}


def _waiting(counts: dict[RegistrationState, int]) -> tuple[str, int | None]:
    return "keep_waiting", counts[RegistrationState.WAITING]


async def _counts(desk: Desk) -> dict[RegistrationState, int]:
    if not desk.may(Right.REVIEW):
        return dict.fromkeys(RegistrationState, 0)
    return await registering.counts(desk.actor, desk.event.id)


async def _without_result(desk: Desk) -> int:
    found = (await contests.list_contests(desk.actor, desk.event.id, limit=500)).items
    return sum([await _lacks_result(desk, stage) for contest in found for stage in contest.stages])


async def _lacks_result(desk: Desk, stage: StageView) -> bool:
    """Whether there is no official result, or matches are left to be played."""
    if stage.meets is None:
        return stage.state != StageState.OFFICIAL
    return stage.drawn_at is None or not (await pairing.fixtures(desk.actor, desk.event.id, stage.id)).over


def as_state(text: str) -> EventState | None:
    """A state by its word in an address."""
    return EventState(text) if text in tuple(EventState) else None
