"""What a scheme totals to, and what each of its nodes can add to that, in words."""

from fractions import Fraction

from api.wording import Lang, say
from scoring import schemes
from scoring.arithmetic import to_decimal
from scoring.problems import Problem
from scoring.schemes import Node, Scheme
from scoring.worth import Range, of_node, part

HUNDRED = Fraction(100)
SHOWN = 9


def known(scheme: Scheme, problems: tuple[Problem, ...] = ()) -> dict[str, Node]:
    """The nodes that others use again: none while something is wrong, for then they may use each other."""
    return {} if problems else schemes.nodes(scheme)


def contribution(node: Node, nodes: dict[str, Node]) -> str:
    """What a node can add: "30", "0-30" only where it does not begin at nothing; "" where nobody can say."""
    return span(part(node, nodes))


def span(found: Range) -> str:
    """A range as people read it."""
    if found.most is None or (found.least is None and found.most <= 0):
        return ""
    if found.least in (None, 0):
        return number(found.most)
    if found.least == found.most:
        return number(found.most)
    return f"{number(found.least or Fraction(0))} – {number(found.most)}".replace("-", "−")


def number(value: Fraction) -> str:
    """A fraction as a decimal without zeros that say nothing."""
    text = f"{to_decimal(value.numerator, value.denominator, None):f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def total(scheme: Scheme, problems: tuple[Problem, ...], lang: Lang) -> dict[str, str]:
    """The least and the most, and how far from 100 that is: {"mark": "ok" | "info", "words"}."""
    found = of_node(scheme.root, known(scheme, problems))
    if not getattr(scheme.root, "children", True):
        return {"mark": "info", "words": say(lang, "scheme.total_empty")}
    if found.most is None:
        return {"mark": "info", "words": say(lang, "scheme.total_open")}
    down = say(lang, "scheme.total_down", least=number(found.least)) if found.least and found.least < 0 else ""
    if found.most == HUNDRED:
        return {"mark": "ok", "words": say(lang, "scheme.total_hundred") + down}
    away = "short" if found.most < HUNDRED else "over"
    by = number(abs(found.most - HUNDRED))
    return {"mark": "info", "words": say(lang, f"scheme.total_{away}", most=number(found.most), by=by) + down}


def reach(scheme: Scheme, problems: tuple[Problem, ...], lang: Lang) -> str:
    """From where to where scores can go, without looking for 100."""
    found = of_node(scheme.root, known(scheme, problems))
    if found.most is None or found.most == HUNDRED:
        return total(scheme, problems, lang)["words"]
    return say(
        lang, "scheme.total_reach", least="–" if found.least is None else number(found.least), most=number(found.most)
    )


def totalled(document: dict[str, object], lang: Lang) -> str:
    """The same for a whole document."""
    return reach(*schemes.read(document), lang)
