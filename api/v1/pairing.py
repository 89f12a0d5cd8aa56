"""Fixtures of a stage in which entries meet, and the results of matches."""

from typing import Annotated

from litestar import delete, get, put
from litestar.params import JSONBody, PathParameter

from api.kinds import Asker, Id
from api.ready import PLAN
from events import pairing
from events.pairing import FixturesView, ResultForm

# As text: int() would also take 1_0, +1 and other figures for a number.
Number = Annotated[str, PathParameter(pattern=r"^[1-9][0-9]{0,5}$", description="The number of the match.")]
MATCH = "/events/{event_id:uuid}/stages/{stage_id:uuid}/matches/{number:str}/result"


@get("/events/{event_id:uuid}/stages/{stage_id:uuid}/fixtures", operation_id="get_fixtures", ready=PLAN)
async def get_fixtures(actor: Asker, event_id: Id, stage_id: Id) -> FixturesView:
    """Who meets whom: matches, tables, places that are known; all of it follows from the draw and the results."""
    return await pairing.fixtures(actor, event_id, stage_id)


@put(MATCH, operation_id="enter_match_result")
async def enter_match_result(
    actor: Asker, event_id: Id, stage_id: Id, number: Number, data: JSONBody[ResultForm]
) -> FixturesView:
    """Say what came of a match, again to correct it. Right `organise` or `sign_off`."""
    return await pairing.enter_result(actor, event_id, stage_id, int(number), form=data)


@delete(MATCH, operation_id="take_back_match_result", status_code=200)
async def take_back_match_result(actor: Asker, event_id: Id, stage_id: Id, number: Number) -> FixturesView:
    """Take the result of a match back. Right `organise` or `sign_off`."""
    return await pairing.take_back(actor, event_id, stage_id, int(number))


ROUTES = [get_fixtures, enter_match_result, take_back_match_result]
