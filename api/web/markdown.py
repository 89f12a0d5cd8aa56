"""Markdown that organisers write, as HTML that can do nothing but be read."""

from collections.abc import Sequence
from functools import lru_cache

import nh3
from markdown_it import MarkdownIt
from markdown_it.token import Token
from markupsafe import Markup

TAGS = {
    "p", "br", "hr", "em", "strong", "s", "blockquote", "ul", "ol", "li", "h3", "h4", "h5", "h6", "a", "code", "pre",
    "table", "thead", "tbody", "tr", "th", "td",
}  # fmt: skip
SCHEMES = {"http", "https", "mailto", "tel"}
ABOVE = 2
"""The level of the heading that stands above the text on its page."""

_parser = MarkdownIt("commonmark", {"html": False}).enable("table").enable("strikethrough")


@lru_cache(maxsize=500)
def html(text: str) -> Markup:
    """Sanitised HTML, its headings below those of the page and none left out between."""
    tokens = _parser.parse(text)
    _level(tokens)
    drawn = _parser.renderer.render(tokens, _parser.options, {})
    return Markup(nh3.clean(drawn, tags=TAGS, attributes={"a": {"href"}}, url_schemes=SCHEMES))  # noqa: S704


def _level(tokens: Sequence[Token]) -> None:
    """Readers who jump from heading to heading lose their way where a level is skipped."""
    headings = [token for token in tokens if token.type in ("heading_open", "heading_close")]
    written = sorted({token.tag for token in headings})
    last = ABOVE
    for start, end in zip(headings[::2], headings[1::2], strict=True):
        last = min(ABOVE + 1 + written.index(start.tag), last + 1, 6)
        start.tag = end.tag = f"h{last}"
