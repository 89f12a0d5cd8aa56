"""Mail: by SMTP where it is set up and the person has an address, else into a folder where an operator finds it."""

from __future__ import annotations

import asyncio
from email.message import EmailMessage
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit
from uuid import UUID
from zoneinfo import ZoneInfo

import aiosmtplib
import msgspec
from babel.dates import format_date, format_time

from events import clock, crypto, db, settings, tasks
from events.messages.wording import rendered
from events.text import bilingual

LOADED = """SELECT message.*, event.title, event.starts_at, event.zone, venue.name AS venue_name,
        COALESCE(person.name, account.name) AS name
    FROM message LEFT JOIN event ON event.id = message.event_id LEFT JOIN venue ON venue.id = event.venue
    LEFT JOIN person ON person.id = message.person LEFT JOIN account ON account.id = message.account"""
TIMEOUT = 30


@tasks.runs("message.deliver")
async def deliver(message: str) -> None:
    """Send a message unless it was sent.

    A crash after the server took it and before we noted that sends it again: its Message-ID tells mail programs so.
    """
    row = await db.row(f"{LOADED} WHERE message.id = {{}}", UUID(message))
    if row is None or row["sent_at"] is not None:
        return
    mail = composed(row)
    if settings.current().smtp_url and row["address"]:
        await _post(mail)
    else:
        await asyncio.to_thread(_keep, mail, row["id"])
    await db.rows("UPDATE message SET sent_at = {} WHERE id = {} AND sent_at IS NULL", clock.now(), row["id"])


def composed(row: db.Row) -> EmailMessage:
    """The mail that a row of `LOADED` makes; the same each time, apart from a secret link."""
    subject, body = rendered(row["kind"], row["language"], values(row))
    mail = EmailMessage()
    mail["From"] = settings.current().mail_from
    mail["To"] = row["address"] or "undisclosed-recipients:;"
    mail["Subject"] = subject
    mail["Date"] = row["created_at"]
    mail["Message-ID"] = f"<{row['id']}@{urlsplit(settings.current().base_url).hostname}>"
    mail["Content-Language"] = row["language"]
    mail["Auto-Submitted"] = "auto-generated"
    mail.set_content(body, cte="base64")
    return mail


def values(row: db.Row) -> dict[str, str]:
    """What the placeholders of a message stand for."""
    params: dict[str, Any] = msgspec.json.decode(row["params"])
    found = {name: str(value) for name, value in params.items()}
    found |= {"name": row["name"] or "", "link": _link(row, params)}
    if row["title"]:
        where = bilingual(row["venue_name"]).in_language(row["language"])
        found |= {"event": bilingual(row["title"]).in_language(row["language"]), "when": _when(row), "where": where}
    return found


def recovery_secret(token: UUID) -> str:
    """The secret of a recovery token: made from our key again when it is sent, so that it lies nowhere."""
    return f"{token}.{crypto.signature(str(token), of='recovery')}"


def _link(row: db.Row, params: dict[str, Any]) -> str:
    base = settings.current().base_url.rstrip("/")
    if "token" in params:
        return f"{base}/recover/{recovery_secret(UUID(params['token']))}"
    return f"{base}/events/{row['event_id']}" if row["event_id"] else ""


def _when(row: db.Row) -> str:
    local, language = row["starts_at"].astimezone(ZoneInfo(row["zone"])), row["language"]
    time = format_time(local, "HH:mm", locale=language)
    return f"{format_date(local, 'full', locale=language)} {time}"


async def _post(mail: EmailMessage) -> None:
    url = urlsplit(settings.current().smtp_url)
    await aiosmtplib.send(
        mail,
        hostname=url.hostname,
        port=url.port,
        username=unquote(url.username) if url.username else None,
        password=unquote(url.password) if url.password else None,
        use_tls=url.scheme == "smtps",
        timeout=TIMEOUT,
    )


def _keep(mail: EmailMessage, message: UUID) -> None:
    folder = Path(settings.current().data_dir) / "mail"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{message}.eml").write_bytes(bytes(mail))
