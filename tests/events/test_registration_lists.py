"""The list of an event's registrations: every order and filter, pages that stay while people register, exports."""

import csv
import io
from collections.abc import AsyncIterator
from uuid import UUID

import pytest
from python_calamine import CalamineWorkbook

from events import contests, crypto, db, exports, registering
from events.access import SYSTEM
from events.contests import ContestForm
from events.errors import Invalid, NotFound
from events.exports import files
from events.people.finding import place
from events.registering import RegistrationForm, RegistrationQuery, RegistrationView, ReviewForm, Sort
from events.terms import RegistrationState
from events.text import Bilingual
from tests.events.factory import make_account, make_event, make_official, make_participant, make_union, posted

NAMES = ("chen yi", "an er", "bao san", "dai si", "an er")


async def register(event: UUID, union: UUID, name: str, contest: UUID | None = None) -> RegistrationView:
    """A person with this pinyin registers."""
    actor = await make_participant(union, name)
    return await registering.register(actor, event, RegistrationForm(contest_id=contest))


@pytest.fixture
async def event(database: str) -> UUID:
    """Five registrations for two contests by members of two unions: three have places, two wait; one was refused."""
    unions = [await make_union("b"), await make_union("a")]
    made = await make_event(unions[0], places=3)
    listed = [
        await contests.add_contest(SYSTEM, made, ContestForm(title=Bilingual(zh=f"项目{n}"), number=n)) for n in (2, 1)
    ]
    views = [await register(made, unions[n % 2], name, listed[n % 2].id) for n, name in enumerate(NAMES)]
    refusal = ReviewForm(registrations=[views[0].id], confirm=False, reason="no")
    await registering.review(SYSTEM, made, refusal)
    return made


async def every(event: UUID, query: RegistrationQuery, limit: int = 2) -> list[RegistrationView]:
    """All pages."""
    found, cursor = list[RegistrationView](), ""
    while True:
        page = await registering.list_registrations(SYSTEM, event, query, cursor=cursor, limit=limit)
        found += page.items
        if page.next is None:
            return found
        cursor = page.next


@pytest.mark.parametrize(
    ("sort", "names"),
    [
        (Sort.OLDEST, ["chen yi", "an er", "bao san", "dai si", "an er"]),
        (Sort.NAME, ["an er", "an er", "bao san", "chen yi", "dai si"]),
        (Sort.UNION, ["an er", "dai si", "chen yi", "bao san", "an er"]),
        (Sort.CONTEST, ["an er", "dai si", "chen yi", "bao san", "an er"]),
        (Sort.STATE, ["an er", "an er", "bao san", "dai si", "chen yi"]),
    ],
)
async def test_every_order_has_its_reverse_and_shows_everybody_once(event: UUID, sort: Sort, names: list[str]) -> None:
    found = await every(event, RegistrationQuery(sort=sort))
    assert [one.person_name for one in found] == names
    back = Sort(sort[1:] if sort.startswith("-") else f"-{sort}")
    assert [one.id for one in await every(event, RegistrationQuery(sort=back), limit=3)] == [
        one.id for one in reversed(found)
    ]


async def test_a_page_stays_where_it_was_while_people_register(event: UUID) -> None:
    query = RegistrationQuery(sort=Sort.NAME)
    first = await registering.list_registrations(SYSTEM, event, query, limit=3)
    await register(event, await make_union("c"), "an yi", first.items[0].contest_id)
    second = await registering.list_registrations(SYSTEM, event, query, cursor=first.next or "", limit=3)
    assert [one.person_name for one in second.items] == ["chen yi", "dai si"]
    with pytest.raises(Invalid):  # the cursor of another order
        await registering.list_registrations(SYSTEM, event, RegistrationQuery(), cursor=first.next or "")


async def test_filters_hold_in_every_order_and_places_in_the_queue_are_told(event: UUID) -> None:
    waiting = RegistrationQuery(state=RegistrationState.WAITING, sort=Sort.NAME_BACK)
    found = await every(event, waiting)
    assert [(one.person_name, one.position) for one in found] == [("an er", 1)]
    contest = found[0].contest_id
    assert len(await every(event, RegistrationQuery(contest_id=contest, sort=Sort.STATE))) == 3
    assert await registering.how_many(SYSTEM, event, RegistrationQuery(contest_id=contest)) == 3
    assert await registering.how_many(SYSTEM, event, RegistrationQuery(q=found[0].reference.lower())) == 1
    with pytest.raises(NotFound):
        await registering.how_many(await make_account(), event, RegistrationQuery())


async def test_several_who_wait_each_have_their_place(event: UUID) -> None:
    contest = (await every(event, RegistrationQuery()))[0].contest_id
    union = await make_union("c")
    for name in ("fan yi", "fan er", "fan san"):
        await register(event, union, name, contest)
    found = await every(event, RegistrationQuery(state=RegistrationState.WAITING, sort=Sort.OLDEST))
    assert [one.position for one in found] == [1, 2, 3, 4]


async def with_secrets(person: UUID) -> None:
    """Give a person a phone and an identity number."""
    for field, text in (("phone", "13812345678"), ("identity", "11010519491231002X")):
        sealed, index = crypto.seal(text, place=place(field, person)), crypto.blind_index(text, of=field)
        sql = f"UPDATE person SET {field}_cipher = {{}}, {field}_index = {{}} WHERE id = {{}}"
        await db.rows(sql, sealed, index, person)


async def test_somebody_is_found_by_a_whole_phone(event: UUID) -> None:
    someone = (await every(event, RegistrationQuery()))[0]
    await with_secrets(someone.person)
    assert [one.id for one in await every(event, RegistrationQuery(phone="13812345678"))] == [someone.id]
    assert await every(event, RegistrationQuery(phone="13812345679")) == []


# --- exports --------------------------------------------------------------------------------------------------------


async def table(rows: AsyncIterator[list[str]]) -> list[dict[str, str]]:
    """What a spreadsheet shows of the CSV."""
    text = b"".join([line async for line in exports.csv_lines(rows)])
    assert text.startswith(b"\xef\xbb\xbf")
    return list(csv.DictReader(io.StringIO(text.decode("utf-8-sig"))))


async def test_an_export_has_the_filters_of_the_page_and_is_noted(event: UUID) -> None:
    organiser = await make_official("organiser", event=event)
    query = RegistrationQuery(state=RegistrationState.CONFIRMED)
    found = await table(await exports.registrations(organiser, event, query))
    assert [row["姓名"] for row in found] == ["an er", "bao san", "dai si"]
    told = [notice for notice in await posted(event=event, public_only=False) if notice.kind.endswith("exported")]
    assert [(one.account, one.data["count"], one.data["personal"], one.data["state"]) for one in told] == [
        (organiser.account, 3, False, "confirmed")
    ]


async def test_personal_data_only_for_those_who_keep_people_and_only_when_asked(event: UUID) -> None:
    await with_secrets((await every(event, RegistrationQuery()))[0].person)
    registrar = await make_official("registrar", event=event)
    plain = await table(await exports.registrations(registrar, event))
    assert {row["手机号"] for row in plain} == {"", "138****5678"}
    assert "身份证号" not in plain[0]
    whole = await table(await exports.registrations(registrar, event, personal=True))
    assert {(row["手机号"], row["身份证号"]) for row in whole} == {("", ""), ("13812345678", "11010519491231002X")}
    organiser = await make_official("organiser", event=event)
    before = len(await posted(event=event, public_only=False))
    for actor, personal in ((organiser, True), (await make_account(), False)):
        with pytest.raises(NotFound):
            await exports.registrations(actor, event, personal=personal)
    assert len(await posted(event=event, public_only=False)) == before


async def test_a_workbook_holds_the_same_as_texts(event: UUID) -> None:
    organiser = await make_official("organiser", event=event)
    await db.rows("UPDATE person SET name = '=1+1' WHERE name = 'dai si'")
    body = b"".join([part async for part in exports.xlsx(await exports.registrations(organiser, event))])
    head, *lines = CalamineWorkbook.from_filelike(io.BytesIO(body)).get_sheet_by_index(0).to_python()
    assert head[:3] == ["报名编号", "姓名", "工会"]
    assert sorted(str(line[1]) for line in lines) == ["=1+1", "an er", "an er", "bao san", "chen yi"]
    assert b"<f>" not in body


async def test_a_full_sheet_goes_on_in_another(monkeypatch: pytest.MonkeyPatch) -> None:
    async def rows() -> AsyncIterator[list[str]]:
        for number in range(6):
            yield [f"{number}"]

    monkeypatch.setattr(files, "MOST_LINES", 3)
    body = b"".join([part async for part in exports.xlsx(rows())])
    book = CalamineWorkbook.from_filelike(io.BytesIO(body))
    sheets = [book.get_sheet_by_index(number).to_python() for number in range(len(book.sheet_names))]
    assert sheets == [[["0"], ["1"], ["2"]], [["0"], ["3"], ["4"]], [["0"], ["5"]]]
