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
from events.tables import Person
from events.terms import Sex

SEALED = ("identity_cipher", "identity_index", "phone_cipher", "phone_index")
NOBODY: dict[str, Any] = dict.fromkeys(("id", "name", "sort_name", "sex", "born", "mail", *SEALED))


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


class Plan(Struct, frozen=True):
    """What is to be done for someone: the row of `PEOPLE` if known, and the columns that differ from it."""

    wanted: Wanted
    row: db.Row | None
    columns: dict[str, Any]

    @property
    def moves(self) -> bool:
        """Whether the person is not a member of that union yet."""
        return self.row is None or self.row["union_path"] != self.wanted.path


async def register(actor: Actor, form: PersonForm) -> PersonView:
    """Register a person as a member of a union (Right.KEEP_PEOPLE there).

    A known identity number is the same person, who joins this union. Conflict identity_of_another when the name
    differs, member_elsewhere while a union outside the actor's right still has the membership.
    """
    wanted = await _wanted(actor, form)
    async with db.transaction():
        (person,) = await write(actor, [wanted])
        await notices.post("person.registered", subject=person, by=actor.account, union=form.union)
    return await _shown(person)


async def change(actor: Actor, person: UUID, form: PersonForm) -> PersonView:
    """Change what is known of a person, and the union of the membership (Right.KEEP_PEOPLE in both)."""
    row = await person_row(actor, person)
    wanted = await _wanted(actor, form)
    if row["merged_into"]:
        errors.conflict("person_merged")
    async with db.transaction():
        await carry_out([Plan(wanted, row, changes(row, wanted.known))])
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


async def plan(wanted: Sequence[Wanted]) -> list[Plan]:
    """For each what making it a member would change: it is known by the identity number; without one, as a namesake."""
    indexes = [crypto.blind_index(one.known.number, of="identity") if one.known.number else None for one in wanted]
    these, asked = db.one_of([index for index in indexes if index])
    rows = await db.rows(f"{PEOPLE} WHERE p.identity_index {these}", *asked) if any(indexes) else []
    found = {bytes(row["identity_index"]): row for row in rows}
    namesakes = await _namesakes([one for one in wanted if not one.known.number])
    known = [
        found.get(index) if index else namesakes.get(_traits(one)) for index, one in zip(indexes, wanted, strict=True)
    ]
    return [Plan(one, row, changes(row, one.known) if row else {}) for one, row in zip(wanted, known, strict=True)]


def obstacles(actor: Actor, plan: Plan) -> Iterator[Reason]:
    """Why someone who is known already cannot become a member there."""
    if plan.row is None:
        return
    if plan.row["name"] != plan.wanted.known.name:
        yield Reason("identity_of_another", "/identity_number")
    elsewhere = plan.row["union_path"] not in (None, plan.wanted.path)
    if elsewhere and not actor.may(Right.KEEP_PEOPLE, union_path=plan.row["union_path"]):
        yield Reason("member_elsewhere", "/union")


async def write(actor: Actor, wanted: Sequence[Wanted]) -> list[UUID]:
    """Make all of these members, within the running transaction, and give the persons in order.

    Refused with every obstacle. When another registers one of them at the same moment, it is tried once more.
    """
    try:
        async with db.transaction():
            return await _write(actor, wanted)
    except db.ConstraintViolated:
        async with db.transaction():
            return await _write(actor, wanted)


async def carry_out(plans: Sequence[Plan]) -> list[UUID]:
    """Add who is not known and change the others, within the running transaction; gives the persons in order."""
    persons = [one.row["id"] if one.row else ids.new() for one in plans]
    await _insert([(person, one.wanted) for person, one in zip(persons, plans, strict=True) if one.row is None])
    for person, one in zip(persons, plans, strict=True):
        if one.columns:
            await update_person(person, one.columns)
    await _join([(one.row, one.wanted.union) for one in plans if one.row and one.moves])
    return persons


async def _write(actor: Actor, wanted: Sequence[Wanted]) -> list[UUID]:
    plans = await plan(wanted)
    if reasons := [reason for one in plans for reason in obstacles(actor, one)]:
        raise Conflict(*reasons)
    return await carry_out(plans)


async def _wanted(actor: Actor, form: PersonForm) -> Wanted:
    access.signed_in(actor)
    path = await access.union_path(form.union)
    access.require(actor, Right.KEEP_PEOPLE, union_path=path)
    person = known(form)
    errors.refuse(flaws(person, today()))
    return Wanted(person, form.union, path)


def _traits(one: Wanted) -> tuple[object, ...]:
    phone = crypto.blind_index(one.known.phone, of="phone") if one.known.phone else None
    return one.path, one.known.name, one.known.born, phone


async def _namesakes(wanted: Sequence[Wanted]) -> dict[tuple[object, ...], db.Row]:
    """Who is in a union with the name, birth date and phone of one of these, and without an identity number as well.

    A name alone makes nobody the same.
    """
    asked = [one for one in wanted if one.known.born or one.known.phone]
    if not asked:
        return {}
    (these, unions), (those, called) = (
        db.one_of({one.union for one in asked}),
        db.one_of({one.known.name for one in asked}),
    )
    rows = await db.rows(
        f'{PEOPLE} WHERE m."union" {these} AND p.name {those} AND p.identity_index IS NULL ORDER BY p.id DESC',
        *unions, *called,
    )  # fmt: skip
    return {(row["union_path"], row["name"], row["born"], _bytes(row["phone_index"])): row for row in rows}


def _bytes(value: Any) -> bytes | None:
    return None if value is None else bytes(value)


async def _insert(new: Sequence[tuple[UUID, Wanted]]) -> None:
    now, day = clock.now(), today()
    persons = [(*_columns(person, one.known).values(), now, now) for person, one in new]
    members = [(ids.new(), person, one.union, day) for person, one in new]
    await db.insert(f"person ({', '.join(NOBODY)}, created_at, updated_at)", persons)
    await db.insert('member (id, person, "union", joined_on)', members)


def _columns(person: UUID, said: Known) -> dict[str, Any]:
    nobody = {**NOBODY, "id": person}
    return {**nobody, **changes(nobody, said)}


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


async def update_person(person: UUID, columns: dict[str, Any]) -> None:
    """Write columns of a person; Conflict identity_taken when another has the identity number."""
    try:
        async with db.transaction():
            await Person.update(**columns, updated_at=clock.now()).where(Person.id == person)
    except db.ConstraintViolated:
        errors.conflict("identity_taken", "/identity_number")


async def _join(moving: Sequence[tuple[db.Row, UUID]]) -> None:
    """Make known people members of other unions, from today on."""
    for row, _ in moving:
        if row["member"]:
            await _leave(row)
    rows = [(ids.new(), row["id"], union, today()) for row, union in moving]
    await db.insert('member (id, person, "union", joined_on)', rows)


async def _leave(row: db.Row) -> None:
    await db.rows("UPDATE member SET left_on = {} WHERE id = {}", max(today(), row["joined_on"]), row["member"])


async def _shown(person: UUID) -> PersonView:
    found = await db.row(f"{PEOPLE} WHERE p.id = {{}}", person)
    assert found is not None
    return view(found)
