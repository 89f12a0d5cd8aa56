"""Lists for spreadsheets: rows of text, the first one names the columns; `csv_lines` makes a file of them."""

from __future__ import annotations

import codecs
import csv
import io
from collections.abc import AsyncIterator, Iterable
from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from events import access, db
from events import people as federation_people
from events import unions as federation
from events.access import Actor, Right
from events.people import finding, identity
from events.text import bilingual

PAGE = 500
FORMULA = ("=", "+", "-", "@", "＝", "＋", "－", "＠", "\t", "\r")
# What a column is called, in Chinese and in English; imports read both.
COLUMNS = {
    "path": ("编码路径", "path"),
    "code": ("编码", "code"),
    "parent": ("上级", "parent"),
    "name_zh": ("名称", "name_zh"),
    "name_en": ("英文名称", "name_en"),
    "level": ("级别", "level"),
    "city": ("城市", "city"),
    "name": ("姓名", "name"),
    "sex": ("性别", "sex"),
    "born": ("出生日期", "born"),
    "identity_number": ("身份证号", "identity_number"),
    "phone": ("手机号", "phone"),
    "mail": ("邮箱", "mail"),
    "union": ("工会", "union"),
    "reference": ("报名编号", "reference"),
    "state": ("状态", "state"),
    "contest": ("项目", "contest"),
    "division": ("组别", "division"),
    "registered_at": ("报名时间", "registered_at"),
    "checked_in_at": ("签到时间", "checked_in_at"),
}
UNIONS = ("parent", "code", "name_zh", "name_en", "level", "city")
PEOPLE = ("name", "sex", "born", "identity_number", "phone", "mail", "union")
REGISTRATIONS = (
    "reference", "name", "union", "phone", "contest", "division", "state", "registered_at", "checked_in_at",
)  # fmt: skip
REGISTERED = """SELECT r.*, p.id AS person_id, p.name, p.phone_cipher, u.name AS union_name,
        c.title AS contest, d.title AS division
    FROM registration r JOIN person p ON p.id = r.person LEFT JOIN unions u ON u.id = r."union"
    LEFT JOIN contest c ON c.event_id = r.event_id AND c.id = r.contest_id
    LEFT JOIN division d ON d.event_id = r.event_id AND d.id = r.division_id
    WHERE r.event_id = {} AND r.id > {} ORDER BY r.id LIMIT 500"""
SEXES = {"female": ("女", "female"), "male": ("男", "male")}
STATES = {
    "pending": ("待审核", "pending"),
    "confirmed": ("已确认", "confirmed"),
    "waiting": ("候补", "waiting"),
    "refused": ("未通过", "refused"),
    "withdrawn": ("已退出", "withdrawn"),
}


async def unions(actor: Actor) -> AsyncIterator[list[str]]:
    """Every union, each after the one above it, as `magpie import unions` reads them."""
    access.signed_in(actor)
    yield _header(actor, UNIONS)
    cursor: str | None = ""
    while cursor is not None:
        page = await federation.find("", cursor=cursor, limit=PAGE)
        for one in page.items:
            above = one.path[: -len(one.code) - 1]
            yield [above.rstrip("."), one.code, one.name.zh, one.name.en, one.level, one.city]
        cursor = page.next


async def people(actor: Actor, *, union: UUID | None = None) -> AsyncIterator[list[str]]:
    """The people of the actor's unions (Right.KEEP_PEOPLE), or of one union's subtree, by name, masked."""
    yield _header(actor, PEOPLE)
    cursor: str | None = ""
    while cursor is not None:
        page = await federation_people.search(actor, union=union, cursor=cursor, limit=PAGE)
        for one in page.items:
            sex, born = _word(SEXES, one.sex, actor), str(one.born or "")
            member_of = one.union_name.in_language(actor.language) if one.union_name else ""
            yield [one.name, sex, born, one.identity_number, one.phone, one.mail, member_of]
        cursor = page.next


async def registrations(actor: Actor, event_id: UUID) -> AsyncIterator[list[str]]:
    """The registrations of an event (Right.REVIEW there) as they came, with phones masked."""
    event = await access.event_for(actor, Right.REVIEW, event_id)
    yield _header(actor, REGISTRATIONS)
    last = UUID(int=0)
    while rows := await db.rows(REGISTERED, event_id, last):
        for row in rows:
            yield _registration(row, actor, ZoneInfo(event.zone))
        last = rows[-1]["id"]


async def csv_lines(found: AsyncIterator[list[str]]) -> AsyncIterator[bytes]:
    """CSV in UTF-8 with a byte order mark; a cell that a spreadsheet would take for a formula is made plain text."""
    yield codecs.BOM_UTF8
    async for row in found:
        line = io.StringIO()
        csv.writer(line).writerow([plain(cell) for cell in row])
        yield line.getvalue().encode()


def plain(cell: str) -> str:
    """A cell that no spreadsheet takes for a formula."""
    return f"'{cell}" if cell.startswith(FORMULA) else cell


def _header(actor: Actor, columns: Iterable[str]) -> list[str]:
    return [COLUMNS[column][actor.language == "en"] for column in columns]


def _word(words: dict[str, tuple[str, str]], value: str | None, actor: Actor) -> str:
    return words[value][actor.language == "en"] if value else ""


def _registration(row: db.Row, actor: Actor, zone: ZoneInfo) -> list[str]:
    phone = identity.masked(finding.unsealed({**row, "id": row["person_id"]}, "phone"))
    titles = [bilingual(row[name]).in_language(actor.language) for name in ("union_name", "contest", "division")]
    state = _word(STATES, row["state"], actor)
    times = [_time(row[name], zone) for name in ("created_at", "checked_in_at")]
    return [row["reference"], row["name"], titles[0], phone, *titles[1:], state, *times]


def _time(moment: datetime | None, zone: ZoneInfo) -> str:
    return moment.astimezone(zone).strftime("%Y-%m-%d %H:%M") if moment else ""
