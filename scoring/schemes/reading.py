"""Reads a JSON document field by field and collects every problem instead of stopping at the first."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import TypeVar

from scoring.problems import Param, Problem

DIGITS_BEFORE, DIGITS_AFTER = 12, 9
DECIMAL = re.compile(rf"-?[0-9]{{1,{DIGITS_BEFORE}}}(\.[0-9]{{1,{DIGITS_AFTER}}})?")
KEY = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,63}")
TEXT_LENGTH = 2000
Word = TypeVar("Word", bound=str)


def decimal_of(value: object) -> Decimal | None:
    """A JSON string, integer or Decimal as a Decimal of at most 12 + 9 digits; None for all else, floats above all."""
    if isinstance(value, bool) or not isinstance(value, str | int | Decimal) or is_vast(value):
        return None
    text = f"{value:f}" if isinstance(value, Decimal) else str(value)
    return Decimal(text) if DECIMAL.fullmatch(text) else None


def is_vast(value: str | int | Decimal) -> bool:
    """Whether a number would only cost time: it has an exponent, or more digits than any number here may have."""
    if isinstance(value, Decimal):
        exponent = value.as_tuple().exponent
        return not (isinstance(exponent, int) and -DIGITS_AFTER <= exponent <= 0)
    return isinstance(value, int) and abs(value) >= 10**DIGITS_BEFORE


class Reader:
    """One object of the document with its JSON pointer. A field that is wrong is reported and read as its default."""

    def __init__(self, fields: Mapping[str, object], pointer: str, problems: list[Problem]) -> None:
        self.fields = fields
        self.pointer = pointer
        self.problems = problems
        self.known: set[str] = set()

    def at(self, name: str) -> str:
        """The pointer of a field."""
        return f"{self.pointer}/{name.replace('~', '~0').replace('/', '~1')}"

    def problem(self, name: str | None, code: str, **params: Param) -> None:
        """Reports a problem of a field, or of the whole object."""
        self.problems.append(Problem(self.pointer if name is None else self.at(name), code, params))

    def has(self, name: str) -> bool:
        """Whether the field is there; asking makes it known."""
        self.known.add(name)
        return name in self.fields

    def taken(self, name: str, *, required: bool = False) -> object:
        """The raw field, or None; a missing one is a problem where it is required."""
        if not self.has(name):
            if required:
                self.problem(name, "missing_field")
            return None
        return self.fields[name]

    def decimal(self, name: str, default: Decimal | None = None, *, required: bool = False) -> Decimal | None:
        """A decimal number."""
        value = self.taken(name, required=required)
        if not self.has(name):
            return default
        number = decimal_of(value)
        if number is None:
            self.problem(name, "not_decimal")
            return default
        return number

    def number(self, name: str, default: Decimal) -> Decimal:
        """A decimal number that has a default."""
        number = self.decimal(name, default)
        return default if number is None else number

    def positive(self, name: str, default: Decimal, *, required: bool = False, above: bool = False) -> Decimal:
        """A decimal number that is not negative; `above`: nor zero."""
        number = self.decimal(name, default, required=required)
        if number is None:
            return default
        if number < 0 or (above and number == 0):
            self.problem(name, "not_positive" if above else "negative")
            return default
        return number

    def integer(self, name: str, default: int, *, least: int = 0, most: int) -> int:
        """A whole number within limits."""
        if not self.has(name):
            return default
        value = self.fields[name]
        if isinstance(value, bool) or not isinstance(value, int):
            self.problem(name, "not_integer")
        elif not least <= value <= most:
            self.problem(name, "out_of_range", least=least, most=most)
        else:
            return value
        return default

    def choice(self, name: str, options: tuple[Word, ...], default: Word) -> Word:
        """One of several words."""
        if not self.has(name):
            return default
        for option in options:
            if option == self.fields[name]:
                return option
        self.problem(name, "not_one_of", options=" ".join(options))
        return default

    def text(self, name: str, *, required: bool = True) -> str:
        """A text that is not blank."""
        value = self.taken(name, required=required)
        if not self.has(name):
            return ""
        if not isinstance(value, str) or not value.strip():
            self.problem(name, "not_text")
        elif len(value) > TEXT_LENGTH:
            self.problem(name, "too_long", most=TEXT_LENGTH)
        else:
            return value
        return ""

    def key(self, name: str, *, required: bool = True) -> str:
        """A key: letters, digits, _ . - , at most 64, begun by a letter or a digit."""
        text = self.text(name, required=required)
        if text and not KEY.fullmatch(text):
            self.problem(name, "key_format")
        return text

    def child(self, name: str, *, required: bool = False) -> Reader | None:
        """An object inside."""
        value = self.taken(name, required=required)
        if not self.has(name):
            return None
        return self.within(name, value)

    def within(self, name: str, value: object) -> Reader | None:
        """A reader for a value found under a name; None and a problem if it is no object."""
        if isinstance(value, Mapping):
            return Reader(value, self.at(name), self.problems)
        self.problem(name, "not_object")
        return None

    def items(self, name: str, *, most: int, least: int = 0) -> Sequence[object]:
        """A list whose length is within limits."""
        value = self.taken(name, required=least > 0)
        if not self.has(name):
            return ()
        if not isinstance(value, list | tuple):
            self.problem(name, "not_list")
            return ()
        if not least <= len(value) <= most:
            self.problem(name, "wrong_length", least=least, most=most)
        return value[:most]

    def choices(self, name: str, options: tuple[Word, ...]) -> list[Word]:
        """Some of several words, each once at most."""
        listed = self.items(name, most=len(options))
        known = [option for option in options if option in listed]
        if len(known) != len(listed):
            self.problem(name, "not_one_of", options=" ".join(sorted(options)))
        return known

    def texts(self, name: str, *, most: int) -> list[str]:
        """A list of texts."""
        listed = self.items(name, most=most)
        inside = Reader({str(i): item for i, item in enumerate(listed)}, self.at(name), self.problems)
        return [inside.text(str(i)) for i in range(len(listed))]

    def yes(self, name: str) -> bool:
        """A field that is true or not there."""
        if self.has(name) and self.fields[name] is not True:
            self.problem(name, "not_true")
        return self.has(name)

    def boolean(self, name: str) -> bool | None:
        """True or false; None where nothing is said."""
        value = self.taken(name)
        if self.has(name) and not isinstance(value, bool):
            self.problem(name, "not_boolean")
        return value if isinstance(value, bool) else None

    def readers(self, name: str, *, most: int, least: int = 0) -> list[Reader]:
        """The objects of a list; those that are none are reported."""
        found = self.items(name, most=most, least=least)
        inside = Reader({str(i): item for i, item in enumerate(found)}, self.at(name), self.problems)
        readers = [inside.within(str(i), item) for i, item in enumerate(found)]
        return [reader for reader in readers if reader is not None]

    def close(self) -> None:
        """Reports every field that nothing asked for."""
        for name in self.fields:
            if name not in self.known:
                self.problem(str(name), "unknown_field")
