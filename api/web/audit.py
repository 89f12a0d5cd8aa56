"""The audit trail of an event, for those who may read it."""

import re
from collections.abc import Mapping
from urllib.parse import urlencode

from litestar import get

from api.kinds import Asker, Id
from api.problems import lang_of
from api.web.forms import asked
from api.web.pages import Asked, Page, page
from api.wording import Lang, texts
from events import organising
from events.organising import Done

CURSOR = re.compile(r"[0-9]{1,18}-[0-9]{1,18}")


@get("/events/{event_id:uuid}/log")
async def log_page(request: Asked, actor: Asker, event_id: Id) -> Page:
    """Who did what and when, newest first."""
    lang, cursor = lang_of(request.scope), asked(request).get("cursor", "")
    found = await organising.trail(actor, event_id, cursor=cursor if CURSOR.fullmatch(cursor) else "")
    event = await organising.event(actor, event_id)
    context = {
        "event": event,
        "rows": [_row(done, lang) for done in found.items],
        "following": f"?{urlencode({'cursor': found.next})}" if found.next else "",
    }
    return await page(request, "audit.html", context)


def _row(done: Done, lang: Lang) -> dict[str, object]:
    known = texts(lang)
    return {
        "at": done.at,
        "who": done.who or known["audit.by_itself"],
        "words": known.get(f"audit.kind_{done.kind.replace('.', '_')}", done.kind),
        "detail": list(_plain(done.data)),
        "number": done.cursor.partition("-")[2],
    }


def _plain(data: Mapping[str, object]) -> list[tuple[str, str]]:
    """What a notice holds, as names and values."""
    return [
        (name, ", ".join(map(str, value)) if isinstance(value, list) else str(value))
        for name, value in data.items()
        if value not in (None, "", [])
    ]
