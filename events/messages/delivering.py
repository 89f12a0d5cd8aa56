"""Mail by SMTP where it is set up and there is an address, short messages to phones; without a way out, into a folder.

There an operator finds them: `mail` holds mail, `sms` what goes to phones, each with its number on the first line.
"""

from __future__ import annotations

import asyncio
from datetime import datetime
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
from events.terms import ContactKind
from events.text import Bilingual, bilingual

LOADED = """SELECT message.*, event.title, event.starts_at, event.zone, venue.name AS venue_name,
        COALESCE(person.name, own.name, account.name) AS name, account.phone_cipher
    FROM message LEFT JOIN event ON event.id = message.event_id LEFT JOIN venue ON venue.id = event.venue
    LEFT JOIN person ON person.id = message.person LEFT JOIN account ON account.id = message.account
    LEFT JOIN person own ON own.id = account.person"""
TIMEOUT = 30


@tasks.runs("message.deliver")
async def deliver(message: str) -> None:
    """Send a message unless it was sent.

    A crash after the server took it and before we noted that sends it again: its Message-ID tells mail programs so.
    """
    row = await db.row(f"{LOADED} WHERE message.id = {{}}", UUID(message))
    if row is None or row["sent_at"] is not None:
        return
    params = msgspec.json.decode(row["params"])
    if "claim" in params:
        await _to_claim(row, UUID(params["claim"]))
    elif row["kind"] == "account.recovery" and row["address"] is None and row["phone_cipher"]:
        phone = crypto.unseal(row["phone_cipher"], place=phone_place(row["account"]))
        await asyncio.to_thread(_keep_text, phone, row)
    else:
        await _to_address(row)
    await db.rows("UPDATE message SET sent_at = {} WHERE id = {} AND sent_at IS NULL", clock.now(), row["id"])


async def _to_claim(row: db.Row, claim: UUID) -> None:
    """To the phone or mail that is claimed; to nobody when the claim has ended meanwhile."""
    found = await db.row("SELECT * FROM claim WHERE id = {}", claim)
    if found is None:
        return
    address = crypto.unseal(found["address_cipher"], place=claim_place(claim))
    if found["kind"] == ContactKind.MAIL:
        await _to_address(row | {"address": address})
    else:
        await asyncio.to_thread(_keep_text, address, row)


async def _to_address(row: db.Row) -> None:
    mail = composed(row)
    if settings.current().smtp_url and row["address"]:
        await _post(mail)
    else:
        await asyncio.to_thread(_keep, "mail", f"{row['id']}.eml", bytes(mail))


def reaches(kind: ContactKind) -> bool:
    """Whether this installation has a way to send there; to phones there is none yet but the folder."""
    return kind == ContactKind.MAIL and bool(settings.current().smtp_url)


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
    said = {name: _said(value, row["language"]) for name, value in params.items()}
    found = _of_event(row, params) | said | {"name": row["name"] or "", "link": _link(row, params)}
    if "code_id" in params:
        found["code"] = code_of(UUID(params["code_id"]))
    return found


def _of_event(row: db.Row, params: dict[str, Any]) -> dict[str, str]:
    """What the event tells of itself; of one of its sessions (`at`) the time, of one that is deleted the title."""
    if not row["title"]:
        return {"event": _said(params.get("event_title", ""), row["language"])}
    where = bilingual(row["venue_name"]).in_language(row["language"])
    starts_at = datetime.fromisoformat(params["at"]) if "at" in params else row["starts_at"]
    when = _when(row | {"starts_at": starts_at})
    return {"event": bilingual(row["title"]).in_language(row["language"]), "when": when, "where": where}


def _said(value: object, language: str) -> str:
    """A value as it is read; a text in two languages in the reader's."""
    return msgspec.convert(value, Bilingual).in_language(language) if isinstance(value, dict) else str(value)


def recovery_secret(token: UUID) -> str:
    """The secret of a recovery token: made from our key again when it is sent, so that it lies nowhere."""
    return f"{token}.{crypto.signature(str(token), of='recovery')}"


def recovery_url(token: UUID) -> str:
    """The address at which a recovery token sets a new password."""
    return f"{settings.current().base_url.rstrip('/')}/recover/{recovery_secret(token)}"


def code_of(code_id: UUID) -> str:
    """The six figures that prove an address: made from our key when they are sent, so that they lie nowhere."""
    return f"{int(crypto.signature(str(code_id), of='code'), 16) % 1_000_000:06d}"


def claim_place(claim: UUID) -> str:
    """What the sealed address of a claim is bound to."""
    return f"claim:address:{claim}"


def phone_place(account: UUID) -> str:
    """What the sealed phone of an account is bound to."""
    return f"account:phone:{account}"


def _link(row: db.Row, params: dict[str, Any]) -> str:
    if "token" in params:
        return recovery_url(UUID(params["token"]))
    return f"{settings.current().base_url.rstrip('/')}/events/{row['event_id']}" if row["event_id"] else ""


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


def _keep_text(phone: str, row: db.Row) -> None:
    _, body = rendered(row["kind"], row["language"], values(row))
    _keep("sms", f"{row['id']}.txt", f"{phone}\n\n{body}".encode())


def _keep(folder: str, name: str, content: bytes) -> None:
    place = Path(settings.current().data_dir) / folder
    place.mkdir(mode=0o700, parents=True, exist_ok=True)  # what is in it sets passwords and proves phones
    (place / name).write_bytes(content)
