"""The sheet: one entry at a time. A script keeps marks on the tablet; without it this form saves and goes on."""

from collections.abc import Iterable, Mapping
from typing import Any

from litestar import get, post

from api.kinds import Asker, Id
from api.problems import STATUS, lang_of
from api.reading import read
from api.web.forms import Typed, asked, typed
from api.web.judge.sheet import Paper, sheet_url
from api.web.judge.work import Field, Work
from api.web.pages import Answer, Asked, Page, page, redirect
from api.wording import Lang, words
from events import marking
from events.access import Actor
from events.errors import Reason, Refusal
from events.marking import MarksForm, SheetEntry


@get("/judge/events/{event_id:uuid}/stages/{stage_id:uuid}")
async def sheet_page(request: Asked, actor: Asker, event_id: Id, stage_id: Id) -> Page:
    """The sheet at an entry, at first the one that is next to be marked."""
    work = Work(await marking.sheet(actor, event_id, stage_id))
    return await shown(request, actor, work, work.entry(asked(request).get("entry", "")))


@post("/judge/events/{event_id:uuid}/stages/{stage_id:uuid}")
async def take(request: Asked, actor: Asker, event_id: Id, stage_id: Id) -> Answer:
    """Save an entry's marks and go on to the next one."""
    given = await typed(request)
    work = Work(await marking.sheet(actor, event_id, stage_id))
    entry = work.entry(given.get("entry", ""))
    if entry is None or not work.fields:
        return redirect(sheet_url(event_id, stage_id))
    forms = list(wanted(work, entry, given))
    try:
        if forms:
            marks = [{"entry": entry.code, **form} for _, form in forms]
            await marking.enter(actor, event_id, stage_id, read({"marks": marks}, MarksForm))
    except Refusal as refusal:
        errors = placed(refusal.reasons, [field for field, _ in forms], lang_of(request.scope))
        return await shown(request, actor, work, entry, given=given, errors=errors, status=STATUS[type(refusal)])
    return redirect(sheet_url(event_id, stage_id, following(work, entry, given.get("do", ""))))


async def shown(
    request: Asked,
    actor: Actor,
    work: Work,
    entry: SheetEntry | None,
    *,
    given: Typed | None = None,
    errors: Mapping[str, str] | None = None,
    status: int = 200,
) -> Page:
    """The page at an entry, or the one that says that there is nothing to mark."""
    if entry is None:
        return await page(request, "judge/nothing.html", {"sheet": work.sheet})
    paper = Paper(work, actor, lang_of(request.scope))
    return await page(request, "judge/sheet.html", paper.context(entry, given or {}, errors or {}), status=status)


def wanted(work: Work, entry: SheetEntry, given: Typed) -> Iterable[tuple[Field, dict[str, Any]]]:
    """The marks that a form means to give: a status for all, or what was filled in and is not there already."""
    status, reason = given.get("status", ""), given.get("reason", "").strip()
    known = work.values(entry)
    for field in work.fields:
        seat = {"seat": field.seat} if field.seat else {}
        value = given.get(field.name, "").strip()
        explains = bool(reason) and work.disputed(field, entry)
        if status and status != work.status(entry):
            yield field, _mark(field, {"status": status}, reason) | seat
        elif not status and value and (value != known[field.name] or explains):
            yield field, _mark(field, {"value": value}, reason) | seat


def _mark(field: Field, what: dict[str, str], reason: str) -> dict[str, Any]:
    return {"aspect": field.aspect.key, "attempt": field.attempt, "reason": reason, **what}


def placed(reasons: Iterable[Reason], fields: list[Field], lang: Lang) -> dict[str, str]:
    """Field -> sentence, for reasons that point into a list of marks; "" for the whole sheet."""
    found: dict[str, str] = {}
    for reason in reasons:
        parts = reason.pointer.split("/")
        number = int(parts[2]) if len(parts) > 2 and parts[2].isdecimal() else len(fields)
        name = fields[number].name if number < len(fields) else ""
        name = "reason" if reason.code == "reason_needed" else name
        found.setdefault(name, words(reason, lang))
    return found


def following(work: Work, entry: SheetEntry, do: str) -> str:
    """The code of the entry to show after one was saved."""
    entries = work.sheet.entries
    there = entries.index(entry) + {"previous": -1, "next": 1}.get(do, 0)
    return entries[min(max(there, 0), len(entries) - 1)].code
