"""People and their real-name membership."""

from typing import Annotated
from uuid import UUID

from litestar import get, post, put
from litestar.params import JSONBody
from msgspec import Meta, Struct, structs

from api.kinds import Asker, Cursor, Flag, Id, Limit, Text, WhichId
from api.problems import FieldError, field_errors
from events import people, registering
from events.access import Right
from events.errors import invalid
from events.paging import Page
from events.people import Membership, PersonForm, PersonView, SuspectedDuplicate
from events.registering import RegistrationView
from events.text import Line


class MergeForm(Struct, frozen=True, forbid_unknown_fields=True):
    """The person that ends: all that hangs on it moves to the one that stays."""

    drop: UUID


class MergePreviewView(Struct, frozen=True, kw_only=True):
    """What a merge would do: `filled` comes from the one that ends, of what is `lost` the other's stays."""

    keep: PersonView
    drop: PersonView
    allowed: bool
    obstacles: list[FieldError]
    registrations: int
    entries: int
    account: bool
    filled: list[str]
    lost: list[str]


class PeopleQuery(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Whom to look for: `q` is the beginning of a name or its pinyin, or a whole phone or identity number."""

    q: Line = ""
    union: UUID | None = None
    to_register: bool = False
    cursor: Annotated[str, Meta(max_length=400)] = ""
    limit: Annotated[int, Meta(ge=1, le=500)] = 50


@get("/people", operation_id="list_people")
async def list_people(
    actor: Asker, q: Text = "", union: WhichId = None, to_register: Flag = False, cursor: Cursor = "", limit: Limit = 50
) -> Page[PersonView]:
    """People of the asker's unions, by the beginning of a name or its pinyin; by a number see `search_people`.

    Right `keep_people`, or with `to_register` right `register_others`.
    """
    if people.has_figures(q):
        invalid("number_in_address", "/q")
    return await people.search(actor, q, union=union, right=_right(to_register), cursor=cursor, limit=limit)


@post("/people/search", operation_id="search_people", status_code=200)
async def search_people(actor: Asker, data: JSONBody[PeopleQuery]) -> Page[PersonView]:
    """As `list_people`, also by a whole phone or identity number, which stands in no address."""
    return await people.search(
        actor, data.q, union=data.union, right=_right(data.to_register), cursor=data.cursor, limit=data.limit
    )


def _right(to_register: bool) -> Right:
    return Right.REGISTER_OTHERS if to_register else Right.KEEP_PEOPLE


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


@get("/people/{person_id:uuid}/memberships", operation_id="list_memberships")
async def list_memberships(actor: Asker, person_id: Id) -> Page[Membership]:
    """Every membership that a person has had, the newest first. Right `keep_people`."""
    return Page(await people.history(actor, person_id))


@get("/people/{person_id:uuid}/registrations", operation_id="list_registrations_of_person")
async def list_registrations_of_person(
    actor: Asker, person_id: Id, cursor: Cursor = "", limit: Limit = 50
) -> Page[RegistrationView]:
    """A person's registrations, newest first: those that the asker reviews or made. Right `keep_people`."""
    return await registering.of_person(actor, person_id, cursor=cursor, limit=limit)


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


@post("/people/{person_id:uuid}/merge/preview", operation_id="preview_merge", status_code=200)
async def preview_merge(actor: Asker, person_id: Id, data: JSONBody[MergeForm]) -> MergePreviewView:
    """What a merge would move, and what is in its way; nothing is changed. Right `keep_people` for both."""
    found = await people.preview_merge(actor, person_id, data.drop)
    told = field_errors(found.obstacles, actor.language)
    return MergePreviewView(**structs.asdict(found) | {"obstacles": told, "allowed": not told})


ROUTES = [
    list_people, search_people, register_person, list_duplicates, get_person, list_memberships,
    list_registrations_of_person, change_person, end_membership, merge_people, preview_merge,
]  # fmt: skip
