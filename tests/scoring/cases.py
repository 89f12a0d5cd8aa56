"""What the scoring tests share: documents of the library, the published cases, marks from rows."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from scoring import schemes, standings, totals
from scoring.grants import Ground
from scoring.marks import Mark, Status
from scoring.schemes import Scheme

ROOT = Path(__file__).parents[2]
LIBRARY = ROOT / "scoring" / "library"
ORACLES = ROOT.parent / "shared" / "oracles"
GOLDEN = Path(__file__).parent / "golden"

needs_oracles = pytest.mark.skipif(not ORACLES.is_dir(), reason="the published cases in ../shared/oracles are not here")

Document = dict[str, Any]
Row = dict[str, str]


def document(name: str) -> Document:
    found: Document = json.loads((LIBRARY / f"{name}.json").read_text("utf-8"), parse_float=Decimal)
    return found


def library() -> list[str]:
    return sorted(path.stem for path in LIBRARY.glob("*.json"))


def tables() -> list[str]:
    return sorted(path.stem for path in (LIBRARY / "tables").glob("*.json"))


def scheme(name: str) -> Scheme:
    return schemes.parse(document(name))


def table(path: Path) -> list[Row]:
    with path.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(line for line in lines if not line.startswith("#")))


def mark(entry: str, aspect: str, value: str, *, attempt: int = 1, judge: str | None = None) -> Mark:
    if value in set(Status):
        return Mark(entry, aspect, attempt, judge, None, Status(value))
    return Mark(entry, aspect, attempt, judge, Decimal(value))


def panel(entry: str, aspect: str, values: Iterable[str], attempt: int = 1) -> list[Mark]:
    return [mark(entry, aspect, v, attempt=attempt, judge=f"J{i}") for i, v in enumerate(values, 1) if v]


def ground(scheme: Scheme, scores: dict[str, str], **known: Any) -> Ground:
    """A board of entries with these values (or statuses) of the root aspect `score`."""
    found = totals.evaluate(scheme, [mark(entry, "score", score) for entry, score in scores.items()], list(scores))
    board = standings.rank(scheme, found, unranked=known.pop("unranked", ()))
    return Ground(board, found, **known)


def minimal(root: Document, **rest: object) -> Document:
    return {"format": "magpie-scheme/1", "key": "s", "title": {"zh": "例", "en": "Example"}, "root": root, **rest}


def node(kind: str, key: str, **rest: object) -> Document:
    return {"kind": kind, "key": key, "title": {"zh": key, "en": key}, **rest}


def judged(key: str = "score", judges: int = 5, **rest: object) -> Document:
    return node("panel", key, judges=judges, scale={"min": "0", "max": "10", "step": "0.25"}, **rest)
