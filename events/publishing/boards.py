"""A board out of facts: pure, so that it comes out the same whenever it is restated."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from decimal import Decimal
from itertools import chain
from typing import Any, NamedTuple
from uuid import UUID

import msgspec

from events.marking.completeness import Seats, whole
from events.publishing.giving import Given
from events.publishing.structs import Board, Column, Row
from events.terms import BoardKind, EntryState, StageState
from events.text import Bilingual
from scoring.marks import Mark, Status
from scoring.outcomes import Known, following
from scoring.restating import Stated, restate, state
from scoring.schemes import Criterion, Scheme
from scoring.standings import Standing
from scoring.totals import Total

Ranks = Mapping[UUID | None, str | None]
NEVER = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Entrant:
    """An entry with its slot."""

    id: UUID
    number: int
    code: str
    position: int
    lot: int
    state: str
    name: str
    union: Bilingual | None
    delegation: Bilingual | None
    delegation_id: UUID | None
    heat: int


@dataclass(frozen=True)
class Head:
    """What stands above the rows."""

    event_id: UUID
    event: Bilingual
    contest_id: UUID
    contest: Bilingual
    stage_id: UUID
    stage: Bilingual
    stage_number: int
    state: StageState
    scheme_id: UUID
    scheme_version: int
    objections_until: datetime | None


@dataclass(frozen=True)
class Facts:
    """All that a board is made of; nothing else goes in."""

    head: Head
    rules: Scheme
    entrants: Sequence[Entrant]
    marks: Sequence[Mark]
    seats: Seats


@dataclass(frozen=True)
class Shown:
    """What an entry's marks alone say: its scores by the columns, and how many marks are in of those needed."""

    scores: list[str | None]
    complete: bool
    marks_in: int
    marks_needed: int


class Line(NamedTuple):
    """A row of a board with what it was made from, as JSON of one that was not on the board before, and its digest."""

    standing: Standing
    shown: Shown
    given: Mapping[str, Any]
    row: Row
    json: bytes
    digest: bytes


@dataclass(frozen=True)
class Making:
    """A board in the making: what its facts come to, entry by entry, so that some can change and the others stay."""

    head: Head
    rules: Scheme
    seats: Seats
    entrants: Mapping[str, Entrant]
    known: Known
    stated: Stated
    shown: Mapping[str, Shown]
    lines: Mapping[str, Line]

    def code(self, entry: str) -> str:
        """The code of an entry; none for what is no entry."""
        return self.entrants[entry].code if entry in self.entrants else ""


def compose(facts: Facts, kind: BoardKind, made_at: datetime) -> Board:
    """The board of these facts, with its digest, not numbered yet. No panel's marks count before all of them are in."""
    return board_of(begin(facts), kind, made_at)[0]


def begin(facts: Facts) -> Making:
    """What these facts come to, from scratch."""
    entrants = {str(entrant.id): entrant for entrant in facts.entrants}
    entered = by_entry(facts.marks, entrants)
    counted = by_entry(whole(facts.rules, facts.marks, facts.seats), entrants)
    about = known(entrants)
    stated = state(facts.rules, counted, lots=about.lots, unranked=about.unranked)
    shown = shown_of(facts.rules, stated, {key: (len(entered[key]), len(counted[key])) for key in entrants})
    return Making(facts.head, facts.rules, facts.seats, entrants, about, stated, shown, {})


def go_on(before: Making, changed: Mapping[str, Sequence[Mark]]) -> Making:
    """The same with these marks of some entries in place of those they had; what others have stays."""
    counted = by_entry(whole(before.rules, [*chain.from_iterable(changed.values())], before.seats), changed)
    stated = restate(before.stated, counted)
    new = shown_of(before.rules, stated, {key: (len(marks), len(counted[key])) for key, marks in changed.items()})
    return replace(before, stated=stated, shown={**before.shown, **new})


def board_of(making: Making, kind: BoardKind, made_at: datetime) -> tuple[Board, Making]:
    """The board, and the making with its lines: those that say what they said before are not made anew."""
    found = following(making.rules, making.stated.totals, making.stated.board, making.known)
    given = Given(making.code, found)
    lines = {one.entry: line(making, one, given.to(one.entry)) for one in found.board}
    rows = [one.row for one in lines.values()]
    board = Board(
        kind=kind,
        version=0,
        made_at=made_at,
        digest="",
        entries=len(rows),
        complete=sum(one.complete for one in rows),
        columns=columns_of(making.rules),
        rows=rows,
        **given.head(making.rules),
        **vars(making.head),
    )
    said = fingerprint(board, (one.digest for one in lines.values()))
    return msgspec.structs.replace(board, digest=said), replace(making, lines=lines)


def by_entry(marks: Iterable[Mark], entries: Iterable[str]) -> dict[str, list[Mark]]:
    """The marks of each of these entries."""
    found: dict[str, list[Mark]] = {entry: [] for entry in entries}
    for mark in marks:
        if mark.entry in found:
            found[mark.entry].append(mark)
    return found


def known(entrants: Mapping[str, Entrant]) -> Known:
    """What is known beside the marks; the lot, where a scheme ends with it, was drawn with the published key."""
    return Known(
        lots={key: one.lot for key, one in entrants.items()},
        unranked={key for key, one in entrants.items() if one.state == EntryState.OUT_OF_COMPETITION},
        delegations={key: str(one.delegation_id) for key, one in entrants.items() if one.delegation_id},
        groups={key: str(one.heat) for key, one in entrants.items()},
    )


def shown_of(rules: Scheme, stated: Stated, arrived: Mapping[str, tuple[int, int]]) -> dict[str, Shown]:
    """What the marks of some entries alone say, from how many have `arrived` and how many of them count."""
    columns = [column.key for column in columns_of(rules)]
    return {entry: shown(stated.totals[entry], *counts, columns) for entry, counts in arrived.items()}


def shown(total: Total, entered: int, counted: int, columns: Sequence[str]) -> Shown:
    """What an entry's marks say before they are compared with those of others."""
    values = total.values
    needed = counted + sum(one.needed - one.have for one in total.missing)
    return Shown([text(values.get(key)) for key in columns], total.complete, min(entered, needed), needed)


def line(making: Making, standing: Standing, given: Mapping[str, Any]) -> Line:
    """One line of a board, the one that there was if it says the same."""
    shown, before = making.shown[standing.entry], making.lines.get(standing.entry)
    if before and before.shown is shown and before.standing == standing and before.given == given:
        return before
    if before:
        made = msgspec.structs.replace(before.row, **standing_in(standing), **vars(shown), **given)
    else:
        made = row(making.entrants[standing.entry], standing, shown, given)
    encoded = msgspec.json.encode(made)
    return Line(standing, shown, given, made, encoded, hashlib.sha256(encoded).digest())


def row(entrant: Entrant, standing: Standing, shown: Shown, given: Mapping[str, Any]) -> Row:
    """One row of a board."""
    return Row(
        code=entrant.code,
        position=entrant.position,
        out_of_competition=entrant.state == EntryState.OUT_OF_COMPETITION,
        moved=None,
        entry_id=entrant.id,
        number=entrant.number,
        name=entrant.name,
        union=entrant.union,
        delegation=entrant.delegation,
        **standing_in(standing),
        **vars(shown),
        **given,
    )


def standing_in(standing: Standing) -> dict[str, Any]:
    """What a standing says in a row."""
    return {
        "rank": text(standing.rank),
        "tied": standing.tied,
        "score": text(standing.score),
        "status": standing.status,
        "decided_by": standing.decided_by,
        "points": text(standing.points),
        "scaled": text(standing.scaled),
    }


def columns_of(rules: Scheme) -> list[Column]:
    """The criteria right under the root."""
    top = rules.root.children if isinstance(rules.root, Criterion) else ()
    return [Column(key=node.key, title=Bilingual(zh=node.title.zh, en=node.title.en)) for node in top]


def text(value: Decimal | int | Status | None) -> str | None:
    """A number as it is shown; a status has a place of its own."""
    if isinstance(value, int):
        return str(value)
    return None if value is None or isinstance(value, Status) else f"{value:f}"


def digest(board: Board) -> str:
    """The fingerprint of what a board says, whenever and however often it was made."""
    return fingerprint(board, map(row_digest, board.rows))


def fingerprint(board: Board, rows: Iterable[bytes]) -> str:
    """The SHA-256 of what stands above the rows, and of the fingerprints of the rows: few are made anew at a time."""
    head = msgspec.structs.replace(
        board, kind=BoardKind.LIVE, version=0, made_at=NEVER, digest="", objections_until=None, rows=[]
    )
    return hashlib.sha256(b"".join((msgspec.json.encode(head), *rows))).hexdigest()


def row_digest(row: Row) -> bytes:
    """The fingerprint of what a row says, wherever the entry stood before."""
    return hashlib.sha256(msgspec.json.encode(with_move(row, None))).digest()


def numbered(board: Board, version: int, before: Ranks) -> Board:
    """The board as a version, with how many places everybody has won or lost since the one before."""
    rows = [with_move(one, moved(before.get(one.entry_id), one.rank)) for one in board.rows]
    return msgspec.structs.replace(board, version=version, rows=rows)


def body_of(making: Making, board: Board, before: Ranks) -> bytes:
    """The JSON of `numbered`, by the lines that the board was made of, as JSON already but for the places won or lost.

    A name of a field stands in no text, where quotation marks are escaped.
    """
    moves = [(one.json, moved(before.get(one.row.entry_id), one.row.rank)) for one in making.lines.values()]
    rows = [
        msgspec.Raw(json if move is None else json.replace(b'"moved":null', b'"moved":%d' % move, 1))
        for json, move in moves
    ]
    return msgspec.json.encode(msgspec.structs.replace(board, rows=rows))


def ranks(board: Board | None) -> Ranks:
    """The ranks of a board by entry; of none, none."""
    return {one.entry_id: one.rank for one in board.rows} if board else {}


def with_move(row: Row, places: int | None) -> Row:
    """A row with the places that were won or lost."""
    return row if row.moved == places else msgspec.structs.replace(row, moved=places)


def moved(before: str | None, now: str | None) -> int | None:
    """Places won (+) or lost (-); None for who was not ranked before or is not now."""
    if before is None or now is None:
        return None
    return 0 if before == now else int(Decimal(before) - Decimal(now))


def blinded(board: Board) -> Board:
    """The board without anything that says who stands behind a code."""
    rows = [
        msgspec.structs.replace(one, entry_id=None, number=None, name=None, union=None, delegation=None)
        for one in board.rows
    ]
    return msgspec.structs.replace(board, rows=rows)
