"""People and their real-name membership."""

from uuid import UUID

from litestar import get, post, put
from litestar.params import JSONBody
from msgspec import Struct

from api.kinds import Asker, Cursor, Flag, Id, Limit, Text, WhichId
from events import people
from events.access import Right
from events.paging import Page
from events.people import PersonForm, PersonView, SuspectedDuplicate


class MergeForm(Struct, frozen=True, forbid_unknown_fields=True):
    """The person that ends: all that hangs on it moves to the one that stays."""

    drop: UUID


@get("/people", operation_id="list_people")
async def list_people(
    actor: Asker, q: Text = "", union: WhichId = None, to_register: Flag = False, cursor: Cursor = "", limit: Limit = 50
) -> Page[PersonView]:
    """People of the asker's unions, by the beginning of a name or its pinyin, or a whole phone or identity number.

    Right `keep_people`, or with `to_register` right `register_others`.
    """
    right = Right.REGISTER_OTHERS if to_register else Right.KEEP_PEOPLE
    return await people.search(actor, q, union=union, right=right, cursor=cursor, limit=limit)


@post("/people", operation_id="register_person")
async def register_person(actor: Asker, data: JSONBody[PersonForm]) -> PersonView:
    """Register a person as a member of a union; a known identity number is the same person. Right `keep_people`."""
    return await people.register(actor, data)


@get("/people/duplicates", operation_id="list_duplicates")
async def list_duplicates(actor: Asker, cursor: Cursor = "", limit: Limit = 50) -> Page[SuspectedDuplicate]:
    """Pairs with one name and one birth date or phone. Right `keep_people`."""
    return await people.suspected_duplicates(actor, cursor=cursor, limit=limit)


@get("/people/{person_id:uuid}", operation_id="get_person")
async def get_person(actor: Asker, person_id: Id) -> PersonView:
    """One person of the asker's unions. Right `keep_people`."""
    return await people.look(actor, person_id)


@put("/people/{person_id:uuid}", operation_id="change_person")
async def change_person(actor: Asker, person_id: Id, data: JSONBody[PersonForm]) -> PersonView:
    """Change what is known of a person. Right `keep_people` in the old and the new union."""
    return await people.change(actor, person_id, data)


@post("/people/{person_id:uuid}/end-membership", operation_id="end_membership", status_code=200)
async def end_membership(actor: Asker, person_id: Id) -> PersonView:
    """End a membership today; the person and its history stay. Right `keep_people`."""
    return await people.end_membership(actor, person_id)


@post("/people/{person_id:uuid}/merge", operation_id="merge_people", status_code=200)
async def merge_people(actor: Asker, person_id: Id, data: JSONBody[MergeForm]) -> PersonView:
    """Make two persons one; `person_id` stays. Right `keep_people` for both."""
    return await people.merge(actor, person_id, data.drop)


ROUTES = [
    list_people, register_person, list_duplicates, get_person, change_person, end_membership, merge_people,
]  # fmt: skip
