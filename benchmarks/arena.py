"""A contest in the middle of its marking: 3,000 entries, five judges, ten aspects, the first half marked."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from datetime import timedelta
from itertools import product
from uuid import UUID

import msgspec

from benchmarks.contests import SEED, scheme_document
from events import clock, contests, db, drawing, ids, marking, publishing
from events.access import SYSTEM
from events.contests import ContestForm, EntryForm, SchemeForm, StageForm
from events.drawing import DrawForm
from events.marking import PanelForm, SeatForm
from events.terms import TokenUse
from events.text import Bilingual

JUDGES = 5
YEAR = timedelta(days=365)
ASPECTS = [f"a{number}" for number in range(10)]
MARK = "mark (event_id, id, stage_id, entry_id, aspect, attempt, seat, value_e6, entered_by, entered_at)"


class Judge(msgspec.Struct, frozen=True):
    """A judge with the token of a tablet."""

    seat: str
    account: UUID
    token: str


class Place(msgspec.Struct, frozen=True):
    """An entry in the draw."""

    entry: UUID
    code: str


class Arena(msgspec.Struct, frozen=True):
    """The stage; the first `marked` of its places have all their marks."""

    event: UUID
    contest: UUID
    stage: UUID
    judges: list[Judge]
    places: list[Place]
    marked: int


async def make(event: UUID, unions: Sequence[UUID], entries: int) -> Arena:
    """Set up, draw and half mark a contest in an event."""
    contest = await contests.add_contest(SYSTEM, event, ContestForm(title=_words("焊接", "Welding"), live_public=True))
    stage = await contests.add_stage(SYSTEM, event, contest.id, StageForm(title=_words("决赛", "Final")))
    rules = SchemeForm(document=scheme_document(JUDGES, ASPECTS))
    await contests.set_scheme(SYSTEM, event, contest.id, stage.id, form=rules)
    forms = [EntryForm(name=f"选手{number}", union=unions[number % len(unions)]) for number in range(entries)]
    await contests.add_entries(SYSTEM, event, contest.id, forms)
    judges = await _judges(event, stage.id)
    draw = await drawing.draw(SYSTEM, event, stage.id, DrawForm(key="2027-05-01"))
    places = [Place(slot.entry_id, slot.code) for slot in draw.slots if slot.entry_id is not None]
    found = Arena(event, contest.id, stage.id, judges, places, entries // 2)
    await db.insert(MARK, list(_marks(found)))
    await publishing.restate(event, stage.id)
    return found


def _words(zh: str, en: str) -> Bilingual:
    return Bilingual(zh=zh, en=en)


async def _judges(event: UUID, stage: UUID) -> list[Judge]:
    accounts, seats = [ids.new() for _ in range(JUDGES)], [f"J{number + 1}" for number in range(JUDGES)]
    rows = [(account, f"judge-{seat}", "zh", clock.now()) for account, seat in zip(accounts, seats, strict=True)]
    await db.insert("account (id, name, language, created_at)", rows)
    panel = await marking.add_panel(SYSTEM, event, stage, PanelForm(title=_words("裁判组", "Panel")))
    for account, seat in zip(accounts, seats, strict=True):
        await marking.seat_judge(SYSTEM, event, stage, panel.id, form=SeatForm(seat=seat, account=account))
    secrets = await tokens(accounts)
    return [Judge(*one) for one in zip(seats, accounts, secrets, strict=True)]


async def tokens(accounts: Sequence[UUID]) -> list[str]:
    """A token for each of these accounts, in use: that is noted once an hour, and a world lasts longer than that."""
    now, secrets = clock.now(), [ids.secret() for _ in accounts]
    await db.insert(
        "token (id, account, use, name, token_hash, created_at, used_at)",
        [
            (ids.new(), account, TokenUse.API.value, "", ids.digest(secret), now, now + YEAR)
            for account, secret in zip(accounts, secrets, strict=True)
        ],
    )
    return secrets


def _marks(arena: Arena) -> Iterator[tuple[object, ...]]:
    chance, now = random.Random(SEED), clock.now()  # noqa: S311  # the same marks in every run
    for place, aspect, judge in product(arena.places[: arena.marked], ASPECTS, arena.judges):
        value = chance.randrange(121, 201) * 500_000
        yield (
            arena.event, ids.new(), arena.stage, place.entry, aspect, 1, judge.seat, value, judge.account, now,
        )  # fmt: skip
