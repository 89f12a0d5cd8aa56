"""Roles: who holds which one, and where."""

from litestar import delete, get, post
from litestar.params import JSONBody
from msgspec import Struct

from api.kinds import Asker, Id
from events import access, accounts
from events.access import Right
from events.accounts import GrantForm, GrantView
from events.paging import Page
from events.terms import Role


class RoleView(Struct, frozen=True):
    """A role with the rights that it gives; none in one event for a role that holds everywhere."""

    role: Role
    rights: list[Right]
    rights_in_event: list[Right]


@get("/me/grants", operation_id="list_own_grants")
async def list_own_grants(actor: Asker) -> Page[GrantView]:
    """The roles that the asker holds."""
    return Page(await accounts.grants_of_account(actor, access.signed_in(actor)))


@get("/accounts/{account_id:uuid}/grants", operation_id="list_grants_of_account")
async def list_grants_of_account(actor: Asker, account_id: Id) -> Page[GrantView]:
    """The roles of an account: one's own, or anybody's for administrators."""
    return Page(await accounts.grants_of_account(actor, account_id))


@get("/events/{event_id:uuid}/officials", operation_id="list_officials")
async def list_officials(actor: Asker, event_id: Id) -> Page[GrantView]:
    """The officials of an event, by role and name. Right `see`."""
    return Page(await accounts.grants_of_event(actor, event_id))


@post("/grants", operation_id="grant_role")
async def grant_role(actor: Asker, data: JSONBody[GrantForm]) -> GrantView:
    """Give an account a role: administrators everywhere, whoever organises an event within it."""
    return await accounts.grant_role(actor, data)


@delete("/grants/{grant_id:uuid}", operation_id="revoke_role")
async def revoke_role(actor: Asker, grant_id: Id) -> None:
    """Take a role away, by whoever may give it."""
    await accounts.revoke_role(actor, grant_id)


@get("/roles", operation_id="list_roles")
async def list_roles() -> Page[RoleView]:
    """What each role allows, in a union's subtree (an administrator: everywhere) and in one event."""
    return Page([RoleView(role, access.rights(role), access.rights(role, in_event=True)) for role in Role])


ROUTES = [list_roles, list_own_grants, list_grants_of_account, list_officials, grant_role, revoke_role]
