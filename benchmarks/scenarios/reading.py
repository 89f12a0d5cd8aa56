"""What a crowd reads: a board of 3,000 rows, and the list of events; beside nginx, which hands out the same bytes."""

from __future__ import annotations

import gzip
from concurrent.futures import ThreadPoolExecutor

from benchmarks import checking
from benchmarks.ground import RUN, Ground, Outcome, Site, address
from benchmarks.harness import web, wrk
from benchmarks.harness.web import Nginx
from benchmarks.harness.wrk import Load
from benchmarks.places import NGINX, WEB
from benchmarks.scenarios import marks

READERS = 64
SECONDS = 3
PACKED = {"Accept-Encoding": "gzip"}
COMING, PAUSE = 10, 50  # 200 marks a second


def board(ground: Ground) -> Outcome:
    """The board, compressed, while nothing happens, while marks arrive, and by who has it already."""
    with ground.site() as site, ThreadPoolExecutor() as beside:
        arena = marks.arena_of(site)
        path = marks.board(arena)
        measures = read(site, path) | unchanged(site, path)
        others = marks.load(arena, marks.marks(arena), connections=COMING, seconds=SECONDS + 1, pause=PAUSE)
        coming = beside.submit(wrk.run, others, site.watched)
        busy = wrk.run(Load(address(path), READERS, SECONDS, headers=PACKED), site.watched).expect()
        entered = coming.result().expect(200)
        measures |= {"busy_rate": busy.rate, "busy_p99_ms": busy.told.p99, "busy_marks_rate": entered.rate}
        measures |= site.memory() | by_nginx(web.get(WEB, path).body)
        checks = marks.look(ground, arena, entered.answered, COMING)
    ran = f"{READERS} connections, {SECONDS} s, {len(arena.places):,} rows; then beside 200 marks a second at most"
    return Outcome(ran, measures, checks)


def events(ground: Ground) -> Outcome:
    """The first 50 of 14,000 events: by an official, for whom nothing lies ready, and by anybody; as a page too."""
    with ground.site() as site:
        measures = dict[str, float]()
        token = {"Authorization": f"Bearer {site.world.organiser}"}
        for name, path, headers in (
            ("own_", "/api/v1/events?limit=50", token),
            ("", "/api/v1/events?limit=50", PACKED),
            ("page_", "/", PACKED),
        ):
            load = Load(address(path), 16 if name == "page_" else READERS, SECONDS, headers=headers)
            measures |= wrk.run(load, site.watched).expect().measures(name)
        measures |= site.memory() | by_nginx(web.get(WEB, "/api/v1/events?limit=50").body)
    ran = f"{READERS} connections, {SECONDS} s each, the first 50 of 14,000 events"
    return Outcome(ran, measures, checking.look(ground.storage.url(RUN)))


def read(site: Site, path: str) -> dict[str, float]:
    """As often as possible, compressed."""
    size = len(web.get(WEB, path, PACKED).body)
    found = wrk.run(Load(address(path), READERS, SECONDS, headers=PACKED), site.watched).expect()
    return found.measures() | {"bytes": size}


def unchanged(site: Site, path: str) -> dict[str, float]:
    """Asked by who has it already."""
    headers = PACKED | {"If-None-Match": web.get(WEB, path, PACKED).headers["etag"]}
    assert web.get(WEB, path, headers).status == 304, path
    return wrk.run(Load(address(path), READERS, 2, headers=headers), site.watched).expect().measures("unchanged_")


def by_nginx(body: bytes) -> dict[str, float]:
    """The same bytes as a file by nginx, as they are and compressed before."""
    with Nginx() as nginx:
        nginx.keep("body", body, gzip.compress(body, 6))
        found = dict[str, float]()
        for part in ("plain", "packed"):
            load = Load(web.url(NGINX, f"/{part}/body"), READERS, 2, headers=PACKED)
            found |= wrk.run(load, {"web": nginx}).expect().measures(f"nginx_{part}_")
    return found
