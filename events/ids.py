"""Identifiers and secrets: with settings and clock the only place that reads chance."""

from __future__ import annotations

import hashlib
import os
import secrets
from datetime import UTC, datetime, timedelta
from uuid import UUID

from events import clock

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
REFERENCE_LETTERS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"


def new() -> UUID:
    """A UUID version 7 (RFC 9562): sorts by the microsecond in which it was made (its section 6.2, method 3)."""
    milliseconds, microseconds = divmod((clock.now() - EPOCH) // timedelta(microseconds=1), 1000)
    moment = milliseconds << 16 | 0x7 << 12 | (microseconds << 12) // 1000
    return UUID(int=moment << 64 | 0x2 << 62 | int.from_bytes(os.urandom(8), "big") >> 2)


def secret() -> str:
    """A URL-safe secret of 256 bits."""
    return secrets.token_urlsafe(32)


def digest(secret_text: str) -> bytes:
    """What is stored of a secret: its SHA-256; enough, for the secret itself is random."""
    return hashlib.sha256(secret_text.encode()).digest()


def reference() -> str:
    """A registration's reference of eight letters and figures that nobody mistakes for one another."""
    number, letters = int.from_bytes(os.urandom(8), "big"), ""
    for _ in range(8):
        number, letter = divmod(number, len(REFERENCE_LETTERS))
        letters += REFERENCE_LETTERS[letter]
    return letters
