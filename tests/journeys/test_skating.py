"""The Olympic skating of 2018 through the public API: marks by judges' accounts in, official totals and ranks out."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from scoring.marks import Mark
from tests.journeys.program import Program, administrator, api, official
from tests.scoring.cases import GOLDEN, Row, needs_oracles
from tests.scoring.test_skating import PUBLISHED, items, segment_document, segment_marks, segments

SEATS = [f"J{number}" for number in range(1, 10)]


class Rink:
    """An event with nine judges and a chief judge."""

    def __init__(self, admin: Program, event: str, judges: dict[str, Program], chief: Program) -> None:
        self.admin, self.event, self.judges, self.chief = admin, event, judges, chief

    async def hold(self, title: str, segment: list[Row], folder: Path) -> list[Row]:
        """Hold one segment from its contest to its provisional result; gives the board's rows as the API shows them."""
        contest = await self.admin.post(f"/events/{self.event}/contests", {"title": {"en": title}})
        inside = f"/events/{self.event}/contests/{contest['id']}"
        stage = await self.admin.post(f"{inside}/stages", {"title": {"en": segment[0]["segment_kind"]}})
        await self._prepare(inside, stage["id"], segment, folder)
        at = f"/events/{self.event}/stages/{stage['id']}"
        await self._mark(at, segment_marks(folder, segment))
        await self._sign(at)
        board = await self.admin.get(f"{at}/board?kind=provisional")
        rows: list[Row] = board["rows"]
        return rows

    async def _prepare(self, inside: str, stage: str, segment: list[Row], folder: Path) -> None:
        factor = next(item["factor"] for item in items(folder, segment) if item["kind"] == "component")
        document = segment_document(segment[0]["segment_kind"], factor)
        await self.admin.put(f"{inside}/stages/{stage}/scheme", {"document": document})
        made = await self.admin.post(f"{inside}/entries", [{"name": row["performance_id"]} for row in segment])
        self.entries = {entry["name"]: entry["id"] for entry in made["items"]}
        at = f"/events/{self.event}/stages/{stage}"
        await self.admin.post(f"{at}/draw", {"order": list(self.entries.values())})
        panel = await self.admin.post(f"{at}/panels", {"title": {"en": "Judges"}, "leader": self.chief.account})
        self.panel = panel["id"]
        for seat, judge in self.judges.items():
            await self.admin.post(f"{at}/panels/{self.panel}/seats", {"seat": seat, "account": judge.account})
        slots = (await self.admin.get(f"{at}/draw"))["slots"]
        self.codes = {slot["entry_id"]: slot["code"] for slot in slots}

    async def _mark(self, at: str, marks: list[Mark]) -> None:
        by_judge: dict[str | None, list[Mark]] = defaultdict(list)
        for mark in marks:
            by_judge[mark.judge].append(mark)
        for seat, own in by_judge.items():
            who = self.judges[seat] if seat else self.chief
            for sheet in in_batches(own, 500):
                await who.post(f"{at}/marks", {"marks": [self._form(mark) for mark in sheet]})

    def _form(self, mark: Mark) -> dict[str, Any]:
        form = {"entry": self.codes[self.entries[mark.entry]], "aspect": mark.aspect, "attempt": mark.attempt}
        agreed = {"agreed": True} if mark.judge is None and mark.aspect == "goe" else {}
        return form | {"value": str(mark.value)} | agreed

    async def _sign(self, at: str) -> None:
        await self.chief.post(f"{at}/sign-offs", {"panel_id": self.panel})
        await self.chief.post(f"{at}/sign-offs", {})
        await self.admin.post(f"{at}/provisional", {"objections_until": "2100-01-01T12:00:00+09:00"})


def in_batches(marks: list[Mark], size: int) -> Iterator[Iterable[Mark]]:
    return (marks[start : start + size] for start in range(0, len(marks), size))


async def rink(http: httpx.AsyncClient) -> Rink:
    """A federation, an event, nine judges and a chief judge, all by the API."""
    admin = await administrator(http)
    union = await admin.post("/unions", {"code": "ioc", "name": {"en": "Games"}, "level": "province"})
    times = {"starts_at": "2018-02-09T09:00:00+09:00", "ends_at": "2018-02-25T20:00:00+09:00"}
    event = await admin.post(
        "/events",
        {"kind": "games", "title": {"en": "Winter Games 2018"}, "union": union["id"], "zone": "Asia/Seoul", **times},
    )
    judges = {seat: await official(http, f"judge-{seat}") for seat in SEATS}
    chief = await official(http, "referee")
    await admin.post("/grants", {"account": chief.account, "role": "chief_judge", "event_id": event["id"]})
    return Rink(admin, event["id"], judges, chief)


async def verify(folder: Path, found: dict[str, list[Row]]) -> int:
    right = 0
    async with api() as http:
        ice = await rink(http)
        for title, segment in found.items():
            board = {row["name"]: (row["score"], row["rank"]) for row in await ice.hold(title, segment, folder)}
            assert board == {row["performance_id"]: (row["segment_score"], row["rank"]) for row in segment}
            right += len(segment)
    return right


async def test_an_excerpt_through_the_api(database: str) -> None:
    folder = GOLDEN / "figure_skating"
    found = segments(folder)
    assert await verify(folder, found) == sum(map(len, found.values()))


@needs_oracles
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_250_of_250_totals_and_ranks_through_the_api(database: str) -> None:
    assert await verify(PUBLISHED, segments(PUBLISHED)) == 250
