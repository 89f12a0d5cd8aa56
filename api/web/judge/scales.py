"""How an aspect is put before a judge: keys to tap, sentences to choose from, or a number to type."""

from decimal import Decimal

from msgspec import Struct

from api.wording import Lang, say
from events.marking import SheetAspect

MOST_KEYS = 25
LEVELS = 4
FINE = Decimal("0.01")


class Choice(Struct, frozen=True):
    """A mark that may be given, in words or figures, and what it adds to the judge's total."""

    value: str
    label: str
    points: str


class Scale(Struct, frozen=True, kw_only=True):
    """The ways to mark an aspect; `kind` is keys, levels or number, and `step` "any" where no step is laid down."""

    kind: str
    options: list[Choice]
    minimum: str
    maximum: str
    step: str
    range: str
    unit: str


def scale_of(aspect: SheetAspect, lang: Lang, worth: Decimal) -> Scale:
    """The scale of an aspect; `worth` is what one unit adds to the judge's total."""
    values = lawful(aspect)
    labels = _levels(aspect, lang) if values else []
    worded = len(labels) == len(values) > 0
    options = [
        Choice(plain(value), labels[place] if worded else plain(value), plain(round_off(value * worth)))
        for place, value in enumerate(values)
    ]
    return Scale(
        kind="levels" if worded else "keys" if values else "number",
        options=options,
        minimum=aspect.least or "",
        maximum=aspect.most or "",
        step=aspect.step or "any",
        range=_range(aspect, lang),
        unit=say(lang, "judge.seconds") if aspect.kind == "time" else "",
    )


def lawful(aspect: SheetAspect) -> list[Decimal]:
    """Every value that may be given, where they are few enough for a key each."""
    if aspect.least is None or aspect.most is None or aspect.step is None:
        return []
    least, most, step = Decimal(aspect.least), Decimal(aspect.most), Decimal(aspect.step)
    count = int((most - least) / step) + 1
    return [least + place * step for place in range(count)] if count <= MOST_KEYS else []


def round_off(points: Decimal) -> Decimal:
    """Points as they are shown: hundredths."""
    return points.quantize(FINE)


def plain(value: Decimal) -> str:
    """A number without exponent and trailing zeros."""
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _levels(aspect: SheetAspect, lang: Lang) -> list[str]:
    """A sentence for each value: the scheme's own, else those of the four levels of judgement, else passed or not."""
    if aspect.levels:
        return [level.in_language(lang) for level in aspect.levels]
    if aspect.kind == "judgement" and (aspect.least, aspect.most) == ("0", "3"):
        return [say(lang, f"judge.level_{level}") for level in range(LEVELS)]
    return [say(lang, "judge.failed"), say(lang, "judge.passed")] if aspect.kind == "pass" else []


def _range(aspect: SheetAspect, lang: Lang) -> str:
    told = []
    if aspect.least is not None and aspect.most is not None:
        told.append(say(lang, "judge.range", min=aspect.least, max=aspect.most))
    elif aspect.least is not None:
        told.append(say(lang, "judge.range_from", min=aspect.least))
    elif aspect.most is not None:
        told.append(say(lang, "judge.range_to", max=aspect.most))
    if aspect.step is not None:
        told.append(say(lang, "judge.step", step=aspect.step))
    return " · ".join(told)
