"""Results of matches: entered, corrected, taken back, as long as nothing that was played after them is undone."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from events import access, clock, db, ids, notices
from events.access import Actor, Right
from events.contests.looking import stage_held
from events.errors import conflict, invalid
from events.pairing.reading import fixtures, plan_of, results_of
from events.pairing.structs import FixturesView, ResultForm
from events.tables import Event, Stage
from events.terms import StageState
from scoring.pairing import fixtures as pairing
from scoring.pairing.fixtures import Fixture, Plan, Result

PLAYING = frozenset({StageState.DRAWN, StageState.MARKING})


async def enter_result(actor: Actor, event_id: UUID, stage_id: UUID, number: int, *, form: ResultForm) -> FixturesView:
    """Say what came of a match (organisers, chief judge); again to correct it. The same twice changes nothing."""
    await _may_enter(actor, event_id)
    async with db.transaction():
        row, plan = await _playing(event_id, stage_id)
        before = await results_of(row)
        match = _match(plan, before, number)
        result = _result(match, form)
        if before.get(number) != result:
            _unless_undone(plan, before | {number: result})
            await _supersede(row, number)
            await _insert(actor, row, number, result)
            await _state(row, StageState.MARKING)
            await notices.post(
                "match.result", event=event_id, subject=stage_id, by=actor.account, public=True, number=number,
                again=number in before,
            )  # fmt: skip
    return await fixtures(actor, event_id, stage_id)


async def take_back(actor: Actor, event_id: UUID, stage_id: UUID, number: int) -> FixturesView:
    """Take the result of a match back (organisers, chief judge); without any the stage can be drawn again."""
    await _may_enter(actor, event_id)
    async with db.transaction():
        row, plan = await _playing(event_id, stage_id)
        before = await results_of(row)
        if number not in before:
            raise access.not_found()
        left = {other: result for other, result in before.items() if other != number}
        _unless_undone(plan, left)
        await _supersede(row, number)
        await _state(row, StageState.MARKING if left or await _is_marked(row) else StageState.DRAWN)
        await notices.post(
            "match.result_taken_back", event=event_id, subject=stage_id, by=actor.account, public=True, number=number
        )
    return await fixtures(actor, event_id, stage_id)


async def _may_enter(actor: Actor, event_id: UUID) -> None:
    access.signed_in(actor)
    event = await Event.objects().get(Event.id == event_id)
    rights = (Right.ORGANISE, Right.SIGN_OFF)
    if event is None or not any([await access.may_in_event(actor, right, event) for right in rights]):
        raise access.not_found()


async def _playing(event_id: UUID, stage_id: UUID) -> tuple[Stage, Plan]:
    row = await stage_held(event_id, stage_id, alone=True)
    plan = await plan_of(row)
    if plan is None or row.state not in PLAYING:
        conflict("no_fixtures")
    return row, plan


def _match(plan: Plan, before: Mapping[int, Result], number: int) -> Fixture:
    found = next((one for one in pairing.played(plan, before).fixtures if one.number == number and number), None)
    if found is None:
        raise access.not_found()
    return found if found.ready else conflict("match_not_ready")


def _result(match: Fixture, form: ResultForm) -> Result:
    assert match.home is not None
    assert match.away is not None
    if (form.home_score is None) != (form.away_score is None):
        invalid("both_scores", "/away_score" if form.away_score is None else "/home_score")
    winner = form.winner or _leader(form)
    if form.home_score is not None and _leader(form) not in ("draw", winner):
        invalid("scores_say_otherwise", "/winner")
    if winner == "draw" and match.bracket:
        invalid("winner_needed", "/winner")
    name = {"home": match.home, "away": match.away}.get(winner)
    return Result(match.home, match.away, name, form.home_score, form.away_score)


def _leader(form: ResultForm) -> str:
    """Who won, by the scores."""
    if form.home_score is None or form.away_score is None:
        invalid("winner_or_scores", "/winner")
    if form.home_score == form.away_score:
        return "draw"
    return "home" if form.home_score > form.away_score else "away"


def _unless_undone(plan: Plan, results: Mapping[int, Result]) -> None:
    """Conflict if a match that was played would be one of others."""
    try:
        pairing.played(plan, results)
    except ValueError:
        conflict("later_match_played")


async def _supersede(row: Stage, number: int) -> None:
    await db.rows(
        "UPDATE match_result SET superseded_at = {} "
        "WHERE event_id = {} AND stage_id = {} AND number = {} AND superseded_at IS NULL",
        clock.now(), row.event_id, row.id, number,
    )  # fmt: skip


async def _insert(actor: Actor, row: Stage, number: int, result: Result) -> None:
    await db.rows(
        "INSERT INTO match_result (event_id, id, stage_id, number, home_id, away_id, winner_id, home_score, "
        "away_score, entered_by, entered_at) VALUES ({}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {})",
        row.event_id, ids.new(), row.id, number, UUID(result.home), UUID(result.away),
        UUID(result.winner) if result.winner else None, result.home_score, result.away_score,
        actor.account, clock.now(),
    )  # fmt: skip


async def _is_marked(row: Stage) -> bool:
    """Whether marks lie on the draw, which must stay then."""
    found = "SELECT id FROM mark WHERE event_id = {} AND stage_id = {} LIMIT 1"
    return await db.row(found, row.event_id, row.id) is not None


async def _state(row: Stage, state: StageState) -> None:
    await db.rows(
        "UPDATE stage SET state = {}, version = version + 1 WHERE event_id = {} AND id = {} AND state <> {}",
        state, row.event_id, row.id, state,
    )  # fmt: skip
