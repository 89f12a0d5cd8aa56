"""Lists for spreadsheets: rows of text, the first one names the columns; `csv_lines` and `xlsx` make files of them."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable
from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from events import access, db, notices, registering
from events import people as federation_people
from events import unions as federation
from events.access import Actor, Right
from events.exports.boards import board
from events.exports.files import csv_lines, plain, xlsx
from events.exports.promotions import promotions
from events.exports.schemes import SCHEME_NAMES, scheme
from events.people import finding, identity
from events.registering import RegistrationQuery
from events.registering.lists import FROM, within
from events.tables import Event
from events.text import bilingual

__all__ = [
    "COLUMNS", "PEOPLE", "SCHEME_NAMES", "UNIONS", "board", "csv_lines", "people", "plain", "promotions",
    "registrations", "scheme", "unions", "xlsx",
]  # fmt: skip

PAGE = 500
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
PERSONAL = ("identity_number",)
REGISTERED = f"""SELECT registration.*, person.name, person.phone_cipher, person.identity_cipher,
        unions.name AS union_name, contest.title AS contest, division.title AS division
    {FROM} LEFT JOIN division ON division.event_id = registration.event_id AND division.id = registration.division_id
    WHERE"""
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
    """The people of the actor's unions (Right.KEEP_PEOPLE), or of one union's subtree, by name, masked.

    A notice says who took them.
    """
    finding.within(actor, Right.KEEP_PEOPLE)
    if union is not None:
        await access.union_path(union)
    async with db.transaction():
        await notices.post("people.exported", subject=union, by=actor.account)
    return _people(actor, union)


async def _people(actor: Actor, union: UUID | None) -> AsyncIterator[list[str]]:
    yield _header(actor, PEOPLE)
    cursor: str | None = ""
    while cursor is not None:
        page = await federation_people.search(actor, union=union, cursor=cursor, limit=PAGE)
        for one in page.items:
            sex, born = _word(SEXES, one.sex, actor), str(one.born or "")
            member_of = one.union_name.in_language(actor.language) if one.union_name else ""
            yield [one.name, sex, born, one.identity_number, one.phone, one.mail, member_of]
        cursor = page.next


async def registrations(
    actor: Actor, event_id: UUID, query: RegistrationQuery | None = None, *, personal: bool = False
) -> AsyncIterator[list[str]]:
    """The registrations of an event that a query wants (Right.REVIEW there), as they came; a notice says who took what.

    Phones are masked, unless `personal`: whole phones and identity numbers, for those who keep people in the event.
    """
    event = await access.event_for(actor, Right.REVIEW, event_id)
    if personal:
        await access.event_for(actor, Right.KEEP_PEOPLE, event_id)
    query = query or RegistrationQuery()
    count = await registering.how_many(actor, event_id, query)
    async with db.transaction():
        await notices.post(
            "registration.exported", event=event_id, subject=event_id, by=actor.account,
            count=count, personal=personal, state=query.state, contest=query.contest_id,
        )  # fmt: skip
    return _registrations(actor, event, query, personal=personal)


async def _registrations(
    actor: Actor, event: Event, query: RegistrationQuery, *, personal: bool
) -> AsyncIterator[list[str]]:
    columns = [*REGISTRATIONS, *(PERSONAL if personal else ())]
    yield _header(actor, columns)
    conditions, arguments = within(event.id, query)
    sql = f"{REGISTERED} {' AND '.join(conditions)} AND registration.id > {{}} ORDER BY registration.id LIMIT {PAGE:d}"
    last = UUID(int=0)
    while rows := await db.rows(sql, *arguments, last):
        for row in rows:
            known = _registration(row, actor, ZoneInfo(event.zone), personal=personal)
            yield [known[column] for column in columns]
        last = rows[-1]["id"]


def _header(actor: Actor, columns: Iterable[str]) -> list[str]:
    return [COLUMNS[column][actor.language == "en"] for column in columns]


def _word(words: dict[str, tuple[str, str]], value: str | None, actor: Actor) -> str:
    return words[value][actor.language == "en"] if value else ""


def _registration(row: db.Row, actor: Actor, zone: ZoneInfo, *, personal: bool) -> dict[str, str]:
    of_person = {**row, "id": row["person"]}
    phone = finding.unsealed(of_person, "phone")
    union, contest, division = (
        bilingual(row[name]).in_language(actor.language) for name in ("union_name", "contest", "division")
    )
    return {
        "reference": row["reference"],
        "name": row["name"],
        "union": union,
        "phone": phone if personal else identity.masked(phone),
        "identity_number": finding.unsealed(of_person, "identity") if personal else "",
        "contest": contest,
        "division": division,
        "state": _word(STATES, row["state"], actor),
        "registered_at": _time(row["created_at"], zone),
        "checked_in_at": _time(row["checked_in_at"], zone),
    }


def _time(moment: datetime | None, zone: ZoneInfo) -> str:
    return moment.astimezone(zone).strftime("%Y-%m-%d %H:%M") if moment else ""
