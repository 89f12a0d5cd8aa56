"""The feed as other people's programs read it: khal and vdirsyncer, and npm's ical.js in a browser."""

import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import NamedTuple

import pytest
from playwright.async_api import async_playwright

from events import access, calendars, db, scheduling
from events.calendars import FeedQuery
from events.scheduling import SessionForm, VenueForm
from events.text import Bilingual
from tests.browser.conftest import CHROMIUM
from tests.events.factory import make_event, make_union

PROGRAMS = Path(sys.executable).parent
FIRST = datetime.fromisoformat("2027-05-01T09:00+08:00")
TITLES = (
    "焊工技能竞赛",
    "𠮷林代表队，㐂庆；“好\\运”😀👩‍🔧",
    "很长的名称" * 30,
    "Finals, part 2; bring a card",
    "取消的一场",
)
ICAL_JS = Path(sys.prefix) / "ical.js" / "ical.min.js"  # `make readers` fetches it
READ = """async ([source, text]) => {
  const ICAL = (await import(URL.createObjectURL(new Blob([source], {type: "text/javascript"})))).default;
  const calendar = new ICAL.Component(ICAL.parse(text));
  for (const zone of calendar.getAllSubcomponents("vtimezone")) ICAL.TimezoneService.register(zone);
  const events = calendar.getAllSubcomponents("vevent").map((part) => new ICAL.Event(part));
  return events.map((event) => ({summary: event.summary, starts: event.startDate.toJSDate().toISOString(),
    location: event.location, status: event.component.getFirstPropertyValue("status")}));
}"""


class Expected(NamedTuple):
    """A session, as it ought to be read."""

    summary: str
    starts: datetime


@pytest.fixture
async def feed(sqlite_url: str) -> bytes:
    """A feed of sessions on five days, with names that are hard on readers; the last one is cancelled."""
    db.connect(sqlite_url)
    union = await make_union()
    event = await make_event(union, title=Bilingual().stored())
    venue = await scheduling.add_venue(access.SYSTEM, VenueForm(name=Bilingual(zh="工人文化宫"), union=union))
    for day, title in enumerate(TITLES):
        starts = FIRST + timedelta(days=day)
        form = SessionForm(
            title=Bilingual(zh=title), venue=venue.id, starts_at=starts, ends_at=starts + timedelta(hours=2)
        )
        made = await scheduling.add_session(access.SYSTEM, event, form)
    await scheduling.cancel_session(access.SYSTEM, event, made.id)
    body = (await calendars.feed(FeedQuery(days=None), name="鹊桥")).body
    await db.close()
    return body


def expected() -> list[Expected]:
    """The sessions in the order of time."""
    shown = [*TITLES[:-1], f"【取消】{TITLES[-1]}"]
    return [Expected(title, FIRST + timedelta(days=day)) for day, title in enumerate(shown)]


def run(*command: str | Path, home: Path, **environment: str) -> str:
    """What a program says; it has to succeed, and finds nothing of this machine's configuration."""
    clean = {"PATH": os.environ["PATH"], "HOME": str(home), "LANG": "C.UTF-8", **environment}
    done = subprocess.run(command, env=clean, check=True, capture_output=True, timeout=120)
    return done.stdout.decode()


@contextmanager
def served(body: bytes) -> Iterator[str]:
    """The address of a calendar."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "text/calendar; charset=utf-8")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *arguments: object) -> None:
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/calendar.ics"
        server.shutdown()


def synchronised(url: str, home: Path) -> Path:
    """The folder into which vdirsyncer brings a feed, one file an entry."""
    folder = home / "entries"
    folder.mkdir()
    config = home / "vdirsyncer.ini"
    config.write_text(
        f'[general]\nstatus_path = "{home}/status"\n[pair feed]\na = "there"\nb = "here"\ncollections = null\n'
        f'[storage there]\ntype = "http"\nurl = "{url}"\n'
        f'[storage here]\ntype = "filesystem"\npath = "{folder}"\nfileext = ".ics"\n'
    )
    for command in ("discover", "sync"):
        run(PROGRAMS / "vdirsyncer", "-c", config, command, home=home)
    return folder


def listed(folder: Path, zone: str, home: Path) -> list[Expected]:
    """What khal lists of a folder for somebody who lives in `zone`."""
    config = home / "khal.ini"
    config.write_text(
        f"[calendars]\n[[feed]]\npath = {folder}\n[sqlite]\npath = {home}/khal.db\n[locale]\nlocal_timezone = {zone}\n"
        "default_timezone = UTC\ntimeformat = %H:%M\ndateformat = %Y-%m-%d\nlongdateformat = %Y-%m-%d\n"
        "datetimeformat = %Y-%m-%d %H:%M\nlongdatetimeformat = %Y-%m-%dT%H:%M%z\n"
    )
    how = ("--day-format", "", "--format", "{start-long-full}|{title}")
    shown = run(PROGRAMS / "khal", "-c", config, "list", *how, "2027-04-30", "10d", home=home)
    lines = [line.partition("|") for line in shown.splitlines() if "|" in line]
    return [Expected(title, datetime.fromisoformat(start)) for start, _, title in lines]


@pytest.mark.parametrize("zone", ["Asia/Shanghai", "America/New_York"])
async def test_vdirsyncer_brings_every_entry_and_khal_shows_it(feed: bytes, tmp_path: Path, zone: str) -> None:
    with served(feed) as url:
        folder = synchronised(url, tmp_path)
    assert len(list(folder.glob("*.ics"))) == len(TITLES)
    assert listed(folder, zone, tmp_path) == expected()


async def test_ical_js_reads_the_feed(feed: bytes) -> None:
    if not ICAL_JS.exists():
        pytest.skip("needs ical.js, which `make readers` fetches where it can")
    if os.environ.get("MAGPIE_SKIP_BROWSER") == "1":
        pytest.skip("MAGPIE_SKIP_BROWSER=1")
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        page = await browser.new_page(timezone_id="America/New_York")
        found = await page.evaluate(READ, [ICAL_JS.read_text(), feed.decode()])
        await browser.close()
    assert [Expected(event["summary"], datetime.fromisoformat(event["starts"])) for event in found] == expected()
    assert {event["location"] for event in found} == {"工人文化宫"}
    assert [event["status"] for event in found] == ["CONFIRMED"] * 4 + ["CANCELLED"]
