"""One human kept twice: found, and merged."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from uuid import UUID

from events import access, clock, db, errors, notices, paging
from events.access import Actor, Right
from events.errors import Conflict, Reason
from events.paging import Page
from events.people.finding import PEOPLE, person_row, unsealed, view, within
from events.people.forms import MergePreview, PersonView, SuspectedDuplicate
from events.people.keeping import sealed, today, update_person
from events.text import bilingual

PAIRS = """SELECT a.id AS older, b.id AS younger, a.name,
        a.born = b.born AS same_born, a.phone_index = b.phone_index AS same_phone
    FROM person a JOIN person b ON b.name = a.name AND b.id > a.id
        AND (b.born = a.born OR b.phone_index = a.phone_index)
        AND (a.identity_index IS NULL OR b.identity_index IS NULL)
    WHERE a.merged_into IS NULL AND b.merged_into IS NULL"""
IN_SCOPE = """ AND EXISTS (SELECT 1 FROM member m JOIN unions u ON u.id = m."union"
    WHERE m.person = {person}.id AND m.left_on IS NULL AND {scope})"""
CLASHES = """SELECT e.id, e.title, a.state AS kept_state, b.state AS dropped_state FROM registration a
    JOIN registration b ON b.event_id = a.event_id AND b.person = {} JOIN event e ON e.id = a.event_id
    WHERE a.person = {} AND b.state IN ('pending', 'confirmed', 'waiting') ORDER BY e.id"""
BOTH_ENTERED = """SELECT c.title FROM entry a JOIN entry b ON b.event_id = a.event_id AND b.contest_id = a.contest_id
    JOIN contest c ON c.event_id = a.event_id AND c.id = a.contest_id
    WHERE a.person = {} AND b.person = {} AND a.state <> 'withdrawn' AND b.state <> 'withdrawn'
    AND (a.registration_id IS NULL OR b.registration_id IS NULL)"""
ACTIVE = ("pending", "confirmed", "waiting")
FIELDS = ("sex", "born", "mail")
SHOWN = {"sex": "sex", "born": "born", "identity_number": "identity_cipher", "phone": "phone_cipher", "mail": "mail"}
MOVING = """SELECT (SELECT count(*) FROM registration WHERE person = {} AND NOT EXISTS
        (SELECT 1 FROM registration k WHERE k.event_id = registration.event_id AND k.person = {})) AS registrations,
    (SELECT count(*) FROM entry WHERE person = {}) AS entries"""


async def suspected_duplicates(
    actor: Actor, *, person: UUID | None = None, cursor: str = "", limit: int = 50
) -> Page[SuspectedDuplicate]:
    """Pairs in the actor's unions (Right.KEEP_PEOPLE) with one name and one birth date or phone, by name.

    Two whose identity numbers are known are two. `person` asks for the pairs that one is in.
    """
    scope, arguments = within(actor, Right.KEEP_PEOPLE)
    sql, after = PAIRS, paging.key_of(cursor, tuple[str, UUID, UUID]) if cursor else ("", UUID(int=0), UUID(int=0))
    if arguments:
        sql += "".join(IN_SCOPE.replace("{person}", person).replace("{scope}", scope) for person in "ab")
    sql += " AND {} IN (a.id, b.id)" if person else ""
    sql += f" AND (a.name, a.id, b.id) > ({{}}, {{}}, {{}}) ORDER BY a.name, a.id, b.id LIMIT {limit + 1:d}"
    found = await db.rows(sql, *arguments, *arguments, *([person] if person else []), *after)
    shown = await _people({row[end] for row in found for end in ("older", "younger")})
    return paging.page(
        found, limit, lambda row: _pair(row, shown), lambda row: (row["name"], row["older"], row["younger"])
    )


@db.persistent
async def merge(actor: Actor, keep: UUID, drop: UUID) -> PersonView:
    """Make two persons one (Right.KEEP_PEOPLE for both): all that hangs on `drop` moves to `keep`.

    Conflict with every clash: merge_identities, merge_accounts, merge_registered, merge_other_way, merge_entered.
    """
    access.signed_in(actor)
    if keep == drop:
        errors.invalid("merge_itself", "/drop")
    async with db.transaction():
        await _hold(keep, drop)
        kept, dropped = await person_row(actor, keep), await person_row(actor, drop)
        if reasons := [*_clashes(kept, dropped), *await _clashes_in_events(keep, drop)]:
            raise Conflict(*reasons)
        await _move_what_is_known(kept, dropped)
        await _move_membership(kept, dropped)
        await _move_the_rest(keep, drop)
        await notices.post("people.merged", subject=keep, by=actor.account, dropped=drop)
    return view(await person_row(actor, keep))


async def preview_merge(actor: Actor, keep: UUID, drop: UUID) -> MergePreview:
    """What `merge` would do and what is in its way (Right.KEEP_PEOPLE for both); nothing is written."""
    access.signed_in(actor)
    if keep == drop:
        errors.invalid("merge_itself", "/drop")
    kept, dropped = await person_row(actor, keep), await person_row(actor, drop)
    moving = await db.row(MOVING, drop, keep, drop)
    assert moving is not None
    return MergePreview(
        keep=view(kept), drop=view(dropped),
        obstacles=[*_clashes(kept, dropped), *await _clashes_in_events(keep, drop)],
        registrations=moving["registrations"], entries=moving["entries"], account=dropped["accounts"] > 0,
        filled=[name for name, column in SHOWN.items() if dropped[column] and not kept[column]],
        lost=[name for name in ("name", *SHOWN) if _differ(kept, dropped, name)],
    )  # fmt: skip


def _differ(kept: db.Row, dropped: db.Row, name: str) -> bool:
    if name in ("identity_number", "phone"):
        field = name.removesuffix("_number")
        known, other = unsealed(kept, field), unsealed(dropped, field)
    else:
        known, other = kept[name], dropped[name]
    return bool(known and other and known != other)


async def _hold(*persons: UUID) -> None:
    """Nobody else merges or links these until the running transaction ends."""
    hold = db.engine().dialect("{for_update}")
    await db.rows(f"SELECT id FROM person WHERE id IN ({{}}, {{}}) ORDER BY id {hold}", *persons)  # noqa: S608


def _clashes(kept: db.Row, dropped: db.Row) -> Iterator[Reason]:
    if kept["merged_into"] or dropped["merged_into"]:
        yield Reason("person_merged")
    if kept["identity_index"] and dropped["identity_index"]:
        yield Reason("merge_identities")
    if kept["accounts"] and dropped["accounts"]:
        yield Reason("merge_accounts")


async def _clashes_in_events(keep: UUID, drop: UUID) -> list[Reason]:
    """Events in which both hold a place; an ended registration of the dropped one stays with it, out of the way."""
    registered = await db.rows(CLASHES, drop, keep)
    entered = await db.rows(BOTH_ENTERED, keep, drop)
    return [_registered_twice(row) for row in registered] + [
        Reason("merge_entered", "", {"contest": bilingual(row["title"])}) for row in entered
    ]


def _registered_twice(row: db.Row) -> Reason:
    code = "merge_registered" if row["kept_state"] in ACTIVE else "merge_other_way"
    return Reason(code, "", {"event": bilingual(row["title"])})


async def _move_what_is_known(kept: db.Row, dropped: db.Row) -> None:
    """Fill what is not known of the kept one; the dropped one first lets go of its identity number, which is unique."""
    columns: dict[str, Any] = {name: dropped[name] for name in FIELDS if kept[name] is None}
    for field in ("identity", "phone"):
        if not kept[f"{field}_cipher"]:
            columns |= sealed(kept["id"], field, unsealed(dropped, field))
    nothing = {"identity_cipher": None, "identity_index": None}
    await update_person(dropped["id"], {**nothing, "merged_into": kept["id"]})
    await update_person(kept["id"], columns)
    await db.rows("UPDATE person SET merged_into = {} WHERE merged_into = {}", kept["id"], dropped["id"])


async def _move_membership(kept: db.Row, dropped: db.Row) -> None:
    """One membership goes on, the kept one's if it has one; the others are history."""
    if kept["member"] and dropped["member"]:
        ended = max(today(), dropped["joined_on"])
        await db.rows("UPDATE member SET left_on = {} WHERE id = {}", ended, dropped["member"])
    await db.rows("UPDATE member SET person = {} WHERE person = {}", kept["id"], dropped["id"])


async def _move_the_rest(keep: UUID, drop: UUID) -> None:
    await db.rows(
        "UPDATE registration SET person = {}, version = version + 1, updated_at = {} WHERE person = {} "
        "AND NOT EXISTS (SELECT 1 FROM registration k WHERE k.event_id = registration.event_id AND k.person = {})",
        keep, clock.now(), drop, keep,
    )  # fmt: skip
    for statement in (
        "UPDATE entry SET person = {} WHERE person = {}",
        "UPDATE message SET person = {} WHERE person = {}",
        "UPDATE account SET person = {} WHERE person = {}",
    ):
        await db.rows(statement, keep, drop)


async def _people(persons: set[UUID]) -> dict[UUID, PersonView]:
    these, ids = db.one_of(persons)
    return {row["id"]: view(row) for row in await db.rows(f"{PEOPLE} WHERE p.id {these}", *ids)}


def _pair(row: db.Row, shown: dict[UUID, PersonView]) -> SuspectedDuplicate:
    because = [reason for reason in ("born", "phone") if row[f"same_{reason}"]]
    return SuspectedDuplicate(older=shown[row["older"]], younger=shown[row["younger"]], because=because)
