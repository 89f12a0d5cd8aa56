"""The page of an event: when, where, whether it is for me, and the one thing to do."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from itertools import groupby
from typing import NamedTuple
from urllib.parse import urlencode
from uuid import UUID
from zoneinfo import ZoneInfo

from litestar import get
from msgspec import Struct, structs

from api import ready
from api.kinds import Asker, Id
from api.problems import lang_of
from api.web import markdown
from api.web.pages import Asked, Page, page
from api.web.rulings import given, titles_of
from api.web.shapes import Card, card, places_of, rank_of, who
from api.wording import Lang, say, words
from events import contests, organising, publishing, registering, scheduling
from events.access import Actor, Right
from events.contests import ContestView
from events.organising import EventItem, EventView
from events.organising.forms import PlacesView
from events.publishing import ResultView
from events.registering import RegistrationView, Standing, Verdict
from events.scheduling import SessionView
from events.terms import OVER, EventState, RegistrationState, SessionState, StageState
from events.text import Bilingual

MOVING = (StageState.DRAWN, StageState.MARKING, StageState.SIGNED)
NOT_NOW = (EventState.CANCELLED, EventState.UNDER_WAY, EventState.FINISHED, EventState.DRAFT)


class Shown(Card, frozen=True, kw_only=True):
    """An event as its own page shows it."""

    summary: Bilingual
    address: str
    map_url: str
    about: str
    cancel_reason: str
    closes: datetime | None
    like_url: str


class Told(Struct, frozen=True):
    """The verdict in words: kind is yes, later, wait, no or mine."""

    kind: str
    words: str
    reasons: list[str] = []


class Action(Struct, frozen=True):
    """The one thing to do now, and for whom it is not the first time another way."""

    label: str
    url: str
    other_label: str = ""
    other_url: str = ""


class Part(NamedTuple):
    """A session in the programme."""

    title: Bilingual
    starts: datetime
    ends: datetime
    old_starts: datetime | None
    old_ends: datetime | None
    place: str
    cancelled: bool


class Day(NamedTuple):
    """The sessions of a day."""

    starts: datetime
    sessions: list[Part]


@get("/events/{event_id:uuid}", ready=ready.page(ready.EVENT))
async def event_page(request: Asked, actor: Asker, event_id: Id) -> Page:
    """Everything about one event, from the reader's point of view."""
    lang = lang_of(request.scope)
    event = await organising.event(actor, event_id)
    ready.lasts_until(request.scope, event.opens_at, event.closes_at, event.starts_at, event.ends_at)
    mine = await own_registration(actor, event_id)
    told, action = await _verdict(actor, event, mine, lang)
    organises, reads = (
        actor.may(right, event=event.id, union_path=event.union.path) for right in (Right.ORGANISE, Right.READ_LOG)
    )
    listed = await contests.list_contests(actor, event_id, limit=500)
    results = await publishing.results(actor, event_id, leading=3)
    shown_contests = [_contest(one, results) for one in listed.items]
    context = {
        "event": shown(event, lang, mine),
        "verdict": told,
        "action": action or _watching(shown_contests, lang),
        "contests": shown_contests,
        "days": _programme(await scheduling.sessions(actor, event_id), event, lang),
        "results": [_result(event_id, one, lang) for one in results],
        "tallies": [
            {"title": one.title, "url": tally_url(event_id, one.id)}
            for one in await publishing.list_tallies(actor, event_id)
        ],
        "calendar": f"/events/{event_id}/calendar.ics?lang={lang}" if event.state not in OVER else "",
        "desk_url": f"/desk/events/{event_id}" if organises else "",
        "log_url": f"/events/{event_id}/log" if reads else "",
        "preview": event.state == EventState.DRAFT,
    }
    return await page(request, "event.html", context)


async def own_registration(actor: Actor, event_id: UUID) -> RegistrationView | None:
    """The actor's registration in an event, unless it was withdrawn."""
    if actor.person is None:
        return None
    found = (await registering.own(actor, event_id=event_id, limit=1)).items
    return found[0] if found and found[0].state != RegistrationState.WITHDRAWN else None


def ticket_url(mine: RegistrationView) -> str:
    """The page of a registration."""
    return f"/events/{mine.event_id}/tickets/{mine.reference}"


def shown(event: EventView, lang: Lang, mine: RegistrationView | None = None) -> Shown:
    """An event as its page and the steps of registering show it."""
    plain = card(event, lang, Standing(mine.state, False) if mine else None)
    return Shown(
        **structs.asdict(plain),
        summary=event.summary,
        address=event.venue.address if event.venue else "",
        map_url=map_url(event, lang),
        about=markdown.html(event.description.in_language(lang)),
        cancel_reason=event.reason or "",
        closes=event.closes_at if event.state == EventState.OPEN else None,
        like_url=f"/calendar?{urlencode({'kind': event.kind, 'city': event.city})}",
    )


def map_url(event: EventItem, lang: Lang) -> str:
    """Where a map shows the venue: by its coordinates, else by its address."""
    venue = event.venue
    if venue is None:
        return ""
    name = venue.name.in_language(lang)
    if venue.latitude and venue.longitude:
        query = {"position": f"{venue.longitude},{venue.latitude}", "name": name, "coordinate": "wgs84"}
        return f"https://uri.amap.com/marker?{urlencode(query)}"
    return f"https://uri.amap.com/search?{urlencode({'keyword': f'{venue.address} {name}'.strip()})}"


async def _verdict(
    actor: Actor, event: EventView, mine: RegistrationView | None, lang: Lang
) -> tuple[Told | None, Action | None]:
    if mine is not None:
        shows = "ticket" if mine.state == RegistrationState.CONFIRMED else "registration"
        return _told_of_mine(mine, lang), Action(say(lang, f"event.show_{shows}"), ticket_url(mine))
    if event.state in NOT_NOW:
        return None, None
    found = await registering.may_register(actor, event.id)
    return told_of(found, event, actor, lang), _action(found, event, actor, lang)


def told_of(found: Verdict, event: EventView, actor: Actor, lang: Lang) -> Told:
    """The verdict in words: what holds, and for a refusal every reason."""
    others = [reason for reason in found.reasons if reason.code != "not_linked"]
    unlinked = len(others) < len(found.reasons)
    full = event.places.free is not None and event.places.free <= 0
    if others:
        kind = "later" if {reason.code for reason in others} == {"not_open_yet"} else "no"
        return Told(kind, say(lang, f"event.verdict_{kind}"), [words(reason, lang) for reason in others])
    if unlinked:
        key = "link" if actor.account else "sign_in"
        return Told("wait" if full else "yes", say(lang, f"event.verdict_{key}"), _if_full(event, lang) if full else [])
    if found.would_wait:
        return Told("wait", say(lang, "event.verdict_wait"), _if_full(event, lang))
    return Told("yes", say(lang, "event.verdict_yes"))


def _if_full(event: EventView, lang: Lang) -> list[str]:
    return [say(lang, "event.verdict_waiting", n=event.places.waiting)]


def _told_of_mine(mine: RegistrationView, lang: Lang) -> Told:
    position = mine.position or 0
    reasons = [mine.reason] if mine.reason else []
    kind = {RegistrationState.WAITING: "wait", RegistrationState.REFUSED: "no"}.get(mine.state, "mine")
    return Told(kind, say(lang, f"event.mine_{mine.state}", n=position), reasons)


def _action(found: Verdict, event: EventView, actor: Actor, lang: Lang) -> Action | None:
    url = f"/events/{event.id}/register"
    following = urlencode({"next": url})
    codes: set[str] = {reason.code for reason in found.reasons}
    if found.accepted:
        return Action(say(lang, "event.join_list" if found.would_wait else "event.register"), url)
    if codes != {"not_linked"}:
        return None
    if actor.account:
        return Action(say(lang, "event.link"), f"/me/link?{following}")
    sign_in = say(lang, "event.sign_in")
    return Action(say(lang, "event.register"), f"/sign-up?{following}", sign_in, f"/sign-in?{following}")


def _watching(listed: Sequence[Mapping[str, object]], lang: Lang) -> Action | None:
    """The live board, where there is one and nothing else to do."""
    boards = [str(one["board_url"]) for one in listed if one["board_url"]]
    return Action(say(lang, "event.watch"), boards[0]) if boards else None


def _contest(contest: ContestView, results: Sequence[ResultView]) -> dict[str, object]:
    published = [one for one in results if one.contest_id == contest.id]
    moving = [one for one in contest.stages if contest.live_public and one.state in MOVING and not one.meets]
    drawn = [stage for stage in contest.stages if stage.state != StageState.PREPARED]
    free = None if contest.places is None else max(contest.places - contest.used, 0)
    return {
        "id": contest.id,
        "title": contest.title,
        "divisions": [division.title for division in contest.divisions],
        "places": places_of(PlacesView(contest.places, contest.used, contest.waiting, free)),
        "board_url": stage_url(contest.event_id, moving[-1].id, "board") if moving else "",
        "results_url": stage_url(contest.event_id, published[0].stage_id, "results") if published else "",
        "start_url": stage_url(contest.event_id, drawn[-1].id, "draw") if drawn and not drawn[-1].meets else "",
        "fixtures_url": stage_url(contest.event_id, drawn[-1].id, "fixtures") if drawn and drawn[-1].meets else "",
    }


def stage_url(event_id: UUID, stage_id: UUID, what: str) -> str:
    """The page of a stage's board or results."""
    return f"/events/{event_id}/stages/{stage_id}/{what}"


def tally_url(event_id: UUID, tally_id: UUID) -> str:
    """The page of a table of delegations."""
    return f"/events/{event_id}/tallies/{tally_id}"


def why_url(event_id: UUID, stage_id: UUID, entry_id: UUID | None) -> str:
    """The page that explains an entry's place; none for an entry whose code is not opened."""
    return stage_url(event_id, stage_id, f"entries/{entry_id}") if entry_id else ""


def _result(event_id: UUID, found: ResultView, lang: Lang) -> dict[str, object]:
    awards = titles_of(found.awards, lang)
    podium = [
        {"rank": rank_of(row), "who": who(row, lang), "score": row.score or "", "awards": given(row, awards)}
        for row in found.rows
        if row.rank
    ]
    url = stage_url(event_id, found.stage_id, "results")
    return {"contest": found.contest, "url": url, "state": found.kind, "podium": podium}


def _programme(sessions: Iterable[SessionView], event: EventView, lang: Lang) -> list[Day]:
    """Sessions by day; a single one that says nothing new is left out."""
    listed = list(sessions)
    if len(listed) == 1 and (listed[0].starts_at, listed[0].ends_at) == (event.starts_at, event.ends_at):
        return []

    def day(one: SessionView) -> date:
        return one.starts_at.astimezone(ZoneInfo(event.zone)).date()

    days = [list(group) for _, group in groupby(listed, day)]
    return [Day(group[0].starts_at, [_part(one, lang) for one in group]) for group in days]


def _part(one: SessionView, lang: Lang) -> Part:
    length = one.ends_at - one.starts_at
    before = one.previous_starts_at if one.previous_starts_at != one.starts_at else None
    place = one.venue_name.in_language(lang) if one.venue_name else ""
    gone = one.state == SessionState.CANCELLED
    return Part(one.title, one.starts_at, one.ends_at, before, before and before + length, place, gone)
