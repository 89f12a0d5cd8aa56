"""Every operation with every role: without a right 401, or the same 404 for what is forbidden and what is unknown."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import httpx
import pytest

from api.openapi.operations import Operation, operations
from events import (
    accounts,
    contests,
    db,
    ids,
    marking,
    messages,
    organising,
    publishing,
    registering,
    scheduling,
)
from events.access import Actor
from events.accounts import GrantForm, TokenForm
from events.contests import DivisionForm, DraftForm
from events.marking import ConflictForm, SignOffForm
from events.organising import SeriesForm
from events.publishing import TallyForm
from events.registering import RegistrationForm
from events.scheduling import OfficialForm, SessionForm, StationForm
from events.terms import Role
from tests.api.conftest import Caller, token_of
from tests.events.contest_factory import make_arena, words
from tests.events.factory import (
    START,
    make_account,
    make_event,
    make_official,
    make_participant,
    make_person,
    make_union,
    make_venue,
    posted,
)

TITLE = {"zh": "甲", "en": "A"}
PLAIN = ("seat", "kind", "key", "number")  # what is named otherwise than by an id
# What whoever is signed in may do by themselves, in any event that everybody sees.
ONES_OWN = frozenset({"register", "register_many", "list_own_slots", "list_series"})


@dataclass
class World:
    """An event with everything in it, and what requests to it are made of."""

    admin: Actor
    ids: dict[str, str]

    def path(self, operation: Operation, **others: str) -> str:
        """The operation's address here, with other ids in place of some."""
        return operation.path.format_map(self.ids | others)

    def body(self, operation: Operation) -> Any:
        """Something that the operation would take."""
        known = self.ids
        slot = {"starts_at": "2027-05-02T09:00:00+08:00", "ends_at": "2027-05-02T10:00:00+08:00"}
        bodies: dict[str, Any] = {
            "create_event": {"kind": "fair", "title": TITLE, "union": known["union_id"], **slot},
            "advance_event": {"state": "closed"},
            "preview_event_step": {"state": "closed"},
            "move_event": {"reason": "雨", **slot},
            "copy_event": {"starts_at": slot["starts_at"]},
            "add_series": {"title": TITLE, "union": known["union_id"]},
            "copy_series": {"title": TITLE},
            "register_many": {"registrations": [{"contest_id": known["contest_id"]}]},
            "review_registrations": {"registrations": [known["registration_id"]], "confirm": True},
            "check_in": {"reference": "ABCDEFGH"},
            "add_session": slot,
            "change_session": slot,
            "assign_official": {"account": known["account_id"]},
            "add_venue": {"name": TITLE, "union": known["union_id"]},
            "change_venue": {"name": TITLE, "union": known["union_id"]},
            "add_station": {"number": 77},
            "change_station": {"number": 78},
            "set_scheme": {"library": "none"},
            "keep_scheme_draft": {"document": {"root": {}}},
            "what_if": {"library": "five_judges_drop_high_low"},
            "adopt_scheme": {"library": "five_judges_drop_high_low", "reason": "规程"},
            "set_team": {"members": []},
            "add_tally": {"library": "medal_table"},
            "add_entries": [{"name": "李强"}],
            "enter_match_result": {"winner": "home"},
            "declare_conflict": {"account": known["account_id"], "entry": known["entry_id"]},
            "propose_judges": {"key": "2027"},
            "adopt_judges": {"key": "2027", "digest": "0"},
            "seat_judge": {"seat": "J9", "account": known["account_id"]},
            "enter_marks": {"marks": [{"entry": known["entry_id"], "aspect": "base", "value": "5"}]},
            "import_marks": {"file": "ZW50cnksYXNwZWN0LHZhbHVlCg=="},
            "withdraw_sign_off": {"reason": "更正"},
            "publish_provisional": {"objections_until": "2099-01-01T00:00:00Z"},
            "add_union": {"name": TITLE, "code": "new", "level": "city", "parent": known["union_id"]},
            "change_union": {"name": TITLE, "level": "city"},
            "move_union": {"parent": known["union_id"]},
            "preview_union_move": {"parent": None},
            "register_person": {"name": "赵云", "union": known["union_id"]},
            "change_person": {"name": "赵云", "union": known["union_id"]},
            "merge_people": {"drop": known["twin"]},
            "preview_merge": {"drop": known["twin"]},
            "set_password": {"password": "a longer password"},
            "disable_account": {"reason": "离职"},
            "search_accounts": {"text": "wang"},
            "find_account": {"login": known["login"]},
            "find_people_to_register": {"text": "13912345678"},
            "claim_contact": {"contact": "13912345678", "password": "a longer password"},
            "prove_contact": {"kind": "phone", "code": "123456"},
            "send_code": {"kind": "phone"},
            "grant_role": {"account": known["account_id"], "role": "judge", "event_id": known["event_id"]},
        }
        if operation.id.endswith(("_contest", "_division", "_stage", "_panel")) and operation.id not in (
            "draw_stage",
            "fill_stage",
        ):
            return {"title": TITLE}
        return bodies.get(operation.id, {} if operation.takes is not None else None)


async def make_world() -> World:
    """A contest that is marked and signed by its panel, with sessions, registrations, officials."""
    arena = await make_arena()
    admin = await make_official("administrator")
    for code in arena.codes:
        await arena.enter_all(code)
    await publishing.restate(arena.event, arena.stage)
    signed = await marking.sign_off(arena.judges[0], arena.event, arena.stage, SignOffForm(panel_id=arena.panel))
    division = await contests.add_division(admin, arena.event, arena.contest, DivisionForm(title=words()))
    view = await contests.contest(admin, arena.event, arena.contest)
    entries = (await contests.list_entries(admin, arena.event, arena.contest)).items
    session = await scheduling.add_session(
        admin, arena.event, SessionForm(starts_at=START, ends_at=START.replace(hour=2))
    )
    account = await make_account("an-official")
    assert account.account is not None
    await scheduling.assign_official(admin, arena.event, session.id, OfficialForm(account=account.account))
    venue = await make_venue(arena.union)
    station = await scheduling.add_station(admin, venue, StationForm(number=1))
    series = await organising.add_series(admin, SeriesForm(title=words(), union=arena.union))
    await contests.keep_draft(admin, arena.event, arena.stage, DraftForm(document={"root": {}}))
    person = await make_participant(arena.union)
    form = RegistrationForm(contest_id=arena.contest, division_id=division.id)
    registration = await registering.register(person, arena.event, form)
    against = ConflictForm(account=account.account, union=arena.union)
    conflict = await marking.declare_conflict(admin, arena.event, against)
    judge = GrantForm(account=account.account, role=Role.JUDGE, event_id=arena.event)
    found = {
        "event_id": arena.event, "contest_id": arena.contest, "stage_id": arena.stage, "division_id": division.id,
        "scheme_id": view.stages[0].scheme_id, "entry_id": entries[0].id, "panel_id": arena.panel,
        "sign_off_id": signed.id, "session_id": session.id, "account_id": account.account, "venue_id": venue,
        "station_id": station.id, "series_id": series.id, "registration_id": registration.id, "union_id": arena.union,
        "person_id": await make_person(arena.union, "周瑜"), "twin": await make_person(arena.union, "周瑜"),
        "tally_id": (await publishing.add_tally(admin, arena.event, TallyForm(library="medal_table"))).id,
        "grant_id": (await accounts.grant_role(admin, judge)).id,
        "token_id": (await accounts.issue_token(admin, TokenForm(name="one"))).id,
        "message_id": await messages.send("event.changed", account=admin.account, event=arena.event),
        "device_id": ids.new(), "seat": "J3", "kind": "phone", "login": "an-official",
        "key": "diving", "conflict_id": conflict.id, "number": 1,
    }  # fmt: skip
    return World(admin, {name: str(value) for name, value in found.items()})


@pytest.fixture
async def world(database: str) -> World:
    return await make_world()


@pytest.fixture
async def outsiders(world: World, client: httpx.AsyncClient) -> dict[str, Caller]:
    """Nobody, and people who hold every role, but elsewhere."""
    elsewhere = await make_union("gd")
    event = await make_event(elsewhere)
    held: dict[str, Actor] = {
        "participant": await make_participant(elsewhere, "李强"),
        "judge elsewhere": await make_official("judge", event=event),
        "chief judge elsewhere": await make_official("chief_judge", event=event),
        "organiser elsewhere": await make_official("organiser", event=event),
        "organiser of another union": await make_official("organiser", union=elsewhere),
        "registrar of another union": await make_official("registrar", union=elsewhere),
        "delegation leader of another union": await make_official("delegation_leader", union=elsewhere),
        "employer": await make_official("employer", union=elsewhere),
    }
    return {"nobody": Caller(client)} | {name: Caller(client, await token_of(actor)) for name, actor in held.items()}


async def hide(event_id: str) -> None:
    """Make an event a draft again."""
    await db.rows("UPDATE event SET state = 'draft' WHERE id = {}", UUID(event_id))


def named(*, event: bool) -> Iterator[Operation]:
    """The operations on an event, or all that name something else."""
    for operation in operations():
        if operation.asks_who and "{" in operation.path and ("{event_id}" in operation.path) is event:
            yield operation


async def asked(who: Caller, operation: Operation, world: World, **others: str) -> tuple[int, bytes]:
    if operation.endless:
        answer = await who.ask("HEAD", world.path(operation, **others))
    else:
        answer = await who.ask(operation.method, world.path(operation, **others), world.body(operation))
    return answer.status_code, answer.content


async def test_a_draft_is_unknown_to_whoever_has_no_part_in_it(world: World, outsiders: dict[str, Caller]) -> None:
    await hide(world.ids["event_id"])
    before = await posted(public_only=False)
    wrong = []
    for role, who in outsiders.items():
        for operation in named(event=True):
            forbidden = await asked(who, operation, world)
            unknown = await asked(who, operation, world, event_id=str(ids.new()))
            expected = 401 if role == "nobody" and operation.signed_in else 404
            if forbidden != unknown or forbidden[0] != expected:
                wrong.append((role, operation.id, forbidden[0], unknown[0], forbidden[1][:200]))
    assert wrong == []
    assert await posted(public_only=False) == before


async def test_what_everybody_sees_only_its_officials_change(world: World, outsiders: dict[str, Caller]) -> None:
    wrong = []
    for role, who in outsiders.items():
        for operation in named(event=True):
            if not operation.signed_in or operation.id in ONES_OWN:
                continue
            forbidden = await asked(who, operation, world)
            unknown = await asked(who, operation, world, event_id=str(ids.new()))
            if forbidden != unknown or forbidden[0] != (401 if role == "nobody" else 404):
                wrong.append((role, operation.id, forbidden[0], unknown[0], forbidden[1][:200]))
    assert wrong == []


async def test_other_things_are_unknown_to_whoever_may_not_keep_them(
    world: World, outsiders: dict[str, Caller]
) -> None:
    wrong = []
    for role, who in outsiders.items():
        for operation in named(event=False):
            forbidden = await asked(who, operation, world)
            unknown = await asked(
                who, operation, world, **{name: str(ids.new()) for name in world.ids if name not in PLAIN}
            )
            if forbidden != unknown or forbidden[0] != (401 if role == "nobody" else 404):
                wrong.append((role, operation.id, forbidden[0], unknown[0], forbidden[1][:200]))
    assert wrong == []


async def test_without_a_name_in_the_address_the_asker_is_asked_for_too(
    world: World, client: httpx.AsyncClient
) -> None:
    wrong = []
    for operation in operations():
        if "{" not in operation.path and operation.asks_who:
            status, _ = await asked(Caller(client), operation, world)
            if (status == 401) is not operation.signed_in or status >= 500:
                wrong.append((operation.id, status))
    # what names nothing but takes a body full of wrong things is refused for these, whoever asks
    assert [one for one in wrong if one[1] != 422] == []


async def test_an_administrator_finds_everything(world: World, client: httpx.AsyncClient) -> None:
    who = Caller(client, await token_of(world.admin))
    wrong = []
    for operation in sorted(operations(), key=lambda one: (one.writes, one.method == "DELETE")):
        if operation.id not in UNREACHED:
            status, content = await asked(who, operation, world)
            if status in (401, 404, 405) or status >= 500:
                wrong.append((operation.id, status, content[:300]))
    assert wrong == []


# An administrator has no person and no browser, is no judge, and `revoke_token` may end the one that asks. Nobody
# meets in the stage.
UNREACHED = frozenset({
    "get_own_person", "sign_out_device", "get_calendar_token", "check_in", "get_public_board", "get_explanation",
    "disable_account", "revoke_role", "get_fixtures",
})  # fmt: skip
