"""Resident identity numbers (GB 11643) and phones: what is a right one, what it says, what of it may be shown."""

from __future__ import annotations

import re
import unicodedata
from datetime import date
from operator import mul

from events.terms import Sex

NUMBER = re.compile(r"[1-9][0-9]{16}[0-9X]")
PHONE = re.compile(r"1[3-9][0-9]{9}")
MAIL = re.compile(r"[^@\s]{1,64}@[^@\s]+\.[^@\s.]+")
CHECK_CHARACTERS = "10X98765432"
WEIGHTS = [2 ** (17 - place) % 11 for place in range(17)]


def plain(text: str) -> str:
    """A number without the blanks and in the figures that it is kept in; full-width ones are turned into them."""
    return re.sub(r"[\s-]", "", unicodedata.normalize("NFKC", text)).upper()


def plain_phone(text: str) -> str:
    """A phone without blanks and the country's code."""
    return re.sub(r"^(\+|00)86", "", plain(text))


def number_flaw(number: str, today: date) -> str | None:
    """The code of what is wrong with an identity number: its length or signs, its date, its check character.

    The area is not looked at: areas come and go, the numbers given in them stay; 81, 82, 83 are residence permits.
    """
    if not NUMBER.fullmatch(number):
        return "identity_form"
    born = born_of(number)
    if born is None or not date(1900, 1, 1) <= born <= today:
        return "identity_date"
    return None if number[17] == check_character(number) else "identity_check"


def check_character(number: str) -> str:
    """The 18th character that the first 17 figures ask for (ISO 7064 MOD 11-2)."""
    return CHECK_CHARACTERS[sum(map(mul, WEIGHTS, map(int, number[:17]))) % 11]


def born_of(number: str) -> date | None:
    """The birth date in an identity number, if it is a date."""
    try:
        return date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    except ValueError:
        return None


def sex_of(number: str) -> Sex:
    """The sex in an identity number: the 17th figure is odd for men."""
    return Sex.MALE if int(number[16]) % 2 else Sex.FEMALE


def has_figures(text: str) -> bool:
    """Whether a text may be a number, or the beginning of one: such a text stands in no address and no log."""
    return any(character.isdigit() for character in text)


def masked(text: str) -> str:
    """A phone or identity number with the first three and the last four figures left."""
    return text[:3] + "*" * (len(text) - 7) + text[-4:] if len(text) > 7 else "*" * len(text)


def masked_mail(address: str) -> str:
    """A mail address with the first letter and the domain left."""
    return f"{address[0]}***@{address.rpartition('@')[2]}" if address else ""
