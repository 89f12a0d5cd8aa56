"""The demo accounts, one for each role."""

from __future__ import annotations

import asyncio

import msgspec

from events import clock, crypto, ids
from events.demo import crowd, plans
from events.demo.plans import Login
from events.demo.world import World
from events.tables import Account, RoleGrant
from events.terms import Role
from events.text import Bilingual


class DemoAccount(msgspec.Struct, frozen=True, kw_only=True):
    """An account to try things with; `title` says what it is for. A participant has no role."""

    name: str
    password: str
    role: Role | None
    title: Bilingual


async def build(world: World) -> None:
    """Insert the accounts, linked to the people registered first, and their roles in unions."""
    plan = plans.logins()
    hashes = [asyncio.to_thread(crypto.hash_password, plan.password) for _ in plan.accounts]
    persons = {login.name: human.id for login, human in zip(crowd.logins(), world.people, strict=False)}
    accounts = [
        Account(
            id=ids.new(), name=login.name, person=persons.get(login.name), password_hash=hashed, language="zh",
            created_at=clock.now(),
        )
        for login, hashed in zip(plan.accounts, await asyncio.gather(*hashes), strict=True)
    ]  # fmt: skip
    world.accounts |= {account.name: account.id for account in accounts}
    await Account.insert(*accounts)
    await RoleGrant.insert(*[_grant(world, login) for login in plan.accounts if _everywhere_or_in_a_union(login)])


def shown() -> list[DemoAccount]:
    """What to print."""
    plan = plans.logins()
    return [
        DemoAccount(name=login.name, password=plan.password, role=login.role, title=Bilingual(login.zh, login.en))
        for login in plan.accounts
    ]


def _everywhere_or_in_a_union(login: Login) -> bool:
    return login.role == Role.ADMINISTRATOR or bool(login.scope)


def _grant(world: World, login: Login) -> RoleGrant:
    return RoleGrant(
        id=ids.new(), account=world.accounts[login.name], role=login.role, union=world.unions.get(login.scope),
        granted_at=clock.now(),
    )  # fmt: skip
