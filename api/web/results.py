"""Results: every place, and why it is what it is."""

from collections.abc import Mapping

from litestar import get
from litestar.response import Stream
from msgspec import Struct, structs

from api import ready
from api.downloads import FileKind, board_file
from api.kinds import Asker, Id
from api.problems import lang_of
from api.reading import read
from api.web.event import stage_url, why_url
from api.web.forms import Option, asked
from api.web.pages import Asked, Page, page
from api.web.rulings import at_the_cut, given, node_titles, shares, titles_of, told
from api.web.shapes import rank_of, who
from api.web.traces import nodes, steps
from api.wording import Lang, say, texts
from events import publishing
from events.contests.looking import rules_of
from events.publishing import Board, BoardVersion, Explanation, Row, Ruling, TraceView
from events.terms import BoardKind


class Which(Struct, frozen=True):
    """A stored version, or the newest."""

    version: int | None = None


@get("/events/{event_id:uuid}/stages/{stage_id:uuid}/results", ready=ready.page(ready.BOARD))
async def results_page(request: Asked, actor: Asker, event_id: Id, stage_id: Id) -> Page:
    """A stage's published board, the newest or a version of it."""
    lang = lang_of(request.scope)
    versions = await publishing.versions(actor, event_id, stage_id)
    wanted = read(asked(request), Which, strict=False).version or _newest(versions)
    board = (await publishing.board(actor, event_id, stage_id, version=wanted)).board()
    mine = {one.entry_id for one in await publishing.own_results(actor)} if actor.person else set()
    titles = await _all_titles(board, lang)
    context = {
        "event": {"id": event_id, "title": board.event},
        "contest": {"id": board.contest_id, "title": board.contest},
        "stage": board.stage,
        "board": board,
        "columns": [column.title for column in board.columns],
        "places": [_place(row, board, titles, lang) | {"mine": row.entry_id in mine} for row in board.rows],
        "shares": shares(board, lang),
        "vacant": told(_vacant(board), titles_of(board.awards, lang), {}, lang),
        "file_url": f"{stage_url(event_id, stage_id, 'results.xlsx')}?version={board.version}" if wanted else "",
        "versions": _versions(versions, board, lang) if len(versions) > 1 else [],
    }
    return await page(request, "results.html", context)


@get("/events/{event_id:uuid}/stages/{stage_id:uuid}/results.xlsx")
async def results_file(request: Asked, actor: Asker, event_id: Id, stage_id: Id) -> Stream:
    """The same as a spreadsheet."""
    version = read(asked(request), Which, strict=False).version
    if version is None:
        version = _newest(await publishing.versions(actor, event_id, stage_id))
    reader = structs.replace(actor, language=lang_of(request.scope))
    return await board_file(reader, (event_id, stage_id), version, FileKind.XLSX)


@get("/events/{event_id:uuid}/stages/{stage_id:uuid}/entries/{entry_id:uuid}")
async def why_page(request: Asked, actor: Asker, event_id: Id, stage_id: Id, entry_id: Id) -> Page:
    """Why an entry has its place: every mark, what was left out, every rounding, every tie-break."""
    lang = lang_of(request.scope)
    version = read(asked(request), Which, strict=False).version
    if version is None:
        version = _newest(await publishing.versions(actor, event_id, stage_id))
    found = await publishing.explanation(actor, event_id, stage_id, entry_id, version=version)
    board = (await publishing.board(actor, event_id, stage_id, version=version)).board()
    url = stage_url(event_id, stage_id, "results")
    context = {
        "event": {"id": event_id, "title": board.event},
        "contest": {"id": board.contest_id, "title": board.contest},
        "results_url": f"{url}?version={version}" if version else url,
        "place": _why(found, lang),
        "nodes": nodes(found.trace, lang),
        "rulings": told(found.row.rulings, titles_of(found.awards, lang), _titles(found.trace, lang), lang),
        "scaled": found.row.scaled or "",
        "scale": steps(found.scale, lang),
        "near": [_beside(found, other, lang) for other in (found.above, found.below) if other],
    }
    return await page(request, "why.html", context)


def _titles(trace: TraceView, lang: Lang) -> dict[str, str]:
    """What the nodes are called."""
    below = [pair for child in trace.children for pair in _titles(child, lang).items()]
    return {trace.node: trace.title.in_language(lang), **dict(below)}


def _newest(versions: list[BoardVersion]) -> int | None:
    """The newest published version; none while there is only a live board, which officials then see."""
    published = [one.version for one in versions if one.kind in (BoardKind.PROVISIONAL, BoardKind.OFFICIAL)]
    return max(published, default=None)


def _vacant(board: Board) -> list[Ruling]:
    """The awards that nobody gets, once all marks are in and people have nothing to decide about them."""
    open_ = {one.award for row in board.rows for one in row.rulings if one.code == "to_decide"}
    return [one for one in board.vacant if one.award and one.award not in open_ and board.complete == board.entries]


async def _all_titles(board: Board, lang: Lang) -> dict[str, str]:
    """What everything in the board's rules is called, columns or not."""
    return node_titles(await rules_of(board.event_id, board.scheme_id), lang)


def _place(row: Row, board: Board, titles: Mapping[str, str], lang: Lang) -> dict[str, object]:
    notes = [_status(row, lang), say(lang, "results.out") if row.out_of_competition else "", _tie(row, titles, lang)]
    why = why_url(board.event_id, board.stage_id, row.entry_id)
    return {
        "rank": rank_of(row),
        "who": who(row, lang),
        "cells": [score or "–" for score in row.scores],
        "score": row.score or "–",
        "scaled": row.scaled or "–",
        "awards": given(row, titles_of(board.awards, lang)),
        "advances": row.advances,
        "at_the_cut": at_the_cut(row),
        "note": " · ".join(note for note in notes if note),
        "why_url": f"{why}?version={board.version}" if why and board.kind != BoardKind.LIVE else why,
    }


def _status(row: Row, lang: Lang) -> str:
    return texts(lang).get(f"results.status_{row.status.value}", "") if row.status else ""


def _tie(row: Row, titles: Mapping[str, str], lang: Lang) -> str:
    """What parted this entry from one with the same score."""
    if row.tied:
        return say(lang, "results.tied")
    if row.decided_by is None:
        return ""
    if row.decided_by == "lot":
        return say(lang, "results.by_lot")
    return say(lang, "results.by_node", node=titles.get(row.decided_by, row.decided_by))


def _versions(versions: list[BoardVersion], board: Board, lang: Lang) -> list[Option]:
    return [
        Option(
            f"{say(lang, 'results.version', n=one.version)} · {say(lang, f'common.state_{one.kind}')}",
            f"?version={one.version}",
            one.version == board.version,
        )
        for one in versions
    ]


def _why(found: Explanation, lang: Lang) -> dict[str, object]:
    row, told = found.row, []
    if row.rank and row.score:
        told.append(say(lang, "results.in_words", score=row.score, rank=row.rank))
    told += [text for text in (_status(row, lang), say(lang, "results.tied") if row.tied else "") if text]
    return {"rank": rank_of(row), "who": who(row, lang), "score": row.score or "–", "words": told}


def _beside(found: Explanation, other: Row, lang: Lang) -> dict[str, object]:
    """The scores of a neighbour beside one's own."""
    names = who(other, lang)
    rows = [
        {"label": column.title, "mine": mine or "–", "theirs": theirs or "–"}
        for column, mine, theirs in zip(found.columns, found.row.scores, other.scores, strict=True)
    ]
    rows.append({"label": say(lang, "desk.score"), "mine": found.row.score or "–", "theirs": other.score or "–"})
    return {"label": f"{other.rank or '–'} · {names['code'] or names['name']}", "rows": rows}


ROUTES = [results_page, results_file, why_page]
