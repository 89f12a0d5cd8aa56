"""Looking people up, within the unions that the actor keeps or registers for."""

from __future__ import annotations

from uuid import UUID

from events import access, crypto, db, errors, paging
from events.access import Actor, Right
from events.paging import Page
from events.people import identity, names
from events.people.forms import Membership, PersonView
from events.terms import Sex
from events.text import bilingual

LAST = chr(0x10FFFF)  # sorts behind everything that may follow a beginning
LONGEST_FAMILY_NAME = 9
PEOPLE = """SELECT p.*, m.id AS member, m."union" AS union_id, m.joined_on, u.name AS union_name, u.path AS union_path,
        (SELECT count(*) FROM account a WHERE a.person = p.id) AS accounts
    FROM person p LEFT JOIN member m ON m.person = p.id AND m.left_on IS NULL LEFT JOIN unions u ON u.id = m."union" """

MEMBERSHIPS = """SELECT m."union" AS union_id, u.name AS union_name, m.joined_on, m.left_on
    FROM member m JOIN unions u ON u.id = m."union" """


async def look(actor: Actor, person: UUID, *, right: Right = Right.KEEP_PEOPLE) -> PersonView:
    """One person of the actor's unions; NotFound when unknown or outside of them."""
    return view(await person_row(actor, person, right=right))


async def own(actor: Actor) -> PersonView:
    """The person that the actor's account is linked to; NotFound when it is linked to none."""
    access.signed_in(actor)
    found = await db.row(f"{PEOPLE} WHERE p.id = {{}}", actor.person)
    if found is None:
        raise access.not_found()
    return view(found)


async def own_city(actor: Actor) -> str:
    """The city of the union that the actor is a member of; empty where there is none."""
    found = await db.row(
        """SELECT u.city FROM member m JOIN unions u ON u.id = m."union" WHERE m.person = {} AND m.left_on IS NULL""",
        actor.person,
    )
    return found["city"] or "" if found else ""


async def search(
    actor: Actor,
    text: str = "",
    *,
    union: UUID | None = None,
    right: Right = Right.KEEP_PEOPLE,
    cursor: str = "",
    limit: int = 50,
) -> Page[PersonView]:
    """People of the actor's unions by the beginning of a name or of its pinyin, or by a whole phone or identity number.

    `union` narrows to its subtree; `right` is the one that is needed (Right.REGISTER_OTHERS when registering others).
    """
    scope, arguments = within(actor, right)
    if union is not None:
        path = await access.union_path(union)
        scope, arguments = f"{scope} AND u.path >= {{}} AND u.path < {{}}", [*arguments, path, path + LAST]
    column, condition, wanted = _matching(text)
    after = paging.key_of(cursor, tuple[str, UUID]) if cursor else ("", UUID(int=0))
    sql = (
        f"{PEOPLE} WHERE p.merged_into IS NULL AND {scope} AND {condition}"
        f" AND (p.{column}, p.id) > ({{}}, {{}}) ORDER BY p.{column}, p.id LIMIT {limit + 1:d}"
    )
    found = await db.rows(sql, *arguments, *wanted, *after)
    return paging.page(found, limit, view, lambda row: (row[column], row["id"]))


async def history(actor: Actor, person: UUID) -> list[Membership]:
    """Every membership that a person has had (Right.KEEP_PEOPLE), the newest first."""
    await person_row(actor, person)
    rows = await db.rows(f"{MEMBERSHIPS} WHERE m.person = {{}} ORDER BY m.joined_on DESC, m.id DESC", person)
    return [
        Membership(
            union=row["union_id"], union_name=bilingual(row["union_name"]),
            joined_on=row["joined_on"], left_on=row["left_on"],
        )
        for row in rows
    ]  # fmt: skip


async def exactly(actor: Actor, text: str, *, union: UUID | None = None, limit: int = 20) -> list[PersonView]:
    """Persons with exactly this phone or identity number, or of exactly this name among a union's own members.

    For a verb that has its own right to know them and counts how often it asks; so nobody leafs through the register.
    Invalid union_needed for a name without a union.
    """
    access.signed_in(actor)
    _, condition, arguments = _matching(text)
    if not is_number(text):
        if union is None:
            errors.invalid("union_needed", "/union")
        condition, arguments = 'p.name = {} AND m."union" = {}', [names.tidy(text), union]
    sql = f"{PEOPLE} WHERE p.merged_into IS NULL AND {condition} ORDER BY p.sort_name, p.id LIMIT {limit:d}"
    return [view(row) for row in await db.rows(sql, *arguments)]


async def person_row(actor: Actor, person: UUID, *, right: Right = Right.KEEP_PEOPLE) -> db.Row:
    """A row of `PEOPLE` for which the actor has the right; NotFound."""
    access.signed_in(actor)
    found = await db.row(f"{PEOPLE} WHERE p.id = {{}}", person)
    if found is None or not actor.may(right, union_path=found["union_path"]):
        raise access.not_found()
    return found


def within(actor: Actor, right: Right) -> tuple[str, list[object]]:
    """A condition on `PEOPLE` and its arguments: members of unions in which the actor has the right, or everybody."""
    access.signed_in(actor)
    _, paths = actor.scope(right)
    if not paths:
        raise access.not_found()
    if "" in paths:
        return "1 = 1", []
    clauses = " OR ".join(["(u.path >= {} AND u.path < {})"] * len(paths))
    return f"({clauses})", [end for path in paths for end in (path, path + LAST)]


def view(row: db.Row) -> PersonView:
    """A row of `PEOPLE` as it is shown."""
    return PersonView(
        id=row["id"],
        name=row["name"],
        sex=Sex(row["sex"]) if row["sex"] else None,
        born=row["born"],
        identity_number=identity.masked(unsealed(row, "identity")),
        phone=identity.masked(unsealed(row, "phone")),
        mail=identity.masked_mail(row["mail"] or ""),
        union=row["union_id"],
        union_name=bilingual(row["union_name"]) if row["union_name"] else None,
        joined_on=row["joined_on"],
        has_account=row["accounts"] > 0,
        merged_into=row["merged_into"],
    )


def unsealed(row: db.Row, field: str) -> str:
    """A person's identity number (`identity`) or `phone` in plain text; empty when there is none."""
    sealed = row[f"{field}_cipher"]
    return crypto.unseal(sealed, place=place(field, row["id"])) if sealed else ""


def place(field: str, person: UUID) -> str:
    """What a person's sealed field is bound to."""
    return f"person:{field}:{person}"


def is_number(text: str) -> bool:
    """Whether this is a whole identity number or phone, and no name."""
    return bool(identity.NUMBER.fullmatch(identity.plain(text)) or identity.PHONE.fullmatch(identity.plain_phone(text)))


def _matching(text: str) -> tuple[str, str, list[object]]:
    """The column to sort by, the condition and its arguments: what was typed decides what is looked for."""
    wanted, number = names.tidy(text), identity.plain(text)
    if identity.NUMBER.fullmatch(number):
        return "sort_name", "p.identity_index = {}", [crypto.blind_index(number, of="identity")]
    if identity.PHONE.fullmatch(identity.plain_phone(text)):
        return "sort_name", "p.phone_index = {}", [crypto.blind_index(identity.plain_phone(text), of="phone")]
    if not wanted or wanted.isascii():
        spellings = _spellings(wanted.lower())
        clauses = " OR ".join(["(p.sort_name >= {} AND p.sort_name < {})"] * len(spellings))
        return "sort_name", f"({clauses})", [end for part in spellings for end in (part, part + LAST)]
    return "name", "p.name >= {} AND p.name < {}", [wanted, wanted + LAST]


def _spellings(letters: str) -> list[str]:
    """Pinyin as it was typed, and cut everywhere that a family name may end: "wangfang" is kept as "wang fang"."""
    if " " in letters:
        return [letters]
    cuts = range(1, min(len(letters), LONGEST_FAMILY_NAME + 1))
    return [letters, *(f"{letters[:cut]} {letters[cut:]}" for cut in cuts)]
