"""What if: the same marks by other rules, shown as moved places before anything is adopted; then adopted in one go."""

from __future__ import annotations

import asyncio
import dataclasses
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import msgspec

from events import access, clock, db, notices
from events.access import Actor, Right
from events.contests.looking import OPENED, rules_of, stage_held
from events.contests.schemes import chosen, next_version, parsed, unless_marks_do_not_fit
from events.contests.structs import Document, SchemeForm
from events.errors import Reason, Stale, conflict, invalid
from events.marking.seats import seats_now, seats_of
from events.publishing.boards import Facts, compose, moved
from events.publishing.gathering import facts_of
from events.publishing.reading import reader_of
from events.publishing.releasing import set_state, store
from events.publishing.structs import Award, Aware, BoardVersion, Row
from events.tables import Scheme, Stage
from events.terms import BoardKind, StageState
from events.text import Bilingual, Line
from scoring import schemes
from scoring.marks import Status


class WhatIfForm(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The other rules: a version that the contest has had, a document, or the key of a ready one in the library."""

    scheme_id: UUID | None = None
    document: Document | None = None
    library: Line | None = None


class AdoptForm(WhatIfForm, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The rules to adopt, why, and the `digest` of the comparison that was looked at.

    For a provisional result `objections_until` gives a new time for objections; needed when the last one is over.
    """

    reason: Line
    digest: str = ""
    objections_until: Aware | None = None


class Placing(msgspec.Struct, frozen=True, kw_only=True):
    """Where an entry stands by some rules, and what it is given."""

    rank: str | None
    score: str | None
    scaled: str | None
    status: Status | None
    awards: list[str]
    advances: bool


class WhatIfRow(msgspec.Struct, frozen=True, kw_only=True):
    """An entry by the present and by the other rules; `moved`: places won (+) or lost (-)."""

    code: str
    entry_id: UUID | None
    name: str | None
    union: Bilingual | None
    before: Placing
    after: Placing
    moved: int | None
    changed: bool


class WhatIf(msgspec.Struct, frozen=True, kw_only=True):
    """The same marks by two schemes; `version` of the other is none until it is adopted.

    How many entries have another place (`moved`), another score, other awards or another answer to whether they go on.
    """

    stage_id: UUID
    state: StageState
    scheme_version: int
    version: int | None
    digest: str
    entries: int
    moved: int
    rescored: int
    regranted: int
    awards_before: list[Award]
    awards_after: list[Award]
    rows: list[WhatIfRow]


@dataclass(frozen=True)
class Other:
    """The other rules, with the version that they have already."""

    rules: schemes.Scheme
    document: Document | None
    scheme_id: UUID | None
    version: int | None


async def what_if(actor: Actor, event_id: UUID, stage_id: UUID, form: WhatIfForm) -> WhatIf:
    """How the places would be by other rules, for those who may see marks; nothing is written."""
    await access.event_for(actor, Right.SEE_MARKS, event_id)
    reader, showing = await reader_of(actor, event_id, stage_id)
    facts = await facts_of(event_id, stage_id) or conflict("not_drawn")
    other = await _other(facts.head.contest_id, event_id, form)
    found = await asyncio.to_thread(_compared, facts, await _under(facts, other), other)
    published = BoardKind.PROVISIONAL if showing.state in OPENED else BoardKind.LIVE
    return _blinded(found) if reader.blind_to(showing, published) else found


async def adopt_scheme(actor: Actor, event_id: UUID, stage_id: UUID, form: AdoptForm) -> BoardVersion:
    """Mark a stage by other rules from now on (organisers), with a reason; gives the version that is kept.

    Of a provisional result the new version; else the standings by the old rules, while the live board goes on by the
    new ones. Conflict after sign-off and for an official result; Stale when it is not what was looked at.
    """
    event = await access.event_for(actor, Right.ORGANISE, event_id)
    if not form.reason.strip():
        invalid("reason_needed", "/reason")
    async with db.transaction():
        row = await stage_held(event_id, stage_id, alone=True)
        _unless_closed(row)
        if row.state == StageState.PROVISIONAL and not await access.may_in_event(actor, Right.PUBLISH, event):
            raise access.not_found()
        facts = await facts_of(event_id, stage_id) or conflict("not_drawn")
        other = await _other(row.contest_id, event_id, form)
        if other.scheme_id == row.scheme_id:
            conflict("same_scheme")
        found = await asyncio.to_thread(_compared, facts, await _under(facts, other), other)
        if form.digest and form.digest != found.digest:
            raise Stale(Reason("stale"))
        made = await _adopt(row, facts, other, form, by=actor.account)
        await notices.post(
            "scheme.adopted", event=event_id, subject=stage_id, by=actor.account, moved=found.moved,
            public=row.state == StageState.PROVISIONAL, version=made.version, digest=made.digest,
        )  # fmt: skip
    return made


def _unless_closed(row: Stage) -> None:
    """An official result is corrected in its own way; what is signed is first taken back by the chief judge."""
    if row.state == StageState.OFFICIAL:
        conflict("result_official")
    if row.state == StageState.SIGNED:
        conflict("signed_off")


async def _other(contest_id: UUID, event_id: UUID, form: WhatIfForm) -> Other:
    if form.scheme_id is None:
        document = chosen(SchemeForm(document=form.document, library=form.library))
        return Other(parsed(document), document, None, None)
    if form.document is not None or form.library is not None:
        invalid("document_or_library", "/document")
    here = (Scheme.event_id == event_id) & (Scheme.contest_id == contest_id) & (Scheme.id == form.scheme_id)
    row = await Scheme.objects().get(here)
    if row is None:
        invalid("unknown_reference", "/scheme_id")
    return Other(await rules_of(event_id, row.id), None, row.id, row.version)


async def _under(facts: Facts, other: Other) -> Facts:
    """The same facts by other rules; Conflict when these do not allow all the marks."""
    unless_marks_do_not_fit(other.rules, facts.marks)
    seats = await seats_now(facts.head.event_id, facts.head.stage_id)
    return dataclasses.replace(facts, rules=other.rules, seats=seats_of(seats, other.rules))


async def _adopt(row: Stage, facts: Facts, other: Other, form: AdoptForm, *, by: UUID | None) -> BoardVersion:
    scheme = other.scheme_id
    if other.document is not None:
        scheme = (await next_version(row.event_id, row.contest_id, other.document, by=by)).id
    await db.rows(
        "UPDATE stage SET scheme_id = {}, version = version + 1 WHERE event_id = {} AND id = {}",
        scheme, row.event_id, row.id,
    )  # fmt: skip
    if row.state != StageState.PROVISIONAL:
        return await store(row, compose(facts, BoardKind.REPLACED, clock.now()), reason=form.reason.strip())
    until = _until(row, form)
    again = await facts_of(row.event_id, row.id, objections_until=until)
    assert again is not None
    made = await store(row, compose(again, BoardKind.PROVISIONAL, clock.now()), reason=form.reason.strip())
    await set_state(row, state=row.state, objections_until=until)
    return made


def _until(row: Stage, form: AdoptForm) -> datetime | None:
    """Until when objections are taken to a provisional result by other rules."""
    until = form.objections_until or row.objections_until
    if until is None or until <= clock.now():
        invalid("in_the_past", "/objections_until")
    return until


def _compared(facts: Facts, under: Facts, other: Other) -> WhatIf:
    now = clock.now()
    before, after = compose(facts, BoardKind.LIVE, now), compose(under, BoardKind.LIVE, now)
    known = {row.code: row for row in before.rows}
    rows = [_row(known[row.code], row) for row in after.rows]
    return WhatIf(
        stage_id=before.stage_id,
        state=before.state,
        scheme_version=before.scheme_version,
        version=other.version,
        digest=after.digest,
        entries=len(rows),
        moved=sum(row.before.rank != row.after.rank for row in rows),
        rescored=_differ(rows, "score", "status", "scaled"),
        regranted=_differ(rows, "awards", "advances"),
        awards_before=before.awards,
        awards_after=after.awards,
        rows=rows,
    )


def _differ(rows: Iterable[WhatIfRow], *fields: str) -> int:
    return sum(any(getattr(row.before, one) != getattr(row.after, one) for one in fields) for row in rows)


def _row(before: Row, after: Row) -> WhatIfRow:
    was, now = _placing(before), _placing(after)
    return WhatIfRow(
        code=after.code,
        entry_id=after.entry_id,
        name=after.name,
        union=after.delegation or after.union,
        before=was,
        after=now,
        moved=moved(before.rank, after.rank),
        changed=was != now,
    )


def _placing(row: Row) -> Placing:
    return Placing(
        rank=row.rank,
        score=row.score,
        scaled=row.scaled,
        status=row.status,
        awards=row.awards,
        advances=row.advances,
    )


def _blinded(found: WhatIf) -> WhatIf:
    """The comparison without anything that says who stands behind a code."""
    rows = [msgspec.structs.replace(row, entry_id=None, name=None, union=None) for row in found.rows]
    return msgspec.structs.replace(found, rows=rows)
