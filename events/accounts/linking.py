"""An account and the real-name membership it belongs to."""

from __future__ import annotations

from uuid import UUID

from events import access, crypto, db, errors, notices
from events.access import Actor, Right
from events.accounts import throttle
from events.accounts.forms import LinkForm
from events.people import identity, names


@db.persistent
async def link(actor: Actor, form: LinkForm) -> UUID:
    """Link the actor's account to the person with exactly this name and identity number; gives the person.

    Invalid link_failed never says which of the two was wrong; Conflict already_linked, person_linked, too_many_tries.
    """
    account = access.signed_in(actor)
    await throttle.count(throttle.LINK, str(account))
    async with db.transaction():
        person = await _person(form)
        await _link(account, person)
        await notices.post("account.linked", subject=account, by=account)
    return person


async def unlink(actor: Actor, account: UUID) -> None:
    """Take the link of an account away (Right.KEEP_ACCOUNTS)."""
    access.require(actor, Right.KEEP_ACCOUNTS)
    async with db.transaction():
        if not await db.rows("UPDATE account SET person = NULL WHERE id = {} RETURNING id", account):
            raise access.not_found()
        await notices.post("account.unlinked", subject=account, by=actor.account)


async def _person(form: LinkForm) -> UUID:
    index = crypto.blind_index(identity.plain(form.identity_number), of="identity")
    hold = db.engine().dialect("{for_share}")  # nobody merges this person into another meanwhile
    found = await db.row(f"SELECT id, name FROM person WHERE identity_index = {{}} {hold}", index)  # noqa: S608
    if found is None or found["name"] != names.tidy(form.name):
        errors.invalid("link_failed")
    person: UUID = found["id"]
    return person


async def _link(account: UUID, person: UUID) -> None:
    try:
        async with db.transaction():
            done = await db.rows(
                "UPDATE account SET person = {} WHERE id = {} AND person IS NULL RETURNING id", person, account
            )
    except db.ConstraintViolated:
        errors.conflict("person_linked")
    if not done:
        errors.conflict("already_linked")
