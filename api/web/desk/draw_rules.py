"""The rules of a stage's draw: typed in, looked at, kept."""

from litestar import get, post

from api.kinds import Asker, Id
from api.problems import STATUS
from api.web.desk.arena import Arena, arena_frame, arena_of_stage
from api.web.desk.filling import REFUSED, do, fill, fresh
from api.web.draw_words import crowd_in_words, heats_in_words, outlook_in_words
from api.web.forms import Form, Option, Typed, typed, wrong
from api.web.pages import Answer, Asked, page
from events import drawing
from events.access import Right
from events.branches import Branch
from events.drawing import DrawPreview, DrawRules, DrawView
from events.errors import Conflict
from events.terms import StageState

FORMATS = ("round_robin", "knock_out", "groups", "swiss")
FIGURES = ("cycles", "groups", "places", "rounds", "win", "draw")
OPEN = (StageState.PREPARED, StageState.DRAWN)
FIELDS = {"meeting": "format"}


@get("/desk/events/{event_id:uuid}/stages/{stage_id:uuid}/draw/rules")
async def rules_page(request: Asked, actor: Asker, event_id: Id, stage_id: Id) -> Answer:
    """The rules as they are, and what they come to."""
    arena, _ = await arena_of_stage(request, actor, event_id, stage_id, right=Right.ORGANISE)
    rules = await drawing.settled_rules(actor, event_id, stage_id)
    try:
        found = await drawing.preview(actor, event_id, stage_id, rules)
    except Conflict:  # nobody is entered yet
        return await _page(request, arena, fresh(_given(rules)))
    except REFUSED as refusal:
        return await _page(request, arena, wrong(fresh(_given(rules)).given, refusal, arena.desk.lang, FIELDS))  # type: ignore[arg-type]  # a mapping of texts
    return await _page(request, arena, fresh(_given(rules)), found=(found, rules))


@post("/desk/events/{event_id:uuid}/stages/{stage_id:uuid}/draw/rules")
async def keep_rules(request: Asked, actor: Asker, event_id: Id, stage_id: Id) -> Answer:
    """Look at rules, or keep them."""
    arena, _ = await arena_of_stage(request, actor, event_id, stage_id, right=Right.ORGANISE)
    given = await typed(request)

    async def work() -> str:
        await drawing.set_rules(actor, event_id, stage_id, rules_typed(given))
        return arena.stage_path("draw")

    try:
        if given.get("do") == "keep":
            return await do(request, actor, given, work, said="said.saved")
        rules = rules_typed(given)
        found = await drawing.preview(actor, event_id, stage_id, rules)
    except REFUSED as refusal:
        form = wrong(given, refusal, arena.desk.lang, FIELDS)
        return await _page(request, arena, form, status=STATUS[type(refusal)])
    return await _page(request, arena, Form(given), found=(found, rules))


def rules_typed(given: Typed) -> DrawRules:
    """The rules as the page gives them."""
    plain = {name: given.get(name, "").strip() for name in ("heat_size", "apart", "apart_by", "stations")}
    meeting = {name: given.get(name, "").strip() for name in FIGURES if given.get(name, "").strip()}
    data: dict[str, object] = {
        **plain,
        "two_stage": bool(given.get("two_stage")),
        "lanes": _numbers(given.get("lanes", "")),
        "seeds": _numbers(given.get("seeds", "")),
    }
    if given.get("format") in FORMATS:
        data["meeting"] = {"format": given["format"], "third": bool(given.get("third")), **meeting}
    return fill(data, DrawRules)


def _numbers(text: str) -> list[str]:
    for sign in ",，、;；":
        text = text.replace(sign, " ")
    return text.split()


def _given(rules: DrawRules) -> Typed:
    """What stands in the form at first."""
    meeting = rules.meeting
    figures = {name: str(getattr(meeting, name)) for name in FIGURES} if meeting else {}
    return {
        "heat_size": str(rules.heat_size or ""),
        "apart": rules.apart,
        "apart_by": rules.apart_by,
        "stations": rules.stations,
        "lanes": " ".join(map(str, rules.lanes)),
        "seeds": " ".join(map(str, rules.seeds)),
        "two_stage": "yes" if rules.two_stage else "",
        "format": meeting.format if meeting else "none",
        "third": "yes" if meeting and meeting.third else "",
        **figures,
    }


async def _page(
    request: Asked, arena: Arena, form: Form, *, found: tuple[DrawPreview, DrawRules] | None = None, status: int = 200
) -> Answer:
    assert arena.stage is not None
    say = arena.desk.say
    draw = await drawing.drawn(arena.desk.actor, arena.desk.event.id, arena.stage.id)
    context = {
        "form": form,
        "outlook": _outlook(arena, *found) if found else None,
        "formats": [Option(say(f"draw.format_{one}"), value=one) for one in ("none", *FORMATS)],
        "aparts": [
            Option(say("draw.apart_off"), value="off"),
            Option(say("draw.apart_possible_choice"), value="possible"),
            Option(say("draw.apart_required_choice"), value="required"),
        ],
        "branches": [Option(say(f"draw.apart_by_{one}"), value=one) for one in Branch],
        "stations": [Option(say(f"draw.stations_by_{one}"), value=one) for one in ("drawn", "centred", "listed")],
        "remark": _remark(arena, draw),
        "may_keep": arena.stage.state in OPEN,
        "back": arena.stage_path("draw"),
    }
    return await page(request, "desk/draw_rules.html", await arena_frame(arena, "draw") | context, status=status)


def _remark(arena: Arena, draw: DrawView) -> str:
    """What a change of the rules means by now."""
    assert arena.stage is not None
    if arena.stage.state not in OPEN:
        return arena.desk.say("problem.marking_begun")
    if arena.stage.state == StageState.DRAWN:
        return arena.desk.say("draw.drawn_note")
    return arena.desk.say("draw.announced_note") if draw.listed else ""


def _outlook(arena: Arena, found: DrawPreview, rules: DrawRules) -> dict[str, object]:
    lang = arena.desk.lang
    kind, words = outlook_in_words(found, rules, lang)
    return {
        "entries": found.entries,
        "heats": heats_in_words(found, lang) if len(found.heats) > 1 else "",
        "note": {"kind": kind, "words": words} if rules.meeting is None else None,
        "crowds": [
            {
                "union": crowd.union_name,
                "entries": crowd.entries,
                "per_heat": _range(arena, crowd.least, crowd.most),
                "words": crowd_in_words(crowd, len(found.heats), lang),
            }
            for crowd in found.crowds
        ],
    }


def _range(arena: Arena, least: int, most: int) -> str:
    return str(least) if least == most else arena.desk.say("draw.range", least=least, most=most)


ROUTES = [rules_page, keep_rules]
