"""Draws that anyone can recompute from a published list and a published key, after RFC 3797.

1. Publish `digest(entries)` of the list, in its published order, before the key is known.
2. Fix beforehand where the key will come from (a public value, or a committed secret); publish it when known.
3. `order(entries, key)`: number the list from 0. In step i (from 0) hash the two bytes of i (big-endian), the key in UTF-8
   and the two bytes of i again; read the digest as one big-endian number, take the remainder by the number of entries
   left: the entry at that position of the remaining list (from 0) is drawn and removed.

RFC 3797 uses MD5 and a key made of "source." values each followed by "/"; ours is SHA-256 and any text.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Place:
    """Where an entry competes: heat and station, both from 1."""

    entry: str
    heat: int
    station: int


def digest(entries: Sequence[str], algorithm: str = "sha256") -> str:
    """The fingerprint (hex) of a list in its published order: the hash of each entry in UTF-8 followed by a line feed."""
    raise NotImplementedError


def order(entries: Sequence[str], key: str, algorithm: str = "sha256") -> list[str]:
    """All entries in drawn order. Raises ValueError for doubles, more than 65,536 entries, or an unknown algorithm."""
    raise NotImplementedError


def heats(order: Sequence[str], size: int) -> list[list[str]]:
    """The drawn order cut into heats of at most `size`, as even as possible, the larger ones first."""
    raise NotImplementedError


def stations(order: Sequence[str], size: int) -> list[Place]:
    """Heat and station of every entry, in drawn order within heats."""
    raise NotImplementedError
