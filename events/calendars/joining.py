"""Stored VEVENTs become one calendar, of parts that are encoded and packed once however often it is joined anew."""

from __future__ import annotations

import asyncio
import hashlib
import struct
import zlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from events.calendars.rendering import END, beginning

# A gzip file (RFC 1952) of one member, without a name and a date; the deflated parts stand between.
GZIP_HEAD = b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x04\xff"
LAST_BLOCK = b"\x03\x00"


class Part:
    """Some bytes of a calendar, with what is made of them once."""

    def __init__(self, body: bytes) -> None:
        self.body = body

    @cached_property
    def digest(self) -> bytes:
        """What tells it from any other part."""
        return hashlib.sha256(self.body).digest()

    @cached_property
    def deflated(self) -> bytes:
        """The body in blocks that end with a byte, so that others can follow."""
        packer = zlib.compressobj(1, zlib.DEFLATED, -zlib.MAX_WBITS)
        return packer.compress(self.body) + packer.flush(zlib.Z_FULL_FLUSH)


@dataclass(frozen=True)
class Feed:
    """A calendar in parts, its strong entity tag (without quotes), and when anything in it may last have changed."""

    parts: Sequence[Part]
    etag: str
    last_modified: datetime | None

    @property
    def body(self) -> bytes:
        """The calendar in bytes."""
        return b"".join(part.body for part in self.parts)

    @cached_property
    def packed(self) -> bytes:
        """The body by gzip, the same bytes for the same body."""
        check, length = 0, 0
        for part in self.parts:
            check, length = zlib.crc32(part.body, check), length + len(part.body)
        blocks = (part.deflated for part in self.parts)
        return b"".join((GZIP_HEAD, *blocks, LAST_BLOCK, struct.pack("<II", check, length & 0xFFFFFFFF)))


async def joined(name: str, entries: Iterable[str], changed: datetime | None) -> Feed:
    """A calendar called `name`; made in a thread, for it takes milliseconds that no other request need wait for."""
    return await asyncio.to_thread(lambda: join(name, [Part("".join(entries).encode())], changed))


def join(name: str, parts: Sequence[Part], changed: datetime | None) -> Feed:
    """The same of parts that are there."""
    whole = (Part(beginning(name).encode()), *parts, Part(END.encode()))
    return Feed(whole, hashlib.sha256(b"".join(part.digest for part in whole)).hexdigest()[:32], changed)
