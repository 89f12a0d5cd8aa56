"""Everything that scoring says has words in both languages, and an explanation ends in the number that is published."""

from __future__ import annotations

from collections.abc import Iterator
from typing import get_args

import pytest

from api.evaluating import Contest, Evaluated
from api.explaining.traces import PLAIN
from api.wording import Lang, texts
from scoring.facts import Status
from scoring.grants import PromotionCode, RulingCode
from scoring.outcomes import Known
from scoring.places import PartingCode
from scoring.schemes.model import RoundingMode
from scoring.tables.model import CountedCode
from scoring.traces import FateCode, StepCode
from tests.scoring.cases import library, scheme

LANGS: tuple[Lang, ...] = ("zh", "en")


def codes(kind: object) -> Iterator[str]:
    """The words of a Literal, or of a union of them."""
    for one in get_args(kind):
        yield from [one] if isinstance(one, str) else codes(one)


def keys() -> set[str]:
    """The text of every code that scoring gives; the type checker sees to it that it gives no other."""
    promotions = set(codes(PromotionCode))
    partings = [code for code in codes(PartingCode) if code != "tied"]
    return {
        *(f"results.fate_{code}" for code in codes(FateCode) if code not in PLAIN),
        *(f"results.step_{code}" for code in codes(StepCode)),
        *(f"results.status_{status}" for status in Status),
        *(f"scheme.rounding_{code}" for code in codes(RoundingMode)),
        *(f"{'explain' if code in promotions else 'rulings'}.{code}" for code in codes(RulingCode)),
        *(f"explain.parted_{code}_{side}" for code in partings for side in ("ahead", "behind")),
        *(f"explain.counted_{code}" for code in codes(CountedCode)),
        "explain.parted_tied", "rulings.tie_outside", "explain.carried_stage", "explain.carried_members",
    }  # fmt: skip


@pytest.mark.parametrize("lang", LANGS)
def test_every_code_has_words(lang: Lang) -> None:
    assert len(keys()) > 70
    assert {key for key in keys() if not texts(lang).get(key)} == set()


def ready(name: str, lang: Lang) -> Evaluated:
    """The worked example of a ready scheme, all of it explained."""
    rules = scheme(name)
    example = rules.example
    assert example is not None
    known = Known(
        lots={"01": 1},
        unranked={one.entry for one in example.entries if one.outside},
        delegations={one.entry: one.delegation for one in example.entries if one.delegation},
        groups={one.entry: one.group for one in example.entries if one.group},
    )
    entries = list(dict.fromkeys([*(one.entry for one in example.entries), *(mark.entry for mark in example.marks)]))
    return Evaluated(Contest(rules, example.marks, entries, known), entries, lang, {})


@pytest.mark.parametrize("name", library())
def test_the_last_line_is_the_published_number(name: str) -> None:
    for lang in LANGS:
        found = ready(name, lang)
        view = found.view()
        for line, told in zip(view.standings, sorted_as(view.standings, view.explanations), strict=True):
            published = line.score if line.status is None else found.teller.value(line.status)
            assert told.words.score[-1].endswith(f" = {published or '–'}")
            assert told.trace.result == line.score
            assert bool(told.words.scale) == (line.scaled is not None)
            assert line.scaled is None or told.words.scale[-1].endswith(f" = {line.scaled}")
            assert told.words.place
            assert "{" not in "".join([*told.words.score, *told.words.place, *told.words.given, *told.words.aside])


def sorted_as(standings: list, explanations: list) -> list:  # type: ignore[type-arg]
    """Explanations in the order of the board."""
    found = {one.entry: one for one in explanations}
    return [found[line.entry] for line in standings]


def test_a_person_can_follow_it() -> None:
    told = {one.entry: one.words for one in ready("worldskills_medals", "en").view().explanations}
    assert told["02"].place[:2] == ["Place 2 of 7 with 91.67.", "Behind 01: 91.67 against 92.67."]
    assert told["02"].given == ["Gold medal: given, within 2 of 01."]
    assert told["02"].score == [
        "Organisation of the station: J1 2, J2 3, J3 3; averaged: 2.666666667; times 30 ÷ 3: 26.666666667; "
        "26.666666667 rounded to 2 decimal places (half away from zero) = 26.67",
        "Dimensions in tolerance = 35",
        "Good parts: 10; times 3 = 30",
        "Total: Organisation of the station 26.67, Dimensions in tolerance 35, Good parts 30; added up = 91.67",
    ]
    chinese = {one.entry: one.words for one in ready("worldskills_medals", "zh").view().explanations}
    assert chinese["02"].score[-1] == "总分：工位组织 26.67、尺寸合格项 35、合格零件数 30；相加 = 91.67"
    assert told["G1"].place == ["No place: out of competition (100.00)."]


def test_what_was_dropped_clamped_and_excused_is_told() -> None:
    spoken = "\n".join(
        line
        for name in ("diving", "piano_competition", "wca_average_of_5", "provincial_contest", "time_trial_penalties")
        for one in ready(name, "en").view().explanations
        for line in [*one.words.score, *one.words.place, *one.words.given, *one.words.aside]
    )
    for words in (
        "(highest, dropped)", "(lowest, dropped)", "brought within limits, counts as", "recused or absent",
        "did not finish", "the delegation has its 2 already", "Scores equal, ahead of", "times its weight of 0.3",
    ):  # fmt: skip
        assert words in spoken
