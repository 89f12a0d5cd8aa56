"""Every constraint is really there, on both databases: each is violated once, and PostgreSQL's catalogue lists them."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from events import db, ids, tables

NOW = datetime(2027, 1, 1, tzinfo=UTC)
LATER, EARLIER = NOW + timedelta(days=1), NOW - timedelta(days=1)
ID: dict[str, UUID] = {}
Values = dict[str, Any]


def one(name: str) -> UUID:
    """The id of the row `name`, the same throughout this module."""
    return ID.setdefault(name, ids.new())


EVENT = {"event_id": one("event")}
STAGE = EVENT | {"stage_id": one("stage")}
# A valid row of each table, in an order in which they can be inserted.
ROWS: dict[str, Values] = {
    "unions": {"path": "ah.", "code": "ah", "name": "{}", "level": "province", "city": "", "created_at": NOW},
    "person": {
        "name": "王芳", "sort_name": "wang fang", "sex": "female", "identity_index": b"1",
        "created_at": NOW, "updated_at": NOW,
    },
    "member": {"person": one("person"), "union": one("unions"), "joined_on": date(2020, 1, 1)},
    "account": {
        "name": "fang", "person": one("person"), "phone_index": b"1", "mail": "f@example.org", "language": "zh",
        "created_at": NOW,
    },
    "claim": {
        "account": one("account"), "kind": "phone", "address_cipher": b"1", "address_index": b"1",
        "code_id": one("code"), "expires_at": NOW, "created_at": NOW,
    },
    "throttle": {"purpose": "sign in", "key": b"1", "tries": 1, "since": NOW},
    "sign_in": {"account": one("account"), "token_hash": b"1", "device": "", "created_at": NOW, "expires_at": NOW},
    "token": {"account": one("account"), "use": "calendar", "name": "", "token_hash": b"1", "created_at": NOW},
    "series": {"title": "{}", "union": one("unions"), "created_at": NOW},
    "venue": {
        "name": "{}", "address": "", "city": "", "latitude_e6": 0, "longitude_e6": 0, "union": one("unions"),
        "created_at": NOW,
    },
    "station": {"venue": one("venue"), "number": 1, "name": "{}"},
    "event": {
        "series": one("series"), "union": one("unions"), "kind": "competition", "state": "open", "title": "{}",
        "summary": "{}", "description": "{}", "city": "", "venue": one("venue"), "zone": "Asia/Shanghai",
        "starts_at": NOW, "ends_at": LATER, "opens_at": EARLIER, "closes_at": NOW, "approval": "automatic",
        "eligibility": "{}", "is_template": False, "postponed": False, "previous_venue": one("venue"), "version": 1,
        "created_by": one("account"), "created_at": NOW, "updated_at": NOW,
    },
    "role_grant": {"account": one("account"), "role": "judge", "event_id": one("event"), "granted_at": NOW},
    "capacity": EVENT | {"places": 2, "used": 1, "waiting": 0, "queued": 0},
    "contest": EVENT | {
        "number": 1, "title": "{}", "trade": "", "judges_see_names": False, "live_public": False, "version": 1,
        "created_at": NOW,
    },
    "division": EVENT | {"contest_id": one("contest"), "title": "{}", "eligibility": "{}"},
    "session": EVENT | {
        "contest_id": one("contest"), "title": "{}", "venue": one("venue"), "starts_at": NOW, "ends_at": LATER,
        "state": "planned", "previous_venue": one("venue"), "sequence": 0, "vevent": "", "vevent_en": "",
        "vevent_digest": "", "version": 1, "created_at": NOW, "updated_at": NOW,
    },
    "session_official": EVENT | {"session_id": one("session"), "account": one("account"), "duty": ""},
    "registration": EVENT | {
        "person": one("person"), "union": one("unions"), "contest_id": one("contest"), "division_id": one("division"),
        "state": "confirmed", "reference": "AB", "note": "", "registered_by": one("account"),
        "checked_in_by": one("account"), "version": 1, "created_at": NOW, "updated_at": NOW,
    },
    "scheme": EVENT | {
        "contest_id": one("contest"), "version": 1, "document": "{}", "digest": b"1", "created_at": NOW,
        "created_by": one("account"),
    },
    "stage": EVENT | {
        "contest_id": one("contest"), "number": 1, "title": "{}", "scheme_id": one("scheme"), "state": "drawn",
        "heat_size": 4, "version": 1,
    },
    "scheme_draft": STAGE | {
        "account": one("account"), "document": "{}", "sample": "{}", "version": 1, "updated_at": NOW,
    },
    "entry": EVENT | {
        "contest_id": one("contest"), "division_id": one("division"), "registration_id": one("registration"),
        "person": one("person"), "union": one("unions"), "number": 1, "name": "王芳", "state": "competing",
        "created_at": NOW,
    },
    "team_member": EVENT | {"team_id": one("entry"), "entry_id": one("second entry")},
    "qualifier": STAGE | {"entry_id": one("entry"), "decided": False},
    "slot": STAGE | {"entry_id": one("entry"), "position": 1, "heat": 1, "station": 1, "lot": 1, "code": "A1"},
    "panel": STAGE | {"title": "{}", "aspects": "[]", "leader": one("account")},
    "panel_seat": EVENT | {"panel_id": one("panel"), "seat": "J1", "account": one("account"), "since": NOW},
    "match_result": STAGE | {
        "number": 1, "home_id": one("entry"), "away_id": one("entry"), "winner_id": one("entry"),
        "home_score": 1, "away_score": 0, "entered_by": one("account"), "entered_at": NOW,
    },
    "judging": EVENT | {"own_union": "county"},
    "judge_conflict": EVENT | {"account": one("account"), "union": one("unions"), "reason": "", "created_at": NOW},
    "mark": STAGE | {
        "entry_id": one("entry"), "aspect": "a", "attempt": 1, "seat": "J1", "value_e6": 1,
        "entered_by": one("account"), "entered_at": NOW,
    },
    "sign_off": STAGE | {"panel_id": one("panel"), "account": one("account"), "signed_at": NOW},
    "board": STAGE | {
        "kind": "live", "version": 1, "scheme_id": one("scheme"), "body": "{}", "digest": "", "made_at": NOW,
    },
    "tally": EVENT | {"number": 1, "document": "{}", "created_at": NOW, "created_by": one("account")},
    "promotion": STAGE | {
        "entry_id": one("entry"), "position": 1, "level": "a", "year": 2027, "proposed": True, "code": "place",
        "params": "{}",
    },
    "notice": EVENT | {"kind": "x", "public": True, "account": one("account"), "at": NOW, "data": "{}"},
    "task": {"kind": "x", "payload": "{}", "due_at": NOW, "attempts": 0, "state": "waiting", "created_at": NOW},
    "message": {
        "account": one("account"), "person": one("person"), "event_id": one("event"), "kind": "x", "language": "zh",
        "params": "{}", "created_at": NOW,
    },
    "idempotency_key": {
        "account": one("account"), "key": "k", "request_digest": b"1", "status": 200, "headers": "[]", "body": b"",
        "created_at": NOW,
    },
    "import_run": {"kind": "people", "digest": b"1", "rows_done": 0, "created_at": NOW},
}  # fmt: skip

# For each CHECK, values that break it and no other.
CHECKS: list[tuple[str, Values]] = [
    ("unions", {"path": "js"}),
    ("unions", {"level": "moon"}),
    ("person", {"name": ""}),
    ("person", {"sex": "other"}),
    ("person", {"merged_into": one("person")}),
    ("member", {"left_on": date(2019, 1, 1)}),
    ("account", {"name": ""}),
    ("account", {"language": "fr"}),
    ("claim", {"kind": "pigeon"}),
    ("claim", {"code_id": None}),
    ("throttle", {"tries": 0}),
    ("token", {"use": "fun"}),
    ("venue", {"latitude_e6": 90_000_001}),
    ("venue", {"longitude_e6": -180_000_001}),
    ("station", {"number": 0}),
    ("event", {"kind": "party"}),
    ("event", {"state": "gone"}),
    ("event", {"approval": "maybe"}),
    ("event", {"ends_at": EARLIER}),
    ("event", {"closes_at": EARLIER - timedelta(days=1)}),
    ("event", {"state": "cancelled"}),
    ("role_grant", {"role": "king"}),
    ("role_grant", {"union": one("unions")}),
    ("role_grant", {"event_id": None}),
    ("role_grant", {"role": "administrator"}),
    ("capacity", {"places": -1, "used": 0}),
    ("capacity", {"used": -1}),
    ("capacity", {"used": 3}),
    ("capacity", {"waiting": -1}),
    ("capacity", {"queued": -1}),
    ("session", {"state": "moved"}),
    ("session", {"sequence": -1}),
    ("session", {"ends_at": NOW}),
    ("session", {"version": 0}),
    ("registration", {"state": "lost"}),
    ("registration", {"state": "waiting"}),
    ("stage", {"number": 0}),
    ("stage", {"state": "lost"}),
    ("stage", {"heat_size": 0}),
    ("stage", {"scheme_id": None}),
    ("entry", {"state": "lost"}),
    ("team_member", {"team_id": one("second entry")}),
    ("tally", {"number": 0}),
    ("slot", {"position": 0}),
    ("slot", {"heat": 0}),
    ("slot", {"station": 0}),
    ("slot", {"lot": 0}),
    ("panel_seat", {"seat": ""}),
    ("panel_seat", {"until": EARLIER}),
    ("match_result", {"number": 0}),
    ("match_result", {"winner_id": one("third entry")}),
    ("match_result", {"home_score": -1}),
    ("match_result", {"away_score": -1}),
    ("match_result", {"home_score": None}),
    ("judging", {"own_union": "region"}),
    ("judge_conflict", {"union": None}),
    ("mark", {"attempt": 0}),
    ("mark", {"status": "absent"}),
    ("board", {"kind": "old"}),
    ("board", {"version": 0}),
    ("task", {"state": "lost"}),
    ("message", {"language": "fr"}),
]

# For each UNIQUE, the columns in which a second row is alike; `FRESH` tells what else must differ.
UNIQUES: list[tuple[str, tuple[str, ...]]] = [
    ("unions", ("path",)),
    ("unions", ("parent", "code")),
    ("person", ("identity_index",)),
    ("member", ("person",)),
    ("account", ("name",)),
    ("account", ("person",)),
    ("account", ("phone_index",)),
    ("account", ("mail",)),
    ("claim", ("account", "kind")),
    ("throttle", ("purpose", "key")),
    ("sign_in", ("token_hash",)),
    ("token", ("token_hash",)),
    ("token", ("account", "use")),
    ("station", ("venue", "number")),
    ("role_grant", ("event_id", "account", "role")),
    ("role_grant", ("account", "role", "union")),
    ("role_grant", ("account", "everywhere")),
    ("contest", ("event_id", "number")),
    ("session_official", ("event_id", "session_id", "account")),
    ("registration", ("event_id", "person")),
    ("registration", ("event_id", "reference")),
    ("scheme", ("event_id", "contest_id", "version")),
    ("scheme_draft", ("event_id", "stage_id", "account")),
    ("stage", ("event_id", "contest_id", "number")),
    ("entry", ("event_id", "contest_id", "number")),
    ("entry", ("event_id", "contest_id", "registration_id")),
    ("team_member", ("event_id", "team_id", "entry_id")),
    ("qualifier", ("event_id", "stage_id", "entry_id")),
    ("tally", ("event_id", "number")),
    ("promotion", ("event_id", "stage_id", "entry_id", "level")),
    ("slot", ("event_id", "stage_id", "entry_id")),
    ("slot", ("event_id", "stage_id", "position")),
    ("slot", ("event_id", "stage_id", "code")),
    ("panel_seat", ("event_id", "panel_id", "seat")),
    ("panel_seat", ("event_id", "panel_id", "account")),
    ("match_result", ("event_id", "stage_id", "number")),
    ("judging", ("event_id",)),
    ("judge_conflict", ("event_id", "account", "union")),
    ("judge_conflict", ("event_id", "account", "entry_id")),
    ("mark", ("event_id", "stage_id", "entry_id", "aspect", "attempt", "seat")),
    ("sign_off", ("event_id", "stage_id", "panel_id")),
    ("sign_off", ("event_id", "stage_id")),
    ("board", ("event_id", "stage_id")),
    ("board", ("event_id", "stage_id", "version")),
    ("import_run", ("kind", "digest")),
]
SECOND = {"person": one("second person"), "account": one("second account"), "entry_id": one("second entry")}
FRESH: dict[str, Values] = {
    "tally": {"number": 2},
    "promotion": {"level": "b"},
    "unions": {"path": "js.", "code": "js", "parent": one("unions")},
    "person": {"identity_index": b"2"},
    "account": {"name": "li", "person": one("second person"), "phone_index": b"2", "mail": None},
    "sign_in": {"token_hash": b"2"},
    "token": {"token_hash": b"2", "use": "api"},
    "contest": {"number": 2},
    "registration": {"person": one("second person"), "reference": "CD"},
    "entry": {"number": 2, "registration_id": None},
    "slot": {"entry_id": one("second entry"), "position": 2, "code": "A2"},
    "panel_seat": {"seat": "J2", "account": one("second account")},
    "match_result": {"number": 2},
    "judging": {"event_id": one("nowhere")},
    "judge_conflict": {"account": one("second account")},
}
# What must differ besides, for a row to be alike in nothing.
FREE: dict[str, Values] = FRESH | {
    "person": {"identity_index": None},
    "member": {"person": one("second person")},
    "station": {"number": 2},
    "role_grant": {"role": "registrar"},
    "scheme": {"version": 2},
    "scheme_draft": {"account": one("second account")},
    "stage": {"number": 2},
    "mark": {"seat": "J2"},
    "team_member": {"team_id": one("second entry"), "entry_id": one("entry")},
    "qualifier": {"entry_id": one("second entry")},
    "board": {"kind": "official"},
    "session_official": {"account": one("second account")},
    "sign_off": {"withdrawn_at": NOW},
    "idempotency_key": {"key": "l"},
    "claim": {"kind": "mail"},
}
# Rows that are alike where a partial index looks, and the first row that they are alike to.
PAIRS: dict[tuple[str, tuple[str, ...]], Values] = {
    ("role_grant", ("account", "role", "union")): {"event_id": None, "union": one("unions")},
    ("role_grant", ("account", "everywhere")): {"event_id": None, "role": "administrator"},
    ("unions", ("parent", "code")): {"path": "ah.x.", "parent": one("unions"), "code": "x"},
    ("sign_off", ("event_id", "stage_id")): {"panel_id": None},
    ("judge_conflict", ("event_id", "account", "entry_id")): {"union": None, "entry_id": one("entry")},
    ("board", ("event_id", "stage_id", "version")): {"kind": "official"},
}


async def insert(table: str, values: Values) -> None:
    columns = ", ".join(f'"{name}"' for name in values)
    places = ", ".join("{}" for _ in values)
    async with db.transaction():
        await db.rows(f"INSERT INTO {table} ({columns}) VALUES ({places})", *values.values())


def row(table: str, **changes: Any) -> Values:
    key: Values = {} if table == "notice" else {"id": one(table)}
    return key | ROWS[table] | changes


async def fill() -> None:
    for table in ROWS:
        if table == "team_member":
            await insert("entry", row("entry", id=one("second entry"), number=9, registration_id=None))
        await insert(table, row(table))
    await insert("person", row("person", id=one("second person"), identity_index=None))
    await insert(
        "account", row("account", id=one("second account"), name="b", person=None, phone_index=None, mail=None)
    )


async def violated(table: str, values: Values, kind: str) -> str:
    with pytest.raises(db.ConstraintViolated) as refused:
        await insert(table, values)
    assert refused.value.kind == kind, f"{table} {refused.value}"
    return refused.value.name


def test_there_is_a_row_for_every_table() -> None:
    assert set(ROWS) == {table._meta.tablename for table in tables.ALL}


async def test_every_check_holds(database: str) -> None:
    await fill()
    names = [
        await violated(table, row(table, id=ids.new(), **FRESH.get(table, {}) | changes), "check")
        for table, changes in CHECKS
    ]
    if database.startswith("postgres"):
        assert sorted(names) == await _checks()


async def test_every_unique_holds(database: str) -> None:
    await fill()
    names = []
    for table, columns in UNIQUES:
        like = row(table) | PAIRS.get((table, columns), {})
        if (table, columns) in PAIRS:
            await insert(table, like | {"id": ids.new()})
        differs = {name: value for name, value in FRESH.get(table, {}).items() if name not in columns}
        second = like | differs | {"id": ids.new()}
        names.append(await violated(table, second, "unique"))
    if database.startswith("postgres"):
        assert sorted(names) == await _uniques()


async def test_every_reference_holds(database: str) -> None:
    await fill()
    for table, column in await _references(database):
        values = row(table, **FREE.get(table, {}))
        if table != "notice":
            values["id"] = ids.new()
        if (table, column) == ("role_grant", "union"):
            values["event_id"] = None  # a role holds in the one or in the other
        if (table, column) == ("judge_conflict", "entry_id"):
            values["union"] = None
        await violated(table, values | {column: ids.new()}, "foreign_key")


async def test_nothing_that_must_be_there_may_be_missing(database: str) -> None:
    await fill()
    for table in tables.ALL:
        name = table._meta.tablename
        for column in table._meta.columns:
            if not column._meta.null and not column._meta.primary_key and column._meta.name in ROWS[name]:
                values = row(name, **FREE.get(name, {})) | {column._meta.name: None}
                await violated(name, values if name == "notice" else values | {"id": ids.new()}, "not_null")


async def _checks() -> list[str]:
    found = await db.rows(
        "SELECT conname AS name FROM pg_constraint JOIN pg_class ON pg_class.oid = conrelid"
        " WHERE contype = 'c' AND relname <> 'migration' AND relnamespace = 'public'::regnamespace"
    )
    return sorted(found_row["name"] for found_row in found)


async def _uniques() -> list[str]:
    found = await db.rows(
        "SELECT relname AS name FROM pg_index JOIN pg_class ON pg_class.oid = indexrelid"
        " WHERE indisunique AND NOT indisprimary AND relnamespace = 'public'::regnamespace"
    )
    return sorted(found_row["name"] for found_row in found)


async def _references(database: str) -> list[tuple[str, str]]:
    """Each reference by its table and its last column, the one that names the thing and not the event."""
    if database.startswith("sqlite"):
        found = [
            (table, reference["from"], reference["id"])
            for table in ROWS
            for reference in await db.rows(f"SELECT * FROM pragma_foreign_key_list('{table}')")
        ]
        return sorted({(table, number): (table, column) for table, column, number in found}.values())
    rows = await db.rows(
        "SELECT relname AS tab, attname AS col FROM pg_constraint JOIN pg_class ON pg_class.oid = conrelid"
        " JOIN pg_attribute ON attrelid = conrelid AND attnum = conkey[cardinality(conkey)] WHERE contype = 'f'"
    )
    return sorted((found_row["tab"], found_row["col"]) for found_row in rows)
