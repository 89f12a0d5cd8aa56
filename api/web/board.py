"""The hall's board: large, live, for everybody. Each language is rendered once for all who watch."""

from datetime import datetime
from functools import partial
from typing import Annotated, NamedTuple, get_args
from zoneinfo import ZoneInfo

import msgspec
from babel.dates import format_time
from litestar import get
from litestar.params import PathParameter

from api import live, ready
from api.kinds import Asker, Id
from api.live import LastEventId, Opened, View, opened
from api.live.hubs import Key
from api.problems import lang_of
from api.web.event import stage_url
from api.web.pages import Asked, Page, absolute, page
from api.web.shapes import rank_of, who
from api.wording import Lang, say
from events import contests, organising, publishing, settings
from events.access import Actor
from events.errors import NotFound
from events.publishing import Board, ReadyBoard, Row
from events.text import Bilingual

Spoken = Annotated[Lang, PathParameter()]
MAGPIES = 16


class BoardRow(msgspec.Struct, frozen=True):
    """A line as the hall sees it."""

    code: str
    rank: int | str | None
    name: str
    union: str
    score: str


class HallBoard(msgspec.Struct, frozen=True):
    """A board in one language; `words` stand at its foot, `bridge` is how many of the magpies have come."""

    version: int
    state: str
    label: str
    words: str
    bridge: int
    rows: list[BoardRow]


class Head(NamedTuple):
    """What a board is of."""

    event: Bilingual
    contest: Bilingual
    stage: Bilingual


@get("/events/{event_id:uuid}/stages/{stage_id:uuid}/board", ready=ready.page(ready.BOARD))
async def board_page(request: Asked, actor: Asker, event_id: Id, stage_id: Id) -> Page:
    """The board that everybody may see now, if there is one; without script it is loaded again twice a minute."""
    lang = lang_of(request.scope)
    head, hall = await _found(actor, (event_id, stage_id), lang)
    context = {
        "event": {"id": event_id, "title": head.event},
        "contest": {"title": head.contest},
        "stage": head.stage.in_language(lang) if head.stage != head.contest else "",
        "board": hall,
        "rows": hall.rows,
        "live_url": f"{stage_url(event_id, stage_id, 'board')}/{lang}",
        "results_url": absolute(request.url.path),
    }
    return await page(request, "board.html", context)


async def _found(actor: Actor, key: Key, lang: Lang) -> tuple[Head, HallBoard]:
    """The public board also for officials: the hall must not see more than everybody."""
    try:
        board = (await publishing.public_board(*key)).board()
    except NotFound:
        event, stage = await organising.event(actor, key[0]), await contests.stage(actor, *key)
        contest = await contests.contest(actor, event.id, stage.contest_id)
        empty = HallBoard(0, "", "", say(lang, "board.later"), 0, [])
        return Head(event.title, contest.title, stage.title), empty
    return Head(board.event, board.contest, board.stage), hall_board(board, lang)


@get("/events/{event_id:uuid}/stages/{stage_id:uuid}/board/{lang:str}", media_type=live.EVENTS)
async def board_events(
    actor: Asker, event_id: Id, stage_id: Id, lang: Spoken, last_event_id: LastEventId = None
) -> Opened:
    """The same board as server-sent events, in one language; the first comes once there is one."""
    return await opened(actor, (event_id, stage_id), VIEWS[lang], last_event_id or "")


def hall_board(board: Board, lang: Lang) -> HallBoard:
    """A board in the words of one language."""
    words = say(lang, "board.words", time=_clock(board.made_at), done=board.complete, all=board.entries)
    rows = [_row(row, lang) for row in board.rows]
    bridge = MAGPIES * board.complete // board.entries if board.entries else 0
    return HallBoard(board.version, board.kind, say(lang, f"common.state_{board.kind}"), words, bridge, rows)


def _data(lang: Lang, ready: ReadyBoard) -> bytes:
    return msgspec.json.encode(hall_board(ready.board(), lang))


def _row(row: Row, lang: Lang) -> BoardRow:
    known = who(row, lang)
    return BoardRow(row.code, rank_of(row), known["code"] or known["name"], known["union"], _score(row, lang))


def _score(row: Row, lang: Lang) -> str:
    return row.score or (say(lang, f"results.status_{row.status}") if row.status else "–")


def _clock(moment: datetime) -> str:
    return format_time(moment.astimezone(ZoneInfo(settings.current().zone)), "HH:mm:ss")


VIEWS: dict[Lang, View] = {lang: View(None, lang, partial(_data, lang)) for lang in get_args(Lang)}
ROUTES = [board_page, board_events]
