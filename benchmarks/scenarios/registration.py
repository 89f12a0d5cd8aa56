"""Everybody wants the same thing at once: registrations for one event, by distinct accounts, each with a key."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing

from benchmarks import checking
from benchmarks.ground import RUN, Ground, Outcome, Site, address, noted
from benchmarks.harness import wrk
from benchmarks.harness.postgres import REFERENCE, Benched, Postgres
from benchmarks.harness.web import Bare, url
from benchmarks.harness.wrk import Load
from benchmarks.places import BARE, WORK
from benchmarks.world import World

CROWD = 256
SECONDS = 4
GUARDED = """WITH taken AS (UPDATE counter SET used = used + 1 WHERE id = 1 AND used < places RETURNING id)
    INSERT INTO seat (event, person, at) SELECT id, :person, now() FROM taken;"""
TABLES = (
    "CREATE TABLE IF NOT EXISTS counter (id bigint PRIMARY KEY, places bigint, used bigint)",
    "CREATE TABLE IF NOT EXISTS seat (event bigint, person bigint, at timestamptz, PRIMARY KEY (event, person))",
    "DELETE FROM seat",
    "DELETE FROM counter",
    "INSERT INTO counter VALUES (1, 1000000000, 0)",
)


def lines(world: World) -> Iterator[str]:
    """One registration for each account."""
    return (f"{token}\tregistration-{number}\t{{}}" for number, token in enumerate(world.tokens))


def load(site: Site, *, connections: int = CROWD, seconds: float = SECONDS) -> Load:
    """As many registrations as possible."""
    path = f"/api/v1/events/{site.world.hot}/registrations"
    return Load(address(path), connections, seconds, "keyed", [noted("registration", lines(site.world))])


def registration(ground: Ground) -> Outcome:
    """As many as possible for some seconds, beside a request that does nothing and the same thing by plain SQL."""
    with ground.site() as site:
        asked = load(site)
        found = wrk.run(asked, site.watched).expect(201)
        memory = site.memory()
    checks = checking.look(
        ground.storage.url(RUN), checking.registered(site.world.hot, found.told.statuses.get("201", 0), CROWD)
    )
    with Bare() as bare:
        nothing = Load(url(BARE, "/nothing"), CROWD, SECONDS, "keyed", asked.arguments)
        idle = wrk.run(nothing, {"web": bare}).expect(201)
    ran = f"{CROWD} connections, {SECONDS} s, one event, {len(site.world.tokens):,} accounts, each request with a key"
    return Outcome(ran, found.measures() | memory | idle.measures("noop_") | _plain(ground), checks)


def _plain(ground: Ground) -> dict[str, float]:
    """The same by SQL alone: one statement by pgbench, or one commit after the other."""
    if ground.storage is not ground.postgres:
        return {"plain_rate": one_by_one()}
    found = guarded(ground.postgres)
    return {"plain_rate": found.rate, "plain_cpu_ms": found.cpu_ms}


def guarded(postgres: Postgres) -> Benched:
    """Guarded registrations into one hot row by pgbench, one statement each."""
    for statement in TABLES:
        postgres.ask(statement, REFERENCE)
    script = WORK / "guarded.sql"
    script.write_text(f"\\set person random(1, 1000000000000)\n{GUARDED.replace(chr(10), ' ')}\n")
    return postgres.bench(REFERENCE, "-Mprepared", "-f", str(script))


def one_by_one(seconds: float = 2) -> float:
    """Guarded registrations a second by plain sqlite3, each with a commit that is flushed."""
    path = WORK / "one_by_one.db"
    path.unlink(missing_ok=True)
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        for statement in ("PRAGMA journal_mode = WAL", "PRAGMA synchronous = FULL", *TABLES):
            connection.execute(statement)
        done, end = 0, time.monotonic() + seconds
        while time.monotonic() < end:
            connection.execute("BEGIN IMMEDIATE")
            connection.execute("UPDATE counter SET used = used + 1 WHERE id = 1 AND used < places")
            connection.execute("INSERT INTO seat VALUES (1, ?, '2027-05-01')", [done])
            connection.execute("COMMIT")
            done += 1
    return done / seconds
