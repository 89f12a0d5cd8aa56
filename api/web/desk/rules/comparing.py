"""Two versions beside each other: of the stage's contest, of the library, one's own draft; in words."""

import json
from collections.abc import Mapping
from typing import NamedTuple

from litestar import get

from api.kinds import Asker, Id
from api.web.desk import scheme_words
from api.web.desk.arena import Arena, arena_frame, arena_of_stage
from api.web.desk.rules import choosing, outline, worths
from api.web.desk.rules.drafts import draft_of, scheme_now
from api.web.desk.rules.outline import Read
from api.web.desk.rules.parts import GRANTS
from api.web.forms import Option, asked
from api.web.pages import Answer, Asked, page
from api.wording import Lang, say, texts
from events import contests
from events.access import Right
from scoring import comparing, editing
from scoring.comparing import Change, Field
from scoring.editing import Document

DRAFT, READY = "draft", "library:"
MOST_SHOWN = 300
OF_GRANTS = {"of": "share_of", "ties": "at_cut"}  # fields that are called as others elsewhere


@get("/desk/events/{event_id:uuid}/stages/{stage_id:uuid}/scheme/compare")
async def compare(request: Asked, actor: Asker, event_id: Id, stage_id: Id) -> Answer:
    """What one has and the other has not."""
    arena, _ = await arena_of_stage(request, actor, event_id, stage_id)
    known, labels = await _known(arena)
    given, lang = asked(request), arena.desk.lang
    now = await scheme_now(arena)
    present = str(now.id) if now else ""
    before, after = _two(given, list(known), present)
    context: dict[str, object] = {
        "options": [Option(labels[key], value=key) for key in known],
        "before": before,
        "after": after,
        "both": None,
        "path": arena.stage_path("scheme"),
    }
    if before in known and after in known:
        context["both"] = _beside(known[before], known[after], lang)
    return await page(request, "desk/scheme_compare.html", await arena_frame(arena, "scheme") | context)


def _two(given: Mapping[str, str], keys: list[str], present: str) -> tuple[str, str]:
    """What is compared: by itself the present version with the draft, or with the version before it."""
    after = given.get("after") or (DRAFT if DRAFT in keys else present or (keys[0] if keys else ""))
    versions = [key for key in keys if key not in (DRAFT, after) and not key.startswith(READY)]
    return given.get("before") or (present if after == DRAFT and present else versions[0] if versions else ""), after


async def _known(arena: Arena) -> tuple[dict[str, Document], dict[str, str]]:
    """Every document there is to compare, and what it is called."""
    lang = arena.desk.lang
    found: dict[str, Document] = {}
    labels: dict[str, str] = {}
    draft = await draft_of(arena) if arena.desk.may(Right.ORGANISE) else None
    if draft:
        found[DRAFT], labels[DRAFT] = draft.document, say(lang, "scheme.own_draft")
    for one in await contests.list_schemes(arena.desk.actor, arena.desk.event.id, arena.contest.id):
        key = str(one.id)
        found[key] = one.document
        labels[key] = f"{say(lang, 'desk.version', n=one.version)} · {one.title.in_language(lang)}"
    for ready in contests.library():
        found[READY + ready.key] = ready.document
        labels[READY + ready.key] = f"{say(lang, 'desk.library')} · {ready.title.in_language(lang)}"
    return found, labels


def _beside(before: Document, after: Document, lang: Lang) -> dict[str, object]:
    old, new = outline.read(before), outline.read(after)
    names = choosing.labels(before, lang) | choosing.labels(after, lang)
    found = comparing.changes(before, after)
    sides = (_told(old, lang), _told(new, lang))
    return {
        "totals": [worths.reach(one.scheme, one.problems, lang) for one in (old, new)],
        "changes": [_change(one, sides, names, lang) for one in found[:MOST_SHOWN]],
        "counts": [(what, sum(one.what == what for one in found)) for what in ("added", "removed", "changed")],
    }


class Told(NamedTuple):
    """What a node can add, and how it is computed."""

    worth: str
    rule: str


NOTHING = Told("", "")
Sides = tuple[Mapping[str, Told], Mapping[str, Told]]


def _told(found: Read, lang: Lang) -> dict[str, Told]:
    """Every node in words, by key."""
    spots = ((str(spot.node.get("key")), found.places.get(spot.at)) for spot in editing.spots(found.document))
    return {
        key: Told(worths.contribution(node, found.nodes), scheme_words.rule(node, lang)) for key, node in spots if node
    }


def _change(one: Change, sides: Sides, names: Mapping[str, str], lang: Lang) -> dict[str, object]:
    titled = bool(one.title) or one.part == "node"
    label = choosing.label_of({"title": dict(one.title), "key": one.key}, lang) if titled else ""
    if one.part == "advance":
        label = say(lang, "scheme.new_advance", n=one.key)
    whole = one.part == "node" and one.what != "changed"  # a node that came or went is told in one line
    rows = [] if whole else [_field(field, names, lang, grant=one.part in GRANTS.values()) for field in one.fields]
    if one.part == "node":
        old, new = (side.get(one.key, NOTHING) for side in sides)
        rows += [_row(say(lang, "desk.rule"), old.rule, new.rule)] if whole else []
        rows += [_row(say(lang, "scheme.adds"), old.worth, new.worth)] if old.worth != new.worth else []
    return {
        "what": one.what,
        "part": say(lang, f"scheme.part_{one.part}"),
        "node": one.part == "node",
        "label": label,
        "rows": rows,
    }


def _row(label: str, before: str, after: str) -> dict[str, str]:
    return {"label": label, "before": before or "–", "after": after or "–"}


def _field(one: Field, names: Mapping[str, str], lang: Lang, *, grant: bool) -> dict[str, str]:
    return {
        "label": field_label(OF_GRANTS.get(one.name, one.name) if grant else one.name, lang),
        "before": _said(one, one.before, names, lang),
        "after": _said(one, one.after, names, lang),
    }


def field_label(name: str, lang: Lang) -> str:
    """A field of the document as its form calls it; by its name where no form has it."""
    known = texts(lang)
    plain = name.replace(".", "_")
    last = name.rpartition(".")[2]
    tongue = f" ({say(lang, f'scheme.in_{last}')})" if last in ("zh", "en") and "." in name else ""
    owner = name.partition(".")[0] if tongue else last
    keys = (f"scheme.field_{plain}", f"scheme.field_{owner}", f"scheme.field_{name.partition('.')[0]}")
    return next((known[key] + tongue for key in keys if key in known), name)


def _said(one: Field, value: object, names: Mapping[str, str], lang: Lang) -> str:
    """A value as people say it: words for words, titles for keys."""
    if value is None:
        return "–"
    if isinstance(value, bool):
        return say(lang, "common.yes") if value else say(lang, "common.no")
    if isinstance(value, list):
        return ("、" if lang == "zh" else ", ").join(_item(item, names, lang) for item in value) or "–"
    if isinstance(value, dict):
        return _item(value, names, lang)
    if one.name in ("under", "of") or one.name.endswith("node"):
        return names.get(str(value), choosing.word_of("under", str(value), lang))
    return choosing.word_of(one.name.rpartition(".")[2], str(value), lang)


def _item(item: object, names: Mapping[str, str], lang: Lang) -> str:
    """One of a list."""
    if not isinstance(item, dict):
        return names.get(str(item), str(item))
    if set(item) <= {"zh", "en"}:
        return str(item.get(lang) or next(iter(item.values()), ""))
    if item.get("lot") is True:
        return say(lang, "scheme.option_lot")
    if "node" in item and isinstance(item["node"], str):
        better = item.get("better")
        way = f" ({choosing.word_of('better', str(better), lang)})" if better else ""
        if set(item) <= {"node", "better"}:
            return names.get(item["node"], item["node"]) + way
    if set(item) == {"from", "points"}:
        return f"{item['from']} → {item['points']}"
    return json.dumps(item, ensure_ascii=False, default=str)


ROUTES = [compare]
