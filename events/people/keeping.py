"""Registering people and changing what is known of them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from msgspec import Struct

from events import access, clock, crypto, db, errors, ids, notices, settings
from events.access import Actor, Right
from events.errors import Conflict, Reason
from events.people import identity, names
from events.people.finding import PEOPLE, person_row, place, unsealed, view
from events.people.forms import PersonForm, PersonView
from events.tables import Member, Person
from events.terms import Sex

CHUNK = 500
NOBODY: dict[str, Any] = dict.fromkeys(
    ("name", "sex", "born", "mail", "identity_cipher", "identity_index", "phone_cipher", "phone_index")
)


class Known(Struct, frozen=True, kw_only=True):
    """What a form says, in the spelling that is kept; None is not said."""

    name: str
    sex: Sex | None
    born: date | None
    number: str | None
    phone: str | None
    mail: str | None


class Wanted(Struct, frozen=True):
    """A person to be a member of a union; `path` is the union's."""

    known: Known
    union: UUID
    path: str


class Written(Struct, frozen=True):
    """What came of writing some: in order the persons, and how many of them were added or changed."""

    persons: list[UUID]
    added: int
    changed: int


async def register(actor: Actor, form: PersonForm) -> PersonView:
    """Register a person as a member of a union (Right.KEEP_PEOPLE there).

    A known identity number is the same person, who joins this union. Conflict identity_of_another when the name
    differs, member_elsewhere while a union outside the actor's right still has the membership.
    """
    wanted = await _wanted(actor, form)
    async with db.transaction():
        written = await write(actor, [wanted])
        await notices.post("person.registered", subject=written.persons[0], by=actor.account, union=form.union)
    return await _shown(written.persons[0])


async def change(actor: Actor, person: UUID, form: PersonForm) -> PersonView:
    """Change what is known of a person, and the union of the membership (Right.KEEP_PEOPLE in both)."""
    row = await person_row(actor, person)
    wanted = await _wanted(actor, form)
    if row["merged_into"]:
        errors.conflict("person_merged")
    async with db.transaction():
        await _update(row, wanted)
        await notices.post("person.changed", subject=person, by=actor.account, union=form.union)
    return await _shown(person)


async def end_membership(actor: Actor, person: UUID) -> PersonView:
    """End a person's membership today (Right.KEEP_PEOPLE); the person and its history stay."""
    row = await person_row(actor, person)
    async with db.transaction():
        if row["member"]:
            await _leave(row)
            await notices.post("person.left", subject=person, by=actor.account, union=row["union_id"])
    return await _shown(person)


def today() -> date:
    """The date where the federation is."""
    return clock.now().astimezone(ZoneInfo(settings.current().zone)).date()


def known(form: PersonForm) -> Known:
    """A form in the spelling that is kept; sex and birth date follow from a well-formed identity number."""
    number = None if form.identity_number is None else identity.plain(form.identity_number)
    said = number if number and identity.NUMBER.fullmatch(number) else None
    return Known(
        name=names.tidy(form.name),
        sex=form.sex or (identity.sex_of(said) if said else None),
        born=form.born or (identity.born_of(said) if said else None),
        number=number,
        phone=None if form.phone is None else identity.plain_phone(form.phone),
        mail=None if form.mail is None else form.mail.strip().lower(),
    )


def flaws_of(form: PersonForm) -> list[Reason]:
    """Everything that is wrong with a form, before anything is looked up."""
    return list(flaws(known(form), today()))


def flaws(person: Known, day: date) -> Iterator[Reason]:
    """Everything that is wrong with what a form says."""
    yield from names.flaws(person.name)
    if person.number:
        yield from _flaws_of_number(person, person.number, day)
    if person.born and person.born > day:
        yield Reason("born_in_future", "/born")
    if person.phone and not identity.PHONE.fullmatch(person.phone):
        yield Reason("phone_form", "/phone")
    if person.mail and not identity.MAIL.fullmatch(person.mail):
        yield Reason("mail_form", "/mail")


def _flaws_of_number(person: Known, number: str, day: date) -> Iterator[Reason]:
    flaw = identity.number_flaw(number, day)
    if flaw:
        yield Reason(flaw, "/identity_number")
        return
    if person.born != identity.born_of(number):
        yield Reason("born_differs", "/born", {"born": str(identity.born_of(number))})
    if person.sex != identity.sex_of(number):
        yield Reason("sex_differs", "/sex")


async def matches(wanted: Sequence[Wanted]) -> list[db.Row | None]:
    """For each the row of `PEOPLE` that is the same person: by identity number; without one, by name in the union."""
    indexes = [crypto.blind_index(one.known.number, of="identity") if one.known.number else None for one in wanted]
    these, asked = db.one_of([index for index in indexes if index])
    rows = await db.rows(f"{PEOPLE} WHERE p.identity_index {these}", *asked)
    found = {bytes(row["identity_index"]): row for row in rows}
    return [found.get(index) if index else await _namesake(one) for index, one in zip(indexes, wanted, strict=True)]


def obstacles(actor: Actor, wanted: Wanted, row: db.Row | None) -> Iterator[Reason]:
    """Why someone who is known already cannot become a member there."""
    if row is None:
        return
    if row["name"] != wanted.known.name:
        yield Reason("identity_of_another", "/identity_number")
    elsewhere = row["union_path"] not in (None, wanted.path)
    if elsewhere and not actor.may(Right.KEEP_PEOPLE, union_path=row["union_path"]):
        yield Reason("member_elsewhere", "/union")


async def write(actor: Actor, wanted: Sequence[Wanted]) -> Written:
    """Make all of these members, within the running transaction: the known ones change, the others are added.

    Refused with every obstacle. When another registers one of them at the same moment, it is tried once more.
    """
    try:
        async with db.transaction():
            return await _write(actor, wanted)
    except db.ConstraintViolated:
        async with db.transaction():
            return await _write(actor, wanted)


async def _write(actor: Actor, wanted: Sequence[Wanted]) -> Written:
    rows = await matches(wanted)
    reasons = [reason for one, row in zip(wanted, rows, strict=True) for reason in obstacles(actor, one, row)]
    if reasons:
        raise Conflict(*reasons)
    new = {place: ids.new() for place, row in enumerate(rows) if row is None}
    await _insert([(person, wanted[place]) for place, person in new.items()])
    changed = [await _update(row, one) for one, row in zip(wanted, rows, strict=True) if row]
    persons = [row["id"] if row else new[place] for place, row in enumerate(rows)]
    return Written(persons, len(new), sum(changed))


async def _wanted(actor: Actor, form: PersonForm) -> Wanted:
    access.signed_in(actor)
    path = await access.union_path(form.union)
    access.require(actor, Right.KEEP_PEOPLE, union_path=path)
    person = known(form)
    errors.refuse(flaws(person, today()))
    return Wanted(person, form.union, path)


async def _namesake(one: Wanted) -> db.Row | None:
    """Who is in the union with this name, birth date and phone, and without an identity number as well.

    A name alone makes nobody the same.
    """
    if not (one.known.born or one.known.phone):
        return None
    phone = crypto.blind_index(one.known.phone, of="phone") if one.known.phone else None
    rows = await db.rows(
        f"{PEOPLE} WHERE p.name = {{}} AND u.path = {{}} AND p.identity_index IS NULL", one.known.name, one.path
    )
    return next((row for row in rows if (row["born"], row["phone_index"]) == (one.known.born, phone)), None)


async def _insert(new: Sequence[tuple[UUID, Wanted]]) -> None:
    persons = [_person(person, one.known) for person, one in new]
    members = [Member(id=ids.new(), person=person, union=one.union, joined_on=today()) for person, one in new]
    for start in range(0, len(new), CHUNK):
        await Person.insert(*persons[start : start + CHUNK])
        await Member.insert(*members[start : start + CHUNK])


def _person(person: UUID, said: Known) -> Person:
    now = clock.now()
    return Person(created_at=now, updated_at=now, **{**NOBODY, "id": person, **changes({**NOBODY, "id": person}, said)})


def changes(row: db.Row, said: Known) -> dict[str, Any]:
    """The columns in which a person's row differs from what is said; an empty text clears a column."""
    plain = {"name": said.name, "sex": said.sex, "born": said.born, "mail": said.mail}
    found: dict[str, Any] = {
        name: value or None for name, value in plain.items() if value is not None and (value or None) != row[name]
    }
    if "name" in found:
        found["sort_name"] = names.sort_name(said.name)
    for field, value in (("identity", said.number), ("phone", said.phone)):
        if value is not None and value != unsealed(row, field):
            found |= sealed(row["id"], field, value)
    return found


def sealed(person: UUID, field: str, value: str) -> dict[str, bytes | None]:
    """The two columns of a person's identity number or phone; both empty for an empty value."""
    cipher = crypto.seal(value, place=place(field, person)) if value else None
    return {f"{field}_cipher": cipher, f"{field}_index": crypto.blind_index(value, of=field) if value else None}


async def _update(row: db.Row, wanted: Wanted) -> bool:
    """Write what differs from the row, and the membership; tells whether anything did."""
    columns = changes(row, wanted.known)
    if columns:
        await update_person(row["id"], columns)
    moved = row["union_path"] != wanted.path
    if moved:
        await _join(row, wanted.union)
    return bool(columns or moved)


async def update_person(person: UUID, columns: dict[str, Any]) -> None:
    """Write columns of a person; Conflict identity_taken when another has the identity number."""
    try:
        async with db.transaction():
            await Person.update(**columns, updated_at=clock.now()).where(Person.id == person)
    except db.ConstraintViolated:
        errors.conflict("identity_taken", "/identity_number")


async def _join(row: db.Row, union: UUID) -> None:
    if row["member"]:
        await _leave(row)
    await Member.insert(Member(id=ids.new(), person=row["id"], union=union, joined_on=today()))


async def _leave(row: db.Row) -> None:
    await db.rows("UPDATE member SET left_on = {} WHERE id = {}", max(today(), row["joined_on"]), row["member"])


async def _shown(person: UUID) -> PersonView:
    found = await db.row(f"{PEOPLE} WHERE p.id = {{}}", person)
    assert found is not None
    return view(found)
