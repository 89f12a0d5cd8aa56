"""Finding the person that is to be registered by another."""

from __future__ import annotations

from uuid import UUID

from events import access, errors, people
from events.access import Actor, Right
from events.accounts import throttle
from events.people import PersonView
from events.registering.forms import FindForm

MOST_FOUND = 20


async def find_people(actor: Actor, event_id: UUID, form: FindForm) -> list[PersonView]:
    """Up to 20 persons to register for an event (Right.REGISTER_OTHERS there).

    Among the people of one's unions as in every list of theirs; beyond, and for who has a duty in this event alone,
    only by what one has to know of a person: a whole number, or the whole name and the union. Conflict too_many_tries.
    """
    await access.event_for(actor, Right.REGISTER_OTHERS, event_id)
    await _check(form)
    paths = actor.scope(Right.REGISTER_OTHERS)[1]
    found = await _own_people(actor, form) if paths else []
    vague = not (form.union or people.is_number(form.text))
    if found or "" in paths or (paths and vague):
        return found
    await throttle.count(throttle.LOOK_UP, str(actor.account))
    return await people.exactly(actor, form.text, union=form.union, limit=MOST_FOUND)


async def _own_people(actor: Actor, form: FindForm) -> list[PersonView]:
    found = await people.search(actor, form.text, union=form.union, right=Right.REGISTER_OTHERS, limit=MOST_FOUND)
    return found.items


async def _check(form: FindForm) -> None:
    if not form.text.strip():
        errors.invalid("missing", "/text")
    try:
        if form.union:
            await access.union_path(form.union)
    except errors.NotFound:
        errors.invalid("unknown_union", "/union")
