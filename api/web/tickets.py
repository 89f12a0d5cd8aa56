"""A registration on its own page: the ticket, where it stands, withdrawing; for officials, checking in."""

from litestar import get, post
from litestar.params import FromPath

from api.kinds import Asker, Id
from api.problems import STATUS, lang_of
from api.web.event import map_url
from api.web.forms import typed
from api.web.pages import Answer, Asked, absolute, page, redirect
from api.web.shapes import place_of
from api.wording import Lang, say, words
from events import clock, organising, registering
from events.access import Actor, Right
from events.errors import Refusal
from events.organising import EventView
from events.registering import RegistrationView
from events.terms import OVER, Approval, RegistrationState

GOING = (RegistrationState.PENDING, RegistrationState.CONFIRMED, RegistrationState.WAITING)


@get("/events/{event_id:uuid}/tickets/{reference:str}")
async def ticket_page(request: Asked, actor: Asker, event_id: Id, reference: FromPath[str]) -> Answer:
    """The ticket."""
    return await _page(request, actor, await registering.ticket(actor, event_id, reference))


@post("/events/{event_id:uuid}/tickets/{reference:str}")
async def change_ticket(request: Asked, actor: Asker, event_id: Id, reference: FromPath[str]) -> Answer:
    """Withdraw, or check in."""
    found, do = await registering.ticket(actor, event_id, reference), (await typed(request)).get("do")
    try:
        if do == "withdraw":
            await registering.withdraw(actor, event_id, found.id)
        elif do == "check_in":
            await registering.check_in(actor, event_id, found.reference)
    except Refusal as refusal:
        lang = lang_of(request.scope)
        said = [words(reason, lang) for reason in refusal.reasons]
        return await _page(request, actor, found, said=said, status=STATUS[type(refusal)])
    return redirect(request.url.path, said=f"said.{do}" if do in ("withdraw", "check_in") else "")


async def _page(
    request: Asked, actor: Actor, found: RegistrationView, *, said: list[str] | None = None, status: int = 200
) -> Answer:
    lang = lang_of(request.scope)
    event = await organising.event(actor, found.event_id)
    going = found.state in GOING and event.state not in OVER
    officiates = actor.may(Right.CHECK_IN, event=event.id, union_path=event.union.path)
    absent = found.state == RegistrationState.CONFIRMED and found.checked_in_at is None
    context = {
        "event": event,
        "ticket": _ticket(found, event, lang),
        "fresh": "fresh" in request.query_params,
        "said": said or [],
        "words": _words(found, lang),
        "steps": _steps(found, event, lang),
        "map_url": map_url(event, lang),
        "calendar": f"/events/{event.id}/calendar.ics?lang={lang}" if going else "",
        "may_withdraw": going and found.checked_in_at is None and event.ends_at > clock.now(),
        "withdraw_note": say(lang, "register.withdraw_note"),
        "check_in": officiates and going and absent,
    }
    return await page(request, "register_done.html", context, status=status)


def shown_state(found: RegistrationView) -> str:
    """A registration's state as its pill says it."""
    if found.checked_in_at is not None and found.state == RegistrationState.CONFIRMED:
        return "attended"
    return "submitted" if found.state == RegistrationState.PENDING else found.state


def _ticket(found: RegistrationView, event: EventView, lang: Lang) -> dict[str, object]:
    entered = [title.in_language(lang) for title in (found.contest_title, found.division_title) if title]
    return {
        "title": event.title,
        "starts": event.starts_at,
        "ends": event.ends_at,
        "zone": event.zone,
        "place": place_of(event, lang),
        "entered": " · ".join(entered),
        "name": found.person_name,
        "union": found.union_name.in_language(lang) if found.union_name else "",
        "reference": found.reference,
        "state": shown_state(found),
        "position": found.position,
        "url": absolute(f"/events/{event.id}/tickets/{found.reference}"),
    }


def _words(found: RegistrationView, lang: Lang) -> list[str]:
    """What happened, what it means, what comes next."""
    told = [say(lang, f"register.words_{shown_state(found)}", n=found.position or 0)]
    return told + ([say(lang, "register.reason", reason=found.reason)] if found.reason else [])


def _steps(found: RegistrationView, event: EventView, lang: Lang) -> list[dict[str, str | None]]:
    """The way of a review, where there is one."""
    if event.approval != Approval.REVIEW or found.state not in (*GOING, RegistrationState.REFUSED):
        return []
    decided = found.state in (RegistrationState.CONFIRMED, RegistrationState.REFUSED)
    waits = found.state == RegistrationState.WAITING
    organiser = event.union.name.in_language(lang)
    last = "failed" if found.state == RegistrationState.REFUSED else "done" if decided else "next"
    sent = {"label": "way_sent", "state": "done", "who": ""}
    queue = [{"label": "way_waiting", "state": "now", "who": ""}] if waits else []
    review = {"label": "way_review", "state": "done" if decided else "next" if waits else "now", "who": organiser}
    answer = {"label": "way_refused" if last == "failed" else "way_confirmed", "state": last, "who": ""}
    extra: dict[str, str | None] = {"by": None, "url": "", "note": ""}
    return [one | extra | {"label": say(lang, f"register.{one['label']}")} for one in (sent, *queue, review, answer)]


ROUTES = [ticket_page, change_ticket]
