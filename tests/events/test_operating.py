"""Migrations, backup and restore across both databases, and the doctor."""

import asyncio
import os
import zipfile
from collections.abc import Iterator
from datetime import timedelta
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import msgspec
import pytest
import time_machine
from piccolo.apps.migrations.tables import Migration

from events import clock, crypto, db, demo, operating, people, settings, tasks, unions
from events.access import SYSTEM
from events.errors import Conflict
from events.operating import Finding, Health, archive, migrating
from events.people import PersonForm
from events.tables import Notice, Union
from tests.events.factory import make_event, make_union, posted
from tests.events.test_messages import smtp_server

# --- migrations -----------------------------------------------------------------------------------------------------


async def test_migrations_run_once_and_in_order(tmp_path: Path) -> None:
    db.connect(f"sqlite:{tmp_path / 'new.db'}")
    assert await operating.pending() == migrating.known()
    assert await operating.migrate() == migrating.known()
    assert await operating.migrate() == []
    assert await operating.pending() == []
    await db.close()


async def test_a_database_that_is_not_what_it_says_is_told_in_words_and_left_alone(database: str) -> None:
    last = migrating.known()[-1]
    await db.rows("DELETE FROM migration WHERE name = {}", last)
    with pytest.raises(Conflict, match="migration_failed"):
        await operating.migrate()
    assert await operating.pending() == [last]
    for name in (last, "9999"):
        await Migration.insert(Migration(name=name, app_name="events"))
    with pytest.raises(Conflict, match="database_newer"):
        await operating.migrate()
    assert (await findings())["database_newer"].params == {"migrations": "9999"}
    await db.rows("DELETE FROM migration WHERE name = '9999'")
    assert await operating.lacking() == []
    await db.rows("DROP TABLE import_run")
    await db.rows("ALTER TABLE message DROP COLUMN params")
    assert (await findings())["tables_lacking"].params == {"tables": "message, import_run"}


# --- backup and restore ---------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
async def demo_backup(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A backup of the demo federation, made on SQLite."""
    folder = tmp_path_factory.mktemp("demo")
    db.connect(f"sqlite:{folder / 'demo.db'}")
    await operating.migrate()
    await demo.load(lambda *_: None)
    await operating.backup(folder / "demo.backup")
    await db.close()
    return folder / "demo.backup"


def tables_of(path: Path) -> dict[str, archive.Contents]:
    return archive.manifest_of(path).tables


async def test_a_restored_database_is_identical(demo_backup: Path, database: str, tmp_path: Path) -> None:
    await operating.restore(demo_backup)
    await operating.backup(tmp_path / "again.backup")
    assert tables_of(tmp_path / "again.backup") == tables_of(demo_backup)
    assert tables_of(demo_backup)["person"].rows == 3000
    await db.close()
    db.connect(f"sqlite:{tmp_path / 'other.db'}")  # empty, without a schema
    await operating.restore(tmp_path / "again.backup")
    await operating.backup(tmp_path / "third.backup")
    assert tables_of(tmp_path / "third.backup") == tables_of(demo_backup)
    await db.close()


async def test_a_restored_database_goes_on(demo_backup: Path, database: str) -> None:
    await operating.restore(demo_backup)
    before = await Notice.count()
    union = (await unions.children()).items[0].id
    person = await people.register(SYSTEM, PersonForm(name="王芳", union=union, phone="13812345678"))
    assert person.phone == "138****5678"
    assert await Notice.count() == before + 1
    assert len(await posted(public_only=False)) == before + 1
    assert {finding.health for finding in await operating.doctor()} <= {Health.SOUND, Health.DOUBTFUL}


async def test_only_an_empty_database_is_filled(demo_backup: Path, database: str) -> None:
    await make_union()
    with pytest.raises(Conflict, match="restore_not_empty"):
        await operating.restore(demo_backup)
    assert await Union.count() == 1


async def test_a_broken_backup_is_noticed_before_anything_is_written(
    demo_backup: Path, sqlite_url: str, tmp_path: Path
) -> None:
    db.connect(sqlite_url)
    for name, broken in breakages(demo_backup, tmp_path):
        with pytest.raises(Conflict, match="backup_broken"):
            await operating.restore(broken)
        assert await Union.count() == 0, name
    await db.close()


def breakages(sound: Path, folder: Path) -> Iterator[tuple[str, Path]]:
    """Ways in which a file is no sound backup."""
    data = sound.read_bytes()
    cases = {"empty": b"", "cut off": data[: len(data) // 2], "text": b"not a backup"}
    for name, content in cases.items():
        (folder / name).write_bytes(content)
        yield name, folder / name
    with zipfile.ZipFile(sound) as old:
        parts = {name: old.read(name) for name in old.namelist()}
    manifest = parts.pop(archive.MANIFEST)
    altered = {**parts, "tables/unions.ndjson": parts["tables/unions.ndjson"][:-1]}
    missing = {name: part for name, part in parts.items() if name != "tables/mark.ndjson"}
    for name, content_of in (("altered", altered), ("missing", missing)):
        with zipfile.ZipFile(folder / name, "w") as new:
            for part, content in {**content_of, archive.MANIFEST: manifest}.items():
                new.writestr(part, content)
        yield name, folder / name


async def test_a_backup_of_a_newer_program_and_of_another_key_is_refused(
    demo_backup: Path, sqlite_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    db.connect(sqlite_url)
    newer = with_manifest(demo_backup, tmp_path, migrations=[*migrating.known(), "9999"])
    with pytest.raises(Conflict, match="backup_newer"):
        await operating.restore(newer)
    other = with_manifest(demo_backup, tmp_path, key="another")
    with pytest.raises(Conflict, match="secret_key_differs"):
        await operating.restore(other)
    await operating.restore(other, other_key=True)
    assert await Union.count() > 0
    await db.close()


def with_manifest(sound: Path, folder: Path, **changes: object) -> Path:
    """A backup that says something else of itself."""
    made = folder / "changed.backup"
    with zipfile.ZipFile(sound) as old, zipfile.ZipFile(made, "w") as new:
        for name in old.namelist():
            content = old.read(name)
            if name == archive.MANIFEST:
                content = msgspec.json.encode({**msgspec.json.decode(content), **changes})
            new.writestr(name, content)
    return made


async def test_a_backup_replaces_the_one_before_only_when_it_is_whole(database: str, tmp_path: Path) -> None:
    path = tmp_path / "magpie.backup"
    await operating.backup(path)
    before = path.read_bytes()
    await make_union()

    def fail(table: str, rows: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        await operating.backup(path, progress=fail)
    assert path.read_bytes() == before
    assert [name for name in os.listdir(tmp_path) if "backup" in name] == ["magpie.backup"]  # noqa: PTH208
    assert path.stat().st_mode & 0o777 == 0o600
    await operating.backup(path)
    assert tables_of(path)["unions"].rows == 1


async def test_the_secret_key_and_plain_identity_numbers_are_not_in_a_backup(database: str, tmp_path: Path) -> None:
    union = await make_union()
    form = PersonForm(name="王芳", union=union, identity_number="11010519491231002X", phone="13812345678")
    await people.register(SYSTEM, form)
    await operating.backup(tmp_path / "magpie.backup")
    with zipfile.ZipFile(tmp_path / "magpie.backup") as file:
        text = b"".join(file.read(name) for name in file.namelist())
    assert settings.secret_key() not in text
    assert crypto.key("at rest") not in text
    assert b"11010519491231002X" not in text
    assert b"13812345678" not in text


async def test_a_snapshot_stands_still_while_others_write(database: str) -> None:
    await make_union("a")
    async with db.snapshot() as read:
        before = await read("SELECT count(*) AS n FROM unions")
        await asyncio.create_task(make_union("b"))
        assert await read("SELECT count(*) AS n FROM unions") == before == [{"n": 1}]
    assert await Union.count() == 2


# --- the doctor -----------------------------------------------------------------------------------------------------


async def findings() -> dict[str, Finding]:
    return {finding.code: finding for finding in await operating.doctor()}


@pytest.fixture
def environment(monkeypatch: pytest.MonkeyPatch) -> Iterator[pytest.MonkeyPatch]:
    """Settings that a test changes by the environment."""
    monkeypatch.setattr(settings, "current", settings.current.__wrapped__)
    monkeypatch.setattr(settings, "secret_key", settings.secret_key.__wrapped__)
    yield monkeypatch
    crypto.key.cache_clear()


async def test_a_fresh_installation_is_sound_but_for_what_is_not_set_up(database: str) -> None:
    found = await findings()
    doubtful = {code for code, finding in found.items() if finding.health != Health.SOUND}
    assert doubtful == {"secret_key_short", "smtp_none", "address_silent"}
    assert {"database", "migrations_done", "counters", "boards", "tasks", "disk", "zone", "sealed_none"} <= set(found)


@pytest.mark.parametrize(("path", "code"), [("", "address"), ("/elsewhere", "address_other")])
async def test_pages_are_looked_for_where_people_are_sent(
    path: str, code: str, database: str, environment: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "sign-in").touch()
    handler = partial(SimpleHTTPRequestHandler, directory=str(tmp_path))
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        Thread(target=server.serve_forever).start()
        environment.setenv("MAGPIE_BASE_URL", f"http://127.0.0.1:{server.server_port}{path}")
        assert code in await findings()
        server.shutdown()


async def test_wrong_counters_are_named(database: str) -> None:
    event = await make_event(await make_union())
    await db.rows("UPDATE capacity SET used = 1, waiting = 2 WHERE event_id = {}", event)
    found = (await findings())["counter_wrong"]
    assert found.health == Health.BROKEN
    assert {name: found.params[name] for name in ("event_id", "used", "held", "waiting", "queueing")} == {
        "event_id": event,
        "used": 1,
        "held": 0,
        "waiting": 2,
        "queueing": 0,
    }


async def test_tasks_that_were_given_up_or_wait_too_long_are_named(database: str) -> None:
    await tasks.enqueue("unheard of")
    with time_machine.travel(clock.now(), tick=False) as traveller:
        while await tasks.run_due():
            traveller.shift(timedelta(hours=1))
    await tasks.enqueue("waiting")
    with time_machine.travel(clock.now() + timedelta(minutes=6)):
        found = await findings()
    assert found["tasks_given_up"].params == {"kind": "unheard of", "failure": "KeyError: 'unheard of'", "number": 1}
    assert found["tasks_late"].params == {"number": 1}


async def test_another_secret_key_is_noticed(database: str, environment: pytest.MonkeyPatch) -> None:
    union = await make_union()
    await people.register(SYSTEM, PersonForm(name="王芳", union=union, phone="13812345678"))
    assert "sealed_readable" in await findings()
    environment.setenv("MAGPIE_SECRET_KEY", "another one, long enough for this doctor")
    crypto.key.cache_clear()
    found = await findings()
    assert found["secret_key_wrong"].health == Health.BROKEN
    assert found["secret_key_given"].health == Health.SOUND


async def test_a_key_that_was_made_here_is_to_be_kept(
    database: str, environment: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    environment.setenv("MAGPIE_SECRET_KEY", "")
    environment.setenv("MAGPIE_DATA_DIR", str(tmp_path))
    crypto.key.cache_clear()
    assert (await findings())["secret_key_made"].params == {"path": str(tmp_path / "secret.key")}


async def test_a_zone_that_is_none_and_a_database_that_is_away(environment: pytest.MonkeyPatch, tmp_path: Path) -> None:
    environment.setenv("MAGPIE_ZONE", "Asia/Hefei")
    db.connect("postgresql://nobody@127.0.0.1:1/nothing")
    found = await findings()
    assert found["zone_unknown"].health == found["database_unreachable"].health == Health.BROKEN


async def test_a_database_without_its_tables_is_to_be_migrated(tmp_path: Path) -> None:
    db.connect(f"sqlite:{tmp_path / 'new.db'}")
    assert (await findings())["migrations_pending"].health == Health.BROKEN
    await db.close()


async def test_a_data_folder_that_takes_nothing_is_named(
    database: str, environment: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "file").touch()
    environment.setenv("MAGPIE_DATA_DIR", str(tmp_path / "file" / "data"))
    assert (await findings())["folder_readonly"].health == Health.BROKEN


async def test_mail_is_tried(database: str, environment: pytest.MonkeyPatch) -> None:
    async with smtp_server() as (port, _):
        environment.setenv("MAGPIE_SMTP_URL", f"smtp://127.0.0.1:{port}")
        assert "smtp" in await findings()
    assert (await findings())["smtp_unreachable"].health == Health.BROKEN
