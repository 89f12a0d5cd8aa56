"""Lists as files to keep, CSV or Excel, sent while they are made."""

from collections.abc import AsyncIterator
from datetime import datetime
from enum import StrEnum
from urllib.parse import quote
from uuid import UUID
from zoneinfo import ZoneInfo

from litestar.response import Stream

from events import clock, contests, exports, settings
from events.access import Actor


class FileKind(StrEnum):
    """What a list can be saved as."""

    XLSX = "xlsx"
    CSV = "csv"


MEDIA = {
    FileKind.CSV: "text/csv",
    FileKind.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
FILES = {FileKind.CSV: exports.csv_lines, FileKind.XLSX: exports.xlsx}


def download(rows: AsyncIterator[list[str]], kind: FileKind, name: str) -> Stream:
    """An answer that a browser saves as `name` with today's date; nothing on the way keeps it."""
    today = clock.now().astimezone(ZoneInfo(settings.current().zone))
    headers = {"content-disposition": _saved_as(name, kind, today), "cache-control": "no-store"}
    return Stream(FILES[kind](rows), media_type=MEDIA[kind], headers=headers)


async def board_file(actor: Actor, which: tuple[UUID, UUID], version: int | None, kind: FileKind) -> Stream:
    """A board as a file that is named by its contest."""
    rows = await exports.board(actor, *which, version=version)
    return download(rows, kind, await _named(actor, which))


async def promotions_file(actor: Actor, which: tuple[UUID, UUID]) -> Stream:
    """Proposals for promotion as a workbook."""
    rows = await exports.promotions(actor, *which)
    return download(rows, FileKind.XLSX, await _named(actor, which))


async def _named(actor: Actor, which: tuple[UUID, UUID]) -> str:
    """What a stage's files are called: by contest and stage."""
    stage = await contests.stage(actor, *which)
    contest = await contests.contest(actor, which[0], stage.contest_id)
    return f"{contest.title.in_language(actor.language)} {stage.title.in_language(actor.language)}"


def _saved_as(name: str, kind: FileKind, today: datetime) -> str:
    plain = f"magpie-{today:%Y%m%d}.{kind}"
    return f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(f'{name} {today:%Y%m%d}.{kind}', '')}"
