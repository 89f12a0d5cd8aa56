"""Taking marks: what comes in for a stage while one transaction is at work is taken together by the next.

Each request is judged for itself, in the order of arrival, and sees what those before it wrote. The stage is held by
one transaction at a time, so that the notices of its marks are numbered in the order in which they become durable.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Collection, Iterable, Sequence
from functools import partial
from typing import NamedTuple, TypeVar
from uuid import UUID

from events import access, clock, db, idempotency, ids, notices
from events.access import Actor
from events.contests.looking import rules_of, stage_held, stage_row
from events.db import ConstraintViolated
from events.errors import Conflict, Reason, Refusal, conflict
from events.idempotency import Remembering
from events.marking.seats import Duties, duties, duties_within, seats_now, union_path
from events.marking.structs import Entered, MarkForm, MarksForm
from events.marking.verdicts import Book, Drawn, Giver, Kept, Ledger, Scene
from events.notices import Post
from events.tables import Stage
from events.terms import StageState
from events.together import Together
from scoring.schemes import Scheme

MARK = "id, entry_id, aspect, attempt, seat, value_e6, status, reason, entered_by"
PLACE = "entry_id, aspect, attempt, seat"
INTO = f"mark (event_id, stage_id, {MARK}, entered_at, superseded_at)"
DRAWN = (
    "SELECT entry.id, entry.state, entry.person, slot.code FROM slot "
    "JOIN entry ON entry.event_id = slot.event_id AND entry.id = slot.entry_id "
    "WHERE slot.event_id = {} AND slot.stage_id = {}"
)
LARGEST = 64
MANY = 2000  # marks that are judged while everybody waits
PART = 5000
MOST_NAMED = 500
Answer = Entered | Exception
Result = TypeVar("Result")


class Asked(NamedTuple):
    """Marks that somebody sends for a stage: given, or written down of what judges gave on paper."""

    actor: Actor
    event_id: UUID
    stage_id: UUID
    marks: Sequence[MarkForm]
    transcribes: bool = False
    remembering: Remembering[Entered] | None = None


async def enter(
    actor: Actor,
    event_id: UUID,
    stage_id: UUID,
    form: MarksForm,
    *,
    remembering: Remembering[Entered] | None = None,
) -> Entered:
    """Take marks, all or none, in the order sent; Invalid gives every reason with pointers like /marks/3/value.

    Sending a mark again with its id changes nothing; the id with other content is a Conflict. Boards follow later.
    With `remembering` the answer is remembered with them: Recalled when it was given before.
    """
    access.signed_in(actor)
    return await _ask(Asked(actor, event_id, stage_id, form.marks, remembering=remembering))


async def transcribe(actor: Actor, event_id: UUID, stage_id: UUID, marks: Sequence[MarkForm]) -> Entered:
    """Take what judges gave on paper, from every seat there is, as `enter` takes marks (chief judge)."""
    access.signed_in(actor)
    return await _ask(Asked(actor, event_id, stage_id, marks, transcribes=True))


async def rules_to_transcribe(actor: Actor, event_id: UUID, stage_id: UUID) -> Scheme:
    """The rules of marking of a stage, for whoever may `transcribe`; Conflict where there are none."""
    if not (await duties(actor, event_id)).chief:
        raise access.not_found()
    row = await stage_row(event_id, stage_id)
    return await rules_of(event_id, row.scheme_id) if row.scheme_id else conflict("scheme_needed")


async def _ask(asked: Asked) -> Entered:
    if db.active_transaction() is None:
        return await _together.ask((asked.event_id, asked.stage_id), asked)
    [answer] = await _take([asked])
    if isinstance(answer, Exception):
        raise answer
    return answer


async def _take_persistently(batch: Sequence[Asked]) -> Sequence[Answer]:
    return await db.again(partial(_take, batch))


async def _take(batch: Sequence[Asked], *, once_more: bool = True) -> Sequence[Answer]:
    """What becomes of each; when one of them breaks a constraint, each for itself, so that the others are not hurt.

    One alone is tried once more: its answer may have been remembered meanwhile, and is found then.
    """
    try:
        async with db.transaction():
            return await _all(batch)
    except ConstraintViolated:
        if not once_more:  # the same id at the same moment, for another stage
            return [Conflict(Reason("mark_id_taken", "/marks"))]
    alone = partial(_take, once_more=len(batch) > 1)
    return [answer for one in batch for answer in await db.again(partial(alone, [one]))]


async def _all(batch: Sequence[Asked]) -> list[Answer]:
    first = batch[0]
    row = await stage_held(first.event_id, first.stage_id, alone=True)
    path = await union_path(first.event_id)
    has = [_duties_of(one, path) for one in batch]
    if row.state == StageState.PREPARED:
        return [Conflict(Reason("not_drawn")) if one else access.not_found() for one in has]
    before = await _recalled(batch)
    admitted = [(one, may) for one, may in zip(batch, has, strict=True) if may and id(one) not in before]
    marks = sum(len(one.marks) for one, _ in admitted)
    scene = await _scene(row, {mark.entry for one, _ in admitted for mark in one.marks})
    ledgers = await _aside(marks, lambda: {id(one): _ledger(scene, one, may) for one, may in admitted})
    book = await _book(row, ledgers.values(), marks)
    answers = await _aside(
        marks, lambda: [before.get(id(one)) or _settled(ledgers.get(id(one)), book) for one in batch]
    )
    await _write(row, book)
    taken = [
        _post(one, ledgers[id(one)])
        for one, answer in zip(batch, answers, strict=True)
        if isinstance(answer, Entered) and answer.new
    ]
    await notices.post_all(taken, event=row.event_id)
    await _remember(batch, answers)
    return answers


async def _recalled(batch: Sequence[Asked]) -> dict[int, Exception]:
    """What those get who were answered before."""
    keyed = [(id(one), one.remembering) for one in batch if one.remembering]
    found = await idempotency.recall_all([one for _, one in keyed])
    return {asked: found[one.account, one.key] for asked, one in keyed if (one.account, one.key) in found}


async def _remember(batch: Sequence[Asked], answers: Sequence[Answer]) -> None:
    pairs = zip(batch, answers, strict=True)
    made = [(one.remembering, answer) for one, answer in pairs if one.remembering and isinstance(answer, Entered)]
    await idempotency.remember_all(made)


async def _aside(marks: int, work: Callable[[], Result]) -> Result:
    """Judge so many marks; very many in a thread, so that others are served meanwhile."""
    return work() if marks <= MANY else await asyncio.to_thread(work)


def _duties_of(asked: Asked, path: str) -> Duties | None:
    has = duties_within(asked.actor, asked.event_id, path)
    return None if has and asked.transcribes and not has.chief else has


def _ledger(scene: Scene, asked: Asked, may: Duties) -> Ledger:
    giver = Giver(scene, asked.actor.account, asked.actor.person, may, asked.transcribes)
    return Ledger(giver, asked.marks)


def _settled(ledger: Ledger | None, book: Book) -> Answer:
    if ledger is None:
        return access.not_found()
    try:
        ledger.settle(book, ids.new)
    except Refusal as refusal:
        return refusal
    return Entered(new=len(ledger.new), superseded=len(ledger.superseded), unchanged=ledger.unchanged, ids=ledger.ids)


def _post(asked: Asked, ledger: Ledger) -> Post:
    """The notice names the entries that were marked, for boards follow it; of very many it does not speak."""
    data: dict[str, object] = {"new": len(ledger.new), "superseded": len(ledger.superseded)}
    entries = {mark.place[0] for mark in ledger.new}
    if len(entries) <= MOST_NAMED:
        data["entries"] = sorted(map(str, entries))
    return Post("marks.entered", asked.stage_id, data, asked.actor.account)


async def _scene(row: Stage, named: set[str]) -> Scene:
    return Scene(
        rules=await rules_of(row.event_id, row.scheme_id),
        state=StageState(row.state),
        seats=await seats_now(row.event_id, row.id),
        entries=await _entries(row, named),
    )


async def _entries(row: Stage, named: set[str]) -> dict[str, Drawn]:
    """The entries concerned, by what the forms call them."""
    by_id = {name: uuid for name in named if (uuid := _uuid(name)) is not None}
    by_code, codes = db.one_of(named - by_id.keys())
    by_uuid, uuids = db.one_of(by_id.values())
    sql = f"{DRAWN} AND (slot.code {by_code} OR slot.entry_id {by_uuid})"
    found = await db.rows(sql, row.event_id, row.id, *codes, *uuids)
    drawn = [Drawn(one["id"], one["code"], one["state"], one["person"]) for one in found]
    ours = {entry.id: entry for entry in drawn}
    codes_here = {entry.code: entry for entry in drawn}
    return codes_here | {name: ours[uuid] for name, uuid in by_id.items() if uuid in ours}


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


async def _book(row: Stage, ledgers: Iterable[Ledger], marks: int) -> Book:
    """What is there already, where these may put theirs and by the ids that they sent."""
    places = await _aside(marks, lambda: list({place for ledger in ledgers for place in ledger.places()}))
    sent = {draft.form.id for ledger in ledgers for draft in ledger.drafts if draft.form.id is not None}
    found: list[Kept] = []
    for start in range(0, len(places), PART):
        here, arguments = db.among(PLACE, places[start : start + PART])
        sql = f"SELECT {MARK} FROM mark WHERE event_id = {{}} AND stage_id = {{}} AND {here} AND superseded_at IS NULL"  # noqa: S608
        found += map(_kept, await db.rows(sql, row.event_id, row.id, *arguments))
    return Book(found, await _known(row.event_id, sent))


async def _known(event_id: UUID, sent: Collection[UUID]) -> list[Kept]:
    if not sent:
        return []
    which, arguments = db.one_of(sent)
    sql = f"SELECT {MARK} FROM mark WHERE event_id = {{}} AND id {which}"  # noqa: S608
    return [_kept(row) for row in await db.rows(sql, event_id, *arguments)]


def _kept(row: db.Row) -> Kept:
    place = (row["entry_id"], row["aspect"], row["attempt"], row["seat"])
    return Kept(row["id"], place, row["value_e6"], row["status"], row["reason"], row["entered_by"])


async def _write(row: Stage, book: Book) -> None:
    if not book.new:
        return
    now = clock.now()
    if row.state == StageState.DRAWN:
        await db.rows(
            "UPDATE stage SET state = 'marking', version = version + 1 WHERE event_id = {} AND id = {}",
            row.event_id, row.id,
        )  # fmt: skip
    if stored := book.superseded - book.new.keys():
        which, arguments = db.one_of(stored)
        await db.rows(
            f"UPDATE mark SET superseded_at = {{}} WHERE event_id = {{}} AND id {which}",  # noqa: S608
            now, row.event_id, *arguments,
        )  # fmt: skip
    new = list(book.new.values())
    for start in range(0, len(new), PART):
        await db.insert(INTO, [
            (row.event_id, row.id, mark.id, *mark.place, mark.value_e6, mark.status, mark.reason, mark.entered_by, now,
             now if mark.id in book.superseded else None)
            for mark in new[start : start + PART]
        ])  # fmt: skip


_together = Together(_take_persistently, LARGEST)
