"""A draft tried with sample marks: what they come to, and why. None of them is a mark of the event."""

from collections.abc import Mapping
from typing import NamedTuple

from litestar import get, post

from api.evaluating.telling import Contest, Evaluated
from api.kinds import Asker, Id
from api.problems import STATUS
from api.web.desk.arena import Arena, arena_frame, arena_of_stage
from api.web.desk.filling import REFUSED, do, fresh
from api.web.desk.rules import outline, samples
from api.web.desk.rules.drafts import draft_of, keep, to_start
from api.web.desk.rules.outline import Read
from api.web.desk.rules.samples import Filled, Place
from api.web.forms import Form, Typed, asked, wrong
from api.web.pages import Answer, Asked, page
from api.web.traces import nodes
from api.wording import Lang, say
from events.access import Right
from events.contests import DraftView
from events.publishing import trace_view
from scoring import effort

MOST_WORK = 100_000  # nodes to be run: a fraction of a second
MOST_FIELDS = samples.MOST_CELLS + 20


@get("/desk/events/{event_id:uuid}/stages/{stage_id:uuid}/scheme/try")
async def look(request: Asked, actor: Asker, event_id: Id, stage_id: Id) -> Answer:
    """The grid, and what it comes to."""
    arena, _ = await arena_of_stage(request, actor, event_id, stage_id, right=Right.ORGANISE)
    draft = await draft_of(arena)
    return await _page(request, arena, draft, fresh()) if draft else to_start(arena)


@post("/desk/events/{event_id:uuid}/stages/{stage_id:uuid}/scheme/try")
async def attempt(request: Asked, actor: Asker, event_id: Id, stage_id: Id) -> Answer:
    """Other sample marks."""
    arena, _ = await arena_of_stage(request, actor, event_id, stage_id, right=Right.ORGANISE)
    given = await _typed(request)

    async def work() -> str:
        draft = await draft_of(arena)
        if draft is None:
            return arena.stage_path("scheme/start")
        await keep(arena, draft.document, _sample(draft, given), draft.version)
        return arena.stage_path("scheme/try") + (f"?entry={entry}" if (entry := given.get("entry")) else "")

    try:
        return await do(request, actor, given, work)
    except REFUSED as refusal:
        draft = await draft_of(arena)
        form = wrong(given, refusal, arena.desk.lang)
        return await _page(request, arena, draft, form, status=STATUS[type(refusal)]) if draft else to_start(arena)


async def _typed(request: Asked) -> Typed:
    """A grid has more fields than other forms."""
    fields = await request.form()
    return {name: text for name, text in list(fields.items())[:MOST_FIELDS] if isinstance(text, str)}


def _sample(draft: DraftView, given: Typed) -> dict[str, str]:
    """The sample as the button leaves it."""
    found = outline.read(draft.document)
    if found.problems:
        return draft.sample
    button, many = given.get("do", ""), len(samples.entries(draft.sample, found.scheme))
    if button == "clear":
        return {samples.HOW_MANY: str(many)}
    if button == "made":
        return samples.made_up(found.scheme, draft.sample)
    shown = samples.entries(draft.sample, found.scheme)
    others = {cell: text for cell, text in draft.sample.items() if cell.partition("|")[0] not in shown}
    many += {"more": 1, "fewer": -1}.get(button, 0)
    return others | dict(samples.kept(given, found.scheme)) | {samples.HOW_MANY: str(many)}


async def _page(request: Asked, arena: Arena, draft: DraftView, form: Form, *, status: int = 200) -> Answer:
    lang, found = arena.desk.lang, outline.read(draft.document)
    context: dict[str, object] = {
        "form": form,
        "sound": not found.problems,
        "problems": len(found.problems),
        "path": arena.stage_path("scheme"),
        **({} if found.problems else _tried(found, draft, lang, asked(request).get("entry", ""))),
    }
    return await page(request, "desk/scheme_try.html", await arena_frame(arena, "scheme") | context, status=status)


def _tried(found: Read, draft: DraftView, lang: Lang, chosen: str) -> dict[str, object]:
    entries = samples.entries(draft.sample, found.scheme)
    filled = samples.filled(found.scheme, draft.sample, lang)
    grid = Grid(entries, draft.sample, filled.errors, lang)
    listed = [_place(place, grid) for place in samples.places(found.scheme, lang)]
    listed += [_of_entry(what, grid) for what in samples.asked_of(found.scheme)]
    quick = effort.effort(found.scheme, len(entries)) <= MOST_WORK
    return {
        "entries": entries,
        "places": listed,
        "wrong": len(filled.errors),
        "fewest": len(entries) <= samples.FEWEST,
        "most": len(entries) >= samples.MOST,
        "too_much": not quick,
        **(_result(found, filled, draft.sample, lang, chosen=chosen) if filled.marks and quick else {"board": []}),
    }


class Grid(NamedTuple):
    """What the rows of the grid are filled with."""

    entries: list[str]
    sample: Mapping[str, str]
    errors: Mapping[str, str]
    lang: Lang

    def cell(self, entry: str, key: str) -> dict[str, str]:
        """One field."""
        told = {"value": self.sample.get(key, ""), "error": self.errors.get(key, "")}
        return {"name": f"m {key}", "id": key, "entry": entry, **told}


def _place(place: Place, grid: Grid) -> dict[str, object]:
    """A row for marks of one place."""
    parts = [
        place.title or say(grid.lang, "scheme.whole_entry"),
        say(grid.lang, "results.attempt", n=place.attempt) if place.times > 1 else "",
        say(grid.lang, "scheme.judge_n", n=place.judge) if place.judge else "",
    ]
    cells = [grid.cell(one, place.cell(one)) for one in grid.entries]
    return {"label": " · ".join(part for part in parts if part), "cells": cells}


def _of_entry(what: str, grid: Grid) -> dict[str, object]:
    """A row for what is known of entries beside their marks."""
    cells = [grid.cell(one, f"{one}|={what}") for one in grid.entries]
    return {"label": say(grid.lang, f"scheme.option_{what}").capitalize(), "cells": cells}


def _result(found: Read, filled: Filled, sample: Mapping[str, str], lang: Lang, *, chosen: str) -> dict[str, object]:
    """The board that the sample gives, and the way of one entry to its place."""
    entries = samples.entries(sample, found.scheme)
    contest = Contest(found.scheme, filled.marks, entries, samples.known(found.scheme, sample))
    explain = [chosen] if chosen in entries else []
    told = Evaluated(contest, explain, lang, {})
    view = told.view()
    board = [
        {"entry": one.entry, "rank": one.rank, "score": told.teller.value(told.lines[one.entry].score or one.status),
         "scaled": one.scaled or "", "complete": one.complete, "tied": one.tied, "points": one.points or "",
         "given": told.teller.listed([*(told.awards[key] for key in one.awards),
                                      *([say(lang, "scheme.goes_on")] if one.advances else []),
                                      *(told.levels[key] for key in one.promotions)])}
        for one in view.standings
    ]  # fmt: skip
    why = view.explanations[0] if view.explanations else None
    return {
        "board": board,
        "columns": {name for name in ("scaled", "points", "given") if any(row[name] for row in board)},
        "why": None if why is None else {
            "entry": why.entry,
            "words": [*why.words.place, *why.words.scale, *why.words.given],
            "nodes": nodes(trace_view(told.why[why.entry].score, found.scheme), lang),
        },
    }  # fmt: skip


ROUTES = [look, attempt]
