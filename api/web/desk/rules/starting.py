"""What a scheme begins with: the library, the present version, nothing, a document."""

import codecs
import hashlib
from collections.abc import Iterable
from functools import cache

from litestar import get, post
from litestar.datastructures import UploadFile

from api.kinds import Asker, Id
from api.problems import STATUS
from api.web.desk.arena import Arena, arena_frame, arena_of_stage
from api.web.desk.filling import REFUSED, do, fresh
from api.web.desk.rules import worths
from api.web.desk.rules.drafts import begin, draft_of, may_change, scheme_now
from api.web.desk.rules.steps import blank, read_json
from api.web.forms import Form, Typed, asked, typed
from api.web.pages import Answer, Asked, page
from api.wording import Lang, say, words
from events import contests, imports
from events.access import Right
from events.contests import LibraryScheme, SchemeForm
from events.errors import Reason, invalid
from events.terms import StageState

MOST_TOLD = 50
BOM = codecs.BOM_UTF8 + b" \r\n\t"
# The library by the sort of contest; what is in no group stands in the last.
GROUPS = {
    "skill": ("worldskills_100", "worldskills_medals", "theory_30_practice_70", "provincial_contest", "team_of_three"),
    "judged": (
        "five_judges_drop_high_low", "piano_competition", "rank_sum_jury", "rank_sums_of_marks", "diving",
        "gymnastics", "figure_skating_short", "figure_skating_free", "ski_jumping_k120",
    ),
    "measured": ("time_trial_penalties", "heats_to_final", "best_of_three_throws", "wca_average_of_5"),
    "other": ("quiz",),
}  # fmt: skip


@get("/desk/events/{event_id:uuid}/stages/{stage_id:uuid}/scheme/start")
async def start(request: Asked, actor: Asker, event_id: Id, stage_id: Id) -> Answer:
    """The ways to begin."""
    arena, _ = await arena_of_stage(request, actor, event_id, stage_id, right=Right.ORGANISE)
    return await _page(request, arena, fresh())


@post("/desk/events/{event_id:uuid}/stages/{stage_id:uuid}/scheme/start")
async def begin_with(request: Asked, actor: Asker, event_id: Id, stage_id: Id) -> Answer:
    """Take a ready scheme as it is, or begin a draft."""
    arena, stage = await arena_of_stage(request, actor, event_id, stage_id, right=Right.ORGANISE)
    given, upload = await typed(request), await _file(request)

    async def work() -> str:
        way, _, key = given.get("do", "").partition(":")
        if way != "take":
            return await begin(arena, await _document(arena, given, upload))
        await contests.set_scheme(actor, event_id, stage.contest_id, stage_id, form=SchemeForm(library=key))
        return arena.stage_path("scheme")

    try:
        taken = given.get("do", "").startswith("take:")
        digest = hashlib.sha256(upload).hexdigest()
        return await do(request, actor, given | {"digest": digest}, work, said="said.scheme_set" if taken else "")
    except REFUSED as refusal:
        form = Form(given, errors(refusal.reasons, arena.desk.lang))
        return await _page(request, arena, form, status=STATUS[type(refusal)])


async def _file(request: Asked) -> bytes:
    """The file that was sent, if there was one."""
    sent = (await request.form()).get("file")
    return await sent.read() if isinstance(sent, UploadFile) and sent.filename else b""


async def _document(arena: Arena, given: Typed, upload: bytes) -> dict[str, object]:
    way, _, key = given.get("do", "").partition(":")
    if way == "edit":
        return contests.ready_scheme(key).document
    if way == "present":
        now = await scheme_now(arena)
        return now.document if now else invalid("choose_scheme")
    if way == "blank":
        title = arena.contest.title
        return blank({"zh": title.zh or title.en, "en": title.en or title.zh})
    if upload:
        return read_json(_decoded(upload)) if upload.lstrip(BOM)[:1] == b"{" else imports.scheme(upload)
    if not given.get("source", "").strip():
        invalid("choose_scheme", "/source")
    return read_json(given["source"])


def _decoded(upload: bytes) -> str:
    try:
        return upload.decode("utf-8-sig")
    except UnicodeDecodeError:
        invalid("file_encoding", "/file")


def errors(reasons: Iterable[Reason], lang: Lang) -> dict[str, str]:
    """What is wrong with a document stands at it, what is wrong with a spreadsheet at the file, each with its place."""
    found: dict[str, list[str]] = {}
    for reason in reasons:
        first = reason.pointer.split("/")[1:2]
        field = "file" if "row" in reason.params or first == ["file"] else "source" if first else ""
        found.setdefault(field, []).append(_told(reason, lang))
    return {field: " ".join(told[:MOST_TOLD]) for field, told in found.items()}


def _told(reason: Reason, lang: Lang) -> str:
    if "row" in reason.params:
        column = imports.column_name(str(reason.params["column"]), lang)
        place = f"{say(lang, 'imports.row_n', n=reason.params['row'])}, {column}{say(lang, 'common.colon')}"
    else:
        place = reason.pointer.removeprefix("/document") if reason.pointer.startswith("/document") else ""
    return f"{place} {words(reason, lang)}".strip()


async def _page(request: Asked, arena: Arena, form: Form, *, status: int = 200) -> Answer:
    lang, sought = arena.desk.lang, asked(request).get("q", "").strip()
    draft = await draft_of(arena)
    assert arena.stage is not None
    context = {
        "form": form,
        "q": sought,
        "groups": _groups(sought, lang),
        "draft": draft,
        "present": arena.stage.scheme_id is not None,
        "may_change": may_change(arena),
        "locked": arena.stage.state == StageState.MARKING,
        "what_if_url": arena.stage_path("what-if"),
        "back": arena.stage_path("scheme"),
    }
    return await page(request, "desk/scheme_start.html", await arena_frame(arena, "scheme") | context, status=status)


def _groups(sought: str, lang: Lang) -> list[dict[str, object]]:
    """The library in groups: those whose words have what is sought."""
    known = {key for keys in GROUPS.values() for key in keys}
    fit = {one.key: one for one in contests.library() if _fits(one, sought)}
    found: list[dict[str, object]] = []
    for name, keys in GROUPS.items():
        more = tuple(key for key in fit if key not in known) if name == "other" else ()
        rows = [_row(key, lang) for key in (*keys, *more) if key in fit]
        found.append({"title": say(lang, f"scheme.library_{name}"), "rows": rows})
    return [group for group in found if group["rows"]]


def _fits(one: LibraryScheme, sought: str) -> bool:
    told = " ".join((one.title.zh, one.title.en, one.description.zh, one.description.en, one.key)).casefold()
    return all(word in told for word in sought.casefold().split())


@cache
def _row(key: str, lang: Lang) -> dict[str, str]:
    one = contests.ready_scheme(key)
    return {
        "key": one.key,
        "title": one.title.in_language(lang),
        "words": one.description.in_language(lang),
        "total": worths.totalled(one.document, lang),
    }


ROUTES = [start, begin_with]
