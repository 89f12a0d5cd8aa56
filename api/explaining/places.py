"""Places and what is given down a board, in words."""

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import get_args

from api.explaining.rulings import ruled
from api.explaining.teller import Teller
from api.explaining.traces import rule, told_params
from scoring.grants import PromotionCode, Ruling
from scoring.outcomes import Why
from scoring.places import Parting
from scoring.promotions import Proposal
from scoring.schemes import Aspect
from scoring.standings import Standing
from scoring.totals import Total
from scoring.traces import Step


def scale(steps: Sequence[Step], teller: Teller) -> Iterator[str]:
    """The way onto the scale of the board; the last sentence ends in the scaled score."""
    for step in steps:
        yield f"{rule(step.code, told_params(step, teller), teller.lang)} = {teller.value(step.after)}"


def sections(why: Why, teller: Teller) -> Iterator[str]:
    """What an entry has in each section of the standard."""
    for section in teller.scheme.standard:
        title = teller.in_language(section.title)
        yield teller.say("explain.section", section=title, points=teller.short(why.sections[section.key]))


def standing(
    line: Standing, total: Total, teller: Teller, *, ranked: int, outside: bool, why: Why | None
) -> Iterator[str]:
    """The place of an entry among so many that are ranked, what parts it from its neighbours, and what is missing."""
    yield place(line, teller, ranked=ranked, outside=outside)
    if line.points is not None:
        yield teller.say("explain.points", points=teller.short(line.points))
    for parting in why.place if why else ():
        yield parted(parting, teller)
    yield from flaws(total, teller)


def place(line: Standing, teller: Teller, *, ranked: int, outside: bool) -> str:
    """The place and its score, or why there is no place."""
    if line.rank is None:
        if outside:
            return teller.say("explain.unranked_outside", score=teller.value(line.score or line.status))
        nothing = line.status is None
        return teller.say("explain.unranked_nothing") if nothing else unranked(line, teller)
    shared = teller.say("explain.shared") if line.tied else ""
    score = teller.value(line.score if line.status is None else line.status)
    return teller.say("explain.place", rank=line.rank, ranked=ranked, score=score, shared=teller.noted(shared))


def unranked(line: Standing, teller: Teller) -> str:
    """A status that has no place."""
    return teller.say("explain.unranked_status", status=teller.value(line.status))


def parted(parting: Parting, teller: Teller) -> str:
    """What parts an entry from one of its neighbours."""
    code = parting.code if parting.code == "tied" else f"{parting.code}_{'ahead' if parting.ahead else 'behind'}"
    params = {
        "other": teller.entry(parting.other),
        "node": teller.title(parting.node) if parting.node else "",
        "own": teller.value(parting.own),
        "others": teller.value(parting.others),
    }
    return teller.say(f"explain.parted_{code}", **params)


def flaws(total: Total, teller: Teller) -> Iterator[str]:
    """Marks that are missing, and judges who lie too far apart."""
    if total.status is None:
        yield from missing(total, teller)
    for aspect, number in total.disputed:
        node = teller.nodes[aspect]
        most = node.max_spread if isinstance(node, Aspect) else None
        yield teller.say("explain.disputed", aspect=attempt(aspect, number, teller), most=teller.short(most))


def missing(total: Total, teller: Teller) -> Iterator[str]:
    """Marks that are not in yet."""
    for one in total.missing:
        at = attempt(one.aspect, one.attempt, teller)
        yield teller.say("explain.missing", aspect=at, have=one.have, needed=one.needed)


def attempt(aspect: str, number: int, teller: Teller) -> str:
    """An aspect, and which attempt of it where there are several."""
    said = teller.say("results.attempt", n=number) if number > 1 else ""
    return f"{teller.title(aspect)}{teller.noted(said)}"


def given(ruling: Ruling | Proposal, teller: Teller, names: Mapping[str, str]) -> str:
    """Why something is given or not; `names`: what awards are called."""
    said = ruling.proposed if isinstance(ruling, Proposal) else ruling.given
    params = {name: spoken(name, value, teller, names) for name, value in ruling.params.items()}
    if ruling.code in get_args(PromotionCode):
        return teller.say(f"explain.{ruling.code}", **params)
    return ruled(ruling.code, params, teller.lang, given=said)


def spoken(name: str, value: object, teller: Teller, names: Mapping[str, str]) -> object:
    """What a ruling is filled with."""
    if name in ("to", "entry"):
        return teller.entry(str(value))
    if name == "awards":
        return teller.listed([names.get(key, key) for key in str(value).split()])
    if name == "take":
        return teller.title(str(value)) if value in teller.nodes else teller.say(f"rulings.take_{value}")
    if name == "level":
        return value or teller.say("explain.no_level")
    return teller.short(Decimal(value)) if name == "value" and isinstance(value, str) and value else value
