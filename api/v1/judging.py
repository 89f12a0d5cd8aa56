"""Judges to panels: conflicts of interest, what is needed, a proposal and its adoption."""

from litestar import delete, get, post, put
from litestar.params import JSONBody

from api.kinds import Asker, Id
from events import marking
from events.marking import AdoptForm, ConflictForm, ConflictView, JudgingRules, JudgingView, ProposalForm, ProposalView


@get("/events/{event_id:uuid}/judging", operation_id="get_judging")
async def get_judging(actor: Asker, event_id: Id) -> JudgingView:
    """Who can judge, which conflicts there are, what panels still need, and what is wrong. Right `organise`."""
    return await marking.judging(actor, event_id)


@put("/events/{event_id:uuid}/judging", operation_id="set_judging_rules")
async def set_judging_rules(actor: Asker, event_id: Id, data: JSONBody[JudgingRules]) -> JudgingRules:
    """Settle whether judges may judge entries of their own union, county or delegation. Right `organise`."""
    return await marking.set_judging_rules(actor, event_id, data)


@post("/events/{event_id:uuid}/judging/conflicts", operation_id="declare_conflict")
async def declare_conflict(actor: Asker, event_id: Id, data: JSONBody[ConflictForm]) -> ConflictView:
    """Declare that somebody must not judge a union's entries, or one entry. Right `organise`."""
    return await marking.declare_conflict(actor, event_id, data)


@delete("/events/{event_id:uuid}/judging/conflicts/{conflict_id:uuid}", operation_id="remove_conflict")
async def remove_conflict(actor: Asker, event_id: Id, conflict_id: Id) -> None:
    """Take a declared conflict back. Right `organise`."""
    await marking.remove_conflict(actor, event_id, conflict_id)


@post("/events/{event_id:uuid}/judging/proposal", operation_id="propose_judges", status_code=200)
async def propose_judges(actor: Asker, event_id: Id, data: JSONBody[ProposalForm]) -> ProposalView:
    """Judges for all that panels need, or the demands that cannot all be met; nothing is kept. Right `organise`."""
    return await marking.propose(actor, event_id, data)


@post("/events/{event_id:uuid}/judging/adopt", operation_id="adopt_judges", status_code=200)
async def adopt_judges(actor: Asker, event_id: Id, data: JSONBody[AdoptForm]) -> JudgingView:
    """Seat everybody as proposed; a conflict if it would be another by now, or is not whole. Right `organise`."""
    return await marking.adopt(actor, event_id, data)


ROUTES = [get_judging, set_judging_rules, declare_conflict, remove_conflict, propose_judges, adopt_judges]
