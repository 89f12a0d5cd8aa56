"""Identifiers and secrets: with settings and clock the only place that reads chance."""

from __future__ import annotations

import hashlib
import os
import secrets
from uuid import UUID

from events import clock

REFERENCE_LETTERS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"


def new() -> UUID:
    """A UUID version 7 (RFC 9562): sorts by the millisecond in which it was made."""
    milliseconds = int(clock.now().timestamp() * 1000)
    value = (milliseconds << 80) | int.from_bytes(os.urandom(10), "big")
    value = value & ~(0xF << 76) | (0x7 << 76)
    return UUID(int=value & ~(0x3 << 62) | (0x2 << 62))


def secret() -> str:
    """A URL-safe secret of 256 bits."""
    return secrets.token_urlsafe(32)


def digest(secret_text: str) -> bytes:
    """What is stored of a secret: its SHA-256; enough, for the secret itself is random."""
    return hashlib.sha256(secret_text.encode()).digest()


def reference() -> str:
    """A registration's reference of eight letters and figures that nobody mistakes for one another."""
    return "".join(secrets.choice(REFERENCE_LETTERS) for _ in range(8))
