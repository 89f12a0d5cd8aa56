"""The way from marks to a score, laid out as rows: what went in, what became of it, by which rule."""

from collections.abc import Iterable, Iterator

from api.explaining.traces import PLAIN, rule
from api.wording import Lang, say, texts
from events.publishing import StepView, TraceView, UsedMark

COMBINING = ("sum", "mean", "median")  # of one alone these say nothing


def nodes(trace: TraceView, lang: Lang) -> list[dict[str, object]]:
    """Every node of a trace from the top, each with its depth."""
    return list(_rows(trace, 0, lang))


def steps(found: Iterable[StepView], lang: Lang) -> list[dict[str, str]]:
    """Steps one by one: what is done, and what comes out."""
    return [{"rule": _rule(step, lang), "score": step.after} for step in found]


def _rows(trace: TraceView, depth: int, lang: Lang) -> Iterator[dict[str, object]]:
    yield _row(trace, depth, lang)
    for child in trace.children:
        yield from _rows(child, depth + 1, lang)


def _row(trace: TraceView, depth: int, lang: Lang) -> dict[str, object]:
    attempt = say(lang, "results.attempt", n=trace.attempt) if trace.attempt else ""
    title = trace.title.in_language(lang) or trace.node
    parts = {child.node: child.title.in_language(lang) for child in trace.children}
    alone = COMBINING if len(trace.used) == 1 else ()
    steps = [step for step in trace.steps if step.before != step.after and step.code not in alone]
    return {
        "depth": min(depth, 5),
        "label": f"{title} {attempt}".strip(),
        "marks": [_mark(one, parts.get(one.source, ""), lang) for one in trace.used],
        "rule": say(lang, "results.then").join(_rule(step, lang) for step in steps),
        "score": trace.result if trace.result is not None else _status(trace.status, lang),
    }


def _mark(used: UsedMark, part: str, lang: Lang) -> dict[str, object]:
    """A judge's mark, or the part of a criterion as it counts there: after its weight."""
    value = used.value if used.value is not None else _status(used.status, lang)
    fate = "" if used.fate in PLAIN else texts(lang).get(f"results.fate_{used.fate}", used.fate)
    words = f"{part} {fate}".strip()
    return {"judge": used.source, "value": value, "fate": used.fate, "words": words, "dropped": used.counted is None}


def _rule(step: StepView, lang: Lang) -> str:
    return rule(step.code, {**step.params, "before": step.before or "", "after": step.after}, lang)


def _status(status: object, lang: Lang) -> str:
    return texts(lang).get(f"results.status_{getattr(status, 'value', '')}", "–")
