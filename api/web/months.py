"""Months as a page shows them: a grid of weeks, from Monday to Sunday, and the names around it."""

import re
from collections.abc import Callable, Mapping
from datetime import date, timedelta
from typing import NamedTuple

from babel.dates import format_date, format_skeleton, get_day_names

from api.wording import Lang

MONTH = re.compile(r"(20\d\d|2100)-(0[1-9]|1[0-2])")


class Day(NamedTuple):
    """A day in the grid of a month."""

    iso: str
    day: int
    inside: bool
    today: bool
    events: int
    url: str


class Grid(NamedTuple):
    """A month with the number of events that begin on each day."""

    label: str
    previous: str
    next: str
    weeks: list[list[Day]]


def month_of(text: str, today: date) -> date:
    """The first day of a month written "2027-05"; of this month when it is none."""
    return date.fromisoformat(f"{text}-01") if MONTH.fullmatch(text) else today.replace(day=1)


def next_month(month: date) -> date:
    """The first day of the month after."""
    return (month + timedelta(days=31)).replace(day=1)


def previous_month(month: date) -> date:
    """The first day of the month before."""
    return (month - timedelta(days=1)).replace(day=1)


def name(month: date, lang: Lang) -> str:
    """A month as people write it."""
    return format_skeleton("yMMMM", month, locale=lang)


def weekdays(lang: Lang) -> list[str]:
    """Seven short names from Monday."""
    names = get_day_names("narrow" if lang == "zh" else "abbreviated", "stand-alone", locale=lang)
    return [names[day] for day in range(7)]


def week_label(monday: date, today: date, lang: Lang) -> str:
    """A week from Monday to Sunday, with its year when that is not this year."""
    sunday = monday + timedelta(days=6)
    pattern = "M月d日" if lang == "zh" else "d MMM"
    first, last = (format_date(day, pattern, locale=lang) for day in (monday, sunday))
    if today.year in (monday.year, sunday.year):
        return f"{first}–{last}"
    return f"{sunday.year}年{first}–{last}" if lang == "zh" else f"{first}–{last} {sunday.year}"


def grid(month: date, begin: Mapping[date, int], *, today: date, lang: Lang, url: Callable[..., str]) -> Grid:
    """The grid of a month, with how many events begin on each day; `url` gives the page for a month or a day."""
    first = month - timedelta(days=month.weekday())
    last = next_month(month)
    days = [first + timedelta(days=number) for number in range((last - first).days + (-(last - first).days) % 7)]
    cells = [
        Day(day.isoformat(), day.day, day.month == month.month, day == today, begin.get(day, 0), url(day=day, month=""))
        for day in days
    ]
    return Grid(
        name(month, lang),
        url(month=f"{previous_month(month):%Y-%m}", day=None),
        url(month=f"{last:%Y-%m}", day=None),
        [cells[start : start + 7] for start in range(0, len(cells), 7)],
    )
