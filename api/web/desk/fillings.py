"""Who goes on into a stage: from the results before it, previewed; and the members of teams."""

from collections.abc import Sequence
from uuid import UUID

from litestar import get, post

from api.kinds import Asker, Id
from api.problems import STATUS
from api.web.desk.arena import Arena, arena_frame, arena_of_stage, filled_from_before
from api.web.desk.filling import REFUSED, do, fresh, tidy
from api.web.desk.panels import rules_of
from api.web.desk.steps import effect
from api.web.forms import Form, Option, Typed, typed, wrong
from api.web.pages import Answer, Asked, page
from api.web.rulings import told
from api.wording import words
from events import contests, publishing
from events.access import Right
from events.contests import EntryView, TeamForm
from events.errors import Invalid, Reason, invalid
from events.publishing import FillForm, FillRow, FillView
from events.terms import EntryState, StageState
from scoring import carrying

MOST = 500
SHOWN = 200
FIELDS = {"decided": "decided", "members": "teams"}


@get("/desk/events/{event_id:uuid}/stages/{stage_id:uuid}/fill")
async def fill_page(request: Asked, actor: Asker, event_id: Id, stage_id: Id) -> Answer:
    """Who would go on, with which values, and what is in the way."""
    arena, _ = await arena_of_stage(request, actor, event_id, stage_id, right=Right.ORGANISE)
    return await _page(request, arena, fresh())


@post("/desk/events/{event_id:uuid}/stages/{stage_id:uuid}/fill")
async def fill(request: Asked, actor: Asker, event_id: Id, stage_id: Id) -> Answer:
    """Let them in, take it back, or say who the members of teams are."""
    arena, _ = await arena_of_stage(request, actor, event_id, stage_id, right=Right.ORGANISE)
    given = await typed(request)
    ticked = [value for value in (await request.form()).getall("decided", []) if isinstance(value, str)]
    doing = given.get("do", "")

    async def work() -> str:
        if doing == "teams":
            await _set_teams(arena, given.get("source", ""), given.get("teams", ""))
        elif doing == "empty":
            await publishing.empty_stage(actor, event_id, stage_id)
        else:
            await publishing.fill_stage(actor, event_id, stage_id, _form(given, ticked))
        return arena.stage_path("fill")

    said = {"teams": "said.saved", "empty": "said.stage_emptied"}.get(doing, "said.stage_filled")
    try:
        return await do(request, actor, given | {"decided": " ".join(ticked)}, work, said=said)
    except REFUSED as refusal:
        form = wrong(given | {"decided": " ".join(ticked)}, refusal, arena.desk.lang, FIELDS)
        return await _page(request, arena, form, status=STATUS[type(refusal)])


def _form(given: Typed, ticked: Sequence[str]) -> FillForm:
    """Nobody is decided upon as long as nobody is named, unless it is said that nobody goes on."""
    try:
        decided = [UUID(one) for one in ticked]
    except ValueError:
        invalid("not_at_the_cut", "/decided")
    return FillForm(decided=decided if decided or given.get("nobody") else None)


async def _set_teams(arena: Arena, source: str, text: str) -> None:
    """Each line names a team and its members by their numbers: "1: 3 7 12"; teams that are not named stay."""
    here = (arena.desk.actor, arena.desk.event.id)
    ours = {str(one.number): one for one in await _entries(arena, arena.contest.id)}
    theirs = {str(one.number): one for one in await _entries(arena, _contest(source))}
    for line in tidy(text.replace("：", ":").replace("，", " ").replace(",", " ").split("\n")):
        team, _, members = line.partition(":")
        named = members.split()
        unknown = [name for name in named if name not in theirs]
        if team.strip() not in ours or unknown:
            raise Invalid(Reason("unknown_numbers", "/teams", {"numbers": unknown or [team.strip()]}))
        form = TeamForm(members=[theirs[name].id for name in named])
        await contests.set_team(*here, arena.contest.id, ours[team.strip()].id, form=form)


def _contest(source: str) -> UUID:
    try:
        return UUID(source)
    except ValueError:
        invalid("choose_contest", "/source")


async def _entries(arena: Arena, contest_id: UUID) -> list[EntryView]:
    found: list[EntryView] = []
    cursor: str | None = ""
    while cursor is not None:
        here = (arena.desk.actor, arena.desk.event.id, contest_id)
        some = await contests.list_entries(*here, cursor=cursor, limit=MOST)
        found += some.items
        cursor = some.next
    return [one for one in found if one.state != EntryState.WITHDRAWN]


async def _page(request: Asked, arena: Arena, form: Form, *, status: int = 200) -> Answer:
    assert arena.stage is not None
    desk, stage = arena.desk, arena.stage
    view = await publishing.preview_filling(desk.actor, desk.event.id, stage.id)
    teams = await _teams(arena)
    shown = [*[one for one in view.rows if not one.to_decide][:SHOWN], *(one for one in view.rows if one.to_decide)]
    context = {
        "form": Form({**teams, "decided": _chosen(view), **form.given}, form.errors),
        "sources": view.sources,
        "columns": [_title(arena, one.title.in_language(desk.lang), one.attempt) for one in view.columns],
        "rows": [_row(arena, one) for one in shown],
        "entries": len(view.rows),
        "more": len(view.rows) - len(shown),
        "cut": [_option(arena, one) for one in view.rows if one.to_decide],
        "effects": _effects(arena, view),
        "blocked": [words(Reason(code), desk.lang) for code in view.blocked],
        "scheme_url": "" if stage.scheme_id else arena.stage_path("scheme"),
        "filled_at": stage.filled_at,
        "may_empty": bool(stage.filled_at) and stage.state == StageState.PREPARED,
        "first": not filled_from_before(arena),
        "of_teams": bool(teams),
        "team_sources": await _team_sources(arena) if teams else [],
    }
    return await page(request, "desk/contest_fill.html", await arena_frame(arena, "fill") | context, status=status)


def _chosen(view: FillView) -> str:
    """Whom people let in before."""
    return " ".join(str(one.entry_id) for one in view.rows if one.to_decide and one.there)


def _title(arena: Arena, title: str, attempt: int | None) -> str:
    return f"{title} {arena.desk.say('results.attempt', n=attempt)}" if attempt else title


def _row(arena: Arena, one: FillRow) -> dict[str, object]:
    lang = arena.desk.lang
    reasons = told([one.ruling], {}, {}, lang) if one.ruling else []
    return {
        "rank": one.rank or "–",
        "number": one.number,
        "name": one.name,
        "union": one.union.in_language(lang) if one.union else "",
        "to_decide": one.to_decide,
        "there": one.there,
        "why": reasons[0].words if reasons and not one.to_decide else "",
        "values": [
            {
                "text": value.value or (arena.desk.say(f"results.status_{value.status}") if value.status else "–"),
                "changed": value.changed,
            }
            for value in one.values
        ],
    }


def _option(arena: Arena, one: FillRow) -> Option:
    union = one.union.in_language(arena.desk.lang) if one.union else ""
    return Option(f"{one.number} · {one.name}", value=str(one.entry_id), note=union)


def _effects(arena: Arena, view: FillView) -> list[dict[str, object]]:
    """What letting them in does, and to how many."""
    new = [one for one in view.rows if not one.to_decide and not one.there]
    counts = {
        "go_on": len(new),
        "carried": sum(value.value is not None or value.status is not None for one in new for value in one.values),
        "changed": sum(value.changed for one in view.rows for value in one.values),
        "leaving": len(view.leaving),
    }
    return [effect(arena.desk, key, n) for key, n in counts.items() if n]


async def _teams(arena: Arena) -> dict[str, str]:
    """The form with the members of each team, where the scheme counts them."""
    rules = await rules_of(arena)
    if rules is None or not carrying.of_teams(rules):
        return {}
    found = await contests.list_team_members(arena.desk.actor, arena.desk.event.id, arena.contest.id)
    lines = [
        f"{team.number}: {' '.join(str(one.number) for one in found if one.team_id == team.id)}".rstrip()
        for team in await _entries(arena, arena.contest.id)
    ]
    return {"teams": "\n".join(lines), "source": str(found[0].contest_id) if found else ""}


async def _team_sources(arena: Arena) -> list[Option]:
    """The other contests of the event, whose entries may be members."""
    found = await contests.list_contests(arena.desk.actor, arena.desk.event.id, limit=MOST)
    others = [one for one in found.items if one.id != arena.contest.id]
    return [Option(one.title.in_language(arena.desk.lang), value=str(one.id)) for one in others]


ROUTES = [fill_page, fill]
