"""Somebody with a browser, and a small federation to look at."""

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from html import unescape
from uuid import UUID

import httpx

from api.app import create_app
from api.auth import COOKIE
from events import clock, contests, registering
from events.access import Actor
from events.accounts.signing import open_browser
from events.contests import ContestForm, DivisionForm
from events.registering import RegistrationForm, RegistrationView
from events.text import Bilingual, BilingualProse
from tests.events.factory import (
    make_account,
    make_event,
    make_official,
    make_participant,
    make_union,
    make_venue,
)

PAGE = {"Accept": "text/html,application/xhtml+xml"}
MARKDOWN = "## 比赛\n\n- 理论\n\n<script>alert(1)</script>[规程](javascript:alert(1))"
WORDS = BilingualProse(zh=MARKDOWN, en="## What\n\n- theory")


@dataclass(frozen=True)
class Browser:
    """Who looks at pages; follows no redirect by itself."""

    client: httpx.AsyncClient

    async def look(self, path: str, **headers: str) -> httpx.Response:
        """Open a page."""
        return await self.client.get(path, headers=PAGE | {k.replace("_", "-"): v for k, v in headers.items()})

    async def send(self, path: str, **fields: str) -> httpx.Response:
        """Send a form."""
        return await self.client.post(path, data=fields, headers=PAGE)

    async def read(self, path: str) -> str:
        """The words of a page that has to be there."""
        answer = await self.look(path)
        assert answer.status_code == 200, (path, answer.status_code)
        return words(answer)


@asynccontextmanager
async def browser(actor: Actor | None = None, lang: str = "zh") -> AsyncIterator[Browser]:
    """A browser of somebody who is signed in, or of nobody in particular."""
    transport = httpx.ASGITransport(app=create_app(), raise_app_exceptions=True)  # type: ignore[arg-type]
    async with httpx.AsyncClient(transport=transport, base_url="http://magpie.test") as client:
        client.cookies.set("lang", lang)
        if actor is not None:
            assert actor.account is not None
            client.cookies.set(COOKIE, (await open_browser(actor.account, "test")).token)
        yield Browser(client)


def words(answer: httpx.Response) -> str:
    """What a person reads on a page, without its tags."""
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", answer.text)))


@dataclass(frozen=True)
class World:
    """Events in every state, and who looks at them."""

    member: Actor
    stranger: Actor
    organiser: Actor
    union: UUID
    events: dict[str, UUID]
    ticket: RegistrationView
    waiting: RegistrationView

    def path(self, name: str, rest: str = "") -> str:
        """The address of an event, or of something in it."""
        return f"/events/{self.events[name]}{rest}"


async def make_world() -> World:
    """A union, its events, a member who is registered in one and waits for another."""
    union = await make_union("ah")
    member = await make_participant(union, "王芳")
    organiser = await make_official("administrator", name="organiser")
    events = {name: await _event(union, name) for name in STATES}
    welding = ContestForm(title=both("焊工", "Welding"), places=40)
    contest = await contests.add_contest(organiser, events["open"], welding)
    for zh, en in (("职工组", "Workers"), ("学生组", "Students")):
        await contests.add_division(organiser, events["open"], contest.id, DivisionForm(title=both(zh, en)))
    for number in range(3):
        await registering.register(await make_participant(union, f"李{number}"), events["full"], RegistrationForm())
    ticket = await registering.register(member, events["simple"], RegistrationForm())
    waiting = await registering.register(member, events["full"], RegistrationForm())
    return World(member, await make_account("stranger"), organiser, union, events, ticket, waiting)


STATES: dict[str, dict[str, object]] = {
    "open": {"places": 100, "description": WORDS.stored()},
    "simple": {"kind": "wellbeing", "places": 50},
    "full": {"kind": "matchmaking", "places": 2},
    "few": {"kind": "games", "places": 1},
    "announced": {"kind": "fair", "state": "announced"},
    "closed": {"kind": "training", "state": "closed"},
    "under_way": {"kind": "show", "state": "under_way"},
    "finished": {"kind": "quiz", "state": "finished"},
    "cancelled": {"kind": "selection", "state": "cancelled", "reason": "大雨"},
    "review": {"approval": "review"},
    "draft": {"state": "draft"},
}


def both(zh: str, en: str) -> Bilingual:
    return Bilingual(zh=zh, en=en)


async def _event(union: UUID, name: str) -> UUID:
    """An event of its own day, so that none clashes with another."""
    days = 1 + list(STATES).index(name)
    starts = clock.now().replace(hour=1, minute=0, second=0, microsecond=0) + timedelta(days=days)
    title = both(f"<b>{name}</b>活动", f"<b>{name}</b> & co").stored()
    venue = await make_venue(union, f"场馆{name}")
    changes = {"title": title, "starts_at": starts, "ends_at": starts + timedelta(hours=8), "city": "合肥"}
    changes["venue"] = venue
    return await make_event(union, **(changes | STATES[name]))  # type: ignore[arg-type]  # columns
