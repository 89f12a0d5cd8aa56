"""Texts that exist in Chinese and in English."""

from __future__ import annotations

from typing import Annotated

import msgspec

# No control characters, not even a last line break, which `$` would let pass: PostgreSQL cannot store NUL.
# Prose may break lines and use tabs.
Line = Annotated[str, msgspec.Meta(max_length=200, pattern=r"^[^\x00-\x1f\x7f]*$(?!\n)")]
Prose = Annotated[str, msgspec.Meta(max_length=20_000, pattern=r"^[^\x00-\x08\x0b\x0c\x0e-\x1f\x7f]*$")]


class Bilingual(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A short text in both languages; where one is missing the other stands in."""

    zh: Line = ""
    en: Line = ""

    def in_language(self, language: str) -> str:
        """The text for a reader of `zh` or `en`."""
        return (self.en or self.zh) if language == "en" else (self.zh or self.en)

    def __bool__(self) -> bool:
        return bool(self.zh.strip() or self.en.strip())

    def stored(self) -> str:
        """As it lies in the database: JSON, so that one column holds both."""
        return msgspec.json.encode(self).decode()


def bilingual(stored: str | None) -> Bilingual:
    """A stored text read back; nothing stored gives an empty one."""
    return msgspec.json.decode(stored, type=Bilingual) if stored else Bilingual()


def holds(column: str, text: str) -> tuple[str, list[object]]:
    """A condition, with its arguments: a column has this text in it, as it is, in whichever case."""
    return f"LOWER({column}) LIKE LOWER({{}}) ESCAPE '!'", [f"%{_literal(text.strip())}%"]


def within_stored(text: str) -> str:
    """A text as it stands within a stored one."""
    return msgspec.json.encode(text.strip()).decode()[1:-1]


def either_holds(column: str, text: str) -> tuple[str, list[object]]:
    """The same for a column of stored texts in two languages, of which either may have it."""
    wanted = _literal(within_stored(text))
    clause = f"LOWER({column}) LIKE LOWER({{}}) ESCAPE '!'"
    return f"({clause} OR {clause})", [f'{{"zh":"%{wanted}%","en":"%', f'%","en":"%{wanted}%"}}']


def _literal(text: str) -> str:
    """A text in which LIKE finds no wildcards."""
    return text.replace("!", "!!").replace("%", "!%").replace("_", "!_")


class BilingualProse(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A long text (Markdown) in both languages."""

    zh: Prose = ""
    en: Prose = ""

    def in_language(self, language: str) -> str:
        """The text for a reader of `zh` or `en`."""
        return (self.en or self.zh) if language == "en" else (self.zh or self.en)

    def stored(self) -> str:
        """As it lies in the database."""
        return msgspec.json.encode(self).decode()


def prose(stored: str | None) -> BilingualProse:
    """A stored long text read back."""
    return msgspec.json.decode(stored, type=BilingualProse) if stored else BilingualProse()
