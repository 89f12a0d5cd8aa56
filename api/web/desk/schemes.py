"""The rules of marking of a stage: shown in words, chosen from the library or pasted as a document."""

import json
from collections.abc import Iterable
from decimal import Decimal

from litestar import get, post

from api.kinds import Asker, Id
from api.problems import STATUS
from api.web.desk import scheme_words
from api.web.desk.arena import Arena, arena_frame, arena_of_stage
from api.web.desk.contests_of import library
from api.web.desk.filling import REFUSED, do, fresh
from api.web.forms import Form, Typed, typed
from api.web.pages import Answer, Asked, page
from api.wording import Lang, words
from events import contests
from events.access import Right
from events.contests import SchemeForm
from events.contests.schemes import OPEN
from events.errors import Reason, invalid
from events.terms import StageState
from scoring import schemes

LONGEST = 200_000


@get("/desk/events/{event_id:uuid}/stages/{stage_id:uuid}/scheme")
async def scheme(request: Asked, actor: Asker, event_id: Id, stage_id: Id) -> Answer:
    """The rules as a tree."""
    arena, _ = await arena_of_stage(request, actor, event_id, stage_id)
    return await _page(request, arena, fresh())


@post("/desk/events/{event_id:uuid}/stages/{stage_id:uuid}/scheme")
async def change(request: Asked, actor: Asker, event_id: Id, stage_id: Id) -> Answer:
    """Other rules: a new version; problems are told with the place in the document."""
    arena, stage = await arena_of_stage(request, actor, event_id, stage_id, right=Right.ORGANISE)
    given = await typed(request)

    async def work() -> str:
        form = _form(given)
        await contests.set_scheme(actor, event_id, stage.contest_id, stage_id, form=form)
        return arena.stage_path("scheme")

    try:
        return await do(request, actor, given, work, said="said.scheme_set")
    except REFUSED as refusal:
        form = Form(given, errors(refusal.reasons, given, arena.desk.lang))
        return await _page(request, arena, form, status=STATUS[type(refusal)])


def _form(given: Typed) -> SchemeForm:
    source = given.get("source", "").strip()
    if not source:
        if not given.get("scheme"):
            invalid("choose_scheme", "/scheme")
        return SchemeForm(library=given["scheme"])
    if given.get("scheme"):
        invalid("document_or_library", "/document")
    return SchemeForm(document=document(source))


def document(source: str) -> dict[str, object]:
    """A document as it was pasted."""
    if len(source) > LONGEST:
        invalid("too_long", "/document", most=LONGEST)
    try:
        found = json.loads(source, parse_float=Decimal)
    except (ValueError, RecursionError):
        invalid("not_json", "/document")
    return found if isinstance(found, dict) else invalid("not_object", "/document")


def errors(reasons: Iterable[Reason], given: Typed, lang: Lang) -> dict[str, str]:
    """Each problem with the place in the document where it is."""
    found: dict[str, list[str]] = {}
    for reason in reasons:
        field = "scheme" if given.get("scheme") or reason.pointer == "/scheme" else "source"
        place = reason.pointer.removeprefix("/document") if field == "source" else ""
        found.setdefault(field, []).append(f"{place} {words(reason, lang)}".strip())
    return {field: " ".join(said) for field, said in found.items()}


async def _page(request: Asked, arena: Arena, form: Form, *, status: int = 200) -> Answer:
    assert arena.stage is not None
    context = {
        "form": form,
        "scheme": await _shown(arena),
        "locked": arena.stage.state == StageState.MARKING,
        "what_if_url": arena.stage_path("what-if"),
        "may_change": arena.desk.may(Right.ORGANISE) and arena.stage.state in OPEN,
        "schemes": library(arena.desk.lang),
    }
    return await page(request, "desk/contest_scheme.html", await arena_frame(arena, "scheme") | context, status=status)


async def _shown(arena: Arena) -> dict[str, object] | None:
    assert arena.stage is not None
    if arena.stage.scheme_id is None:
        return None
    lang = arena.desk.lang
    found = await contests.scheme(arena.desk.actor, arena.desk.event.id, arena.stage.scheme_id)
    rules = schemes.parse(found.document)
    return {
        "title": found.title.in_language(lang),
        "version": found.version,
        "rows": scheme_words.rows(rules, lang),
        "ties": scheme_words.ties(rules, lang),
        "standings": scheme_words.standings(rules, lang),
        "document": json.dumps(found.document, ensure_ascii=False, indent=1, default=str),
    }


ROUTES = [scheme, change]
