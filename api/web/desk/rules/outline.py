"""A draft as an outline: its tree with what each node is worth, and what follows from the scores."""

import re
from collections.abc import Iterator
from typing import NamedTuple
from urllib.parse import quote

from api.web.desk import scheme_words
from api.web.desk.rules import faults, worths
from api.web.desk.rules.choosing import label_of
from api.web.desk.rules.parts import GRANTS, SCALED, SCHEME, STANDARD, STANDINGS
from api.wording import Lang, counted, say
from scoring import editing, schemes
from scoring.editing import Document
from scoring.problems import Problem
from scoring.schemes import Node, Scheme

DEEPEST = 4  # as deep as a page indents


class Read(NamedTuple):
    """A draft's document with all that can be understood of it."""

    document: Document
    scheme: Scheme
    problems: tuple[Problem, ...]
    places: dict[str, Node]
    wrong: dict[str, list[Problem]]
    nodes: dict[str, Node]


class Row(NamedTuple):
    """A part of the document in the outline."""

    at: str
    url: str
    label: str
    depth: int
    rule: str
    weight: str
    worth: str
    faults: str
    current: bool


def read(document: Document) -> Read:
    """Understand a document as far as that goes."""
    scheme, problems = schemes.read(document)
    nodes = worths.known(scheme, problems)
    return Read(document, scheme, problems, schemes.places(scheme), faults.by_part(problems), nodes)


def url(at: str) -> str:
    """The address of a part's form, on the editor's page."""
    return f"?at={quote(at)}"


def tree(found: Read, at: str, lang: Lang, *, short: bool = False) -> list[Row]:
    """Every node of the score, then those beside it; `short`: without how exactly each is computed."""
    return [_node(found, spot, at, lang, short=short) for spot in editing.spots(found.document)]


def _said(node: Node, lang: Lang, *, aside: bool, short: bool) -> str:
    told = scheme_words.rule(node, lang, aside=aside)
    return re.split("[;；]", told)[0] if short else told


def _node(found: Read, spot: editing.Spot, at: str, lang: Lang, *, short: bool) -> Row:
    node, aside = found.places.get(spot.at), spot.at.startswith("/aside")
    return Row(
        spot.at, url(spot.at), label_of(spot.node, lang), min(spot.depth, DEEPEST),
        _said(node, lang, aside=aside and not spot.depth, short=short) if node else "",
        scheme_words.number(node.weight) if node and node.weight != 1 else "",
        worths.contribution(node, found.nodes) if node else "", _faults(found, spot.at, lang), current=spot.at == at,
    )  # fmt: skip


def others(found: Read, at: str, lang: Lang) -> list[Row]:
    """What stands beside the tree: the scheme itself, places, the scale, what is given, sections."""
    return [_row(found, part, at, lang) for part in _others(found, lang)]


def _row(found: Read, part: tuple[str, str, str], at: str, lang: Lang) -> Row:
    one, label, rule = part
    return Row(one, url(one), label, 0, rule, "", "", _faults(found, one, lang), current=one == at)


def _others(found: Read, lang: Lang) -> Iterator[tuple[str, str, str]]:
    between = "；" if lang == "zh" else "; "
    yield SCHEME, say(lang, "scheme.part_scheme"), label_of(found.document, lang)
    broken = STANDINGS in found.wrong or found.problems
    yield (
        STANDINGS,
        say(lang, "scheme.part_standings"),
        "" if broken else between.join(scheme_words.ties(found.scheme, lang)),
    )
    if SCALED[1:] in found.document:
        yield SCALED, say(lang, "scheme.part_scaled"), ""
    for name, kind in GRANTS.items():
        for number, grant in enumerate(found.document.get(name, [])):
            label = say(lang, "scheme.new_advance", n=number + 1) if kind == "advance" else label_of(grant, lang)
            yield (
                f"/{name}/{number}",
                f"{say(lang, f'scheme.part_{kind}')}{say(lang, 'common.colon')}{label}",
                _quota(grant, lang),
            )
    if sections := found.document.get("standard"):
        yield STANDARD, say(lang, "scheme.part_standard"), between.join(label_of(one, lang) for one in sections)


def _quota(grant: Document, lang: Lang) -> str:
    """How many are given, in words."""
    if "share" in grant:
        return say(lang, "scheme.quota_share", share=grant["share"])
    if "places" in grant:
        return f"{grant['places']} {counted(lang, 'scheme.quota_places', _whole(grant['places']))}"
    return say(lang, "scheme.quota_needs")


def _whole(value: object) -> int | None:
    return value if isinstance(value, int) else None


def _faults(found: Read, at: str, lang: Lang) -> str:
    told = dict.fromkeys(faults.sentence(one, lang) for one in found.wrong.get(at, []))
    return " ".join(told)
