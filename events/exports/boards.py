"""A board as a table: one line an entry, as the reader may see it, with scores, awards and who goes on."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from uuid import UUID

from events import publishing
from events.access import Actor
from events.publishing import Board, Row
from events.text import Bilingual
from scoring.marks import Status

HEADS = {
    "rank": ("名次", "rank"),
    "code": ("代码", "code"),
    "number": ("编号", "number"),
    "name": ("姓名", "name"),
    "union": ("工会", "union"),
    "delegation": ("代表团", "delegation"),
    "score": ("得分", "score"),
    "scaled": ("标准分", "scaled"),
    "points": ("名次分", "points"),
    "award": ("奖项", "award"),
    "advances": ("晋级", "goes on"),
    "note": ("备注", "note"),
}
STATUSES = {
    Status.DID_NOT_START: ("未参赛", "did not start"),
    Status.DID_NOT_FINISH: ("未完赛", "did not finish"),
    Status.DISQUALIFIED: ("取消资格", "disqualified"),
}
OUT, YES = ("不计名次", "out of competition"), ("是", "yes")


async def board(
    actor: Actor, event_id: UUID, stage_id: UUID, *, version: int | None = None
) -> AsyncIterator[list[str]]:
    """The lines of a board as this actor may see it (see publishing.board), the first one names the columns."""
    found = (await publishing.board(actor, event_id, stage_id, version=version)).board()
    return _lines(found, english=actor.language == "en")


async def _lines(found: Board, *, english: bool) -> AsyncIterator[list[str]]:
    before, after = _columns(found)
    parts = [_word(column.title, english=english) for column in found.columns]
    yield [*(HEADS[name][english] for name in before), *parts, *(HEADS[name][english] for name in after)]
    awards = {one.key: _word(one.title, english=english) for one in found.awards}
    for row in found.rows:
        known = _cells(row, awards, english=english)
        yield [*(known[name] for name in before), *(one or "" for one in row.scores), *(known[name] for name in after)]


def _columns(found: Board) -> tuple[list[str], list[str]]:
    """What stands before and after the scores of the parts; what the scheme does not have is left out."""
    there = {
        "scaled": found.scaled, "points": any(row.points for row in found.rows), "award": bool(found.awards),
        "advances": found.advances,
    }  # fmt: skip
    after = [name for name in ("score", "scaled", "points", "award", "advances", "note") if there.get(name, True)]
    return ["rank", "code", "number", "name", "union", "delegation"], after


def _cells(row: Row, awards: Mapping[str, str], *, english: bool) -> dict[str, str]:
    notes = [STATUSES[row.status][english] if row.status in STATUSES else "", OUT[english] * row.out_of_competition]
    return {
        "rank": row.rank or "",
        "code": row.code,
        "number": "" if row.number is None else str(row.number),
        "name": row.name or "",
        "union": _word(row.union, english=english),
        "delegation": _word(row.delegation, english=english),
        "score": row.score or "",
        "scaled": row.scaled or "",
        "points": row.points or "",
        "award": "; ".join(awards.get(key, key) for key in row.awards),
        "advances": YES[english] * row.advances,
        "note": "; ".join(note for note in notes if note),
    }


def _word(text: Bilingual | None, *, english: bool) -> str:
    return text.in_language("en" if english else "zh") if text else ""
