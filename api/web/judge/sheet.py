"""What the sheet's template and script are given (api/web/templates/judge/sheet.html tells the fields)."""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from api.web.judge.scales import Choice, plain, round_off, scale_of
from api.web.judge.work import Field, Work
from api.wording import Lang, say
from events.access import Actor
from events.marking import Sheet, SheetAspect, SheetEntry, SheetMark
from scoring.facts import Status

JUDGES_SAY = (Status.RECUSED, Status.DID_NOT_START, Status.DID_NOT_FINISH)
CHIEFS_SAY = (Status.DID_NOT_START, Status.DID_NOT_FINISH, Status.DISQUALIFIED)
WORDS = (
    "all_sent", "sending", "kept", "signed_out", "no_undo", "spread", "not_sent", "unlawful",
    "dot_none", "dot_part", "dot_full", "dot_signed", "lock_signed", "lock_withdrawn", "lock_own",
)  # fmt: skip


def sheet_url(event_id: UUID, stage_id: UUID, code: str = "") -> str:
    """The page of a sheet, at one of its entries."""
    path = f"/judge/events/{event_id}/stages/{stage_id}"
    return f"{path}?{urlencode({'entry': code})}" if code else path


def api_url(sheet: Sheet, what: str) -> str:
    """Where the script asks."""
    return f"/api/v1/events/{sheet.event_id}/stages/{sheet.stage_id}/{what}"


class Paper:
    """A sheet in the judge's language."""

    def __init__(self, work: Work, actor: Actor, lang: Lang) -> None:
        self.work, self.actor, self.lang = work, actor, lang
        self.sheet = work.sheet
        self.worth = _worth(work)

    def context(self, entry: SheetEntry, given: Mapping[str, str], errors: Mapping[str, str]) -> dict[str, object]:
        """The page at an entry; what was typed last stands where it was refused."""
        typed = given if errors else {}
        aspects = [self._aspect(field, entry, typed) for field in self.work.fields]
        total, filled = self._total(entry)
        leads = self.sheet.chief or any(panel.leads for panel in self.sheet.panels)
        return {
            "event": {"id": self.sheet.event_id, "title": self.sheet.event},
            "contest": {"id": self.sheet.contest_id, "title": self.sheet.contest},
            "panel": self._panel(),
            "entry": self._entry(entry),
            "entries": [self._dot(one, entry) for one in self.sheet.entries],
            "aspects": aspects,
            "seen": list(self._seen(entry)),
            "statuses": self._statuses(),
            "status": typed.get("status", self.work.status(entry)),
            "reason": typed.get("reason", ""),
            "total": plain(round_off(total)) if self.worth else "",
            "out_of": self._most(),
            "filled": filled,
            "previous_url": self._beside(entry, -1),
            "next_url": self._beside(entry, 1),
            "errors": errors,
            "sign_url": f"{sheet_url(self.sheet.event_id, self.sheet.stage_id)}/panel" if leads else "",
            "device": self._device(),
        }

    def _panel(self) -> str:
        told = [f"{one.title.in_language(self.lang)} {one.seat or ''}".strip() for one in self.sheet.panels if one.seat]
        told += [say(self.lang, "judge.part_chief")] if self.sheet.chief else []
        return " · ".join(told)

    def _entry(self, entry: SheetEntry) -> dict[str, object]:
        words = say(self.lang, "judge.place", heat=entry.heat, station=entry.station)
        return {
            "code": entry.code,
            "words": f"{words} · {entry.name}" if entry.name else words,
            "lock": self.work.lock(entry),
        }

    def _dot(self, one: SheetEntry, current: SheetEntry) -> dict[str, object]:
        url = sheet_url(self.sheet.event_id, self.sheet.stage_id, one.code)
        return {"code": one.code, "state": self.work.state(one), "url": url, "current": one is current}

    def _aspect(self, field: Field, entry: SheetEntry, typed: Mapping[str, str]) -> dict[str, object]:
        aspect, worth = field.aspect, self.worth.get(field.aspect.key, Decimal(0))
        scale = scale_of(aspect, self.lang, worth)
        value = typed.get(field.name, self.work.values(entry)[field.name])
        return {
            "key": aspect.key,
            "attempt": field.attempt,
            "name": field.name,
            "seat": field.seat or "",
            "optional": field.optional,
            "label": self._label(field),
            "hint": " · ".join(heading.in_language(self.lang) for heading in aspect.headings[1:]),
            "worth": self._most_of(aspect, worth),
            "scale": scale,
            "value": _same_as(value, scale.options),
            "factor": f"{worth:f}",
            "spread": aspect.max_spread or "",
            "others": self._others(field, entry),
            "disputed": self.work.disputed(field, entry),
        }

    def _seen(self, entry: SheetEntry) -> Iterator[dict[str, object]]:
        """What others mark and the asker, who leads them, may read."""
        own = {field.aspect.key for field in self.work.fields}
        for aspect in self.sheet.aspects:
            for attempt in range(1, aspect.attempts + 1) if aspect.key not in own else ():
                field = Field(aspect, attempt, None)
                told = {"label": self._label(field), "others": self._others(field, entry)}
                yield told | {
                    "key": aspect.key,
                    "attempt": attempt,
                    "spread": aspect.max_spread or "",
                    "disputed": self.work.disputed(field, entry),
                }

    def _label(self, field: Field) -> str:
        title = field.aspect.title.in_language(self.lang)
        if field.aspect.attempts == 1:
            return title
        return f"{title} · {say(self.lang, 'results.attempt', n=field.attempt)}"

    def _others(self, field: Field, entry: SheetEntry) -> list[str]:
        here = field.place(entry)
        return [self._said(mark) for mark in self.work.others(entry) if (mark.code, mark.aspect, mark.attempt) == here]

    def _said(self, mark: SheetMark) -> str:
        given = mark.value if mark.value is not None else say(self.lang, f"results.status_{mark.status}")
        return f"{mark.seat or say(self.lang, 'judge.agreed')} {given}"

    def _statuses(self) -> list[Choice]:
        seated = any(panel.seat for panel in self.sheet.panels)
        said = JUDGES_SAY if seated else CHIEFS_SAY
        first = Choice("", say(self.lang, "judge.competes"), "")
        return [first, *(Choice(str(one), say(self.lang, f"judge.status_{one}"), "") for one in said)]

    def _total(self, entry: SheetEntry) -> tuple[Decimal, int]:
        """My points for an entry, and how many fields are filled."""
        values = self.work.values(entry)
        filled = [field for field in self.work.fields if values[field.name]]
        worth = (Decimal(values[field.name]) * self.worth.get(field.aspect.key, Decimal(0)) for field in filled)
        return sum(worth, Decimal(0)), len(filled)

    def _most(self) -> str:
        """The highest total; nothing where no total can be said."""
        most = (self._most_of(one.aspect, self.worth.get(one.aspect.key, Decimal(0))) for one in self.work.fields)
        total = sum((Decimal(each or 0) for each in most), Decimal(0))
        return plain(total) if total else ""

    def _most_of(self, aspect: SheetAspect, worth: Decimal) -> str:
        """What the highest mark is worth; nothing for deductions and open scales."""
        return plain(round_off(Decimal(aspect.most) * worth)) if aspect.most is not None and worth > 0 else ""

    def _beside(self, entry: SheetEntry, step: int) -> str:
        there = self.sheet.entries.index(entry) + step
        inside = 0 <= there < len(self.sheet.entries)
        return sheet_url(self.sheet.event_id, self.sheet.stage_id, self.sheet.entries[there].code) if inside else ""

    def _device(self) -> dict[str, Any]:
        """What the script keeps: every entry, so that going from one to the next needs no network."""
        words = {name: say(self.lang, f"judge.{name}", **_open(name)) for name in WORDS}
        words |= {str(one): say(self.lang, f"results.status_{one}") for one in Status}
        return {
            "account": str(self.actor.account),
            "stage": str(self.sheet.stage_id),
            "marks_url": api_url(self.sheet, "marks"),
            "sheet_url": api_url(self.sheet, "sheet"),
            "words": words | {"agreed": say(self.lang, "judge.agreed")},
            "entries": [self._kept(entry) for entry in self.sheet.entries],
        }

    def _kept(self, entry: SheetEntry) -> dict[str, object]:
        others = [
            {"aspect": one.aspect, "attempt": one.attempt, "seat": one.seat, "value": one.value, "status": one.status}
            for one in self.work.others(entry)
        ]
        known = {"values": self.work.values(entry), "status": self.work.status(entry), "others": others}
        return self._entry(entry) | known | {"signed": self.work.signed}


def _worth(work: Work) -> dict[str, Decimal]:
    """By aspect, what one unit adds to the judge's total; nothing where no total can be said.

    Where all count alike a panel's marks are simply added up, whatever weight the panel has in the whole.
    """
    units = {field.aspect.key: field.aspect.per_unit for field in work.fields}
    if not units or None in units.values():
        return {}
    found = {key: Decimal(unit or 0) for key, unit in units.items()}
    alike = {abs(unit) for unit in found.values() if unit}
    if len(alike) == 1 and not any(field.aspect.kind in ("judgement", "pass", "count") for field in work.fields):
        return {key: unit / next(iter(alike)) for key, unit in found.items()}
    return found


def _same_as(value: str, options: list[Choice]) -> str:
    """The value as the option that means it is written."""
    if not value:
        return ""
    return next((one.value for one in options if Decimal(one.value) == Decimal(value)), value) if options else value


def _open(name: str) -> dict[str, str]:
    """The placeholders that the script fills."""
    if name == "unlawful":
        return {"n": "{n}", "range": "{range}"}
    return {"n": "{n}"} if name in ("sending", "kept", "signed_out", "spread") else {}
