"""What the choices of a form offer, in words."""

import re

from api.web.desk.rules.fields import NODE, Field
from api.web.desk.rules.rows import LOT
from api.web.forms import Option
from api.wording import Lang, say, texts
from scoring import editing
from scoring.editing import Document

TAKES = ("score", "scaled", "points", "rank")


def options(document: Document, one: Field, lang: Lang, value: str) -> list[Option]:
    """The choices of a field; what the document has and nobody offers is offered as it is."""
    found = _listed(document, one, lang) if isinstance(one.options, str) else _words(one, lang)
    known = {option.value for option in found}
    return found if not value or value in known else [*found, Option(value, value=value)]


def _words(one: Field, lang: Lang) -> list[Option]:
    return [Option(word_of(one.path[-1], value, lang), value=value) for value in one.options]


def word_of(name: str, value: str, lang: Lang) -> str:
    """A word of the document as people say it; as it is where we have no words for it."""
    plain = re.sub(r"\W", "_", value)
    keys = (f"scheme.option_{name}_{plain}", f"scheme.option_{plain}")
    return next((say(lang, key) for key in keys if key in texts(lang)), value)


def _listed(document: Document, one: Field, lang: Lang) -> list[Option]:
    nodes = [Option(label, value=key) for key, label in labels(document, lang).items()]
    if one.options == "sections":
        sections = document.get("standard", [])
        return [Option(label_of(item, lang), value=str(item.get("key", ""))) for item in sections]
    if one.options == "ties":
        return [*nodes, Option(say(lang, "scheme.option_lot"), value=LOT)]
    if one.options == "takes":
        taken = [Option(word_of("take", word, lang), value=word) for word in TAKES]
        return [*taken, *(Option(node.label, value=f"{NODE}{node.value}") for node in nodes)]
    return nodes


def labels(document: Document, lang: Lang) -> dict[str, str]:
    """Every node that has a key, with its title."""
    return {str(spot.node["key"]): label_of(spot.node, lang) for spot in editing.spots(document) if "key" in spot.node}


def label_of(part: Document, lang: Lang) -> str:
    """What a part is called: its title in the reader's language, or its key."""
    title = part.get("title")
    told = title if isinstance(title, dict) else {}
    other = "en" if lang == "zh" else "zh"
    return str(told.get(lang) or told.get(other) or part.get("key") or say(lang, "scheme.untitled"))
