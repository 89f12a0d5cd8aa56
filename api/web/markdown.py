"""Markdown that organisers write, as HTML that can do nothing but be read."""

from functools import lru_cache

import nh3
from markdown_it import MarkdownIt
from markupsafe import Markup

TAGS = {
    "p", "br", "hr", "em", "strong", "s", "blockquote", "ul", "ol", "li", "h3", "h4", "h5", "h6", "a", "code", "pre",
    "table", "thead", "tbody", "tr", "th", "td",
}  # fmt: skip
_parser = MarkdownIt("commonmark", {"html": False}).enable("table").enable("strikethrough")


@lru_cache(maxsize=500)
def html(text: str) -> Markup:
    """Sanitised HTML; headings begin below the page's own."""
    drawn = _parser.render(text)
    for level in (4, 3, 2, 1):
        drawn = drawn.replace(f"<h{level}>", f"<h{level + 2}>").replace(f"</h{level}>", f"</h{level + 2}>")
    clean = nh3.clean(drawn, tags=TAGS, attributes={"a": {"href"}}, url_schemes={"http", "https", "mailto", "tel"})
    return Markup(clean)  # noqa: S704  # just sanitised
