"""What must hold between awards, steps, promotions and the rest of a scheme."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from scoring.problems import Param, Problem
from scoring.schemes.after import Grant
from scoring.schemes.document import Scheme
from scoring.schemes.model import Take


def problems(scheme: Scheme, within: Mapping[str, bool]) -> Iterator[Problem]:
    """Every problem of what follows the order; `within`: the nodes by key, and whether they are inside a repeat."""
    yield from doubles("/awards", scheme.awards)
    yield from doubles("/promotions", scheme.promotions)
    for name, grants in lists(scheme).items():
        for position, grant in enumerate(grants):
            yield from takes(scheme, f"/{name}/{position}", grant, within)
            yield from fits(f"/{name}/{position}", grant)
    yield from award_names(scheme)


def lists(scheme: Scheme) -> dict[str, tuple[Grant, ...]]:
    """Every list of grants by its field."""
    return {"awards": scheme.awards, "advance": scheme.advance, "promotions": scheme.promotions}


def doubles(pointer: str, grants: Sequence[Grant]) -> Iterator[Problem]:
    """Each key names one of them."""
    seen: set[str] = set()
    for position, grant in enumerate(grants):
        if grant.key in seen:
            yield Problem(f"{pointer}/{position}/key", "key_taken", {"key": grant.key})
        seen.add(grant.key)


def takes(scheme: Scheme, pointer: str, grant: Grant, within: Mapping[str, bool]) -> Iterator[Problem]:
    """What is taken of an entry's result is there."""
    for position, need in enumerate(grant.needs):
        yield from taken(scheme, f"{pointer}/needs/{position}", need.take, within)
    if grant.reach:
        yield from taken(scheme, f"{pointer}/tolerance", grant.reach.take, within)


def taken(scheme: Scheme, pointer: str, take: Take, within: Mapping[str, bool]) -> Iterator[Problem]:
    """One of them: a scale, points or a node that the scheme has."""
    params: dict[str, Param] = {"key": take.node or ""}
    if take.what == "scaled" and scheme.scaled is None:
        yield Problem(f"{pointer}/take", "not_scaled")
    if take.what == "points" and not scheme.standings.points:
        yield Problem(f"{pointer}/take", "no_points")
    if take.node is not None and take.node not in within:
        yield Problem(f"{pointer}/node", "unknown_node", params)
    elif take.node is not None and within[take.node]:
        yield Problem(f"{pointer}/node", "node_repeats", params)


def fits(pointer: str, grant: Grant) -> Iterator[Problem]:
    """Where places can be taken already, something must say how near is near; without a number there is no last one."""
    if grant.when_taken == "within" and grant.reach is None:
        yield Problem(f"{pointer}/when_taken", "tolerance_needed")
    if grant.reach and grant.quota is None:
        yield Problem(f"{pointer}/tolerance", "without_number")


def award_names(scheme: Scheme) -> Iterator[Problem]:
    """Promotions by award name awards of the scheme."""
    known = {award.key for award in scheme.awards}
    for position, level in enumerate(scheme.promotions):
        for place, key in enumerate(level.with_award):
            if key not in known:
                yield Problem(f"/promotions/{position}/with_award/{place}", "unknown_award", {"key": key})
