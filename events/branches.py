"""Parts of the union tree, as paths: who belongs together when entries are kept apart or judges must not judge."""

from __future__ import annotations

from enum import StrEnum


class Branch(StrEnum):
    """A part of the tree that somebody belongs to: the own union, the county's, or the delegation (city, industry)."""

    UNION = "union"
    COUNTY = "county"
    DELEGATION = "delegation"


STEPS = {Branch.DELEGATION: 2, Branch.COUNTY: 3, Branch.UNION: None}


def branch_of(path: str, branch: Branch) -> str:
    """The path of the part of the tree that a union is in ("ah.hf."); the union's own where it stands above it."""
    return "".join(f"{code}." for code in path.rstrip(".").split(".")[: STEPS[branch]])
