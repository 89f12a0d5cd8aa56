"""The way from marks to a score in words: each line ends in what the node came to, the last one in the score."""

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from api.explaining.teller import NOTHING, Teller
from api.wording import Lang, say, texts
from scoring.schemes import Aspect, Criterion, Node
from scoring.traces import Step, Trace, Used

PLAIN = ("counted", "agreed")


class Line(NamedTuple):
    """A sentence, and how deep in the tree what it is about lies."""

    depth: int
    words: str


def lines(trace: Trace, teller: Teller, depth: int = 0) -> Iterator[Line]:
    """Every node, those below it first; what nobody has begun is told in one line."""
    if unbegun(trace):
        if not (depth and optional(teller.nodes[trace.node])):
            yield Line(depth, f"{label(trace, teller)} = {NOTHING}")
        return
    for child in trace.children:
        yield from lines(child, teller, depth + 1)
    yield Line(depth, sentence(trace, teller))


def optional(node: Node) -> bool:
    """Whether nobody waits for a mark, and none stands for it."""
    return isinstance(node, Aspect) and not node.needed and node.default is None


def unbegun(trace: Trace) -> bool:
    """Whether no mark of a node and of all below it is in."""
    nothing = trace.result is None and all(used.value is None for used in trace.used)
    return nothing and all(unbegun(child) for child in trace.children)


def sentence(trace: Trace, teller: Teller) -> str:
    """One node: what went in and what became of it, every step, and the result."""
    node = teller.nodes[trace.node]
    marks = teller.listed([told for used in trace.used if (told := mark(used, trace, node, teller))])
    steps = [step for step in said_steps(trace, node) if step.before != step.after]
    ways = [way(step, teller) for step in steps[:-1]]
    ways += [rule(step.code, told_params(step, teller), teller.lang) for step in steps[-1:]]
    result = teller.value(trace.result)
    simple = not ways and marks == teller.short(trace.result)
    return f"{label(trace, teller)}{'' if simple else colon(teller) + teller.then([marks, *ways])} = {result}"


def way(step: Step, teller: Teller) -> str:
    """A step on the way, and what it comes to."""
    return f"{rule(step.code, told_params(step, teller), teller.lang)}{colon(teller)}{teller.short(step.after)}"


def colon(teller: Teller) -> str:
    """What stands between a name and what is said of it."""
    return "：" if teller.lang == "zh" else ": "


def label(trace: Trace, teller: Teller) -> str:
    """What a node is called, with its attempt, and where it has its values from."""
    node = teller.nodes[trace.node]
    attempt = teller.say("results.attempt", n=trace.attempt) if trace.attempt else ""
    return f"{teller.in_language(node.title)}{teller.noted(attempt, source(node, teller))}"


def source(node: Node, teller: Teller) -> str:
    """From where values are carried."""
    if not isinstance(node, Aspect) or node.carried is None:
        return ""
    if node.carried.stage is None:
        return teller.say("explain.carried_members")
    return teller.say("explain.carried_stage", stage=node.carried.stage)


def said_steps(trace: Trace, node: Node) -> Sequence[Step]:
    """The steps that say something: one value without a judge is not averaged."""
    alone = isinstance(node, Aspect) and not node.judges and not over_attempts(trace, node)
    return trace.steps[1:] if alone and trace.steps and trace.steps[0].before is None else trace.steps


def over_attempts(trace: Trace, node: Node) -> bool:
    """Whether a trace is about all attempts of a node, and not one of them."""
    return node.repeat is not None and trace.attempt is None


def mark(used: Used, trace: Trace, node: Node, teller: Teller) -> str:
    """One value that went in: whose it is, what it was, what became of it and what counted of it."""
    if used.fate == "missing" and used.source in teller.nodes and optional(teller.nodes[used.source]):
        return ""
    who, weight = whose(used, trace, node, teller)
    fate = "" if used.fate in PLAIN else texts(teller.lang)[f"results.fate_{used.fate}"]
    moved = used.counted is not None and used.counted != used.value
    counts = teller.say("explain.counts_as", value=teller.short(used.counted)) if moved else ""
    value = "" if used.value is None else teller.short(used.value)
    agreed = teller.say("results.step_agreed") if used.fate == "agreed" else ""
    return f"{f'{who} {value}'.strip()}{teller.noted(weight, agreed, fate, counts)}".strip()


def whose(used: Used, trace: Trace, node: Node, teller: Teller) -> tuple[str, str]:
    """Whose value it is: a judge's, an attempt's, or a part's with its weight."""
    if over_attempts(trace, node):
        return teller.say("results.attempt", n=used.source), ""
    if isinstance(node, Aspect) or used.source not in teller.nodes:
        return used.source, ""
    weight = teller.nodes[used.source].weight if isinstance(node, Criterion) else 1
    said = "" if weight == 1 else teller.say("explain.weight", weight=teller.short(weight))
    return teller.title(used.source), said


def told_params(step: Step, teller: Teller) -> dict[str, object]:
    """What a rule is filled with."""
    told: dict[str, object] = {name: teller.short(value) for name, value in step.params.items()}
    return told | {"before": teller.value(step.before), "after": teller.value(step.after)}


def rule(code: str, params: Mapping[str, object], lang: Lang) -> str:
    """A step in words, with the way of rounding where there is a choice."""
    told = say(lang, f"results.step_{code}", **params)
    if "divisor" in params:
        return f"{told} ÷ {params['divisor']}"
    if "mode" in params:
        mode = say(lang, f"scheme.rounding_{params['mode']}")
        return f"{told}（{mode}）" if lang == "zh" else f"{told} ({mode})"
    return told
