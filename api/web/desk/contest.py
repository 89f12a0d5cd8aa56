"""One contest: what it is called, who sees what, its divisions and stages."""

from typing import TypeAlias

from litestar import get, post
from msgspec import structs

from api.kinds import Asker, Id
from api.problems import STATUS
from api.web.desk.arena import Arena, arena_frame, arena_of_contest, board_state
from api.web.desk.filling import REFUSED, both, do, fill, fresh
from api.web.forms import Form, Option, Typed, asked, typed, wrong
from api.web.pages import Answer, Asked, page
from events import contests, organising
from events.access import Right
from events.contests import ContestForm, ContestView, DivisionForm, DivisionView, StageForm, StageView
from events.eligibility import Eligibility
from events.terms import Sex

FIELDS = {"title": "title_zh", "places": "places", "heat_size": "heat_size"}
OF_DIVISION = {"title": "division_zh", "eligibility": "age_min"}
OF_STAGE = {"title": "stage_zh"}
Edited: TypeAlias = DivisionView | StageView | None


@get("/desk/events/{event_id:uuid}/contests/{contest_id:uuid}")
async def contest(request: Asked, actor: Asker, event_id: Id, contest_id: Id) -> Answer:
    """How the contest is set up; a form also for a division or stage that is there (?edit=)."""
    arena = await arena_of_contest(request, actor, event_id, contest_id)
    return await _page(request, arena, fresh(_given(arena.contest) | _of_edited(_edited(request, arena))))


@post("/desk/events/{event_id:uuid}/contests/{contest_id:uuid}")
async def change(request: Asked, actor: Asker, event_id: Id, contest_id: Id) -> Answer:
    """Change it; add a division or a stage, or change the one that is edited."""
    arena = await arena_of_contest(request, actor, event_id, contest_id, right=Right.ORGANISE)
    given = await typed(request)

    async def work() -> str:
        await _change(arena, given, _edited(request, arena))
        return arena.path

    try:
        return await do(request, actor, given, work, said="said.saved")
    except REFUSED as refusal:
        fields = {"division": OF_DIVISION, "stage": OF_STAGE}.get(given.get("do", ""), FIELDS)
        form = wrong(_given(arena.contest) | given, refusal, arena.desk.lang, fields)
        return await _page(request, arena, form, status=STATUS[type(refusal)])


async def _change(arena: Arena, given: Typed, edited: Edited) -> None:
    actor, here = arena.desk.actor, (arena.desk.event.id, arena.contest.id)
    doing, version = given.get("do", ""), _version(given)
    if doing == "division" and isinstance(edited, DivisionView):
        form = _division(given, edited.eligibility)
        await contests.change_division(actor, *here, edited.id, form=form, version=version)
    elif doing == "division":
        await contests.add_division(actor, *here, _division(given, Eligibility()))
    elif doing == "stage" and isinstance(edited, StageView):
        await contests.change_stage(actor, here[0], edited.id, _stage(given), version=version)
    elif doing == "stage":
        await contests.add_stage(actor, *here, _stage(given))
    else:
        await organising.change_contest(actor, *here, _contest(given, arena.contest))


def _edited(request: Asked, arena: Arena) -> Edited:
    wanted = asked(request).get("edit", "")
    there: list[DivisionView | StageView] = [*arena.contest.divisions, *arena.contest.stages]
    return next((one for one in there if str(one.id) == wanted), None)


def _version(given: Typed) -> int | None:
    """The version that the form was made from, as it came with the page."""
    text = given.get("version", "")
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else None


def _of_edited(edited: Edited) -> Typed:
    """What stands in the form of a division or stage at first."""
    if isinstance(edited, DivisionView):
        rule = edited.eligibility
        limits = {"age_min": rule.age_min, "age_max": rule.age_max, "sex": rule.sex}
        known = {name: str(value) for name, value in limits.items() if value is not None}
        return {**known, "division_zh": edited.title.zh, "division_en": edited.title.en, "version": str(edited.version)}
    if isinstance(edited, StageView):
        size = "" if edited.heat_size is None else str(edited.heat_size)
        title = {"stage_zh": edited.title.zh, "stage_en": edited.title.en}
        return {**title, "heat_size": size, "version": str(edited.version)}
    return {}


def _contest(given: Typed, now: ContestView) -> ContestForm:
    ticks = {name: bool(given.get(name)) for name in ("live_public", "judges_see_names")}
    data = {"title": both(given, "title"), "places": given.get("places", "").strip(), "trade": now.trade}
    return fill({**data, **ticks}, ContestForm)


def _division(given: Typed, before: Eligibility) -> DivisionForm:
    """The form; what the page does not ask about stays as it was."""
    limits = {name: given.get(name, "").strip() for name in ("age_min", "age_max", "sex")}
    rule = {name: text for name, text in limits.items() if text}
    form = fill({"title": both(given, "division"), "eligibility": rule}, DivisionForm)
    return structs.replace(form, eligibility=structs.replace(form.eligibility, union=before.union))


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
    desk, found, edited = arena.desk, arena.contest, _edited(request, arena)
    context = {
        "form": form,
        "edited": edited,
        "edits": "division" if isinstance(edited, DivisionView) else "stage" if edited else "",
        "divisions": [_shown(arena, one) for one in found.divisions],
        "stage_list": [
            {
                "title": one.title,
                "state": board_state(one),
                "heat_size": one.heat_size,
                "url": f"{desk.path}/stages/{one.id}/scheme",
                "edit_url": f"{arena.path}?edit={one.id}#stage",
                "remove_url": f"{desk.path}/stages/{one.id}/remove",
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
    return {
        "title": one.title,
        "conditions": conditions,
        "edit_url": f"{arena.path}?edit={one.id}#division",
        "remove_url": f"{arena.path}/divisions/{one.id}/remove",
    }


ROUTES = [contest, change]
