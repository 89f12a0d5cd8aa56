"""The editor: one part of the draft as a form, its outline beside it; every button is a step that is kept at once."""

from typing import NamedTuple
from urllib.parse import quote

from litestar import get, post

from api.kinds import Asker, Id
from api.problems import STATUS
from api.web.desk.arena import Arena, arena_frame, arena_of_stage
from api.web.desk.filling import REFUSED, do, fresh
from api.web.desk.rules import faults, forms, outline, starting, worths
from api.web.desk.rules.choosing import label_of
from api.web.desk.rules.drafts import draft_of, keep, may_change, scheme_now, to_start
from api.web.desk.rules.outline import Read
from api.web.desk.rules.parts import GRANTS, JSON, SCHEME
from api.web.desk.rules.steps import PARTS, above, step, write_json
from api.web.forms import Form, Option, Typed, asked, typed, wrong
from api.web.pages import Answer, Asked, page
from api.wording import Lang, say
from events import contests
from events.access import Right
from events.contests import DraftView, SchemeForm
from events.errors import Conflict, Invalid, Reason, Stale
from events.terms import StageState
from scoring import comparing, editing
from scoring.editing import Edited
from scoring.schemes.nodes import KINDS

# By how often they are wanted.
NEW_KINDS = (*(kind for kind in KINDS if kind not in ("criterion", "again")), "criterion", "again")


@get("/desk/events/{event_id:uuid}/stages/{stage_id:uuid}/scheme/edit")
async def edit(request: Asked, actor: Asker, event_id: Id, stage_id: Id) -> Answer:
    """A part of the draft, the score to begin with."""
    arena, _ = await arena_of_stage(request, actor, event_id, stage_id, right=Right.ORGANISE)
    draft = await draft_of(arena)
    if draft is None:
        return to_start(arena)
    return await _page(request, arena, draft, asked(request).get("at", "/root"))


@post("/desk/events/{event_id:uuid}/stages/{stage_id:uuid}/scheme/edit")
async def change(request: Asked, actor: Asker, event_id: Id, stage_id: Id) -> Answer:
    """A step: what was typed is kept, and what the button says is done."""
    arena, _ = await arena_of_stage(request, actor, event_id, stage_id, right=Right.ORGANISE)
    given = await typed(request)

    async def work() -> str:
        draft = await draft_of(arena)
        return await _done(arena, draft, given) if draft else arena.stage_path("scheme/start")

    try:
        return await do(request, actor, given, work, said=SAID.get(given.get("do", ""), ""))
    except REFUSED as refusal:
        draft = await draft_of(arena)
        if draft is None:
            return to_start(arena)
        at = _again_at(draft, given) if isinstance(refusal, Stale) else given.get("at", SCHEME)
        return await _page(request, arena, draft, at, sent=Sent(given, refusal), status=STATUS[type(refusal)])


SAID = {"save": "said.saved", "version": "said.scheme_set", "drop": "said.draft_dropped"}


async def _done(arena: Arena, draft: DraftView, given: Typed) -> str:
    """Carry out a button; the address to go on at."""
    assert arena.stage is not None
    actor, event, stage = arena.desk.actor, arena.desk.event.id, arena.stage
    button = given.get("do", "save")
    if button == "drop":
        await contests.drop_draft(actor, event, stage.id)
        return arena.stage_path("scheme")
    _unless_stale(draft, given)
    if button == "version":
        form = SchemeForm(document=draft.document)
        await contests.set_scheme(actor, event, stage.contest_id, stage.id, form=form)
        await contests.drop_draft(actor, event, stage.id)
        return arena.stage_path("scheme")
    if button == "undo":
        await keep(arena, draft.before or draft.document, draft.sample, draft.version)
        return arena.stage_path("scheme/edit")
    found = step(draft.document, given)
    await keep(arena, found.document, _followed(draft.sample, given, found), draft.version)
    return f"{arena.stage_path('scheme/edit')}?at={quote(found.at)}"


def _followed(sample: dict[str, str], given: Typed, found: Edited) -> dict[str, str]:
    """The sample marks of an aspect whose key has changed go with it."""
    here = forms.holder(found.document, found.at) if given.get("do", "save") == "save" else None
    was, now = given.get("was", ""), str(here.get("key", "")) if here else ""
    if not was or was == now or not found.at.startswith(("/root", "/aside")):
        return sample
    return {cell.replace(f"|{was}|", f"|{now}|"): text for cell, text in sample.items()}


def _unless_stale(draft: DraftView, given: Typed) -> None:
    """What was typed belongs to the draft as it was shown."""
    if given.get("version") != str(draft.version):
        raise Stale(Reason("stale"))


def _again_at(draft: DraftView, given: Typed) -> str:
    """Where the part is now that somebody typed in while it moved."""
    at = given.get("at", SCHEME)
    here = editing.found(draft.document, at)
    if not at.startswith(("/root", "/aside")) or (isinstance(here, dict) and str(here.get("key")) == given.get("was")):
        return at
    return editing.place_of(draft.document, given.get("was", "")) or "/root"


class Sent(NamedTuple):
    """A form that was refused, and why."""

    given: Typed
    refusal: Invalid | Conflict | Stale


async def _page(
    request: Asked, arena: Arena, draft: DraftView, at: str, *, sent: Sent | None = None, status: int = 200
) -> Answer:
    lang, found = arena.desk.lang, outline.read(draft.document)
    at = at if at == JSON or forms.holder(draft.document, at) is not None else "/root"
    context = {
        "at": at,
        "version": draft.version,
        "form": _form(found, at, sent, lang),
        "problems": sum(len(one) for one in found.wrong.values()),
        "wrong": [_wrong(found, place, lang) for place in found.wrong],
        "tree": outline.tree(found, at, lang, short=True),
        "others": outline.others(found, at, lang),
        "total": worths.total(found.scheme, found.problems, lang),
        "part": _part(found, at, lang),
        "parts": [Option(say(lang, f"scheme.add_{part}"), value=part) for part in PARTS],
        "json": at == JSON,
        "undo": draft.before is not None,
        "path": arena.stage_path("scheme"),
        **await _saving(arena, draft),
    }
    form = context["form"]
    assert isinstance(form, Form)
    groups = [] if at == JSON else forms.shown(draft.document, at, form, lang)
    whole = await arena_frame(arena, "scheme") | context | {"groups": groups}
    return await page(request, "desk/scheme_edit.html", whole, status=status)


async def _saving(arena: Arena, draft: DraftView) -> dict[str, object]:
    """What saving the draft as a version would mean."""
    now = await scheme_now(arena)
    assert arena.stage is not None
    return {
        "may_save": may_change(arena),
        "locked": arena.stage.state == StageState.MARKING,
        "what_if_url": arena.stage_path("what-if"),
        "present": now.version if now else None,
        "differs": len(comparing.changes(now.document, draft.document)) if now else None,
    }


def _form(found: Read, at: str, sent: Sent | None, lang: Lang) -> Form:
    """The part as it is kept, or as it was typed; what is wrong with it at its fields."""
    if at == JSON:
        shown, errors = {"source": write_json(found.document)}, {}
    else:
        shown = forms.given(found.document, at)
        fields = forms.every(forms.fields_of(found.document, at))
        errors = faults.errors(found.wrong.get(at, []), forms.prefix(at), fields, lang)
    token = dict(fresh().given)
    if sent is None:
        return Form(shown | token, errors)
    reasons = sent.refusal.reasons
    told = starting.errors(reasons, lang) if at == JSON else wrong(sent.given, sent.refusal, lang).errors
    return Form(shown | sent.given | token, {**errors, **told})


def _wrong(found: Read, place: str, lang: Lang) -> dict[str, str]:
    """A part in which something is wrong, to be gone to."""
    part = forms.holder(found.document, place) or {}
    return {
        "url": outline.url(place),
        "label": label_of(part, lang) if place.startswith(("/root", "/aside", *(f"/{name}" for name in GRANTS)))
        else say(lang, f"scheme.part_{place[1:] or 'scheme'}"),
        "words": " ".join(dict.fromkeys(faults.sentence(one, lang) for one in found.wrong[place])),
    }  # fmt: skip


def _part(found: Read, at: str, lang: Lang) -> dict[str, object]:
    """What can be done with the part that is looked at."""
    node = at.startswith(("/root", "/aside"))
    listed = at.rpartition("/")[2].isdecimal()
    here = {} if at == JSON else forms.holder(found.document, at) or {}
    owner = editing.found(found.document, at.rpartition("/")[0]) if listed else []
    place = int(at.rpartition("/")[2]) if listed else 0
    return {
        "title": _title(at, here, lang),
        "key": str(here.get("key", "")),
        "node": node,
        "criterion": node and "children" in here,
        "alone": at == "/root" and "children" not in here,
        "removable": listed or at in ("/scaled", "/standard"),
        "listed": listed,
        "first": place == 0,
        "last": place == len(owner or []) - 1,
        "under": _parents(found, at, lang) if node and listed else [],
        "above": above(at) if node and listed else "",
        "kinds": [Option(say(lang, f"scheme.option_kind_{kind}"), value=kind) for kind in NEW_KINDS],
        "kept": [] if at == JSON else forms.kept(found.document, at),
    }  # fmt: skip


def _title(at: str, here: dict[str, object], lang: Lang) -> str:
    if at == JSON:
        return say(lang, "desk.scheme_source")
    name = at[1:] or "scheme"
    if name in ("scheme", "standings", "scaled", "standard"):
        return say(lang, f"scheme.part_{name}")
    first = at.split("/")[1]
    return label_of(here, lang) if first != "advance" else say(lang, "scheme.part_advance")


def _parents(found: Read, at: str, lang: Lang) -> list[Option]:
    """Where a node could be put: every criterion that is not inside it, or beside the score."""
    spots = [spot for spot in editing.spots(found.document) if "children" in spot.node]
    free = [spot for spot in spots if spot.at != at and not spot.at.startswith(f"{at}/")]
    listed = [Option("\N{EM SPACE}" * spot.depth + label_of(spot.node, lang), value=spot.at) for spot in free]
    return [*listed, Option(say(lang, "scheme.beside"), value="/aside")]


ROUTES = [edit, change]
