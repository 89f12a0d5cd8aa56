"""The way from marks to a score as texts: what scoring traces, made ready to be sent."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from events.publishing.boards import text
from events.publishing.structs import StepView, TraceView, UsedMark
from events.text import Bilingual
from scoring.marks import Status
from scoring.schemes import Scheme, nodes
from scoring.traces import Shown, Step, Trace, Used


def trace_view(trace: Trace, rules: Scheme) -> TraceView:
    """A trace with the titles of its nodes."""
    return _node(trace, {key: Bilingual(zh=node.title.zh, en=node.title.en) for key, node in nodes(rules).items()})


def _node(trace: Trace, titles: Mapping[str, Bilingual]) -> TraceView:
    return TraceView(
        node=trace.node,
        title=titles.get(trace.node, Bilingual()),
        attempt=trace.attempt,
        result=text(trace.result),
        status=_status(trace.result),
        used=[_used(used) for used in trace.used],
        steps=[step_view(step) for step in trace.steps],
        children=[_node(child, titles) for child in trace.children],
    )


def _used(used: Used) -> UsedMark:
    return UsedMark(
        source=used.source,
        value=_text(used.value),
        status=_status(used.value),
        fate=used.fate,
        counted=_text(used.counted),
    )


def step_view(step: Step) -> StepView:
    """A step with its numbers as texts."""
    params = {name: text(value) if isinstance(value, Decimal) else str(value) for name, value in step.params.items()}
    return StepView(
        code=step.code,
        before=_text(step.before),
        after=_text(step.after) or "",
        params={name: value or "" for name, value in params.items()},
    )


def _text(shown: Shown) -> str | None:
    """A value as people read it: without zeros that say nothing."""
    plain = text(shown)
    return plain.rstrip("0").rstrip(".") if plain and "." in plain else plain


def _status(shown: Shown) -> Status | None:
    return shown if isinstance(shown, Status) else None
