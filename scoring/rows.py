"""One entry's marks as integers, laid out so that every leaf finds its own, and what evaluation notes of them."""

from __future__ import annotations

from dataclasses import dataclass, field

from scoring.facts import Mark, Status

Number = int | Status | None
Cell = dict[str | None, int]
Place = tuple[str, int]


@dataclass(slots=True)
class Row:
    """Marks of one entry: `cells` by slot (judge to number), statuses by node and attempt, excused judges by slot.

    `results` by node; `attempts` by node inside or with a repeat; `missing`: have and needed by aspect and attempt;
    `disputed`: aspects and attempts whose judges lie too far apart.
    """

    entry: str
    cells: list[Cell | None]
    results: list[Number]
    statuses: dict[Place, Status] = field(default_factory=dict)
    excused: dict[int, set[str | None]] = field(default_factory=dict)
    attempts: dict[int, list[Number]] = field(default_factory=dict)
    missing: dict[Place, tuple[int, int]] = field(default_factory=dict)
    disputed: dict[Place, bool] = field(default_factory=dict)
    marks: dict[Place, list[Mark]] = field(default_factory=dict)
