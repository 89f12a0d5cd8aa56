"""What the pages of one contest begin with: the contest, its stages, how far each step has come."""

from typing import NamedTuple
from uuid import UUID

from api.web.desk.frame import Desk, desk_of, frame
from api.web.forms import Option
from api.web.pages import Asked
from events import access, contests, marking
from events.access import Actor, Right
from events.contests import ContestView, StageView
from events.contests.looking import rules_of
from events.terms import StageState
from scoring import carrying

STATES = list(StageState)
# The step from which on each page is done, as the stage's state tells.
DONE_AT = {"draw": StageState.DRAWN, "marks": StageState.SIGNED, "publish": StageState.OFFICIAL}
OF_MEETING = ("entries", "draw", "marks")  # the steps of a stage in which entries meet
PAGES = ("scheme", "fill", "panels", "draw", "marks", "publish")
BOARDS = {
    StageState.PREPARED: "draft",
    StageState.DRAWN: "drawn",
    StageState.MARKING: "live",
    StageState.SIGNED: "signed",
    StageState.PROVISIONAL: "provisional",
    StageState.OFFICIAL: "official",
}


class Arena(NamedTuple):
    """A contest on the desk, and the stage that is looked at (none while it has none)."""

    desk: Desk
    contest: ContestView
    stage: StageView | None

    @property
    def path(self) -> str:
        """Where the contest's pages begin."""
        return f"{self.desk.path}/contests/{self.contest.id}"

    def stage_path(self, page: str) -> str:
        """The address of one of the stage's pages."""
        return f"{self.desk.path}/stages/{self.stage.id}/{page}" if self.stage else ""


async def arena_of_contest(
    request: Asked, actor: Actor, event_id: UUID, contest_id: UUID, *, right: Right = Right.SEE_MARKS
) -> Arena:
    """The contest, for somebody with a right in its event."""
    desk = await desk_of(request, actor, event_id, right)
    contest = await contests.contest(actor, event_id, contest_id)
    return Arena(desk, contest, contest.stages[0] if contest.stages else None)


async def arena_of_stage(
    request: Asked, actor: Actor, event_id: UUID, stage_id: UUID, *, right: Right = Right.SEE_MARKS
) -> tuple[Arena, StageView]:
    """The contest of a stage, for somebody with a right in its event; and the stage."""
    desk = await desk_of(request, actor, event_id, right)
    stage = await contests.stage(actor, event_id, stage_id)
    contest = await contests.contest(actor, event_id, stage.contest_id)
    return Arena(desk, contest, stage), stage


async def arena_frame(arena: Arena, page: str) -> dict[str, object]:
    """What desk/contest_base.html shows; `page` is the step that is looked at."""
    here = arena.contest
    context = {
        "contest": {"id": here.id, "title": here.title, "state": board_state(arena.stage), "url": arena.path},
        "stage": arena.stage,
        "stages": _stages(arena, page if page in PAGES else "scheme"),
        "steps": await steps(arena, page),
        "organises": arena.desk.may(Right.ORGANISE),
        "desk_url": arena.desk.path,
    }
    return frame(arena.desk, "/contests") | context


def board_state(stage: StageView | None) -> str:
    """How a stage stands, as a pill says it."""
    if stage is None:
        return "draft"
    moving = stage.state in (StageState.DRAWN, StageState.MARKING)
    return "frozen" if stage.frozen_at and moving else BOARDS[stage.state]


async def steps(arena: Arena, page: str = "") -> list[dict[str, object]]:
    """The steps of a contest, each with its page; the one looked at is current, what comes first is "now"."""
    done = {
        "entries": bool(await _entries(arena)),
        "scheme": bool(arena.stage and arena.stage.scheme_id),
        **({"fill": bool(arena.stage and arena.stage.filled_at)} if await is_filled(arena) else {}),
        "panels": await _has_judges(arena),
        **{name: _reached(arena.stage, state) for name, state in DONE_AT.items()},
    }
    if arena.stage and arena.stage.meets:
        done = {name: done[name] for name in OF_MEETING}
    following = next((name for name, is_done in done.items() if not is_done), "")
    return [
        {
            "label": arena.desk.say(_label_of(arena, name)),
            "state": "done" if is_done else "now" if name == following else "next",
            "who": "",
            "by": None,
            "url": f"{arena.path}/entries" if name == "entries" else arena.stage_path(_page_of(arena, name)),
            "note": "",
            "here": name == page,
        }
        for name, is_done in done.items()
    ]


def filled_from_before(arena: Arena) -> bool:
    """Whether entries come into this stage from one before it."""
    return arena.stage is not None and arena.stage.id != arena.contest.stages[0].id


async def is_filled(arena: Arena) -> bool:
    """Whether it has to be said who goes on into this stage, or who the members of its teams are."""
    if arena.stage is None or not arena.desk.may(Right.ORGANISE):
        return False
    if filled_from_before(arena):
        return True
    rules = await rules_of(arena.desk.event.id, arena.stage.scheme_id) if arena.stage.scheme_id else None
    return rules is not None and carrying.of_teams(rules)


def _label_of(arena: Arena, name: str) -> str:
    return "fixtures.to_matches" if _page_of(arena, name) == "matches" else f"desk.step_of_contest_{name}"


def _page_of(arena: Arena, name: str) -> str:
    """The page of a step: where entries meet, matches stand for marks."""
    return "matches" if name == "marks" and arena.stage and arena.stage.meets else name


def _reached(stage: StageView | None, state: StageState) -> bool:
    return stage is not None and STATES.index(stage.state) >= STATES.index(state)


async def _entries(arena: Arena) -> int:
    found = await contests.list_entries(arena.desk.actor, arena.desk.event.id, arena.contest.id, limit=1)
    return len(found.items)


async def _has_judges(arena: Arena) -> bool:
    if arena.stage is None:
        return False
    panels = await marking.list_panels(arena.desk.actor, arena.desk.event.id, arena.stage.id)
    return any(seat.until is None for panel in panels for seat in panel.seats)


def _stages(arena: Arena, page: str) -> list[Option]:
    """The stages to choose from, where there are several."""
    if len(arena.contest.stages) < 2:
        return []
    return [
        Option(one.title.in_language(arena.desk.lang), f"{arena.desk.path}/stages/{one.id}/{page}", one == arena.stage)
        for one in arena.contest.stages
    ]


def not_organised(arena: Arena) -> None:
    """Refuse who may look at a contest but not arrange it."""
    if not arena.desk.may(Right.ORGANISE):
        raise access.not_found()
