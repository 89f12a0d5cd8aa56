"""Made-up marks to try a scheme with: a small grid that the draft keeps, and that nobody takes for real marks."""

import hashlib
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import NamedTuple

from api.web.desk.rules.fields import NUMBER, plain
from api.wording import Lang, words
from events.errors import Reason
from events.imports.mark_lines import STATUSES
from scoring.facts import Mark, Status
from scoring.marks import checker
from scoring.outcomes import Known
from scoring.problems import Problem
from scoring.schemes import Aspect, Scheme, attempts, nodes
from scoring.schemes.document import Example

ENTRIES, FEWEST, MOST = 4, 2, 8
MOST_CELLS = 1500
CODES = {
    Status.DID_NOT_START: "DNS", Status.DID_NOT_FINISH: "DNF", Status.DISQUALIFIED: "DSQ", Status.RECUSED: "REC",
    Status.ABSENT: "ABS",
}  # fmt: skip
HOW_MANY = "entries"
WHATS = ("delegation", "group")
Sample = Mapping[str, str]


class Place(NamedTuple):
    """Where a mark goes in for every entry; judge 0: none."""

    key: str
    title: str
    attempt: int
    judge: int
    times: int
    judges: int

    def cell(self, entry: str) -> str:
        """The name of an entry's mark in the sample."""
        return f"{entry}|{self.key}|{self.attempt}|{self.judge}"


def places(scheme: Scheme, lang: Lang) -> list[Place]:
    """Every place for a mark, in the order of the document, then a status of the whole."""
    found, times = nodes(scheme), attempts(scheme)
    listed = [
        Place(key, node.title.en if lang == "en" else node.title.zh, attempt, judge, times[key], node.judges)
        for key, node in found.items()
        if isinstance(node, Aspect)
        for attempt in range(1, times[key] + 1)
        for judge in (range(1, node.judges + 1) if node.judges else (0,))
    ]
    return listed if isinstance(scheme.root, Aspect) else [*listed, Place(scheme.root.key, "", 1, 0, 1, 0)]


def entries(sample: Sample, scheme: Scheme) -> list[str]:
    """A, B, C ...: as many as were asked for, fewer where a scheme has very many places."""
    told = sample.get(HOW_MANY, "")[:2]
    wanted = int(told) if told.isdecimal() else ENTRIES
    fit = MOST_CELLS // max(len(places(scheme, "zh")), 1)
    return [chr(ord("A") + n) for n in range(max(min(wanted, MOST, fit), FEWEST))]


def asked_of(scheme: Scheme) -> list[str]:
    """What must be known of entries beside their marks: their delegation, their group."""
    grants = (*scheme.awards, *scheme.advance, *scheme.promotions)
    needed = {str(grant.each) for grant in grants if grant.each} | {"delegation" for grant in grants if grant.cap}
    return [what for what in WHATS if what in needed]


def known(scheme: Scheme, sample: Sample) -> Known:
    """What is known of the entries; lots fall in their order."""
    listed = entries(sample, scheme)
    told = {what: {one: text for one in listed if (text := sample.get(f"{one}|={what}", "").strip())} for what in WHATS}
    lots = {entry: number for number, entry in enumerate(listed, 1)}
    return Known(lots=lots, delegations=told["delegation"], groups=told["group"])


class Filled(NamedTuple):
    """The marks of a sample, and what is wrong with those that are none."""

    marks: list[Mark]
    errors: dict[str, str]


def filled(scheme: Scheme, sample: Sample, lang: Lang) -> Filled:
    """The marks in the grid."""
    found, errors, check = [], {}, checker(scheme)
    listed = [(entry, place) for entry in entries(sample, scheme) for place in places(scheme, lang)]
    for entry, place in listed:
        text = plain(sample.get(place.cell(entry), ""))
        if not text:
            continue
        mark = _mark(entry, place, text)
        problems = check(mark) if mark else (Problem("/value", "not_a_mark"),)
        if mark and not problems:
            found.append(mark)
        else:
            told = (words(Reason(one.code, one.pointer, one.params), lang) for one in problems)
            errors[place.cell(entry)] = " ".join(told)
    return Filled(found, errors)


def _mark(entry: str, place: Place, text: str) -> Mark | None:
    status = STATUSES.get(text.casefold())
    if status is None and not NUMBER.fullmatch(text):
        return None
    value = None if status else Decimal(text)
    return Mark(entry, place.key, place.attempt, str(place.judge) if place.judge else None, value, status)


def of_example(scheme: Scheme, example: Example) -> dict[str, str]:
    """A worked example as a sample: its entries become A, B, C, its judges 1, 2, 3."""
    marks = example.marks
    names = list(dict.fromkeys(mark.entry for mark in marks))
    made = {HOW_MANY: str(min(max(len(names), FEWEST), MOST))}
    letters = dict(zip(names, entries(made, scheme), strict=False))
    cells = {place.cell(letter) for place in places(scheme, "zh") for letter in letters.values()}
    for mark in marks:
        judges = sorted({one.judge for one in marks if one.judge and one.aspect == mark.aspect})
        judge = judges.index(mark.judge) + 1 if mark.judge else 0
        cell = f"{letters.get(mark.entry, '')}|{mark.aspect}|{mark.attempt}|{judge}"
        if cell in cells:
            made[cell] = CODES[mark.status] if mark.status else f"{mark.value:f}"
    for one in example.entries:
        if letter := letters.get(one.entry):
            told = {"delegation": one.delegation, "group": one.group}
            made |= {f"{letter}|={what}": text for what, text in told.items() if text}
    return made


def made_up(scheme: Scheme, sample: Sample) -> dict[str, str]:
    """Lawful marks in every place, the same whenever they are asked for; judges are of much the same mind."""
    found = {HOW_MANY: str(len(entries(sample, scheme)))}
    aspects = nodes(scheme)
    for entry in entries(sample, scheme):
        for place in places(scheme, "zh"):
            node = aspects[place.key]
            if isinstance(node, Aspect):
                found[place.cell(entry)] = f"{_invented(node, place, entry):f}"
        found |= {f"{entry}|={what}": str(1 + ord(entry) % 2) for what in asked_of(scheme)}
    return found


def _invented(node: Aspect, place: Place, entry: str) -> Decimal:
    least, most, step = _range(node)
    share = (3 * _chance(entry, place.key, place.attempt) + _chance(entry, place.key, place.attempt, place.judge)) / 4
    low = share * 3 / 10 if node.kind == "deduction" else Decimal("0.35") + share * Decimal("0.6")
    return least + ((most - least) * low / step).to_integral_value() * step


def _range(node: Aspect) -> tuple[Decimal, Decimal, Decimal]:
    """A scale to invent on: the aspect's own where it has one."""
    target = node.convert.target if node.convert else None
    least = (
        node.scale.least if node.scale.least is not None else Decimal(0) if target is None else target * Decimal("0.99")
    )
    usual = Decimal(120) if node.kind == "time" else Decimal(10)
    most = (
        node.scale.most
        if node.scale.most is not None
        else least + usual
        if target is None
        else target * Decimal("1.01")
    )
    most = max(most, least)
    fine = Decimal(1) if most - least >= Decimal(50) else Decimal("0.1") if most - least >= 1 else Decimal("0.01")
    return least, most, node.scale.step or fine


def _chance(*what: object) -> Decimal:
    """A number from 0 to 1 that hangs on nothing but what it is for."""
    digest = hashlib.sha256("|".join(map(str, what)).encode()).digest()
    return Decimal(digest[0]) / 255


def kept(given: Mapping[str, str], scheme: Scheme) -> Iterator[tuple[str, str]]:
    """What was typed in the grid; the places of entries that are not shown any more stay as they were."""
    letters = [chr(ord("A") + n) for n in range(MOST)]
    cells = {place.cell(one) for place in places(scheme, "zh") for one in letters}
    cells |= {f"{one}|={what}" for what in WHATS for one in letters}
    for name, text in given.items():
        cell = name.removeprefix("m ")
        if name.startswith("m ") and cell in cells and text.strip():
            yield cell, text.strip()[:20]
