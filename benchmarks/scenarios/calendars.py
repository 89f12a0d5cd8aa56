"""The calendar of 10,000 sessions: made for the first time, after a change, and asked for by who has it."""

from __future__ import annotations

import json
import time
import urllib.request
from datetime import datetime, timedelta
from statistics import median
from typing import Any

from benchmarks import checking
from benchmarks.ground import RUN, Ground, Outcome, Site, address
from benchmarks.harness import web, wrk
from benchmarks.harness.wrk import Load
from benchmarks.places import WEB
from events import clock

PATH = "/calendar.ics"
PACKED = {"Accept-Encoding": "gzip"}
CHANGES = 5


def calendar(ground: Ground) -> Outcome:
    """By one process, compressed, as calendar programs ask."""
    with ground.site(processes=1) as site:
        cold, first = timed()
        measures = {"cold_ms": cold, "warm_ms": median(timed()[0] for _ in range(5)), "bytes": len(first.body)}
        headers = PACKED | {"If-None-Match": first.headers["etag"]}
        for name, connections in (("unchanged_", 8), ("unchanged_alone_", 1)):
            load = Load(address(PATH), connections, 2, headers=headers)
            measures |= wrk.run(load, site.watched).expect().measures(name)
        measures["after_change_ms"] = median(_after_change(site, number) for number in range(1, CHANGES + 1))
        measures |= site.memory()
    ran = f"one process, 10,000 sessions, {CHANGES} changes of a session"
    return Outcome(ran, measures, ["every change was told", *checking.look(ground.storage.url(RUN))])


def timed() -> tuple[float, web.Answer]:
    """Milliseconds until the whole calendar was there."""
    began = time.perf_counter()
    found = web.get(WEB, PATH, PACKED)
    assert found.status == 200, found.status
    return (time.perf_counter() - began) * 1000, found


def _after_change(site: Site, number: int) -> float:
    """The next request for the calendar after a session got longer, which it tells."""
    before, tomorrow = web.get(WEB, PATH, PACKED).headers["etag"], clock.now() + timedelta(days=1)
    event = json.loads(web.get(WEB, f"/api/v1/events?limit=1&first={tomorrow:%F}", _by(site)).body)["items"][0]["id"]
    path = f"/api/v1/events/{event}/sessions"
    session = json.loads(web.get(WEB, path, _by(site)).body)["items"][0]
    _put(site, f"{path}/{session['id']}", _longer(session, number))
    taken, found = timed()
    assert found.headers["etag"] != before, "the calendar does not tell the change"
    return taken


def _by(site: Site) -> dict[str, str]:
    return {"Authorization": f"Bearer {site.world.organiser}"}


def _longer(session: dict[str, Any], number: int) -> dict[str, Any]:
    end = datetime.fromisoformat(session["ends_at"]) + timedelta(minutes=number)
    return {"title": session["title"], "starts_at": session["starts_at"], "ends_at": end.isoformat()}


def _put(site: Site, path: str, body: dict[str, Any]) -> None:
    headers = _by(site) | {"Content-Type": "application/json"}
    asked = urllib.request.Request(address(path), json.dumps(body).encode(), headers, method="PUT")  # noqa: S310  # ours
    with urllib.request.urlopen(asked, timeout=30) as answer:  # noqa: S310
        assert answer.status == 200
