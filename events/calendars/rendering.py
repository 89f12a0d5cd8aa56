"""From the facts of a session to its VEVENT (RFC 5545), and the lines around the VEVENTs of a feed."""

from __future__ import annotations

import hashlib
import re
from datetime import UTC, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

import icalendar
import msgspec
from icalendar.prop import vInline

from events.calendars.words import WORDS, Language, Words
from events.terms import Kind
from events.text import Bilingual

PROFILE = 1  # rises when the rendering below changes, so that stored entries are rendered again
CHINA = "Asia/Shanghai"
OCTETS = 75
# Control characters are forbidden; these separators end a line for some readers; a byte order mark confuses others.
_NEWLINES = re.compile("\r\n?|[\x0b\x0c\x85\u2028\u2029]")
_UNWANTED = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x9f\ufeff]")

# Two lines a zone that has had one offset since 1991; the local mean time before 1901 breaks some readers.
TIME_ZONE = (
    "BEGIN:VTIMEZONE\r\nTZID:Asia/Shanghai\r\nBEGIN:STANDARD\r\nDTSTART:19700101T000000\r\n"
    "TZNAME:CST\r\nTZOFFSETFROM:+0800\r\nTZOFFSETTO:+0800\r\nEND:STANDARD\r\nEND:VTIMEZONE\r\n"
)
END = "END:VCALENDAR\r\n"
_END_OF_EVENT = "END:VEVENT\r\n"


class Facts(msgspec.Struct, frozen=True, kw_only=True):
    """All that a VEVENT tells; when it differs from what was rendered last, it is rendered again."""

    id: UUID
    event_id: UUID
    kind: Kind
    title: Bilingual
    event_title: Bilingual
    summary: Bilingual
    starts_at: datetime
    ends_at: datetime
    zone: str
    status: str
    venue: UUID | None = None
    venue_name: Bilingual = Bilingual()
    address: str = ""
    latitude_e6: int | None = None
    longitude_e6: int | None = None
    previous_starts_at: datetime | None = None
    previous_venue_name: Bilingual = Bilingual()
    reason: str = ""
    base_url: str = ""
    profile: int = PROFILE

    @property
    def url(self) -> str:
        """The event's page."""
        return f"{self.base_url}/events/{self.event_id}"

    def digest(self) -> str:
        """Two hashes with a dot between: of time, place and status, and of everything."""
        core = (self.starts_at, self.ends_at, self.venue, self.status)
        return f"{_hash(core)}.{_hash(self)}"


def vevent(facts: Facts, language: Language, *, sequence: int, stamp: datetime) -> str:
    """The VEVENT of a session, folded, ending with a line break; `stamp` is when it last changed."""
    words, event = WORDS[language], icalendar.Event()
    event.add("uid", f"{facts.id}@magpie")
    event.add("dtstamp", stamp.astimezone(UTC))
    event.add("last-modified", stamp.astimezone(UTC))
    event.add("sequence", sequence)
    event.add("status", facts.status)
    event.add("dtstart", _in_zone(facts.starts_at, facts.zone))
    event.add("dtend", _in_zone(facts.ends_at, facts.zone))
    event.add("summary", clean(_summary(facts, words, language)))
    event.add("categories", [words.kinds[facts.kind]])
    event.add("url", facts.url)
    _add_texts(event, location=_location(facts, language), description=_description(facts, words, language))
    if facts.latitude_e6 is not None and facts.longitude_e6 is not None:
        event["geo"] = vInline(f"{degrees(facts.latitude_e6)};{degrees(facts.longitude_e6)}")
    return str(event.to_ical(), "utf-8")


def beginning(name: str) -> str:
    """The lines of a calendar before its VEVENTs. It has no UID: some readers would take the feed for one entry."""
    shown = icalendar.vText(clean(name)).to_ical().decode()
    lines = (
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Magpie//Magpie 1//ZH",
        "CALSCALE:GREGORIAN",
        "METHOD:PUBLISH",
        fold(f"NAME:{shown}"),
        fold(f"X-WR-CALNAME:{shown}"),
        "REFRESH-INTERVAL;VALUE=DURATION:PT1H",
        "X-PUBLISHED-TTL:PT1H",
    )
    return "\r\n".join(lines) + "\r\n" + TIME_ZONE


def with_mark(entry: str, mark: str) -> str:
    """A stored VEVENT with a word before its summary."""
    head, _, rest = entry.replace("\r\n ", "").partition("\r\nSUMMARY:")
    return "\r\n".join(fold(line) for line in f"{head}\r\nSUMMARY:{mark}{rest}".split("\r\n"))


def with_alarms(entry: str, language: Language) -> str:
    """A stored VEVENT with alarms a day and an hour before; a cancelled one has none."""
    if "\r\nSTATUS:CANCELLED\r\n" in entry:
        return entry
    text = WORDS[language].reminder
    alarms = "".join(
        f"BEGIN:VALARM\r\nACTION:DISPLAY\r\nDESCRIPTION:{text}\r\nTRIGGER:{before}\r\nEND:VALARM\r\n"
        for before in ("-P1D", "-PT1H")
    )
    return entry.removesuffix(_END_OF_EVENT) + alarms + _END_OF_EVENT


def fold(line: str) -> str:
    """A content line in pieces of 75 octets at most, never cut inside a character."""
    pieces, taken = [], 0
    for character in line:
        taken += len(character.encode())
        if taken > OCTETS:
            pieces.append("\r\n ")
            taken = 1 + len(character.encode())
        pieces.append(character)
    return "".join(pieces)


def clean(text: str) -> str:
    """The text without what a calendar may not hold; every kind of line break becomes a line feed."""
    return _UNWANTED.sub("", _NEWLINES.sub("\n", text))


def degrees(millionths: int) -> str:
    """Millionths of a degree as a decimal with six digits."""
    whole, part = divmod(abs(millionths), 10**6)
    return f"{'-' if millionths < 0 else ''}{whole}.{part:06d}"


def _hash(value: object) -> str:
    return hashlib.sha256(msgspec.json.encode(value)).hexdigest()[:32]


def _in_zone(moment: datetime, zone: str) -> datetime:
    # Events elsewhere are told in UTC: every reader gets that right, and the feed needs no second time zone.
    return moment.astimezone(ZoneInfo(CHINA) if zone == CHINA else UTC)


def _summary(facts: Facts, words: Words, language: Language) -> str:
    event, own = facts.event_title.in_language(language), facts.title.in_language(language)
    title = event if own in ("", event) else f"{event}{words.between}{own}" if event else own
    return words.cancelled + title if facts.status == "CANCELLED" else title


def _location(facts: Facts, language: Language) -> str:
    return ", ".join(part for part in (facts.venue_name.in_language(language), facts.address) if part)


def _description(facts: Facts, words: Words, language: Language) -> str:
    lines = [f"{words.reason}{facts.reason}" if facts.reason else ""]
    lines.append(words.postponed if facts.status == "TENTATIVE" else "")
    if facts.previous_starts_at:
        local = facts.previous_starts_at.astimezone(ZoneInfo(facts.zone))
        lines.append(f"{words.previous_time}{local:%Y-%m-%d %H:%M}")
    if facts.previous_venue_name:
        lines.append(f"{words.previous_venue}{facts.previous_venue_name.in_language(language)}")
    lines.append(facts.summary.in_language(language))
    return "\n".join(line for line in lines if line)


def _add_texts(event: icalendar.Event, **texts: str) -> None:
    for name, text in texts.items():
        if text:
            event.add(name, clean(text))
