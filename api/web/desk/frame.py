"""What every page of the desk begins with: who asks, the event with its tabs, lists that go on."""

from collections.abc import Sequence
from typing import NamedTuple, TypeVar
from urllib.parse import urlencode
from uuid import UUID

from msgspec import structs

from api.problems import lang_of
from api.web.forms import Option, asked
from api.web.pages import Asked
from api.web.shapes import Card, card
from api.wording import Lang, say
from events import access, organising
from events.access import Actor, Right
from events.organising import EventItem, EventView
from events.paging import Page

SHOWN = 50
Item = TypeVar("Item")


class DeskCard(Card, frozen=True, kw_only=True):
    """An event in the lists of the desk: with its desk's address and what comes next."""

    url: str
    next_step: str = ""


class Desk(NamedTuple):
    """An event on the desk of somebody who has a duty in it."""

    actor: Actor
    lang: Lang
    event: EventView

    @property
    def path(self) -> str:
        """Where the pages of this event begin."""
        return desk_path(self.event.id)

    def may(self, right: Right) -> bool:
        """Whether the one who asks has this right here."""
        return self.actor.may(right, event=self.event.id, union_path=self.event.union.path)

    def say(self, key: str, /, **params: object) -> str:
        """A text in the reader's language."""
        return say(self.lang, key, **params)


def desk_path(event_id: UUID) -> str:
    """The address of an event on the desk."""
    return f"/desk/events/{event_id}"


async def desk_of(request: Asked, actor: Actor, event_id: UUID, right: Right = Right.SEE) -> Desk:
    """The desk of an event for somebody with a right in it; for anybody else there is no such thing."""
    access.signed_in(actor)
    desk = Desk(actor, lang_of(request.scope), await organising.event(actor, event_id))
    if not desk.may(right):
        raise access.not_found()
    return desk


def at_desk(actor: Actor) -> None:
    """Let in who has a duty at any event."""
    access.signed_in(actor)
    if not actor.may_somewhere(Right.SEE):
        raise access.not_found()


def keeper(actor: Actor, right: Right) -> None:
    """Let in who has a right in some part of the union tree, and not only at one event."""
    access.signed_in(actor)
    if not actor.scope(right)[1]:
        raise access.not_found()


def desk_card(event: EventItem, lang: Lang, *, next_step: str = "") -> DeskCard:
    """An event as the desk lists it."""
    return DeskCard(**structs.asdict(card(event, lang)), url=desk_path(event.id), next_step=next_step)


TABS = (
    ("", "desk.life", Right.SEE),
    ("/sessions", "desk.sessions", Right.ORGANISE),
    ("/registrations", "desk.registrations", Right.REVIEW),
    ("/contests", "desk.contests", Right.SEE_MARKS),
    ("/officials", "desk.officials", Right.ORGANISE),
    ("/log", "audit.title", Right.READ_LOG),
)


def frame(desk: Desk, tab: str) -> dict[str, object]:
    """What desk/base.html shows; `tab` is the end of its address."""
    own = [(end, key) for end, key, right in TABS if desk.may(right)]
    tabs = [Option(desk.say(key), _tab_url(desk, end), current=end == tab) for end, key in own]
    return {"event": desk_card(desk.event, desk.lang), "tabs": tabs}


def _tab_url(desk: Desk, end: str) -> str:
    """The address of one of an event's pages; the audit trail is not only for the desk."""
    return f"/events/{desk.event.id}/log" if end == "/log" else desk.path + end


def address(request: Asked, **changes: object) -> str:
    """The page's own address with some of its query changed, from its first page."""
    kept = {name: value for name, value in asked(request).items() if name not in ("cursor", "seen")}
    given = {name: value for name, value in (kept | changes).items() if value}
    return f"{request.url.path}?{urlencode(given)}" if given else request.url.path


def cursor_of(request: Asked) -> str:
    """Where the page of a list begins."""
    return asked(request).get("cursor", "")


def pager(request: Asked, found: Page[Item], *, total: int | None = None) -> dict[str, object]:
    """The links to what lies before and behind a page of a list."""
    seen = _seen(request) if cursor_of(request) else 0
    last = seen + len(found.items)
    following = address(request, cursor=found.next, seen=last) if found.next else ""
    previous = address(request) if cursor_of(request) else ""
    return {"previous": previous, "next": following, "first": seen + 1, "last": last, "total": total}


def _seen(request: Asked) -> int:
    text = asked(request).get("seen", "")
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else 0


def chips(request: Asked, name: str, options: Sequence[Option], everything: str) -> list[Option]:
    """Filters as links: each option's `value` goes into the address as `name`."""
    current = asked(request).get(name, "")
    first = Option(everything, address(request, **{name: ""}), current=not current)
    return [first] + [
        structs.replace(one, url=address(request, **{name: one.value}), current=one.value == current) for one in options
    ]
