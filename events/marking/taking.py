"""Taking marks: what is known is loaded, verdicts decide, one short transaction appends and supersedes."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from uuid import UUID

from events import clock, db, ids, notices
from events.access import Actor
from events.contests.looking import rules_of, stage_held, stage_row
from events.errors import Conflict, conflict, refuse
from events.marking.seats import Duties, duties, is_judged, seats_now
from events.marking.structs import Entered, MarkForm, MarksForm
from events.marking.verdicts import WITHOUT_JUDGE, Drawn, Kept, Ledger, Place, Scene
from events.tables import Stage
from events.terms import StageState
from scoring.schemes import Scheme, nodes

MARK = "id, entry_id, aspect, attempt, seat, value_e6, status, reason, entered_by"
DRAWN = (
    "SELECT entry.id, entry.state, entry.person, slot.code FROM slot "
    "JOIN entry ON entry.event_id = slot.event_id AND entry.id = slot.entry_id "
    "WHERE slot.event_id = {} AND slot.stage_id = {}"
)
INSERT = (
    "INSERT INTO mark (event_id, id, stage_id, entry_id, aspect, attempt, seat, value_e6, status, reason, entered_by, "
    "entered_at, superseded_at) VALUES "
)


async def enter(actor: Actor, event_id: UUID, stage_id: UUID, form: MarksForm) -> Entered:
    """Take marks, all or none, in the order sent; Invalid gives every reason with pointers like /marks/3/value.

    Sending a mark again with its id changes nothing; the id with other content is a Conflict. Boards follow later.
    """
    has = await duties(actor, event_id)
    async with db.transaction():
        row = await _stage_to_mark(event_id, stage_id, form.marks)
        scene = await _scene(actor, has, row, form.marks)
        ledger = Ledger(scene, await _known(event_id, form.marks), ids.new)
        for index, mark in enumerate(form.marks):
            ledger.take(index, mark)
        if ledger.conflicts:
            raise Conflict(*ledger.conflicts)
        refuse(ledger.reasons)
        await _write(row, ledger)
        entered = _entered(ledger)
        if ledger.new:
            await notices.post(
                "marks.entered", event=event_id, subject=stage_id, by=actor.account,
                new=entered.new, superseded=entered.superseded,
            )  # fmt: skip
    return entered


async def _stage_to_mark(event_id: UUID, stage_id: UUID, forms: Sequence[MarkForm]) -> Stage:
    """The stage, held: against sign-off, and against other hands where no seat keeps them apart."""
    row = await stage_row(event_id, stage_id)
    if row.state == StageState.PREPARED:
        conflict("not_drawn")
    if row.state == StageState.DRAWN:
        await db.rows(
            "UPDATE stage SET state = 'marking', version = version + 1 "
            "WHERE event_id = {} AND id = {} AND state = 'drawn'",
            event_id, stage_id,
        )  # fmt: skip
    rules = await rules_of(event_id, row.scheme_id)
    return await stage_held(event_id, stage_id, alone=not _from_own_seats(rules, forms))


def _from_own_seats(rules: Scheme, forms: Iterable[MarkForm]) -> bool:
    known = nodes(rules)
    return all(
        form.seat is None and not form.agreed and form.aspect in known and is_judged(known[form.aspect])
        for form in forms
    )


async def _scene(actor: Actor, has: Duties, row: Stage, forms: Sequence[MarkForm]) -> Scene:
    # two devices of one judge take turns; whoever waits sees what the other wrote
    hold = db.engine().dialect("{for_update}")
    await db.rows(
        f"SELECT id FROM panel_seat WHERE event_id = {{}} AND account = {{}} AND until IS NULL ORDER BY id {hold}",  # noqa: S608
        row.event_id, actor.account,
    )  # fmt: skip
    entries = await _entries(row, {form.entry for form in forms})
    seats = await seats_now(row.event_id, row.id)
    own = {seat.seat for seat in seats if seat.account == actor.account}
    return Scene(
        rules=await rules_of(row.event_id, row.scheme_id),
        state=StageState(row.state),
        account=actor.account,
        person=actor.person,
        duties=has,
        seats=seats,
        entries=entries,
        current=await _current(row, {entry.id for entry in entries.values()}, forms, own),
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


async def _current(row: Stage, entries: set[UUID], forms: Sequence[MarkForm], own: set[str]) -> dict[Place, Kept]:
    """The marks that count where these forms may put theirs."""
    which, arguments = db.one_of(entries)
    what, aspects = db.one_of({form.aspect for form in forms})
    whose, seats = db.one_of(own | {form.seat for form in forms if form.seat} | {WITHOUT_JUDGE})
    found = await db.rows(
        f"SELECT {MARK} FROM mark WHERE event_id = {{}} AND stage_id = {{}} AND entry_id {which} "  # noqa: S608
        f"AND aspect {what} AND seat {whose} AND superseded_at IS NULL",
        row.event_id, row.id, *arguments, *aspects, *seats,
    )  # fmt: skip
    return {mark.place: mark for mark in map(_kept, found)}


async def _known(event_id: UUID, forms: Sequence[MarkForm]) -> dict[UUID, Kept]:
    sent = {form.id for form in forms if form.id is not None}
    if not sent:
        return {}
    which, arguments = db.one_of(sent)
    sql = f"SELECT {MARK} FROM mark WHERE event_id = {{}} AND id {which}"  # noqa: S608
    return {row["id"]: _kept(row) for row in await db.rows(sql, event_id, *arguments)}


def _kept(row: db.Row) -> Kept:
    place = (row["entry_id"], row["aspect"], row["attempt"], row["seat"])
    return Kept(row["id"], place, row["value_e6"], row["status"], row["reason"], row["entered_by"])


async def _write(row: Stage, ledger: Ledger) -> None:
    if not ledger.new:
        return
    now, replaced = clock.now(), set(ledger.superseded)
    stored = replaced - {mark.id for mark in ledger.new}
    if stored:
        which, arguments = db.one_of(stored)
        await db.rows(
            f"UPDATE mark SET superseded_at = {{}} WHERE event_id = {{}} AND id {which}",  # noqa: S608
            now, row.event_id, *arguments,
        )  # fmt: skip
    values = [
        (row.event_id, mark.id, row.id, *mark.place, mark.value_e6, mark.status, mark.reason, mark.entered_by, now,
         now if mark.id in replaced else None)
        for mark in sorted(ledger.new, key=lambda mark: mark.place)
    ]  # fmt: skip
    rows = ", ".join(["({}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {})"] * len(values))
    written = await db.rows(
        f"{INSERT} {rows} ON CONFLICT DO NOTHING RETURNING id", *(one for row in values for one in row)
    )
    if len(written) < len(values):  # the same id at the same moment, from another seat
        conflict("mark_id_taken", "/marks")


def _entered(ledger: Ledger) -> Entered:
    return Entered(new=len(ledger.new), superseded=len(ledger.superseded), unchanged=ledger.unchanged, ids=ledger.ids)
