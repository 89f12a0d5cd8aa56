"""Contests to measure: a scheme, and marks from a seed."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import product

from scoring import schemes
from scoring.facts import Mark
from scoring.schemes import Scheme

SEED = 20261125
STEPS = [str(Decimal(number) / 2) for number in range(121, 201)]


@dataclass(frozen=True)
class Contest:
    """Entries, and for each of them and each aspect one mark of each judge, as a database would give them: texts."""

    scheme: Scheme
    entries: Sequence[str]
    judges: Sequence[str]
    aspects: Sequence[str]
    texts: Sequence[str]

    def marks(self) -> list[Mark]:
        """The marks as scoring takes them."""
        places = product(self.entries, self.aspects, self.judges)
        pairs = zip(places, self.texts, strict=True)
        return [Mark(entry, key, 1, seat, Decimal(text)) for (entry, key, seat), text in pairs]


def contest(entries: int, judges: int, aspects: int, seed: int = SEED) -> Contest:
    """A contest in which of each aspect's marks the highest and the lowest are dropped and the rest averaged."""
    chance = random.Random(seed)  # noqa: S311  # the same marks in every run
    numbers = [f"E{number:04d}" for number in range(entries)]
    seats = [f"J{number}" for number in range(1, judges + 1)]
    keys = [f"a{number}" for number in range(aspects)]
    return Contest(scheme(judges, keys), numbers, seats, keys, chance.choices(STEPS, k=entries * judges * aspects))


def sizes(entries: int, contests: int) -> list[int]:
    """So many entries spread over so many contests."""
    return [entries // contests + (number < entries % contests) for number in range(contests)]


def year(entries: int, contests: int) -> Iterator[Contest]:
    """Contests of a year, of three aspects and five judges each."""
    for number, size in enumerate(sizes(entries, contests)):
        yield contest(size, judges=5, aspects=3, seed=SEED + number)


def scheme(judges: int, keys: Sequence[str]) -> Scheme:
    """The rules of such a contest: aspects to two decimals, the total their sum, ties by the first aspect."""
    return schemes.parse(scheme_document(judges, keys))


def scheme_document(judges: int, keys: Sequence[str]) -> dict[str, object]:
    """The same as a document."""
    return {
        "format": "magpie-scheme/1",
        "key": "measured",
        "title": {"zh": "测速", "en": "Measured"},
        "standings": {"better": "higher", "style": "1224", "tie_breaks": [{"node": keys[0]}]},
        "root": {
            "kind": "criterion", "key": "total", "title": {"zh": "总分", "en": "Total"}, "round": 2,
            "children": [_panel(key, judges) for key in keys],
        },
    }  # fmt: skip


def _panel(key: str, judges: int) -> dict[str, object]:
    return {
        "kind": "panel", "key": key, "title": {"zh": key, "en": key}, "judges": judges, "combine": "mean",
        "drop_high": 1, "drop_low": 1, "scale": {"min": "0", "max": "100", "step": "0.5"}, "round": 2,
    }  # fmt: skip
