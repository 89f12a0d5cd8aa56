"""Who tells: a language, what the parts of a scheme are called in it, and numbers as people read them."""

from collections.abc import Mapping
from decimal import Decimal

from api.wording import Lang, say, texts
from scoring.facts import Status
from scoring.schemes import Node, Scheme, Title, nodes

NOTHING = "–"


class Teller:
    """Says things about entries of one scheme; `labels`: what entries are called, where that is not their id."""

    def __init__(self, scheme: Scheme, lang: Lang, labels: Mapping[str, str] | None = None) -> None:
        self.scheme, self.lang, self.labels = scheme, lang, labels or {}
        self.nodes: dict[str, Node] = nodes(scheme)

    def say(self, key: str, **params: object) -> str:
        """A text of ours."""
        return say(self.lang, key, **params)

    def title(self, key: str) -> str:
        """What a node is called; the lot, which is none, by its name."""
        return self.in_language(self.nodes[key].title) if key in self.nodes else key

    def in_language(self, title: Title | None) -> str:
        """A text of the scheme."""
        return "" if title is None else (title.en or title.zh) if self.lang == "en" else (title.zh or title.en)

    def entry(self, entry: str) -> str:
        """What an entry is called."""
        return self.labels.get(entry, entry)

    def value(self, value: object) -> str:
        """A number, a status, or nothing."""
        if isinstance(value, Status):
            return texts(self.lang)[f"results.status_{value.value}"]
        if isinstance(value, Decimal):
            return f"{value:f}"
        return NOTHING if value is None else str(value)

    def short(self, value: object) -> str:
        """The same without zeros that say nothing."""
        told = self.value(value)
        return told.rstrip("0").rstrip(".") if isinstance(value, Decimal) and "." in told else told

    def noted(self, *notes: str) -> str:
        """Notes in brackets, where there are any."""
        said = [note for note in notes if note]
        if not said:
            return ""
        return f"（{'，'.join(said)}）" if self.lang == "zh" else f" ({', '.join(said)})"

    def listed(self, parts: list[str]) -> str:
        """Several things one after the other."""
        return ("、" if self.lang == "zh" else ", ").join(parts)

    def then(self, parts: list[str]) -> str:
        """Several steps one after the other."""
        return ("；" if self.lang == "zh" else "; ").join(part for part in parts if part)
