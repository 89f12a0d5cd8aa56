"""The words of messages: a page of texts a language, filled in with what is known."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from string import Formatter


@cache
def texts(language: str) -> dict[str, dict[str, str]]:
    """Subject and body of every kind of message in a language."""
    found: dict[str, dict[str, str]] = tomllib.loads((Path(__file__).parent / f"{language}.toml").read_text("utf-8"))
    return found


def rendered(kind: str, language: str, values: Mapping[str, str]) -> tuple[str, str]:
    """Subject and body; a line of which every value is empty is left out."""
    text = texts(language)[kind]
    lines = [filled(line, values) for line in text["body"].strip().splitlines() if _says_something(line, values)]
    return filled(text["subject"], values), "\n".join(lines) + "\n"


def filled(line: str, values: Mapping[str, str]) -> str:
    """A text with its placeholders filled in; what is not known is empty."""
    return line.format_map({name: values.get(name, "") for name in placeholders(line)})


def placeholders(line: str) -> list[str]:
    """The names in a text's braces."""
    return [name for _, name, _, _ in Formatter().parse(line) if name]


def _says_something(line: str, values: Mapping[str, str]) -> bool:
    names = placeholders(line)
    return not names or any(values.get(name) for name in names)
