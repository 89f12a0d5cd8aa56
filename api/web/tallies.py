"""A table of delegations, for everybody: ranks, columns, and which results it comes from."""

from uuid import UUID

from litestar import get

from api import ready
from api.kinds import Asker, Id
from api.problems import lang_of
from api.web.event import stage_url, why_url
from api.web.pages import Asked, Page, page
from api.wording import Lang, say
from events import organising, publishing
from events.publishing import TallyView
from events.publishing.tally_forms import TallyPart, TallyRow


@get("/events/{event_id:uuid}/tallies/{tally_id:uuid}", ready=ready.page(ready.RESULTS))
async def tally_page(request: Asked, actor: Asker, event_id: Id, tally_id: Id) -> Page:
    """A table with the newest published results."""
    lang = lang_of(request.scope)
    found = await publishing.tally(actor, event_id, tally_id)
    event = await organising.event(actor, event_id)
    ready.lasts_a_minute(request.scope)
    context = {
        "event": {"id": event_id, "title": event.title},
        "tally": found,
        "about": found.description.in_language(lang),
        "columns": [one.title for one in found.columns],
        "rows": [_row(event_id, found, row, lang) for row in found.rows],
        "sources": [
            {"title": one.contest, "state": one.kind.value, "url": stage_url(event_id, one.stage_id, "results")}
            for one in found.sources
        ],
    }
    return await page(request, "tally.html", context)


def _row(event_id: UUID, found: TallyView, row: TallyRow, lang: Lang) -> dict[str, object]:
    return {
        "rank": int(row.rank) if row.rank.isdecimal() else row.rank,
        "name": row.delegation,
        "cells": [value if value is not None else "–" for value in row.values],
        "parts": [_part(event_id, found, part, lang) for part in row.parts if part.value not in (None, "0")],
    }


def _part(event_id: UUID, found: TallyView, part: TallyPart, lang: Lang) -> dict[str, object]:
    """What one result gave, and to which column."""
    source = next(one for one in found.sources if one.contest_id == part.contest_id)
    column = next(one.title.in_language(lang) for one in found.columns if one.key == part.column)
    left_out = part.code in ("over_cap", "not_best")
    return {
        "label": f"{source.contest.in_language(lang)} · {part.name}",
        "value": f"{column} {part.value}",
        "note": say(lang, f"outcomes.part_{part.code}") if left_out else "",
        "url": why_url(event_id, source.stage_id, part.entry_id),
    }


ROUTES = [tally_page]
