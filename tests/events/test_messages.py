"""Messages: kept with the change, delivered once by mail or into a folder, read on one's page."""

import asyncio
import base64
import email
import email.policy
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from uuid import UUID

import pytest

from events import db, messages, settings, tasks
from events.errors import NotFound, NotSignedIn
from events.messages import wording
from tests.events.factory import make_account, make_event, make_participant, make_union, make_venue


@pytest.fixture
def configure(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[None]:
    monkeypatch.setenv("MAGPIE_DATA_DIR", str(tmp_path))
    settings.current.cache_clear()
    yield
    settings.current.cache_clear()


async def letters(tmp_path: Path) -> list[email.message.EmailMessage]:
    await tasks.run_due()
    folder = tmp_path / "mail"
    found = sorted(folder.glob("*.eml")) if folder.exists() else []
    return [email.message_from_bytes(path.read_bytes(), policy=email.policy.default) for path in found]


def test_both_languages_say_the_same() -> None:
    assert wording.texts("zh").keys() == wording.texts("en").keys()
    for kind, said in wording.texts("zh").items():
        other = wording.texts("en")[kind]
        assert said.keys() == other.keys() == {"subject", "body"}
        for part in said:
            assert set(wording.placeholders(said[part])) == set(wording.placeholders(other[part])), kind


def test_a_line_with_nothing_to_say_is_left_out() -> None:
    _, body = wording.rendered("event.cancelled", "zh", {"name": "王芳", "event": "招聘会"})
    assert body == "王芳您好：\n\n您报名的「招聘会」已取消。\n"


@pytest.mark.usefixtures("configure")
async def test_without_smtp_a_message_becomes_a_file(database: str, tmp_path: Path) -> None:
    union = await make_union()
    actor = await make_participant(union)
    event = await make_event(union, venue=await make_venue(union))
    async with db.transaction():
        await messages.send(
            "registration.confirmed", person=actor.person, event=event, reference="ABCD2345", number=None
        )
    (letter,) = await letters(tmp_path)
    body = letter.get_content()
    assert letter["Subject"] == "报名成功：电工技能竞赛"
    for part in ("王芳您好", "ABCD2345", "2027年5月1日星期六 09:00", "工人文化宫", f"/events/{event}"):
        assert part in body


@pytest.mark.usefixtures("configure")
async def test_a_message_of_a_rolled_back_change_is_never_sent(database: str, tmp_path: Path) -> None:
    actor = await make_participant()
    with pytest.raises(RuntimeError):
        async with db.transaction():
            await messages.send("event.cancelled", person=actor.person, reason="台风")
            raise RuntimeError
    assert await letters(tmp_path) == []


@pytest.mark.usefixtures("configure")
async def test_a_delivered_message_is_not_delivered_again(database: str, tmp_path: Path) -> None:
    actor = await make_account()
    message = await messages.send("event.cancelled", account=actor.account, reason="台风")
    assert len(await letters(tmp_path)) == 1
    next((tmp_path / "mail").glob("*.eml")).unlink()
    await tasks.enqueue("message.deliver", message=message)
    assert await letters(tmp_path) == []


@pytest.mark.usefixtures("configure")
async def test_mail_goes_through_smtp_once(database: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    actor = await make_account()
    await db.rows("UPDATE account SET mail = 'wang@example.com', language = 'en' WHERE id = {}", actor.account)
    async with smtp_server() as (port, taken):
        monkeypatch.setenv("MAGPIE_SMTP_URL", f"smtp://127.0.0.1:{port}")
        settings.current.cache_clear()
        await messages.send("event.cancelled", account=actor.account, reason="typhoon")
        assert await letters(tmp_path) == []
        await tasks.run_due()
    assert len(taken) == 1
    letter = email.message_from_bytes(taken[0], policy=email.policy.default)
    assert letter["To"] == "wang@example.com"
    assert "Reason: typhoon" in base64.b64decode(str(letter.get_payload())).decode()


@pytest.mark.usefixtures("configure")
async def test_a_server_that_is_away_is_tried_again(database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    actor = await make_account()
    await db.rows("UPDATE account SET mail = 'wang@example.com' WHERE id = {}", actor.account)
    async with smtp_server() as (port, _):
        pass
    monkeypatch.setenv("MAGPIE_SMTP_URL", f"smtp://127.0.0.1:{port}")
    settings.current.cache_clear()
    await messages.send("event.cancelled", account=actor.account, reason="typhoon")
    await tasks.run_due()
    found = await db.row("SELECT state, attempts, failure FROM task")
    assert found is not None
    assert (found["state"], found["attempts"]) == ("waiting", 1)
    assert found["failure"].startswith("SMTPConnectError")


@asynccontextmanager
async def smtp_server() -> AsyncIterator[tuple[int, list[bytes]]]:
    """A server that takes every mail; its port and what it took."""
    taken: list[bytes] = []

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"220 here\r\n")
        while line := await reader.readline():
            if line.upper().startswith(b"DATA"):
                writer.write(b"354 go on\r\n")
                taken.append(await reader.readuntil(b"\r\n.\r\n"))
            writer.write(b"221 bye\r\n" if line.upper().startswith(b"QUIT") else b"250 fine\r\n")
            await writer.drain()
            if line.upper().startswith(b"QUIT"):
                break
        writer.close()
        await writer.wait_closed()

    server = await asyncio.start_server(talk, "127.0.0.1", 0)
    async with server:
        yield server.sockets[0].getsockname()[1], taken


async def test_the_inbox_is_ones_own_newest_first_and_paged(database: str) -> None:
    union = await make_union()
    event = await make_event(union)
    actor, other = await make_participant(union), await make_participant(union, "李娜")
    for reference in ("A", "B", "C"):
        await messages.send("registration.confirmed", person=actor.person, event=event, reference=reference)
    await messages.send("registration.confirmed", person=other.person, event=event, reference="D")
    await messages.send("account.recovery", account=actor.account, token=UUID(int=1))
    page = await messages.inbox(actor, limit=2)
    assert page.next is not None
    rest = await messages.inbox(actor, cursor=page.next)
    shown = [*page.items, *rest.items]
    assert [("A" in m.body, "B" in m.body, "C" in m.body) for m in shown] == [
        (False, False, True),
        (False, True, False),
        (True, False, False),
    ]
    assert shown[0].event_title is not None
    assert await messages.unread(actor) == 3


async def test_reading_a_message(database: str) -> None:
    actor, other = await make_account(), await make_account()
    message = await messages.send("event.cancelled", account=actor.account, reason="台风")
    with pytest.raises(NotFound):
        await messages.mark_read(other, message)
    await messages.mark_read(actor, message)
    assert await messages.unread(actor) == 0
    first = (await messages.inbox(actor)).items[0].read_at
    await messages.mark_read(actor, message)
    assert (await messages.inbox(actor)).items[0].read_at == first


async def test_reading_all_that_was_shown_leaves_what_came_since(database: str) -> None:
    actor, other = await make_account(), await make_account()
    for reason in ("台风", "停电", "疫情"):
        await messages.send("event.cancelled", account=actor.account, reason=reason)
    await messages.send("event.cancelled", account=other.account, reason="台风")
    since, newest, _ = (await messages.inbox(actor)).items
    with pytest.raises(NotFound):
        await messages.mark_all_read(other, newest=newest.id)
    await messages.mark_all_read(actor, newest=newest.id)
    assert [one.id for one in (await messages.inbox(actor)).items if one.read_at is None] == [since.id]
    assert await messages.unread(other) == 1


async def test_nobody_in_particular_has_no_inbox(database: str) -> None:
    from events.access import ANONYMOUS

    with pytest.raises(NotSignedIn):
        await messages.inbox(ANONYMOUS)


async def test_an_unknown_kind_is_a_mistake_of_ours(database: str) -> None:
    with pytest.raises(KeyError):
        await messages.send("event.exploded", person=UUID(int=1))
