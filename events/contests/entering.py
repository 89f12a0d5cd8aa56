"""Entries: who competes in a contest, from confirmed registrations or entered directly."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from uuid import UUID

from events import access, clock, db, ids, notices, paging
from events.access import Actor, Right
from events.contests.looking import contest_row, knows_names
from events.contests.structs import EntryChange, EntryForm, EntryView, Number
from events.errors import Reason, invalid, refuse
from events.notices import Post
from events.paging import Page
from events.tables import Entry, Registration
from events.terms import EntryState
from events.text import bilingual

CHUNK = 1000  # a statement takes some 30,000 arguments
WITH_UNION = (
    'SELECT entry.*, unions.name AS union_name FROM entry LEFT JOIN unions ON unions.id = entry."union" '
    "WHERE entry.event_id = {} AND entry.contest_id = {} "
)
# Who competes in a stage: all, or since it was filled those who were let in.
QUALIFIED = (
    "AND (NOT EXISTS (SELECT 1 FROM stage WHERE stage.event_id = entry.event_id AND stage.id = {} "
    "AND stage.filled_at IS NOT NULL) OR EXISTS (SELECT 1 FROM qualifier WHERE qualifier.event_id = entry.event_id "
    "AND qualifier.stage_id = {} AND qualifier.entry_id = entry.id))"
)


async def list_entries(
    actor: Actor, event_id: UUID, contest_id: UUID, *, stage_id: UUID | None = None, cursor: str = "", limit: int = 50
) -> Page[EntryView]:
    """The entries of a contest by number, for officials of the event; names only for those who may know them.

    `stage_id`: only those who compete in that stage, once it is said who goes on into it.
    """
    event = await access.event_for(actor, Right.SEE, event_id)
    contest = await contest_row(event_id, contest_id)
    named = await knows_names(actor, event, contest)
    after = paging.key_of(cursor, tuple[Number])[0] if cursor else 0
    found = await db.rows(
        f"{WITH_UNION} {QUALIFIED if stage_id else ''} AND entry.number > {{}} ORDER BY entry.number "
        f"LIMIT {limit + 1:d}",
        event_id, contest_id, *([stage_id, stage_id] if stage_id else []), after,
    )  # fmt: skip
    return paging.page(found, limit, lambda row: _view(row, named=named), lambda row: (row["number"],))


async def add_entries(actor: Actor, event_id: UUID, contest_id: UUID, forms: list[EntryForm]) -> list[EntryView]:
    """Enter competitors directly (organisers), all or none."""
    await access.event_for(actor, Right.ORGANISE, event_id)
    async with db.transaction():
        await contest_row(event_id, contest_id)
        refuse(await _reasons(event_id, contest_id, forms))
        rows = await _numbered(event_id, contest_id, forms)
        for start in range(0, len(rows), CHUNK):
            await Entry.insert(*rows[start : start + CHUNK])
        await notices.post("entry.added", event=event_id, subject=contest_id, by=actor.account, count=len(rows))
    return await _views(event_id, contest_id, [row.id for row in rows])


async def change_entry(
    actor: Actor, event_id: UUID, contest_id: UUID, entry_id: UUID, *, form: EntryChange
) -> EntryView:
    """Rename an entry, withdraw it, or set it out of competition (organisers)."""
    await access.event_for(actor, Right.ORGANISE, event_id)
    if form.name is not None and not form.name.strip():
        invalid("name_needed", "/name")
    async with db.transaction():
        changed = await db.rows(
            "UPDATE entry SET name = COALESCE(CAST({} AS text), name), state = COALESCE(CAST({} AS text), state) "
            "WHERE event_id = {} AND contest_id = {} AND id = {} RETURNING id",
            form.name, form.state, event_id, contest_id, entry_id,
        )  # fmt: skip
        if not changed:
            raise access.not_found()
        await _tell("entry.changed", event_id, contest_id, by=actor.account, entry=entry_id)
    return (await _views(event_id, contest_id, [entry_id]))[0]


async def add_registered(event_id: UUID, registrations: Sequence[Registration]) -> None:
    """The entries of confirmed registrations, within the caller's transaction; withdrawn ones compete again."""
    entering = {one.id: one for one in registrations if one.contest_id}
    if not entering:
        return
    these, arguments = db.one_of(entering)
    again = await db.rows(
        "UPDATE entry SET state = CASE WHEN state = 'withdrawn' THEN 'competing' ELSE state END, division_id = "  # noqa: S608
        "(SELECT r.division_id FROM registration r WHERE r.event_id = entry.event_id AND r.id = entry.registration_id) "
        "WHERE event_id = {} AND contest_id = (SELECT r.contest_id FROM registration r "
        f"WHERE r.event_id = entry.event_id AND r.id = entry.registration_id) AND registration_id {these} "
        "RETURNING id, contest_id, registration_id",
        event_id, *arguments,
    )  # fmt: skip
    new = entering.keys() - {row["registration_id"] for row in again}
    made = await _enter_registered(event_id, [one for one in registrations if one.id in new]) if new else []
    added = [(row["contest_id"], row["id"]) for row in again] + [(one.contest_id, one.id) for one in made]
    await _tell_all("entry.added", event_id, added)


async def withdraw_entries(event_id: UUID, registrations: Sequence[UUID]) -> None:
    """Withdraw the entries of registrations, within the caller's transaction."""
    these, arguments = db.one_of(registrations)
    withdrawn = await db.rows(
        f"UPDATE entry SET state = 'withdrawn' WHERE event_id = {{}} AND registration_id {these} "  # noqa: S608
        "AND state <> 'withdrawn' RETURNING id, contest_id",
        event_id, *arguments,
    )  # fmt: skip
    await _tell_all("entry.withdrawn", event_id, [(row["contest_id"], row["id"]) for row in withdrawn])


async def _tell_all(kind: str, event_id: UUID, entries: Sequence[tuple[UUID, UUID]]) -> None:
    # the contest is the subject: its boards follow what becomes of its entries
    await notices.post_all([Post(kind, contest, {"entry": str(entry)}) for contest, entry in entries], event=event_id)


async def _tell(kind: str, event_id: UUID, contest_id: UUID, *, by: UUID | None, entry: UUID) -> None:
    # the contest is the subject: its boards follow what becomes of its entries
    await notices.post(kind, event=event_id, subject=contest_id, by=by, entry=str(entry))


async def _enter_registered(event_id: UUID, registrations: Sequence[Registration]) -> list[Entry]:
    these, arguments = db.one_of([one.person for one in registrations])
    people = await db.rows(f"SELECT id, name FROM person WHERE id {these}", *arguments)  # noqa: S608
    names = {row["id"]: row["name"] for row in people}
    numbers: dict[UUID, Iterator[int]] = {}
    for contest, count in Counter(one.contest_id for one in registrations).items():
        first = await _take_numbers(event_id, contest, count)
        numbers[contest] = iter(range(first, first + count))
    now = clock.now()
    made = [
        Entry(
            event_id=event_id, id=ids.new(), contest_id=one.contest_id, division_id=one.division_id,
            registration_id=one.id, person=one.person, union=one.union, number=next(numbers[one.contest_id]),
            name=names[one.person], state=EntryState.COMPETING, created_at=now,
        )
        for one in registrations
    ]  # fmt: skip
    for start in range(0, len(made), CHUNK):
        await Entry.insert(*made[start : start + CHUNK])
    return made


async def _take_numbers(event_id: UUID, contest_id: UUID, count: int, least: int = 0) -> int:
    """The first of `count` new numbers; the contest's row is held, so that nobody else gets them."""
    found = await db.row(
        "UPDATE contest SET last_number = (CASE WHEN last_number < {} THEN {} ELSE last_number END) + {} "
        "WHERE event_id = {} AND id = {} RETURNING last_number",
        least, least, count, event_id, contest_id,
    )  # fmt: skip
    assert found is not None
    return int(found["last_number"]) - count + 1


async def _numbered(event_id: UUID, contest_id: UUID, forms: Sequence[EntryForm]) -> list[Entry]:
    own = max((form.number for form in forms if form.number), default=0)
    first = await _take_numbers(event_id, contest_id, sum(form.number is None for form in forms), own)
    free = iter(range(first, first + len(forms)))
    now = clock.now()
    return [
        Entry(
            event_id=event_id, id=ids.new(), contest_id=contest_id, division_id=form.division_id, person=form.person,
            union=form.union, number=form.number or next(free), name=form.name.strip(), created_at=now,
            state=EntryState.OUT_OF_COMPETITION if form.out_of_competition else EntryState.COMPETING,
        )
        for form in forms
    ]  # fmt: skip


async def _reasons(event_id: UUID, contest_id: UUID, forms: Sequence[EntryForm]) -> list[Reason]:
    known = {
        "union": await _known("unions", [form.union for form in forms]),
        "person": await _known("person", [form.person for form in forms]),
        "division_id": {row["id"] for row in await db.rows(
            "SELECT id FROM division WHERE event_id = {} AND contest_id = {}", event_id, contest_id)},
        "number": {row["number"] for row in await db.rows(
            "SELECT number FROM entry WHERE event_id = {} AND contest_id = {}", event_id, contest_id)},
    }  # fmt: skip
    return [reason for index, form in enumerate(forms) for reason in _form_reasons(form, f"/{index}", known)]


async def _known(table: str, found: Sequence[UUID | None]) -> set[object]:
    named = {one for one in found if one is not None}
    if not named:
        return set()
    these, arguments = db.one_of(named)
    return {row["id"] for row in await db.rows(f"SELECT id FROM {table} WHERE id {these}", *arguments)}  # noqa: S608


def _form_reasons(form: EntryForm, pointer: str, known: dict[str, set[object]]) -> Iterator[Reason]:
    if not form.name.strip():
        yield Reason("name_needed", f"{pointer}/name")
    for field in ("union", "person", "division_id"):
        value = getattr(form, field)
        if value is not None and value not in known[field]:
            yield Reason("unknown_reference", f"{pointer}/{field}")
    if form.number is not None and form.number in known["number"]:
        yield Reason("number_taken", f"{pointer}/number", {"number": form.number})
    known["number"].add(form.number)


async def _views(event_id: UUID, contest_id: UUID, entries: Sequence[UUID]) -> list[EntryView]:
    these, arguments = db.one_of(entries)
    sql = WITH_UNION + f"AND entry.id {these} ORDER BY entry.number"
    return [_view(row, named=True) for row in await db.rows(sql, event_id, contest_id, *arguments)]


def _view(row: db.Row, *, named: bool) -> EntryView:
    return EntryView(
        id=row["id"],
        contest_id=row["contest_id"],
        number=row["number"],
        state=EntryState(row["state"]),
        division_id=row["division_id"],
        name=row["name"] if named else None,
        union=row["union"] if named else None,
        union_name=bilingual(row["union_name"]) if named and row["union_name"] else None,
        person=row["person"] if named else None,
        registration_id=row["registration_id"] if named else None,
        created_at=row["created_at"],
    )
