"""What the verbs of contests share: finding things, what forms must have, who may know the names behind codes."""

from __future__ import annotations

import json
from collections import OrderedDict
from decimal import Decimal
from uuid import UUID

from events import access, db, eligibility
from events.access import Actor, Right
from events.contests.structs import DivisionView
from events.errors import Reason, Stale
from events.tables import Contest, Division, Event, Stage
from events.terms import StageState
from events.text import bilingual
from scoring import schemes

OPENED = frozenset({StageState.PROVISIONAL, StageState.OFFICIAL})
REMEMBERED = 256
_schemes: OrderedDict[UUID, schemes.Scheme] = OrderedDict()


async def contest_row(event_id: UUID, contest_id: UUID) -> Contest:
    """A contest of the event; NotFound when there is none."""
    found = await Contest.objects().get((Contest.event_id == event_id) & (Contest.id == contest_id))
    if found is None:
        raise access.not_found()
    return found


async def stage_row(event_id: UUID, stage_id: UUID) -> Stage:
    """A stage of the event; NotFound when there is none."""
    found = await Stage.objects().get((Stage.event_id == event_id) & (Stage.id == stage_id))
    if found is None:
        raise access.not_found()
    return found


async def stage_held(event_id: UUID, stage_id: UUID, *, alone: bool) -> Stage:
    """A stage that stays as it is until the transaction ends; `alone`, no mark comes in meanwhile."""
    hold = db.engine().dialect("{for_update}" if alone else "{for_share}")
    found = await db.row(f"SELECT * FROM stage WHERE event_id = {{}} AND id = {{}} {hold}", event_id, stage_id)  # noqa: S608
    if found is None:
        raise access.not_found()
    return Stage(**found)


async def rules_of(event_id: UUID, scheme_id: UUID) -> schemes.Scheme:
    """The rules of marking in a stored scheme; remembered, for a scheme never changes."""
    if scheme_id not in _schemes:
        found = await db.row("SELECT document FROM scheme WHERE event_id = {} AND id = {}", event_id, scheme_id)
        if found is None:
            raise access.not_found()
        _schemes[scheme_id] = schemes.parse(read_document(found["document"]))
        if len(_schemes) > REMEMBERED:
            _schemes.popitem(last=False)
    return _schemes[scheme_id]


def read_document(text: str) -> dict[str, object]:
    """A stored document; its numbers are never floats."""
    found: dict[str, object] = json.loads(text, parse_float=Decimal)
    return found


async def knows_names(actor: Actor, event: Event, contest: Contest) -> bool:
    """Whether the actor may know who stands behind a code: organisers, registrars, all if judging is not blind."""
    return contest.judges_see_names or await opens_codes(actor, event)


async def opens_codes(actor: Actor, event: Event) -> bool:
    """Whether the actor's duty needs names and codes together."""
    return await access.may_in_event(actor, Right.ORGANISE, event) or await access.may_in_event(
        actor, Right.REVIEW, event
    )


def division_view(row: Division) -> DivisionView:
    """A division as it is shown."""
    rule = eligibility.eligibility(row.eligibility)
    return DivisionView(
        id=row.id, contest_id=row.contest_id, title=bilingual(row.title), eligibility=rule, version=row.version
    )


def unless_stale(present: int, expected: int | None) -> None:
    """Raise Stale unless a thing still has the version that somebody read, if they say which."""
    if expected is not None and present != expected:
        raise Stale(Reason("stale"))
