"""No link on any page leads nowhere, whoever follows it: the demo federation, walked by its accounts."""

import re
from collections import Counter, deque
from collections.abc import AsyncIterator

import pytest

from api.auth import COOKIE
from events import accounts, db, demo
from events.accounts import SignInForm
from tests.api.pages import PAGE, Browser, browser

LINK = re.compile(r'href="(/[^"#]*)')
ONE = re.compile(r"[0-9a-f]{8}-[0-9a-f-]{27}|(?<=/tickets/)\w+")
ELSEWHERE = ("/static", "/api", "/language", "/theme", "/sign-out")
PASSWORD = "magpie-demo"
ALIKE = 2  # pages of one kind that are opened


@pytest.fixture
async def federation(sqlite_url: str) -> AsyncIterator[None]:
    """The demo federation."""
    db.connect(sqlite_url)
    await demo.load(lambda *_: None)
    yield
    await db.close()


@pytest.mark.usefixtures("federation")
async def test_no_link_leads_nowhere() -> None:
    dead: dict[tuple[str, str], str] = {}
    for login in ("", "worker", "judge", "chief", "registrar", "organiser", "admin"):
        async with browser() as reader:
            if login:
                reader.client.cookies.set(
                    COOKIE, (await accounts.sign_in(SignInForm(login=login, password=PASSWORD))).token
                )
            dead |= {(login, path): come async for path, come in _dead_ends(reader, bool(login))}
    assert dead == {}


async def _dead_ends(reader: Browser, signed_in: bool) -> AsyncIterator[tuple[str, str]]:
    """The addresses that answer with an error, each with the page that leads there."""
    seen: Counter[str] = Counter()
    ahead = deque([("/", "")] + ([("/me", "")] if signed_in else []))
    while ahead:
        path, come = ahead.popleft()
        kind = ONE.sub("*", path.partition("?")[0])
        seen[kind] += 1
        if seen[kind] > ALIKE or kind.startswith(ELSEWHERE):
            continue
        answer = await reader.client.get(path, headers=PAGE, follow_redirects=True)
        if answer.status_code >= 400:
            yield path, come
        if "html" in answer.headers.get("content-type", ""):
            ahead.extend((to.replace("&amp;", "&"), path) for to in LINK.findall(answer.text))
