"""Pages in two languages: templates, texts, and dates as people of the place write them."""

import hashlib
from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta
from functools import cache, lru_cache
from pathlib import Path
from typing import NamedTuple
from zoneinfo import ZoneInfo

import segno
from babel.dates import format_date, format_skeleton, format_time, format_timedelta
from babel.numbers import format_decimal
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from api.wording import Lang, texts

HERE = Path(__file__).parent
CHINA = "Asia/Shanghai"
REMEMBERED = 10_000
FIVE_WEEKS = 35
TEN_MONTHS = 300  # from there on the year says more
TOGETHER = "\N{WORD JOINER}"


class DateParts(NamedTuple):
    """What a date block shows."""

    iso: str
    month: str
    day: str
    weekday: str


@cache
def asset(name: str) -> str:
    """The address of a static file with its hash in it, so that it can be kept for ever."""
    stem, dot, suffix = name.rpartition(".")
    digest = hashlib.sha256((HERE / "static" / name).read_bytes()).hexdigest()[:10]
    return f"/static/{stem}.{digest}{dot}{suffix}"


def qr(address: str) -> Markup:
    """The address as an inline SVG QR code that scales with its box."""
    drawing = segno.make(address, error="m").svg_inline(border=2, omitsize=True, svgclass="qr-code", lineclass=None)
    return Markup(drawing)  # noqa: S704  # drawn by segno: the address is in the dots only


def environment(lang: Lang, now: Callable[[], datetime]) -> Environment:
    """The templates in one language; now() gives the present in UTC."""
    env = Environment(
        loader=FileSystemLoader(HERE / "templates"),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=StrictUndefined,
    )
    env.globals |= {"t": _translate(lang), "text": _choose(lang), "lang": lang, "asset": asset}
    env.filters |= {"qr": qr, "when_relative": _relative(lang, now), **_date_filters(lang)}
    env.filters["number"] = lambda value: format_decimal(value, locale=lang)
    env.filters["ordinal"] = _ordinal if lang == "en" else str
    return env


def _translate(lang: Lang) -> Callable[..., str]:
    def t(key: str, /, **params: object) -> str:
        return texts(lang)[key].format(**params) if params else texts(lang)[key]

    return t


def _ordinal(number: int) -> str:
    """1st, 2nd, 3rd, 4th, 11th."""
    last = 0 if 10 < number % 100 < 20 else number % 10
    return f"{number}{ {1: 'st', 2: 'nd', 3: 'rd'}.get(last, 'th') }"


def _choose(lang: Lang) -> Callable[[object], str]:
    other = "en" if lang == "zh" else "zh"

    def text(value: object) -> str:
        if value is None or isinstance(value, str):
            return value or ""
        both = value if isinstance(value, Mapping) else {key: getattr(value, key, None) for key in (lang, other)}
        return str(both.get(lang) or both.get(other) or "")

    return text


def _local(moment: datetime | date, zone: str) -> datetime | date:
    return moment.astimezone(ZoneInfo(zone)) if isinstance(moment, datetime) else moment


def _date_filters(lang: Lang) -> dict[str, Callable[..., object]]:
    pattern = "M月d日 EEE" if lang == "zh" else "EEE d MMM"
    pattern_with_year = "y年M月d日 EEE" if lang == "zh" else "EEE d MMM y"

    def day(moment: datetime | date, zone: str = CHINA, *, year: bool = False) -> str:
        return format_date(_local(moment, zone), pattern_with_year if year else pattern, locale=lang)

    def clock(moment: datetime, zone: str = CHINA) -> str:
        return format_time(moment.astimezone(ZoneInfo(zone)), "HH:mm", locale=lang)

    def span(starts: datetime, ends: datetime, zone: str = CHINA, *, year: bool = False) -> str:
        here, there = starts.astimezone(ZoneInfo(zone)), ends.astimezone(ZoneInfo(zone))
        first, last = day(starts, zone, year=year), day(ends, zone, year=year and here.year != there.year)
        if here.date() == there.date():
            return f"{first} {clock(starts, zone)}{TOGETHER}–{TOGETHER}{clock(ends, zone)}"
        return f"{first} {clock(starts, zone)}–{last} {clock(ends, zone)}"

    def month(moment: datetime | date, zone: str = CHINA) -> str:
        return format_skeleton("yMMMM", _local(moment, zone), locale=lang)

    def parts(moment: datetime | date, zone: str = CHINA) -> DateParts:
        here = _local(moment, zone)
        return DateParts(here.strftime("%Y-%m-%d"), *(format_date(here, p, locale=lang) for p in ("MMM", "d", "EEE")))

    filters: dict[str, Callable[..., object]] = {
        "day": day,
        "clock": clock,
        "span": span,
        "month": month,
        "parts": parts,
    }
    return {name: lru_cache(maxsize=REMEMBERED)(made) for name, made in filters.items()}


def _relative(lang: Lang, now: Callable[[], datetime]) -> Callable[..., str]:
    def when_relative(moment: datetime | date, zone: str = CHINA, ends: datetime | None = None) -> str:
        here, today = _local(moment, zone), now().astimezone(ZoneInfo(zone)).date()
        days = ((here.date() if isinstance(here, datetime) else here) - today).days
        near = {-1: "common.yesterday", 0: "common.today", 1: "common.tomorrow"}
        if days < 0 and ends and now() < ends:
            return texts(lang)["common.on_now"]
        if abs(days) > TEN_MONTHS:
            return format_skeleton("y", here, locale=lang)
        return texts(lang)[near[days]] if days in near else _days(days, lang)

    return when_relative


def _days(days: int, lang: Lang) -> str:
    """So many days from now: by the day for five weeks, for people count the days, then by weeks and months."""
    threshold = 6 if abs(days) <= FIVE_WEEKS else 2
    span = timedelta(days=days)
    return format_timedelta(span, granularity="day", threshold=threshold, add_direction=True, locale=lang)
