"""Looking whether the installation is sound."""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import AsyncIterator
from datetime import timedelta
from enum import StrEnum
from pathlib import Path
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import aiosmtplib
import httpx
from cryptography.exceptions import InvalidTag
from msgspec import Struct

from events import clock, crypto, db, publishing, settings
from events.operating.migrating import lacking, newer, pending

LITTLE_SPACE, NO_SPACE = 2 * 10**9, 200 * 10**6
SHORTEST_KEY = 32
PATIENCE = 5
LATE = timedelta(minutes=5)
MOST_SHOWN = 20
COUNTERS = """SELECT * FROM (SELECT c.event_id, c.id, c.used, c.waiting,
        (SELECT count(*) FROM registration r WHERE r.event_id = c.event_id
            AND (c.id = c.event_id OR r.contest_id = c.id) AND r.state IN ('pending', 'confirmed')) AS held,
        (SELECT count(*) FROM registration r WHERE r.event_id = c.event_id AND c.id = c.event_id
            AND r.state = 'waiting') AS queueing
    FROM capacity c) AS counted WHERE used <> held OR waiting <> queueing LIMIT 20"""


class Health(StrEnum):
    """How it is with something."""

    SOUND = "sound"
    DOUBTFUL = "doubtful"
    BROKEN = "broken"


class Finding(Struct, frozen=True):
    """One thing that was looked at: a code with parameters, to be put into words by whoever speaks to a person."""

    health: Health
    code: str
    params: dict[str, object] = {}


async def doctor() -> list[Finding]:
    """Look at everything that an installation stands on; of what is missing, what depends on it is not looked at."""
    if not writable():
        return [_zone(), Finding(Health.BROKEN, "folder_readonly", {"path": settings.current().data_dir})]
    found = [_zone(), _disk(), _secret_key(), await _address(), await _smtp()]
    try:
        found.append(await _version())
    except Exception as error:
        return [Finding(Health.BROKEN, "database_unreachable", {"error": str(error.__cause__ or error)}), *found]
    if missing := await pending():
        return [*found, Finding(Health.BROKEN, "migrations_pending", {"migrations": ", ".join(missing)})]
    if unknown := await newer():
        return [*found, Finding(Health.BROKEN, "database_newer", {"migrations": ", ".join(unknown)})]
    if incomplete := await lacking():
        return [*found, Finding(Health.BROKEN, "tables_lacking", {"tables": ", ".join(incomplete)})]
    return [*found, Finding(Health.SOUND, "migrations_done"), await _sealed_data(), *[one async for one in _contents()]]


def writable() -> bool:
    """Whether the data folder is there, or can be made, and takes files."""
    path = Path(settings.current().data_dir)
    try:
        path.mkdir(parents=True, exist_ok=True)
    except OSError:
        return False
    return os.access(path, os.W_OK | os.X_OK)


async def _version() -> Finding:
    found = await db.row(db.engine().dialect("{version}"))
    assert found is not None
    new_enough = _figures(found["version"]) >= _figures(found["least"])
    return Finding(Health.SOUND if new_enough else Health.BROKEN, "database" if new_enough else "database_old", found)


def _figures(version: str) -> list[int]:
    return [int(part) for part in re.findall(r"\d+", version.split(" ")[0])]


async def _contents() -> AsyncIterator[Finding]:
    wrong = await db.rows(COUNTERS)
    for row in wrong:
        yield Finding(Health.BROKEN, "counter_wrong", row)
    if not wrong:
        yield Finding(Health.SOUND, "counters")
    async for finding in _boards():
        yield finding
    async for finding in _tasks():
        yield finding


async def _boards() -> AsyncIterator[Finding]:
    """Live boards against what their marks come to, the newest first, up to a number of marks that takes seconds."""
    proof = await publishing.prove()
    found = [*((Health.BROKEN, "board_wrong", key) for key in proof.wrong),
             *((Health.DOUBTFUL, "board_behind", key) for key in proof.behind)]  # fmt: skip
    for health, code, (event_id, stage_id) in found[:MOST_SHOWN]:
        yield Finding(health, code, {"event_id": event_id, "stage_id": stage_id})
    if not found:
        yield Finding(Health.SOUND, "boards", {"number": proof.looked_at})


async def _tasks() -> AsyncIterator[Finding]:
    given_up = await db.rows(
        "SELECT kind, failure, count(*) AS number FROM task WHERE state = 'given_up' GROUP BY kind, failure "
        "ORDER BY kind, failure LIMIT {}",
        MOST_SHOWN,
    )
    for row in given_up:
        yield Finding(Health.DOUBTFUL, "tasks_given_up", row)
    late = await db.row(
        "SELECT count(*) AS number FROM task WHERE state = 'waiting' AND attempts = 0 AND due_at < {}",
        clock.now() - LATE,
    )
    assert late is not None
    if late["number"]:
        yield Finding(Health.DOUBTFUL, "tasks_late", late)
    elif not given_up:
        yield Finding(Health.SOUND, "tasks")


async def _sealed_data() -> Finding:
    """Whether the secret key is the one that personal data were sealed with."""
    row = await db.row("SELECT id, phone_cipher FROM person WHERE phone_cipher IS NOT NULL LIMIT 1")
    if row is None:
        return Finding(Health.SOUND, "sealed_none")
    try:
        crypto.unseal(row["phone_cipher"], place=f"person:phone:{row['id']}")
    except InvalidTag:
        return Finding(Health.BROKEN, "secret_key_wrong")
    return Finding(Health.SOUND, "sealed_readable")


def _secret_key() -> Finding:
    given = settings.current().secret_key
    if given and len(given) < SHORTEST_KEY:
        return Finding(Health.DOUBTFUL, "secret_key_short", {"least": SHORTEST_KEY})
    if given:
        return Finding(Health.SOUND, "secret_key_given")
    settings.secret_key()
    path = Path(settings.current().data_dir) / "secret.key"
    return Finding(Health.DOUBTFUL, "secret_key_made", {"path": str(path)})


def _zone() -> Finding:
    zone = settings.current().zone
    try:
        ZoneInfo(zone)
    except (ZoneInfoNotFoundError, ValueError):
        return Finding(Health.BROKEN, "zone_unknown", {"zone": zone})
    return Finding(Health.SOUND, "zone", {"zone": zone})


def _disk() -> Finding:
    path = Path(settings.current().data_dir)
    free = shutil.disk_usage(path).free
    params: dict[str, object] = {"path": str(path), "megabytes": free // 10**6}
    health = Health.BROKEN if free < NO_SPACE else Health.DOUBTFUL if free < LITTLE_SPACE else Health.SOUND
    return Finding(health, "disk", params)


async def _address() -> Finding:
    """Whether our pages answer where people are sent to."""
    url = settings.current().base_url
    try:
        async with httpx.AsyncClient(timeout=PATIENCE) as client:
            answer = await client.head(f"{url.rstrip('/')}/sign-in")
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        return Finding(Health.DOUBTFUL, "address_silent", {"url": url, "error": str(error)})
    if answer.is_success:
        return Finding(Health.SOUND, "address", {"url": url})
    return Finding(Health.DOUBTFUL, "address_other", {"url": url, "status": answer.status_code})


async def _smtp() -> Finding:
    url = urlsplit(settings.current().smtp_url)
    if not url.hostname:
        return Finding(Health.DOUBTFUL, "smtp_none", {"path": str(Path(settings.current().data_dir) / "mail")})
    server = aiosmtplib.SMTP(hostname=url.hostname, port=url.port, use_tls=url.scheme == "smtps", timeout=10)
    try:
        async with server:
            await server.noop()
    except (aiosmtplib.SMTPException, OSError) as error:
        return Finding(Health.BROKEN, "smtp_unreachable", {"host": url.hostname, "error": str(error)})
    return Finding(Health.SOUND, "smtp", {"host": url.hostname})
