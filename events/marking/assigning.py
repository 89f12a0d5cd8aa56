"""Judges to the panels of an event: what is needed, a proposal by flow or why there is none, and its adoption."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from uuid import UUID

import msgspec

from events import access, db, ids
from events.access import Actor, Right
from events.contests.looking import stage_held
from events.errors import conflict
from events.marking import conflicts
from events.marking.demands import PANEL, Field, field_of, stages_to_judge
from events.marking.judging_structs import (
    AdoptForm,
    BreachView,
    DemandView,
    GivenView,
    JudgeView,
    JudgingView,
    ProposalForm,
    ProposalView,
    ShortageView,
)
from events.marking.panels import seat_all
from events.tables import Panel
from scoring import assigning
from scoring.assigning import Assignment


async def judging(actor: Actor, event_id: UUID) -> JudgingView:
    """What keeps judges apart from entries in an event, what panels still need, and what is wrong (organisers)."""
    await access.event_for(actor, Right.ORGANISE, event_id)
    field = await field_of(event_id)
    return JudgingView(
        own_union=field.own_union,
        judges=list(field.judges.values()),
        conflicts=await conflicts.declared(event_id),
        demands=[need.view for need in field.needs],
        breaches=_breaches(field),
    )


async def propose(actor: Actor, event_id: UUID, form: ProposalForm) -> ProposalView:
    """Judges for all panels, with every rule kept and work shared evenly; or what cannot be met (organisers)."""
    await access.event_for(actor, Right.ORGANISE, event_id)
    field = await field_of(event_id)
    return _proposal(field, form, _assign(field, form))


async def adopt(actor: Actor, event_id: UUID, form: AdoptForm) -> JudgingView:
    """Seat everybody as proposed (organisers). Conflict if it would be another by now, or is not whole."""
    await access.event_for(actor, Right.ORGANISE, event_id)
    async with db.transaction():
        stages = sorted((row["id"] for row in await stages_to_judge(event_id)), key=str)
        rows = {stage: await stage_held(event_id, stage, alone=True) for stage in stages}
        field = await field_of(event_id)
        found = _assign(field, form)
        if _digest(field, found) != form.digest or set(field.stages) != set(rows):
            conflict("proposal_changed")
        if found.shortages:
            conflict("judges_short")
        for need in field.needs:
            panel = need.view.panel_id or await _new_panel(event_id, need.view)
            accounts = [UUID(account) for account in found.given.get(need.id, ())]
            await seat_all(actor, rows[need.view.stage_id], panel, accounts)
    return await judging(actor, event_id)


def _assign(field: Field, form: ProposalForm) -> Assignment:
    return assigning.assign(field.demands(), field.judges_free(form.most), form.key)


def _proposal(field: Field, form: ProposalForm, found: Assignment) -> ProposalView:
    known = {need.id: need.view for need in field.needs}
    return ProposalView(
        key=form.key,
        most=form.most,
        digest=_digest(field, found),
        given=[
            GivenView(demand=known[demand], judges=_named(field, judges))
            for demand, judges in found.given.items()
            if known[demand].missing
        ],
        shortages=[
            ShortageView(
                demands=[known[demand] for demand in short.demands],
                needed=short.needed,
                possible=short.possible,
                judges=_named(field, short.judges),
            )
            for short in found.shortages
        ],
    )


def _named(field: Field, accounts: Sequence[str]) -> list[JudgeView]:
    return [field.judges[UUID(account)] for account in accounts]


def _digest(field: Field, found: Assignment) -> str:
    """What is proposed, and for whom: another need, another judge or another rule gives another."""
    whole = [[need.id, need.view.missing, sorted(map(str, need.sitting))] for need in field.needs]
    return hashlib.sha256(msgspec.json.encode([whole, found.given, len(found.shortages)], order="sorted")).hexdigest()


def _breaches(field: Field) -> list[BreachView]:
    known = {need.id: need for need in field.needs}
    sits = {need.id: [str(account) for account in need.sitting] for need in field.needs}
    wrong = assigning.breaches(field.demands(), field.judges_sitting(), sits)
    return [
        BreachView(
            stage_id=known[one.demand].view.stage_id,
            panel_id=known[one.demand].view.panel_id,
            contest=known[one.demand].view.contest,
            panel=known[one.demand].view.panel,
            account=UUID(one.judge),
            name=field.names[UUID(one.judge)],
            code=one.reason,
        )
        for one in wrong
        if one.reason in ("conflict", "twice")
    ]


async def _new_panel(event_id: UUID, view: DemandView) -> UUID:
    panel = Panel(event_id=event_id, id=ids.new(), stage_id=view.stage_id, title=PANEL.stored(), aspects="[]")
    await Panel.insert(panel)
    return panel.id
