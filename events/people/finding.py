"""Looking people up, within the unions that the actor keeps or registers for."""

from __future__ import annotations

from uuid import UUID

from events.access import Actor, Right
from events.paging import Page
from events.people.forms import PersonView


async def look(actor: Actor, person: UUID, *, right: Right = Right.KEEP_PEOPLE) -> PersonView:
    """One person of the actor's unions; NotFound when unknown or outside of them."""
    raise NotImplementedError


async def own(actor: Actor) -> PersonView:
    """The person that the actor's account is linked to; NotFound when it is linked to none."""
    raise NotImplementedError


async def search(
    actor: Actor,
    text: str = "",
    *,
    union: UUID | None = None,
    right: Right = Right.KEEP_PEOPLE,
    after: str = "",
    limit: int = 50,
) -> Page[PersonView]:
    """People of the actor's unions by the beginning of a name or of its pinyin, or by a whole phone or identity number.

    `union` narrows to its subtree; `right` is the one that is needed (Right.REGISTER_OTHERS when registering others).
    """
    raise NotImplementedError
