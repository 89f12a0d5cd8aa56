"""A scheme in words: its tree, how places are told apart, where is rounded."""

from collections.abc import Iterator
from decimal import Decimal

from api.wording import Lang, say
from scoring.schemes import Again, Aspect, Criterion, Node, Scheme, Title, nodes
from scoring.schemes.model import Pick, Shape


def ties(rules: Scheme, lang: Lang) -> list[str]:
    """The steps by which equal scores are told apart."""
    known = nodes(rules)
    said = [
        say(lang, f"scheme.tie_{step.better}", node=_title(known[step.node].title, lang))
        if step.node
        else say(lang, "scheme.lot")
        for step in rules.standings.tie_breaks
    ]
    last = rules.standings.tie_breaks[-1:]
    return said if last and last[0].node is None else [*said, say(lang, "scheme.shared")]


def standings(rules: Scheme, lang: Lang) -> list[str]:
    """Which score is better, and what a place is worth."""
    found = rules.standings
    points = ", ".join(number(one) for one in found.points)
    said = [say(lang, f"scheme.better_{found.better}")]
    return [*said, say(lang, "scheme.points", points=points)] if points else said


def rule(node: Node, lang: Lang, *, aside: bool = False) -> str:
    """What a node is and how it is computed."""
    return ("；" if lang == "zh" else "; ").join(_rule(node, lang, aside))


def _rule(node: Node, lang: Lang, aside: bool) -> Iterator[str]:
    if aside:
        yield say(lang, "scheme.aside")
    if isinstance(node, Aspect):
        yield from _of_aspect(node, lang)
    elif isinstance(node, Criterion):
        yield say(lang, f"scheme.combine_{node.pick.combine}")
        yield from _dropped(node.pick, lang)
    elif isinstance(node, Again):
        yield say(lang, "scheme.again", node=node.of)
    if node.repeat:
        yield say(
            lang, "scheme.repeat", n=node.repeat.times, combine=say(lang, f"scheme.pick_{node.repeat.pick.combine}")
        )
    yield from _shaped(node.shape, lang)


def _of_aspect(node: Aspect, lang: Lang) -> Iterator[str]:
    yield say(lang, f"scheme.kind_{node.kind}")
    if node.judges:
        yield say(lang, f"scheme.judges_{node.pick.combine}", n=node.judges)
        yield from _dropped(node.pick, lang)
    if node.scale.least is not None and node.scale.most is not None:
        yield say(lang, "scheme.scale", least=number(node.scale.least), most=number(node.scale.most))
    if node.scale.step is not None:
        yield say(lang, "scheme.step", step=number(node.scale.step))
    if node.convert:
        yield say(lang, "scheme.convert")
    if node.as_ranks:
        yield say(lang, "scheme.as_ranks")
    if node.max_spread is not None:
        yield say(lang, "scheme.spread", most=number(node.max_spread))


def _dropped(pick: Pick, lang: Lang) -> Iterator[str]:
    if pick.drop_high or pick.drop_low:
        yield say(lang, "scheme.dropped", high=pick.drop_high, low=pick.drop_low)
    if pick.best:
        yield say(lang, "scheme.best", n=pick.best)
    if pick.outliers:
        yield say(lang, f"scheme.outliers_{pick.outliers.then}", by=number(pick.outliers.by))


def _shaped(shape: Shape, lang: Lang) -> Iterator[str]:
    if shape.factor < 0:
        yield say(lang, "scheme.taken_off")
    if shape.floor is not None:
        yield say(lang, "scheme.floor", least=number(shape.floor))
    if shape.cap is not None:
        yield say(lang, "scheme.cap", most=number(shape.cap))
    if shape.rounding:
        mode = say(lang, f"scheme.rounding_{shape.rounding.mode}")
        yield say(lang, "scheme.rounded", digits=shape.rounding.digits, mode=mode)


def _title(title: Title, lang: Lang) -> str:
    return (title.en or title.zh) if lang == "en" else (title.zh or title.en)


def number(value: Decimal) -> str:
    """A decimal as people write it."""
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
