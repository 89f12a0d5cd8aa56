"""My page: the next thing first, then tickets, lists, duties, results, and my calendar's private address."""

from collections.abc import Sequence
from typing import NamedTuple
from uuid import UUID

from litestar import get, post

from api.feeds import PRIVATE
from api.kinds import Asker
from api.problems import lang_of
from api.reading import read
from api.web.contact import waiting
from api.web.event import map_url, ticket_url, why_url
from api.web.forms import asked, typed
from api.web.pages import Answer, Asked, absolute, page, path_of, redirect
from api.web.rulings import given, titles_of
from api.web.shapes import place_of, rank_of
from api.web.tickets import shown_state
from api.wording import Lang, say
from events import access, accounts, clock, marking, messages, organising, people, publishing, registering, scheduling
from events.access import Actor
from events.marking import Duty
from events.organising import EventItem
from events.registering import RegistrationView
from events.scheduling import SessionDuty
from events.terms import OVER, ContactKind, RegistrationState, StageState

HOLDING = (RegistrationState.PENDING, RegistrationState.CONFIRMED)
MOST = 200


class Held(NamedTuple):
    """A registration with its event."""

    registration: RegistrationView
    event: EventItem


@get("/me")
async def my_page(request: Asked, actor: Asker) -> Answer:
    """What is mine."""
    access.signed_in(actor)
    return await _page(request, actor)


@post("/me")
async def change_feed(request: Asked, actor: Asker) -> Answer:
    """Make or end the private calendar address; the page that answers is the only one that ever shows it."""
    access.signed_in(actor)
    do = (await typed(request)).get("do")
    if do == "new_feed":
        made = await accounts.issue_calendar_token(actor)
        return await _page(request, actor, secret=f"{PRIVATE}{made.token}.ics?lang={lang_of(request.scope)}")
    kept = await accounts.calendar_token(actor)
    if do == "end_feed" and kept is not None:
        await accounts.revoke_token(actor, kept.id)
    return redirect("/me", said="said.token_ended" if do == "end_feed" else "")


@get("/me/messages")
async def inbox(request: Asked, actor: Asker) -> Answer:
    """What was sent to me; looking at it changes nothing."""
    cursor = asked(request).get("cursor", "")
    found = await messages.inbox(actor, cursor=cursor)
    context = {
        "messages": found.items,
        "following": found.next,
        "newest": found.items[0].id if found.items else "",
        "unread": await messages.unread(actor),
    }
    return await page(request, "messages.html", context)


@post("/me/messages")
async def read_messages(request: Asked, actor: Asker) -> Answer:
    """Note that one message has been read, or all of them up to the newest that was shown."""
    access.signed_in(actor)
    do, _, message = (await typed(request)).get("do", "").partition(" ")
    which = read(message, UUID, strict=False)
    if do == "all":
        await messages.mark_all_read(actor, newest=which)
    else:
        await messages.mark_read(actor, which)
    return redirect(path_of(request), said="said.all_read" if do == "all" else "")


@get("/me/past")
async def past(request: Asked, actor: Asker) -> Answer:
    """Registrations of events that are over, and those that ended."""
    lang = lang_of(request.scope)
    held = await _held(actor)
    rows = [_ticket(one, lang) for one in held if one not in _coming(held)]
    return await page(request, "past.html", {"tickets": rows})


async def _page(request: Asked, actor: Actor, *, secret: str = "") -> Answer:
    lang = lang_of(request.scope)
    held = await _held(actor)
    going = _coming(held)
    tickets = [one for one in going if one.registration.state in HOLDING]
    waiting = [one for one in going if one.registration.state == RegistrationState.WAITING]
    context = {
        "coming": _next(tickets, lang),
        "tickets": [_ticket(one, lang) for one in tickets[1:]],
        "lists": [_list(one, lang) for one in waiting],
        "duties": await _duties(actor, lang),
        "results": await _results(actor, lang),
        "past": len(held) - len(going),
        "feed": await _feed(actor, secret),
        "to_prove": await _to_prove(actor),
        "person": await _person(actor, lang),
    }
    return await page(request, "me.html", context)


async def _to_prove(actor: Actor) -> str:
    """The phone or mail that waits for its code, where codes arrive; nothing once one is proven."""
    account = await accounts.own(actor)
    if account.phone or account.mail:
        return ""
    return next((one["address"] for one in waiting(account) if messages.reaches(ContactKind(one["kind"]))), "")


async def _held(actor: Actor) -> list[Held]:
    """The actor's registrations, by the beginning of their events."""
    found = (await registering.own(actor, limit=MOST)).items if actor.person else []
    events = await organising.some(actor, [one.event_id for one in found])
    held = [Held(one, events[one.event_id]) for one in found if one.event_id in events]
    return sorted(held, key=lambda one: (one.event.starts_at, str(one.event.id)))


def _coming(held: Sequence[Held]) -> list[Held]:
    states = (*HOLDING, RegistrationState.WAITING)
    return [
        one
        for one in held
        if one.registration.state in states and one.event.state not in OVER and one.event.ends_at > clock.now()
    ]


def _next(tickets: Sequence[Held], lang: Lang) -> dict[str, object] | None:
    if not tickets:
        return None
    found = tickets[0]
    return _ticket(found, lang) | {"map_url": map_url(found.event, lang)}


def _ticket(held: Held, lang: Lang) -> dict[str, object]:
    found, event = held
    entered = [title.in_language(lang) for title in (found.contest_title, found.division_title) if title]
    return {
        "title": event.title,
        "starts": event.starts_at,
        "ends": event.ends_at,
        "zone": event.zone,
        "place": place_of(event, lang),
        "entered": " · ".join(entered),
        "reference": found.reference,
        "state": shown_state(found),
        "url": ticket_url(found),
    }


def _list(held: Held, lang: Lang) -> dict[str, object]:
    position = held.registration.position or 0
    return {
        "title": held.event.title,
        "url": ticket_url(held.registration),
        "position": position,
        "length": held.registration.waiting,
        "words": say(lang, "me.waits", n=position),
    }


async def _duties(actor: Actor, lang: Lang) -> list[dict[str, object]]:
    """What there is to do: in sessions, and in panels until the result is official; the soonest first."""
    judging = [duty for duty in await marking.duties(actor) if duty.state != StageState.OFFICIAL]
    helping = await scheduling.own_duties(actor)
    found: list[Duty | SessionDuty] = [*helping, *judging]
    found.sort(key=lambda duty: duty.starts_at)
    return [_duty(duty, lang) if isinstance(duty, Duty) else _session_duty(duty, lang) for duty in found]


def _duty(duty: Duty, lang: Lang) -> dict[str, object]:
    what = [title.in_language(lang) for title in (duty.contest, duty.stage, duty.panel)]
    role = say(lang, "me.leads") if duty.leads else say(lang, "me.seat", seat=duty.seat or "")
    return {"title": duty.event, "starts": duty.starts_at, "words": " · ".join(what), "role": role, "url": "/judge"}


def _session_duty(duty: SessionDuty, lang: Lang) -> dict[str, object]:
    session = "" if duty.title == duty.event_title else duty.title.in_language(lang)
    place = duty.venue_name.in_language(lang) if duty.venue_name else ""
    return {
        "title": duty.event_title,
        "starts": duty.starts_at,
        "ends": duty.ends_at,
        "zone": duty.zone,
        "words": " · ".join(part for part in (session, place) if part),
        "role": duty.duty or say(lang, "me.on_duty"),
        "url": f"/events/{duty.event_id}",
    }


async def _results(actor: Actor, lang: Lang) -> list[dict[str, object]]:
    return [
        {
            "title": one.event,
            "contest": one.contest,
            "rank": rank_of(one.row),
            "score": one.row.score or "",
            "state": one.kind,
            "awards": given(one.row, titles_of(one.awards, lang)),
            "url": why_url(one.event_id, one.stage_id, one.entry_id),
        }
        for one in await publishing.own_results(actor)
    ]


async def _feed(actor: Actor, secret: str) -> dict[str, object]:
    kept = await accounts.calendar_token(actor)
    made, used = (kept.created_at, kept.used_at) if kept else (None, None)
    return {"url": absolute(secret) if secret else "", "made": made, "read": used}


async def _person(actor: Actor, lang: Lang) -> dict[str, object]:
    if actor.person is None:
        return {"name": actor.name, "union": "", "member": False, "link_url": "/me/link?next=/me"}
    found = await people.own(actor)
    union = found.union_name.in_language(lang) if found.union_name else ""
    return {"name": found.name, "union": union, "member": True, "link_url": ""}


ROUTES = [my_page, change_feed, inbox, read_messages, past]
