"""The home page: what is on, by day, this week first."""

from collections.abc import Sequence
from datetime import date, timedelta
from itertools import groupby
from typing import NamedTuple
from urllib.parse import urlencode
from uuid import UUID
from zoneinfo import ZoneInfo

from litestar import get
from msgspec import Struct, structs

from api import ready
from api.kinds import Asker
from api.problems import lang_of
from api.reading import read
from api.web import months
from api.web.forms import Option, asked
from api.web.pages import Asked, Page, page
from api.web.shapes import Card, card, city
from api.wording import Lang, say, texts
from events import clock, organising, people, registering, settings
from events.access import ANONYMOUS, Actor
from events.organising import EventItem, EventQuery
from events.registering import Standing
from events.terms import EventState, Kind, RegistrationState
from events.text import Line

SHOWN = 50
SEARCHED = 500
MONTHS_AHEAD = 6


class Filters(Struct, frozen=True):
    """What the home page can be asked; `cursor` and `seen` lead to its next pages."""

    kind: Kind | None = None
    city: Line = ""
    month: Line = ""
    day: date | None = None
    can: bool = False
    past: bool = False
    q: Line = ""
    cursor: str = ""
    seen: int = 0

    def url(self, **changes: object) -> str:
        """The address with some filters changed, from its first page."""
        wanted = structs.asdict(self) | {"cursor": "", "seen": 0} | changes
        given = {name: 1 if value is True else value for name, value in wanted.items() if value}
        return f"/?{urlencode(given)}" if given else "/"

    def query(self, today: date) -> EventQuery:
        """The events that are wanted: from today on, or of a day or month, or those that are over."""
        if self.past:
            return EventQuery(kind=self.kind, city=self.city, q=self.q.strip(), over=today)
        first, last = today, self.day
        if self.day:
            first = self.day
        elif self.month:
            first = months.month_of(self.month, today)
            last = months.next_month(first) - timedelta(days=1)
        state = EventState.OPEN if self.can else None
        return EventQuery(kind=self.kind, city=self.city, q=self.q.strip(), first=first, last=last, state=state)


class Day(NamedTuple):
    """The events of one day."""

    starts: date
    cards: list[Card]


class Week(NamedTuple):
    """Some days under one heading."""

    label: str
    days: list[Day]


class River(NamedTuple):
    """The events of a page, where the reader stands in each, how many there are in all, where the next page begins."""

    events: list[EventItem]
    standings: dict[UUID, Standing]
    total: int
    following: str | None


@get("/", ready=ready.page(ready.EVENTS))
async def home(request: Asked, actor: Asker) -> Page:
    """What is on, as a river of days."""
    lang, today = lang_of(request.scope), today_here()
    filters = read(asked(request), Filters, strict=False)
    if filters.can and actor.person is None:
        filters = structs.replace(filters, can=False)
    river = await _river(actor, filters, today)
    ready.lasts_until(request.scope, *(event.ends_at for event in river.events))  # until then it says: on now
    cards = [card(event, lang, river.standings.get(event.id)) for event in river.events]
    weeks = _weeks(cards, today if filters.query(today).first == today else None, lang, newest_first=filters.past)
    context = {
        "q": filters.q,
        "past": filters.past,
        "earlier": await _earlier(filters, today),
        "clear": "/" if filters.url() != "/" else "",
        "found": river.total,
        "pager": _pager(filters, river),
        "weeks": weeks,
    }
    aside = await _aside(filters, lang, today)
    personal = await _personal(actor, lang, today)
    options = _options(filters, actor, lang, today, near=await _near_city(actor))
    return await page(request, "home.html", context | options | aside | personal)


async def _river(actor: Actor, filters: Filters, today: date) -> River:
    """Only what is public: who may see drafts finds them at the desk."""
    query = filters.query(today)
    if filters.can:
        return await _open_to(actor, filters, query)
    found = await organising.list_events(
        ANONYMOUS, query, cursor=filters.cursor, limit=SHOWN, newest_first=filters.past
    )
    standings = await registering.standings(actor, [event.id for event in found.items])
    return River(found.items, standings, await organising.count(ANONYMOUS, query), found.next)


async def _open_to(actor: Actor, filters: Filters, query: EventQuery) -> River:
    """A page of those that the actor may register for, of the next 500 that are open."""
    near, standings, able = await _able(actor, query)
    first = near.index(filters.cursor) + 1 if filters.cursor in near else 0
    rest = [one for one in near[first:] if one in able]
    found = await organising.some(ANONYMOUS, [UUID(one) for one in rest[:SHOWN]])
    events = sorted(found.values(), key=lambda event: near.index(str(event.id)))
    return River(events, standings, len(able), rest[SHOWN - 1] if len(rest) > SHOWN else None)


async def _able(actor: Actor, query: EventQuery) -> tuple[list[str], dict[UUID, Standing], set[str]]:
    """The next 500 of these by their beginning, where the actor stands in each, and those open to the actor."""
    near = [brief.id for brief in (await organising.briefs(ANONYMOUS, query))[:SEARCHED]]
    standings = await registering.standings(actor, near)
    able = {str(one) for one, standing in standings.items() if standing.may_register}
    return [str(one) for one in near], standings, able


async def _earlier(filters: Filters, today: date) -> Option | None:
    """Where the events that were looked for are over already: how many, and the way to them."""
    past = structs.replace(filters, past=True, can=False, month="", day=None)
    number = await organising.count(ANONYMOUS, past.query(today)) if filters.q.strip() and not filters.past else 0
    return Option(str(number), past.url()) if number else None


def _weeks(cards: Sequence[Card], today: date | None, lang: Lang, *, newest_first: bool = False) -> list[Week]:
    """Cards by week and day; what began before today stands at today, after what begins then."""

    def day(one: Card) -> date:
        begins = one.starts.astimezone(ZoneInfo(one.zone)).date()
        return max(begins, today) if today else begins

    def monday(one: Day) -> date:
        return one.starts - timedelta(days=one.starts.weekday())

    def order(one: Card) -> tuple[date, bool]:
        return day(one), one.starts.astimezone(ZoneInfo(one.zone)).date() < day(one)

    in_order = sorted(cards, key=order, reverse=newest_first)
    days = [Day(starts, list(group)) for starts, group in groupby(in_order, day)]
    return [Week(_label(start, lang), list(group)) for start, group in groupby(days, monday)]


def _label(monday: date, lang: Lang) -> str:
    this = today_here() - timedelta(days=today_here().weekday())
    near = {this: "home.this", this + timedelta(days=7): "home.following"}
    return say(lang, near[monday]) if monday in near else months.week_label(monday, today_here(), lang)


def _pager(filters: Filters, river: River) -> dict[str, object]:
    seen = filters.seen if filters.cursor else 0
    last = seen + len(river.events)
    following = filters.url(cursor=river.following, seen=last) if river.following else ""
    previous = filters.url() if filters.cursor else ""
    return {"previous": previous, "next": following, "first": seen + 1, "last": last, "total": river.total}


def _options(filters: Filters, actor: Actor, lang: Lang, today: date, *, near: str) -> dict[str, object]:
    """What can be chosen; `near` is the reader's own city."""
    everything = say(lang, "common.all")
    ahead = [today.replace(day=1)]
    for _ in range(MONTHS_AHEAD):
        ahead.append(months.next_month(ahead[-1]))
    sign_in = f"/sign-in?{urlencode({'next': filters.url(can=True, past=False)})}"
    can_url = filters.url(can=True, past=False) if actor.person else "/me/link" if actor.account else sign_in
    elsewhere = "" if filters.city == near else filters.city
    everything_url = filters.url(can=False, past=False, city=elsewhere)
    return {
        "kinds": [Option(everything, filters.url(kind=None), filters.kind is None)]
        + [Option(say(lang, f"common.kind_{kind}"), filters.url(kind=kind), filters.kind == kind) for kind in Kind],
        "cities": [Option(everything, filters.url(city=""), not filters.city)]
        + [Option(city(name, lang), filters.url(city=name), filters.city == name) for name in cities()],
        "months": [Option(everything, filters.url(month="", day=None), not filters.month)]
        + [_month_option(month, filters, lang) for month in ahead],
        "can": [
            Option(say(lang, "home.everything"), everything_url, filters.url() == everything_url),
            Option(say(lang, "home.i_can"), can_url, filters.can),
            *([_near(near, filters, lang)] if near else []),
            Option(say(lang, "home.past"), filters.url(past=True, can=False, month="", day=None), filters.past),
        ],
    }


async def _near_city(actor: Actor) -> str:
    return await people.own_city(actor) if actor.person else ""


def _near(near: str, filters: Filters, lang: Lang) -> Option:
    """What is on in the reader's own city, or everywhere again."""
    chosen = filters.city == near
    return Option(say(lang, "home.near", city=city(near, lang)), filters.url(city="" if chosen else near), chosen)


def _month_option(month: date, filters: Filters, lang: Lang) -> Option:
    value = f"{month:%Y-%m}"
    return Option(months.name(month, lang), filters.url(month=value, day=None, past=False), filters.month == value)


def cities() -> list[str]:
    """The cities of the province, by the names that events carry."""
    return [key.removeprefix("city.") for key in texts("zh") if key.startswith("city.")]


async def _aside(filters: Filters, lang: Lang, today: date) -> dict[str, object]:
    month = filters.day.replace(day=1) if filters.day else months.month_of(filters.month, today)
    within = EventQuery(
        kind=filters.kind, city=filters.city, first=month, last=months.next_month(month) - timedelta(days=1)
    )
    found = await organising.by_day(ANONYMOUS, within)
    ahead = await organising.by_city(ANONYMOUS, EventQuery(kind=filters.kind, first=today))
    return {
        "month": months.grid(month, found, today=today, lang=lang, url=structs.replace(filters, past=False).url),
        "weekdays": months.weekdays(lang),
        "tiles": [_tile(name, ahead, filters, lang) for name in cities()],
        "city": filters.city,
    }


def _tile(name: str, ahead: dict[str, int], filters: Filters, lang: Lang) -> dict[str, object]:
    value = ahead.get(name, 0) + ahead.get(f"{name}市", 0)
    return {"name": name, "label": city(name, lang), "value": value, "url": filters.url(city=name)}


async def _personal(actor: Actor, lang: Lang, today: date) -> dict[str, object]:
    """What is on within seven days, how much of it is open to the reader, and the reader's next thing."""
    week = EventQuery(first=today, last=today + timedelta(days=6))
    total = await organising.count(ANONYMOUS, week)
    if actor.person is None:
        return {"this_week": total, "can_count": None, "coming": None}
    _, _, able = await _able(actor, structs.replace(week, state=EventState.OPEN))
    return {"this_week": total, "can_count": len(able), "coming": await _coming(actor, lang)}


async def _coming(actor: Actor, lang: Lang) -> Card | None:
    held = {one.event_id: one.state for one in (await registering.own(actor)).items}
    mine = [event for event in (await organising.some(actor, list(held))).values() if _is_coming(event, held[event.id])]
    following = min(mine, key=lambda event: event.starts_at, default=None)
    return card(following, lang, Standing(held[following.id], False)) if following else None


def _is_coming(event: EventItem, state: RegistrationState) -> bool:
    holds = state in (RegistrationState.PENDING, RegistrationState.CONFIRMED)
    return holds and event.ends_at > clock.now() and event.state != EventState.CANCELLED


def today_here() -> date:
    """The day it is for the federation."""
    return clock.now().astimezone(ZoneInfo(settings.current().zone)).date()
