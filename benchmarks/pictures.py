"""Bars as SVG, readable on light and on dark ground."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from html import escape

WIDTH, LABEL, FIGURE = 860, 400, 120
HEIGHT, GAP, TOP = 18, 8, 44
STYLE = """text { font: 13px system-ui, sans-serif; fill: #24292f } .title { font-weight: 600; font-size: 15px }
.small { font-size: 12px; fill: #57606a } .line { stroke: #57606a; stroke-dasharray: 4 3 }
.a { fill: #0969da } .b { fill: #bf8700 } .c { fill: #cf222e } .n { fill: #8c959f }
@media (prefers-color-scheme: dark) { text { fill: #e6edf3 } .small { fill: #9198a1 } .line { stroke: #9198a1 }
.a { fill: #4493f8 } .b { fill: #d29922 } .c { fill: #f85149 } .n { fill: #6e7681 } }"""


@dataclass(frozen=True)
class Part:
    """A piece of a bar: how long, and of which colour (a, b, c or n)."""

    value: float
    colour: str = "a"


@dataclass(frozen=True)
class Bar:
    """A line of a picture; `shown` stands behind it."""

    label: str
    parts: Sequence[Part]
    shown: str

    @property
    def value(self) -> float:
        """The length of the whole."""
        return sum(part.value for part in self.parts)


def linear(bars: Sequence[Bar], title: str, below: str) -> str:
    """Bars whose lengths are proportional, their parts one behind the other."""
    most = max((bar.value for bar in bars), default=1) or 1
    scale = (WIDTH - LABEL - FIGURE) / most
    return _picture(bars, title, below, [_stack(bar, number, scale) for number, bar in enumerate(bars)])


def logarithmic(bars: Sequence[Bar], title: str, below: str) -> str:
    """Bars around 1, where the line is; each tenfold is as long as the next."""
    reach = max([1.0, *(abs(math.log10(bar.value)) for bar in bars if bar.value > 0)])
    half = (WIDTH - LABEL - FIGURE) / 2
    drawn = [_around(bar, number, half / reach) for number, bar in enumerate(bars)]
    x, bottom = LABEL + half, TOP + len(bars) * (HEIGHT + GAP)
    return _picture(bars, title, below, [f'<path class="line" d="M{x:.1f} {TOP - 6}V{bottom}"/>', *drawn])


def _stack(bar: Bar, number: int, scale: float) -> str:
    x, drawn = float(LABEL), []
    for part in bar.parts:
        drawn.append(_rect(x, number, part.value * scale, part.colour))
        x += part.value * scale
    return "".join([*drawn, _text(x + 6, number, bar.shown)])


def _around(bar: Bar, number: int, unit: float) -> str:
    middle = LABEL + (WIDTH - LABEL - FIGURE) / 2
    length = math.log10(bar.value) * unit if bar.value > 0 else 0.0
    return _rect(min(middle, middle + length), number, max(abs(length), 1), bar.parts[0].colour) + _text(
        max(middle, middle + length) + 6, number, bar.shown
    )


def _picture(bars: Sequence[Bar], title: str, below: str, drawn: Iterable[str]) -> str:
    height = TOP + len(bars) * (HEIGHT + GAP) + 26
    labels = "".join(_text(LABEL - 8, number, bar.label, end=True) for number, bar in enumerate(bars))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" width="{WIDTH}" height="{height}" '
        f'role="img" aria-label="{escape(title)}">\n<style>{STYLE}</style>\n'
        f'<text class="title" x="8" y="20">{escape(title)}</text>\n{labels}\n{"".join(drawn)}\n'
        f'<text class="small" x="8" y="{height - 8}">{escape(below)}</text>\n</svg>\n'
    )


def _rect(x: float, number: int, width: float, colour: str) -> str:
    y = TOP + number * (HEIGHT + GAP)
    return f'<rect class="{colour}" x="{x:.1f}" y="{y}" width="{width:.1f}" height="{HEIGHT}" rx="2"/>\n'


def _text(x: float, number: int, text: str, *, end: bool = False) -> str:
    y, anchor = TOP + number * (HEIGHT + GAP) + 13, ' text-anchor="end"' if end else ""
    return f'<text x="{x:.1f}" y="{y}"{anchor}>{escape(text)}</text>\n'
