"""Forms of the desk: read with plain words for what is wrong, carried out once however often a button is pressed."""

from collections.abc import Awaitable, Callable, Iterable, Mapping
from datetime import datetime
from typing import TypeVar
from zoneinfo import ZoneInfo

import msgspec
from litestar.response import Redirect

from api.reading import read
from api.web.forms import Form, Typed, once
from api.web.pages import Asked, redirect
from events import ids
from events.access import Actor
from events.errors import Conflict, Invalid, Reason, Refusal, Stale

Wanted = TypeVar("Wanted")
REFUSED = (Invalid, Conflict, Stale)
UNREADABLE = "?"


def fresh(given: Mapping[str, str] | None = None) -> Form:
    """A form to be filled in, with the token that makes sending it twice harmless."""
    return Form({"token": ids.secret(), **(given or {})})


async def do(
    request: Asked, actor: Actor, given: Typed, work: Callable[[], Awaitable[str]], *, said: str = ""
) -> Redirect:
    """Carry out a form once for its token and go on at the address that `work` gives; `said` is shown there."""
    return redirect(await once(actor, key_of(request, given), work), said=said)


def key_of(request: Asked, given: Typed) -> str:
    """What is the same for each press of a button on one form as it was filled in."""
    told = sorted(given.items()) if given.get("token") else ids.secret()
    return msgspec.json.encode([request.url.path, told]).decode()


def fill(data: Mapping[str, object], form: type[Wanted]) -> Wanted:
    """What was typed as a verb's form; empty fields count as not given. Invalid says plainly what is wrong."""
    try:
        return read({name: value for name, value in data.items() if value != ""}, form, strict=False)
    except Refusal as refusal:
        raise Invalid(*(_plain(reason) for reason in refusal.reasons)) from refusal


def _plain(reason: Reason) -> Reason:
    if reason.code in ("not_a_time", "no_zone"):
        return Reason("day_and_clock", reason.pointer)
    if reason.code == "wrong_type" and reason.params.get("expected", "").startswith("int"):  # type: ignore[attr-defined]  # texts
        return Reason("whole_number", reason.pointer)
    return reason


def both(given: Mapping[str, str], name: str) -> dict[str, str]:
    """A text in both languages, from its two fields."""
    return {"zh": given.get(f"{name}_zh", "").strip(), "en": given.get(f"{name}_en", "").strip()}


def moment(given: Mapping[str, str], name: str, zone: str) -> str:
    """A day and a time of day in a zone, as a time with its offset; "" for none."""
    day, clock = given.get(f"{name}_day", "").strip(), given.get(f"{name}_clock", "").strip()
    if not day and not clock:
        return ""
    try:
        return datetime.fromisoformat(f"{day}T{clock}").replace(tzinfo=ZoneInfo(zone)).isoformat()
    except ValueError:
        return UNREADABLE


def ending(given: Mapping[str, str], zone: str) -> str:
    """When something ends: on the day on which it starts, where only a time of day is given."""
    same = {"ends_day": given.get("starts_day", "")} if given.get("ends_clock") and not given.get("ends_day") else {}
    return moment({**given, **same}, "ends", zone)


def shown_moment(name: str, at: datetime | None, zone: str) -> Typed:
    """A time as the two fields of a form show it."""
    if at is None:
        return {}
    here = at.astimezone(ZoneInfo(zone))
    return {f"{name}_day": f"{here:%Y-%m-%d}", f"{name}_clock": f"{here:%H:%M}"}


def tidy(values: Iterable[str]) -> list[str]:
    """Lines without the empty ones."""
    return [value.strip() for value in values if value.strip()]
