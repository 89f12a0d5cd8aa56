"""Tables of delegations over an event's contests, by documents; always of the newest published results.

A contest counts once the result of its last stage is published.
"""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from datetime import datetime, timedelta
from functools import cache
from importlib import resources
from typing import Any
from uuid import UUID

from events import access, clock, db, ids, notices
from events.access import Actor, Right
from events.contests.looking import read_document
from events.contests.schemes import canonical
from events.contests.structs import Document
from events.errors import Invalid, Reason, invalid
from events.publishing.boards import text
from events.publishing.seasons import Season, heads_of, season_of
from events.publishing.structs import Board, Column
from events.publishing.tally_forms import (
    LibraryTally,
    TallyForm,
    TallyHead,
    TallyPart,
    TallyRow,
    TallySource,
    TallyView,
)
from events.tables import Tally
from events.text import Bilingual, BilingualProse
from scoring import tables
from scoring.schemes import Title
from scoring.tables import Counted, Line, Table

AGE = timedelta(minutes=1)
REMEMBERED = 64
_made: OrderedDict[tuple[Any, ...], tuple[datetime, TallyView]] = OrderedDict()


async def list_tallies(actor: Actor, event_id: UUID) -> list[TallyHead]:
    """The tables of an event that the actor may see."""
    await access.event_to_see(actor, event_id)
    rows = await Tally.objects().where(Tally.event_id == event_id).order_by(Tally.number)
    return [_head(row) for row in rows]


async def tally(actor: Actor, event_id: UUID, tally_id: UUID) -> TallyView:
    """One table with the newest published results in it; names of delegations are up to a minute old."""
    await access.event_to_see(actor, event_id)
    row = await _row(event_id, tally_id)
    there = await db.row("SELECT COUNT(*) AS n FROM contest WHERE event_id = {}", event_id)
    heads = await heads_of(event_id)
    contests = int(there["n"]) if there else 0
    key = (tally_id, contests, *((head["id"], head["version"]) for head in heads))
    known = _made.get(key)
    if known is None or clock.now() - known[0] > AGE:
        season = await season_of(event_id, heads)
        known = _made[key] = (clock.now(), await asyncio.to_thread(_view, row, season, contests))
        while len(_made) > REMEMBERED:
            _made.popitem(last=False)
    return known[1]


async def add_tally(actor: Actor, event_id: UUID, form: TallyForm) -> TallyHead:
    """Give an event a table (organisers); Invalid names each fault of the document."""
    await access.event_for(actor, Right.ORGANISE, event_id)
    document = _chosen(form)
    _parsed(document)
    async with db.transaction():
        # holding the event, so that two tables at once get two numbers
        await db.rows("UPDATE event SET version = version WHERE id = {}", event_id)
        last = await db.row("SELECT COALESCE(MAX(number), 0) AS number FROM tally WHERE event_id = {}", event_id)
        assert last is not None
        row = Tally(
            event_id=event_id, id=ids.new(), number=last["number"] + 1, document=canonical(document),
            created_at=clock.now(), created_by=actor.account,
        )  # fmt: skip
        await Tally.insert(row)
        await notices.post("tally.added", event=event_id, subject=row.id, by=actor.account, public=True)
    return _head(row)


async def remove_tally(actor: Actor, event_id: UUID, tally_id: UUID) -> None:
    """Take a table away (organisers); results stay as they are."""
    await access.event_for(actor, Right.ORGANISE, event_id)
    async with db.transaction():
        await _row(event_id, tally_id)
        await db.rows("DELETE FROM tally WHERE event_id = {} AND id = {}", event_id, tally_id)
        await notices.post("tally.removed", event=event_id, subject=tally_id, by=actor.account, public=True)


@cache
def tally_library() -> list[LibraryTally]:
    """The ready tables, by key."""
    files = resources.files("scoring").joinpath("library/tables").iterdir()
    documents = [read_document(file.read_text("utf-8")) for file in files if file.name.endswith(".json")]
    return sorted((_in_library(document) for document in documents), key=lambda ready_one: ready_one.key)


def _in_library(document: Document) -> LibraryTally:
    rules = tables.parse(document)
    plain = read_document(canonical(document))
    return LibraryTally(key=rules.key, title=_words(rules.title), description=_prose(rules), document=plain)


def _words(title: Title) -> Bilingual:
    return Bilingual(title.zh, title.en)


def _prose(rules: Table) -> BilingualProse:
    return BilingualProse(rules.description.zh, rules.description.en) if rules.description else BilingualProse()


def _chosen(form: TallyForm) -> Document:
    if (form.document is None) == (form.library is None):
        invalid("document_or_library", "/document")
    if form.document is not None:
        return form.document
    found = next((one for one in tally_library() if one.key == form.library), None)
    return found.document if found else invalid("not_in_library", "/library")


def _parsed(document: Document) -> Table:
    try:
        return tables.parse(document)
    except tables.TableError as error:
        raise Invalid(
            *(Reason(found.code, f"/document{found.pointer}", found.params) for found in error.problems)
        ) from error


async def _row(event_id: UUID, tally_id: UUID) -> Tally:
    found = await Tally.objects().get((Tally.event_id == event_id) & (Tally.id == tally_id))
    if found is None:
        raise access.not_found()
    return found


def _head(row: Tally) -> TallyHead:
    rules = tables.parse(read_document(row.document))
    return TallyHead(id=row.id, number=row.number, title=_words(rules.title), description=_prose(rules))


def _view(row: Tally, season: Season, contests: int) -> TallyView:
    rules = tables.parse(read_document(row.document))
    lines = tables.rank(rules, season.results())
    return TallyView(
        id=row.id,
        number=row.number,
        title=_words(rules.title),
        description=_prose(rules),
        columns=[Column(key=one.key, title=_words(one.title)) for one in rules.columns],
        sources=[_source(board) for board in season.boards],
        contests=contests,
        rows=[_line(rules, line, season) for line in lines],
    )


def _source(board: Board) -> TallySource:
    return TallySource(
        contest_id=board.contest_id,
        contest=board.contest,
        stage_id=board.stage_id,
        kind=board.kind,
        version=board.version,
    )


def _line(rules: Table, line: Line, season: Season) -> TallyRow:
    side = UUID(line.delegation)
    return TallyRow(
        rank=text(line.rank) or "",
        tied=line.tied,
        decided_by=line.decided_by,
        delegation_id=side,
        delegation=season.names[side],
        values=[text(line.values[column.key]) for column in rules.columns],
        parts=[_part(one, season) for one in line.counted],
    )


def _part(one: Counted, season: Season) -> TallyPart:
    row = season.entrants[one.entry]
    return TallyPart(
        column=one.column,
        contest_id=UUID(one.contest),
        entry_id=UUID(one.entry),
        name=row.name or row.code,
        value=text(one.value),
        code=one.code,
    )
