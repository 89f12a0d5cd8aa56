"""The texts that people read, in both languages, and reasons put into words."""

import re
import tomllib
from collections.abc import Mapping
from datetime import datetime
from enum import Enum
from functools import cache, lru_cache
from pathlib import Path
from typing import Literal
from zoneinfo import ZoneInfo

from babel.dates import format_datetime

from events import settings
from events.errors import Reason
from events.text import Bilingual

Lang = Literal["zh", "en"]
TEXTS = Path(__file__).parent / "texts"
WISH = re.compile(r"(?P<tag>[A-Za-z*-]+)(?:\s*;\s*q=(?P<q>[01](?:\.\d{1,3})?))?")


@cache
def texts(lang: Lang) -> dict[str, str]:
    """All texts of a language as {"area.key": text}, the area being the file's name."""
    files = sorted((TEXTS / lang).glob("*.toml"))
    return {f"{f.stem}.{key}": text for f in files for key, text in tomllib.loads(f.read_text("utf-8")).items()}


def say(lang: Lang, key: str, /, **params: object) -> str:
    """One text with its placeholders filled."""
    return texts(lang)[key].format(**params) if params else texts(lang)[key]


def counted(lang: Lang, key: str, n: int | None) -> str:
    """What stands after a number; a text may have a form for one and, behind a bar, a form for more."""
    one, _, more = say(lang, key).partition("|")
    return more if more and n != 1 else one


def words(reason: Reason, lang: Lang) -> str:
    """A reason as a sentence that says what is wrong and what to do."""
    key, params = f"problem.{reason.code}", {name: _spoken(value, lang) for name, value in reason.params.items()}
    plain = f"{key}_plain"  # the sentence without what is not always known
    return say(lang, plain) if not params and plain in texts(lang) else say(lang, key, **params)


@lru_cache(1024)
def language(accepted: str) -> Lang:
    """The better of our two languages for an Accept-Language header; Chinese when it does not matter."""
    wishes = [
        (float(match["q"] or 1), -number, match["tag"].lower()) for number, match in enumerate(WISH.finditer(accepted))
    ]
    for _, _, tag in sorted(wishes, reverse=True):
        if tag[:2] in ("zh", "en"):
            return "en" if tag[:2] == "en" else "zh"
    return "zh"


def _spoken(value: object, lang: Lang) -> object:
    if isinstance(value, datetime):
        local = value.astimezone(ZoneInfo(settings.current().zone))
        return format_datetime(local, "y年M月d日 HH:mm" if lang == "zh" else "d MMM y, HH:mm", locale=lang)
    if isinstance(value, Bilingual):
        return value.in_language(lang)
    if isinstance(value, Mapping) and {"zh", "en"} >= set(value):
        return value.get(lang) or next(iter(value.values()), "")
    if isinstance(value, Enum):
        return texts(lang).get(f"terms.{value.value}", value.value)
    if isinstance(value, (list, tuple)):
        return ("、" if lang == "zh" else ", ").join(str(_spoken(part, lang)) for part in value)
    return value
