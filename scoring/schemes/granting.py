"""What is given down a board, read from the document: awards, places in the next stage, promotions."""

from __future__ import annotations

from typing import get_args

from scoring.schemes.after import (
    Base,
    Cap,
    CapOf,
    Counted,
    Each,
    Grant,
    Need,
    Quota,
    Reach,
    Ties,
    ToleranceMode,
    Vacant,
    WhenTaken,
)
from scoring.schemes.after_parsing import TOLERANCE_MODES, optional
from scoring.schemes.model import RoundingMode, Title
from scoring.schemes.parts import MODES, ONE, ZERO, take, title
from scoring.schemes.reading import Reader

TIES: tuple[Ties, ...] = get_args(Ties)
COUNTED: tuple[Counted, ...] = get_args(Counted)
BASES: tuple[Base, ...] = get_args(Base)
EACH: tuple[Each, ...] = get_args(Each)
VACANT: tuple[Vacant, ...] = get_args(Vacant)
WHEN_TAKEN: tuple[WhenTaken, ...] = get_args(WhenTaken)
CAP_OF: tuple[CapOf, ...] = get_args(CapOf)
MOST_GRANTS, MOST_PLACES = 100, 1_000_000
ADVANCE = "advance"


def awards(read: Reader) -> tuple[Grant, ...]:
    """`awards`, in the order in which they are given."""
    return tuple(award(inside) for inside in read.readers("awards", most=MOST_GRANTS))


def award(read: Reader) -> Grant:
    """One award."""
    return grant(read, read.key("key"), title(read, "title"), "main")


def advance(read: Reader) -> tuple[Grant, ...]:
    """`advance`: the steps by which entries go on."""
    readers = read.readers("advance", most=MOST_GRANTS)
    return tuple(step(inside, str(number)) for number, inside in enumerate(readers, 1))


def step(read: Reader, number: str) -> Grant:
    """One step: named by its number, all in one series."""
    if read.has("series"):
        read.problem("series", "unknown_field")
    return grant(read, number, None, ADVANCE)


def promotions(read: Reader) -> tuple[Grant, ...]:
    """`promotions`, the highest level first."""
    return tuple(promotion(inside) for inside in read.readers("promotions", most=MOST_GRANTS))


def promotion(read: Reader) -> Grant:
    """One level that is proposed; `with_award` and `for_levels` say for whom."""
    words = tuple(read.texts("with_award", most=MOST_GRANTS))
    levels = tuple(read.texts("for_levels", most=MOST_GRANTS))
    return grant(read, read.key("key"), title(read, "title"), "main", with_award=words, for_levels=levels)


def grant(
    read: Reader,
    key: str,
    title: Title | None,
    series: str,
    *,
    with_award: tuple[str, ...] = (),
    for_levels: tuple[str, ...] = (),
) -> Grant:
    """The fields that all have."""
    found = Grant(
        key=key,
        title=title,
        series=read.key("series") if read.has("series") else series,
        quota=quota(read),
        ties=read.choice("ties", TIES, "all"),
        needs=tuple(need(inside) for inside in read.readers("needs", most=MOST_GRANTS)),
        each=read.choice("each", EACH, "delegation") if read.has("each") else None,
        cap=optional(read, "cap", cap),
        vacant=read.choice("vacant", VACANT, "next"),
        reach=optional(read, "tolerance", reach),
        when_taken=read.choice("when_taken", WHEN_TAKEN, "none"),
        with_award=with_award,
        for_levels=for_levels,
    )
    if found.quota is None and not (found.needs or with_award):
        read.problem(None, "one_of_needed", options="places share needs")
    read.close()
    return found


def quota(read: Reader) -> Quota | None:
    """places, or share with mode and of; least, most, counted: fields of the grant itself."""
    if read.has("places") and read.has("share"):
        read.problem("share", "places_or_share")
    found = Quota(
        places=read.integer("places", 1, most=MOST_PLACES) if read.has("places") else None,
        share=read.positive("share", ZERO) if read.has("share") else None,
        mode=mode(read),
        base=read.choice("of", BASES, "ranked"),
        least=read.integer("least", 0, most=MOST_PLACES),
        most=read.integer("most", 0, most=MOST_PLACES) if read.has("most") else None,
        counted=read.choice("counted", COUNTED, "own"),
    )
    check_quota(read, found)
    return None if found.places is None and found.share is None else found


def mode(read: Reader) -> RoundingMode:
    """How a share is rounded to places."""
    return read.choice("mode", MODES, "half_away")


def check_quota(read: Reader, found: Quota) -> None:
    """A share is one; least and most fit; without a number nothing that concerns it is said."""
    if found.share is not None and found.share > ONE:
        read.problem("share", "share_above_one")
    if found.most is not None and found.least > found.most:
        read.problem("most", "least_above_most")
    if found.places is None and found.share is None:
        for name in ("mode", "of", "least", "most", "counted"):
            if read.has(name):
                read.problem(name, "without_number")


def need(read: Reader) -> Need:
    """{take | node, least, most}."""
    found = Need(take(read), read.decimal("least"), read.decimal("most"))
    if found.least is None and found.most is None:
        read.problem(None, "one_of_needed", options="least most")
    if found.least is not None and found.most is not None and found.least > found.most:
        read.problem("most", "least_above_most")
    read.close()
    return found


def cap(read: Reader) -> Cap:
    """{most, of}."""
    found = Cap(read.integer("most", 1, least=1, most=MOST_PLACES), read.choice("of", CAP_OF, "award"))
    if not read.has("most"):
        read.problem("most", "missing_field")
    read.close()
    return found


def reach(read: Reader) -> Reach:
    """{value, take | node, mode}."""
    mode: ToleranceMode = read.choice("mode", TOLERANCE_MODES, "first")
    found = Reach(take(read), read.positive("value", ZERO, required=True), mode)
    read.close()
    return found
