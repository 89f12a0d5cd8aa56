"""The way from marks to a score, laid out as rows: what went in, what became of it, by which rule."""

from collections.abc import Iterator

from api.wording import Lang, say, texts
from events.publishing import StepView, TraceView, UsedMark

PLAIN = ("counted", "agreed")


def nodes(trace: TraceView, lang: Lang) -> list[dict[str, object]]:
    """Every node of a trace from the top, each with its depth."""
    return list(_rows(trace, 0, lang))


def _rows(trace: TraceView, depth: int, lang: Lang) -> Iterator[dict[str, object]]:
    yield _row(trace, depth, lang)
    for child in trace.children:
        yield from _rows(child, depth + 1, lang)


def _row(trace: TraceView, depth: int, lang: Lang) -> dict[str, object]:
    attempt = say(lang, "results.attempt", n=trace.attempt) if trace.attempt else ""
    title = trace.title.in_language(lang) or trace.node
    # What a criterion is made of follows below it: only what was left out there is told here.
    used = [one for one in trace.used if not trace.children or one.fate not in PLAIN]
    return {
        "depth": min(depth, 5),
        "label": f"{title} {attempt}".strip(),
        "marks": [_mark(one, lang) for one in used],
        "rule": say(lang, "results.then").join(_rule(step, lang) for step in trace.steps),
        "score": trace.result if trace.result is not None else _status(trace.status, lang),
    }


def _mark(used: UsedMark, lang: Lang) -> dict[str, object]:
    value = used.value if used.value is not None else _status(used.status, lang)
    fate = "" if used.fate in PLAIN else texts(lang).get(f"results.fate_{used.fate}", used.fate)
    return {"judge": used.source, "value": value, "fate": used.fate, "words": fate, "dropped": used.counted is None}


def _rule(step: StepView, lang: Lang) -> str:
    if step.code == "factor":
        return say(lang, "results.step_factor", factor=step.params["factor"]) + (
            f" ÷ {step.params['divisor']}" if "divisor" in step.params else ""
        )
    return say(lang, f"results.step_{step.code}", before=step.before or "", after=step.after, **step.params)


def _status(status: object, lang: Lang) -> str:
    return texts(lang).get(f"results.status_{getattr(status, 'value', '')}", "–")
