"""A board out of facts: pure, so that it comes out the same whenever it is restated."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from uuid import UUID

import msgspec

from events.marking.completeness import Seats, whole
from events.publishing.giving import Given
from events.publishing.structs import Board, Column, Row
from events.terms import BoardKind, EntryState, StageState
from events.text import Bilingual
from scoring.marks import Mark, Status
from scoring.outcomes import Known, outcome
from scoring.schemes import Criterion, Scheme
from scoring.standings import Standing
from scoring.totals import Total

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


def compose(facts: Facts, kind: BoardKind, made_at: datetime) -> Board:
    """The board of these facts, with its digest, not numbered yet. No panel's marks count before all of them are in."""
    counted = whole(facts.rules, facts.marks, facts.seats)
    entrants = {str(entrant.id): entrant for entrant in facts.entrants}
    found = outcome(facts.rules, counted, list(entrants), known(entrants))
    given = Given({key: one.code for key, one in entrants.items()}, found)
    columns = columns_of(facts.rules)
    arrived = Arrivals(
        Counter(mark.entry for mark in facts.marks), Counter(mark.entry for mark in counted), [c.key for c in columns]
    )
    rows = [row(entrants[line.entry], line, found.totals[line.entry], arrived, given=given) for line in found.board]
    board = Board(
        kind=kind,
        version=0,
        made_at=made_at,
        digest="",
        entries=len(rows),
        complete=sum(one.complete for one in rows),
        columns=columns,
        rows=rows,
        **given.head(facts.rules),
        **vars(facts.head),
    )
    return msgspec.structs.replace(board, digest=digest(board))


def known(entrants: Mapping[str, Entrant]) -> Known:
    """What is known beside the marks; the lot, where a scheme ends with it, was drawn with the published key."""
    return Known(
        lots={key: one.lot for key, one in entrants.items()},
        unranked={key for key, one in entrants.items() if one.state == EntryState.OUT_OF_COMPETITION},
        delegations={key: str(one.delegation_id) for key, one in entrants.items() if one.delegation_id},
        groups={key: str(one.heat) for key, one in entrants.items()},
    )


@dataclass(frozen=True)
class Arrivals:
    """How many marks each entry has, and how many of them count; and the columns to fill."""

    entered: Mapping[str, int]
    counted: Mapping[str, int]
    columns: Sequence[str]


def row(entrant: Entrant, standing: Standing, total: Total, arrived: Arrivals, *, given: Given) -> Row:
    """One line of a board."""
    values = total.values
    needed = arrived.counted.get(total.entry, 0) + sum(one.needed - one.have for one in total.missing)
    return Row(
        rank=text(standing.rank),
        tied=standing.tied,
        score=text(standing.score),
        status=standing.status,
        scores=[text(values.get(key)) for key in arrived.columns],
        code=entrant.code,
        position=entrant.position,
        out_of_competition=entrant.state == EntryState.OUT_OF_COMPETITION,
        complete=total.complete,
        marks_in=min(arrived.entered.get(total.entry, 0), needed),
        marks_needed=needed,
        decided_by=standing.decided_by,
        points=text(standing.points),
        moved=None,
        entry_id=entrant.id,
        number=entrant.number,
        name=entrant.name,
        union=entrant.union,
        delegation=entrant.delegation,
        scaled=text(standing.scaled),
        **given.to(standing),
    )


def columns_of(rules: Scheme) -> list[Column]:
    """The criteria right under the root."""
    top = rules.root.children if isinstance(rules.root, Criterion) else ()
    return [Column(key=node.key, title=Bilingual(zh=node.title.zh, en=node.title.en)) for node in top]


def text(value: Decimal | int | Status | None) -> str | None:
    """A number as it is shown; a status has a place of its own."""
    return None if value is None or isinstance(value, Status) else f"{Decimal(value):f}"


def digest(board: Board) -> str:
    """The fingerprint of what a board says, whenever and however often it was made."""
    rows = [msgspec.structs.replace(one, moved=None) for one in board.rows]
    plain = msgspec.structs.replace(
        board, kind=BoardKind.LIVE, version=0, made_at=NEVER, digest="", objections_until=None, rows=rows
    )
    return hashlib.sha256(msgspec.json.encode(plain)).hexdigest()


def numbered(board: Board, version: int, before: Board | None) -> Board:
    """The board as a version, with how many places everybody has won or lost since the one before."""
    was = {one.entry_id: one.rank for one in before.rows} if before else {}
    rows = [msgspec.structs.replace(one, moved=moved(was.get(one.entry_id), one.rank)) for one in board.rows]
    return msgspec.structs.replace(board, version=version, rows=rows)


def moved(before: str | None, now: str | None) -> int | None:
    """Places won (+) or lost (-); None for who was not ranked before or is not now."""
    return None if before is None or now is None else int(Decimal(before) - Decimal(now))


def blinded(board: Board) -> Board:
    """The board without anything that says who stands behind a code."""
    rows = [
        msgspec.structs.replace(one, entry_id=None, number=None, name=None, union=None, delegation=None)
        for one in board.rows
    ]
    return msgspec.structs.replace(board, rows=rows)
