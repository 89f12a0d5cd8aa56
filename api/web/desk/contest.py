"""One contest: what it is called, who sees what, its divisions and stages."""

from litestar import get, post
from msgspec import structs

from api.kinds import Asker, Id
from api.problems import STATUS
from api.web.desk.arena import Arena, arena_frame, arena_of_contest, board_state
from api.web.desk.filling import REFUSED, both, do, fill, fresh
from api.web.forms import Form, Option, Typed, typed, wrong
from api.web.pages import Answer, Asked, page
from events import contests, eligibility
from events.access import Right
from events.contests import ContestForm, ContestView, DivisionForm, DivisionView, StageForm
from events.eligibility import Eligibility
from events.errors import refuse
from events.terms import Sex

FIELDS = {"title": "title_zh", "places": "places", "heat_size": "heat_size"}
OF_DIVISION = {"title": "division_zh", "eligibility": "age_min"}
OF_STAGE = {"title": "stage_zh"}


@get("/desk/events/{event_id:uuid}/contests/{contest_id:uuid}")
async def contest(request: Asked, actor: Asker, event_id: Id, contest_id: Id) -> Answer:
    """How the contest is set up."""
    arena = await arena_of_contest(request, actor, event_id, contest_id)
    return await _page(request, arena, fresh(_given(arena.contest)))


@post("/desk/events/{event_id:uuid}/contests/{contest_id:uuid}")
async def change(request: Asked, actor: Asker, event_id: Id, contest_id: Id) -> Answer:
    """Change it, add a division, add a stage."""
    arena = await arena_of_contest(request, actor, event_id, contest_id, right=Right.ORGANISE)
    given = await typed(request)
    doing = given.get("do", "")
    fields = {"division": OF_DIVISION, "stage": OF_STAGE}.get(doing, FIELDS)

    async def work() -> str:
        if doing == "division":
            await contests.add_division(actor, event_id, contest_id, _division(given))
        elif doing == "stage":
            await contests.add_stage(actor, event_id, contest_id, _stage(given))
        else:
            await contests.change_contest(actor, event_id, contest_id, _contest(given, arena.contest))
        return arena.path

    try:
        return await do(request, actor, given, work, said="said.saved")
    except REFUSED as refusal:
        form = wrong(_given(arena.contest) | given, refusal, arena.desk.lang, fields)
        return await _page(request, arena, form, status=STATUS[type(refusal)])


def _contest(given: Typed, now: ContestView) -> ContestForm:
    ticks = {name: bool(given.get(name)) for name in ("live_public", "judges_see_names")}
    data = {"title": both(given, "title"), "places": given.get("places", "").strip(), "trade": now.trade}
    return fill({**data, **ticks}, ContestForm)


def _division(given: Typed) -> DivisionForm:
    limits = {name: given.get(name, "").strip() for name in ("age_min", "age_max", "sex")}
    rule = fill(limits, Eligibility)
    refuse(eligibility.flaws(rule, ""))
    return structs.replace(fill({"title": both(given, "division")}, DivisionForm), eligibility=rule)


def _stage(given: Typed) -> StageForm:
    return fill({"title": both(given, "stage"), "heat_size": given.get("heat_size", "").strip()}, StageForm)


def _given(found: ContestView) -> Typed:
    return {
        "title_zh": found.title.zh,
        "title_en": found.title.en,
        "places": "" if found.places is None else str(found.places),
        "live_public": "yes" if found.live_public else "",
        "judges_see_names": "yes" if found.judges_see_names else "",
    }


async def _page(request: Asked, arena: Arena, form: Form, *, status: int = 200) -> Answer:
    desk, found = arena.desk, arena.contest
    context = {
        "form": form,
        "divisions": [_shown(arena, one) for one in found.divisions],
        "stage_list": [
            {
                "title": one.title,
                "state": board_state(one),
                "heat_size": one.heat_size,
                "url": f"{desk.path}/stages/{one.id}/scheme",
            }
            for one in found.stages
        ],
        "sexes": [Option(desk.say(f"desk.only_{sex}"), value=sex.value) for sex in Sex],
    }
    return await page(request, "desk/contest.html", await arena_frame(arena, "") | context, status=status)


def _shown(arena: Arena, one: DivisionView) -> dict[str, object]:
    """A division with its conditions in words."""
    rule, say = one.eligibility, arena.desk.say
    ages = [("desk.age_min", rule.age_min), ("desk.age_max", rule.age_max)]
    conditions = [f"{say(key)} {age}" for key, age in ages if age is not None]
    if rule.sex:
        conditions.append(say(f"desk.only_{rule.sex}"))
    return {"title": one.title, "conditions": conditions}


ROUTES = [contest, change]
