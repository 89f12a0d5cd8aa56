"""Draws that anyone can recompute from a published list and a published key, after RFC 3797.

1. Publish `digest(entries)` of the list, in its published order, before the key is known.
2. Fix beforehand where the key will come from (a public value, or a committed secret); publish it when known.
3. `order(entries, key)`: number the list from 0. In step i (from 0) hash the two bytes of i (big-endian), the key in
   UTF-8 and the two bytes of i again; read the digest as one big-endian number and take the remainder by the number of
   entries left: the entry at that position of the remaining list (from 0) is drawn and removed.

RFC 3797 uses MD5 and a key made of its sources (`rfc_key`); ours is SHA-256 and any text. One published key serves
several draws: each takes `part(key, "name")`, so that none of them says anything about another.
"""

from __future__ import annotations

import hashlib
import itertools
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

MOST = 65_536


@dataclass(frozen=True, slots=True)
class Place:
    """Where an entry competes: heat and station, both from 1."""

    entry: str
    heat: int
    station: int


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a draw: index from 0, digest (hex), how many were left, which of them came out (from 0), and who."""

    index: int
    digest: str
    left: int
    position: int
    entry: str


@dataclass(frozen=True, slots=True)
class Drawn:
    """One line of a two-stage draw: who drew as which (from 1), and the number that came out (from 1)."""

    turn: int
    entry: str
    number: int


def digest(entries: Sequence[str], algorithm: str = "sha256") -> str:
    """The fingerprint (hex) of a list in its published order: each entry in UTF-8 and a line feed, hashed."""
    return hashed("".join(f"{entry}\n" for entry in entries).encode(), algorithm).hex()


def order(entries: Sequence[str], key: str, algorithm: str = "sha256") -> list[str]:
    """All entries in drawn order. Raises ValueError for doubles, more than 65,536 entries, or an unknown algorithm."""
    return [step.entry for step in steps(entries, key, algorithm)]


def steps(entries: Sequence[str], key: str, algorithm: str = "sha256") -> Iterator[Step]:
    """A draw step by step, as a page shows it and a stranger recomputes it. Raises what `order` raises."""
    if len(entries) > MOST or len(set(entries)) < len(entries):
        raise ValueError("at most 65,536 entries, each of them once")
    left = list(entries)
    for index in range(len(entries)):
        found = step_digest(index, key, algorithm)
        here, at = len(left), int.from_bytes(found, "big") % len(left)
        yield Step(index, found.hex(), here, at, left.pop(at))


def two_stage(entries: Sequence[str], key: str, algorithm: str = "sha256") -> list[Drawn]:
    """First who draws first, by part(key, "turn"), then the numbers 1 to n, by part(key, "number"), in turn."""
    turns = order(entries, part(key, "turn"), algorithm)
    numbers = order([str(number) for number in range(1, len(turns) + 1)], part(key, "number"), algorithm)
    return [Drawn(turn, entry, int(number)) for turn, (entry, number) in enumerate(zip(turns, numbers, strict=True), 1)]


def part(key: str, name: str) -> str:
    """The key of one of several draws that share a published key: the key, a slash, and the name of the draw."""
    return f"{key}/{name}"


def rfc_key(sources: Iterable[Iterable[int]]) -> str:
    """The key as RFC 3797 (4.1) writes it: numbers of a source ascending, each followed by ".", each source by "/"."""
    return "".join("".join(f"{number}." for number in sorted(source)) + "/" for source in sources)


def position(step: int, key: str, algorithm: str) -> int:
    """The digest of one step, as a number."""
    return int.from_bytes(step_digest(step, key, algorithm), "big")


def step_digest(index: int, key: str, algorithm: str) -> bytes:
    """What is hashed in a step: its index in two bytes, the key in UTF-8, and the index again."""
    number = index.to_bytes(2, "big")
    return hashed(number + key.encode() + number, algorithm)


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
