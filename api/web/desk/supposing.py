"""What if other rules held: the same marks compared, then adopted with a reason."""

from collections.abc import Sequence

from litestar import get, post
from msgspec import structs

from api.kinds import Asker, Id
from api.problems import STATUS
from api.web.desk.arena import Arena, arena_frame, arena_of_stage
from api.web.desk.contests_of import library
from api.web.desk.filling import REFUSED, do, fill, fresh, moment
from api.web.desk.panels import rules_of
from api.web.desk.rules.steps import read_json
from api.web.desk.steps import effect
from api.web.forms import Form, Option, Typed, typed, wrong
from api.web.pages import Answer, Asked, page
from api.web.rulings import titles_of
from api.wording import words
from events import contests, publishing
from events.access import Right
from events.errors import Reason, invalid
from events.publishing import AdoptForm, WhatIf, WhatIfForm, WhatIfRow
from events.publishing.supposing import Placing
from events.terms import StageState
from scoring.schemes import aspects, parse

FIELDS = {"objections_until": "until", "document": "source", "scheme_id": "scheme", "library": "scheme"}
SHOWN = 200


@get("/desk/events/{event_id:uuid}/stages/{stage_id:uuid}/what-if")
async def choose(request: Asked, actor: Asker, event_id: Id, stage_id: Id) -> Answer:
    """Which rules to compare with."""
    arena, _ = await arena_of_stage(request, actor, event_id, stage_id)
    return await _page(request, arena, fresh(), None)


@post("/desk/events/{event_id:uuid}/stages/{stage_id:uuid}/what-if", status_code=200)
async def compare(request: Asked, actor: Asker, event_id: Id, stage_id: Id) -> Answer:
    """The comparison; or what was compared is adopted."""
    adopts = (given := await typed(request)).get("do") == "adopt"
    right = Right.ORGANISE if adopts else Right.SEE_MARKS
    arena, _ = await arena_of_stage(request, actor, event_id, stage_id, right=right)
    found: WhatIf | None = None
    try:
        form = _form(given)
        found = await publishing.what_if(actor, event_id, stage_id, form)
        return await _adopt(request, arena, given, form) if adopts else await _page(request, arena, fresh(given), found)
    except REFUSED as refusal:
        shown = wrong({"reason": "", **given}, refusal, arena.desk.lang, FIELDS)
        return await _page(request, arena, shown, found, status=STATUS[type(refusal)])


async def _adopt(request: Asked, arena: Arena, given: Typed, form: WhatIfForm) -> Answer:
    assert arena.stage is not None
    actor, ids = arena.desk.actor, (arena.desk.event.id, arena.stage.id)

    async def work() -> str:
        until = moment(given, "until", arena.desk.event.zone)
        data = {"reason": given.get("reason", "").strip(), "digest": given.get("digest", ""), "objections_until": until}
        wanted = structs.replace(fill({"reason": "-", **data}, AdoptForm), **structs.asdict(form))
        await publishing.adopt_scheme(actor, *ids, structs.replace(wanted, reason=data["reason"]))
        return arena.stage_path("publish")

    return await do(request, actor, given, work, said="said.scheme_adopted")


def _form(given: Typed) -> WhatIfForm:
    """The rules by their version, from the library, or as a document."""
    source, scheme = given.get("source", "").strip(), given.get("scheme", "")
    if source and scheme:
        invalid("document_or_library", "/document")
    if source:
        return WhatIfForm(document=read_json(source, "/document"))
    kind, _, name = scheme.partition(" ")
    if not name:
        invalid("choose_scheme", "/scheme")
    return WhatIfForm(library=name) if kind == "library" else fill({"scheme_id": name}, WhatIfForm)


async def _page(request: Asked, arena: Arena, form: Form, found: WhatIf | None, *, status: int = 200) -> Answer:
    assert arena.stage is not None
    desk, stage = arena.desk, arena.stage
    provisional = stage.state == StageState.PROVISIONAL
    listed = await contests.list_schemes(desk.actor, desk.event.id, arena.contest.id)
    present = next((one for one in listed if one.id == stage.scheme_id), None)
    may = desk.may(Right.ORGANISE) and stage.state in (StageState.DRAWN, StageState.MARKING, StageState.PROVISIONAL)
    context = {
        "form": form,
        "present": present.version if present else None,
        "schemes": [
            *(
                Option(
                    f"{desk.say('results.version', n=one.version)} · {one.title.in_language(desk.lang)}",
                    value=f"version {one.id}",
                )
                for one in listed
                if one.id != stage.scheme_id
            ),
            *(structs.replace(one, value=f"library {one.value}") for one in await _fitting(arena)),
        ],
        "found": _shown(arena, found) if found else None,
        "effects": [effect(desk, "new_version"), effect(desk, "old_version_stays")],
        "may_adopt": may,
        "closed": _closed(arena) if found and desk.may(Right.ORGANISE) else "",
        "provisional": provisional,
    }
    return await page(
        request, "desk/contest_what_if.html", await arena_frame(arena, "publish") | context, status=status
    )


async def _fitting(arena: Arena) -> list[Option]:
    """The ready schemes that have every aspect of the present one, so that its marks can be counted by them."""
    rules = await rules_of(arena)
    needed = {aspect.key for aspect in aspects(rules)} if rules else set()
    known = {one.key: {aspect.key for aspect in aspects(parse(one.document))} for one in contests.library()}
    return [one for one in library(arena.desk.lang) if needed <= known[one.value]]


def _closed(arena: Arena) -> str:
    """Why nothing can be adopted now."""
    state = arena.stage.state if arena.stage else None
    codes = {StageState.OFFICIAL: "result_official", StageState.SIGNED: "signed_off"}
    return words(Reason(codes[state]), arena.desk.lang) if state in codes else ""


def _shown(arena: Arena, found: WhatIf) -> dict[str, object]:
    """The comparison: who moves most first."""
    lang = arena.desk.lang
    changed = sorted((row for row in found.rows if row.changed), key=lambda row: -abs(row.moved or 0))
    counts = {"n_moved": found.moved, "n_rescored": found.rescored, "n_regranted": found.regranted}
    before, after = (titles_of(awards, lang) for awards in (found.awards_before, found.awards_after))
    return {
        "digest": found.digest,
        "entries": found.entries,
        "counts": [{"label": arena.desk.say(f"outcomes.{key}"), "n": n} for key, n in counts.items()],
        "changed": len(changed),
        "rows": [
            _row(arena, row) | {"before": _placing(row.before, before), "after": _placing(row.after, after)}
            for row in changed[:SHOWN]
        ],
    }


def _row(arena: Arena, row: WhatIfRow) -> dict[str, object]:
    moved, say = row.moved or 0, arena.desk.say
    words = say("outcomes.up", n=moved) if moved > 0 else say("outcomes.down", n=-moved) if moved else ""
    return {"who": row.name or row.code, "code": row.code if row.name else "", "moved": words, "up": moved > 0}


def _placing(one: Placing, awards: dict[str, str]) -> dict[str, object]:
    titles: Sequence[str] = [awards.get(key, key) for key in one.awards]
    return {
        "rank": one.rank or "–",
        "score": one.score or "–",
        "status": one.status.value if one.status else "",
        "scaled": one.scaled or "",
        "awards": titles,
        "advances": one.advances,
        "at_the_cut": False,
    }


ROUTES = [choose, compare]
