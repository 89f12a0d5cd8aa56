"""A real browser at a real server with a fresh SQLite database."""

import os
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import TypeAlias

import pytest
from playwright.async_api import Browser, Page, async_playwright

from api.auth import COOKIE
from events import db
from events.access import Actor
from events.accounts.signing import open_browser
from tests.api.conftest import serving
from tests.api.pages import World, make_world

Opener: TypeAlias = Callable[..., AbstractAsyncContextManager[Page]]
CHROMIUM = "/usr/bin/chromium"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    if os.environ.get("MAGPIE_SKIP_BROWSER") == "1":
        for item in items:
            if "tests/browser/" in str(item.path):
                item.add_marker(pytest.mark.skip(reason="MAGPIE_SKIP_BROWSER=1"))


@pytest.fixture
async def chromium() -> AsyncIterator[Browser]:
    """Debian's chromium."""
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield browser
        await browser.close()


@pytest.fixture
async def world(sqlite_url: str) -> AsyncIterator[World]:
    """Events in every state."""
    db.connect(sqlite_url)
    yield await make_world()
    await db.close()


@pytest.fixture
async def address(sqlite_url: str) -> AsyncIterator[str]:
    """Where the server is."""
    db.connect(sqlite_url)
    async with serving() as found:
        yield found


@pytest.fixture
def opened(chromium: Browser, address: str) -> Opener:
    """Opens a page of somebody: opened(actor, lang=, width=, script=). What the console complains of fails the test."""

    @asynccontextmanager
    async def opener(
        actor: Actor | None = None, *, lang: str = "zh", width: int = 360, script: bool = True, dark: bool = False
    ) -> AsyncIterator[Page]:
        context = await chromium.new_context(
            base_url=address, viewport={"width": width, "height": 740}, java_script_enabled=script,
            locale="zh-CN" if lang == "zh" else "en-GB", color_scheme="dark" if dark else "light",
            reduced_motion="reduce",
        )  # fmt: skip
        context.set_default_timeout(15_000)
        if actor is not None:
            assert actor.account is not None
            token = (await open_browser(actor.account, "test")).token
            await context.add_cookies([{"name": COOKIE, "value": token, "url": address}])
        page = await context.new_page()
        complaints: list[str] = []
        page.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        yield page
        await context.close()
        assert [text for text in complaints if "Failed to load resource" not in text] == []

    return opener
