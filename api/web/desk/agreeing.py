"""How the judges of a stage agree and who is strict: advice for the chief judge."""

from litestar import get

from api.kinds import Asker, Id
from api.web.desk.arena import Arena, arena_frame, arena_of_stage
from api.web.pages import Answer, Asked, page
from events import marking
from events.errors import Conflict
from events.marking import JudgeAgreement, PanelAgreement

SPREADS = 5


@get("/desk/events/{event_id:uuid}/stages/{stage_id:uuid}/agreement")
async def agreement(request: Asked, actor: Asker, event_id: Id, stage_id: Id) -> Answer:
    """Each panel, aspect by aspect and in sum."""
    arena, _ = await arena_of_stage(request, actor, event_id, stage_id)
    try:
        found = await marking.judges_agreement(actor, event_id, stage_id, spreads=SPREADS)
    except Conflict:  # there are no rules yet
        found = []
    several = len({one.panel_id for one in found}) > 1
    parts = [_part(arena, one, several=several) for one in found if one.judges]
    return await page(request, "desk/contest_agreement.html", await arena_frame(arena, "marks") | {"parts": parts})


def _part(arena: Arena, one: PanelAgreement, *, several: bool) -> dict[str, object]:
    desk = arena.desk
    title = one.title.in_language(desk.lang) if one.aspect else desk.say("outcomes.in_sum")
    meaning = desk.say(f"outcomes.w_{one.meaning}") if one.meaning else ""
    return {
        "title": f"{one.panel.in_language(desk.lang)} · {title}" if several else title,
        "words": desk.say("outcomes.w", w=one.w, meaning=meaning, n=one.compared) if one.w else "",
        "judges": [_judge(arena, judge) for judge in one.judges],
        "spreads": [
            {"code": entry.code, "attempt": entry.attempt, "mean": entry.mean, "spread": entry.spread}
            for entry in one.spreads
        ],
    }


def _judge(arena: Arena, one: JudgeAgreement) -> dict[str, object]:
    return {
        "seat": one.seat,
        "names": "、".join(one.names) if arena.desk.lang == "zh" else ", ".join(one.names),
        "marks": one.marks,
        "severity": _signed(one.severity),
        "lean": arena.desk.say(f"outcomes.lean_{one.lean}") if one.lean else "",
        "apart": one.lean in ("strict", "generous"),
        "distance": one.distance or "–",
        "dropped": f"{round(float(one.dropped) * 100)} %" if one.dropped else "–",
        "correlation": one.correlation or "–",
    }


def _signed(value: str | None) -> str:
    """A deviation with its sign."""
    if value is None:
        return "–"
    return f"−{value[1:]}" if value.startswith("-") else f"+{value}" if value.strip("0.") else value


ROUTES = [agreement]
