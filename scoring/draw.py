"""Draws that anyone can recompute from a published list and a published key, after RFC 3797.

1. Publish `digest(entries)` of the list, in its published order, before the key is known.
2. Fix beforehand where the key will come from (a public value, or a committed secret); publish it when known.
3. `order(entries, key)`: number the list from 0. In step i (from 0) hash the two bytes of i (big-endian), the key in
   UTF-8 and the two bytes of i again; read the digest as one big-endian number and take the remainder by the number of
   entries left: the entry at that position of the remaining list (from 0) is drawn and removed.

RFC 3797 uses MD5 and a key made of "source." values each followed by "/"; ours is SHA-256 and any text.
"""

from __future__ import annotations

import hashlib
import itertools
from collections.abc import Sequence
from dataclasses import dataclass

MOST = 65_536


@dataclass(frozen=True, slots=True)
class Place:
    """Where an entry competes: heat and station, both from 1."""

    entry: str
    heat: int
    station: int


def digest(entries: Sequence[str], algorithm: str = "sha256") -> str:
    """The fingerprint (hex) of a list in its published order: each entry in UTF-8 and a line feed, hashed."""
    return hashed("".join(f"{entry}\n" for entry in entries).encode(), algorithm).hex()


def order(entries: Sequence[str], key: str, algorithm: str = "sha256") -> list[str]:
    """All entries in drawn order. Raises ValueError for doubles, more than 65,536 entries, or an unknown algorithm."""
    if len(entries) > MOST or len(set(entries)) < len(entries):
        raise ValueError("at most 65,536 entries, each of them once")
    left = list(entries)
    return [left.pop(position(step, key, algorithm) % len(left)) for step in range(len(entries))]


def position(step: int, key: str, algorithm: str) -> int:
    """The digest of one step, as a number."""
    index = step.to_bytes(2, "big")
    return int.from_bytes(hashed(index + key.encode() + index, algorithm), "big")


def hashed(data: bytes, algorithm: str) -> bytes:
    """The digest of some bytes; ValueError for an algorithm that is not known or has no fixed length."""
    found = hashlib.new(algorithm, data, usedforsecurity=False)
    if not found.digest_size:
        raise ValueError(algorithm)
    return found.digest()


def heats(order: Sequence[str], size: int) -> list[list[str]]:
    """The drawn order cut into heats of at most `size`, as even as possible, the larger ones first."""
    if size < 1:
        raise ValueError("a heat holds at least one entry")
    count = -(-len(order) // size)
    small, larger = divmod(len(order), count or 1)
    starts = [heat * small + min(heat, larger) for heat in range(count + 1)]
    return [list(order[start:end]) for start, end in itertools.pairwise(starts)]


def stations(order: Sequence[str], size: int) -> list[Place]:
    """Heat and station of every entry, in drawn order within heats."""
    return [
        Place(entry, heat, station)
        for heat, members in enumerate(heats(order, size), 1)
        for station, entry in enumerate(members, 1)
    ]
