"""Keeping people and the union tree on the desk: every page, with the right and without; no number in an address."""

import re
from collections.abc import Awaitable, Callable
from datetime import timedelta
from urllib.parse import unquote
from uuid import UUID

import httpx
import pytest

from events import imports, people, registering, unions
from events.access import SYSTEM, Actor
from events.imports import reading
from events.people import PersonForm, PersonView
from events.registering import RegistrationForm
from events.tables import Person, Union
from tests.api.conftest import Caller
from tests.api.pages import PAGE, Browser, both, browser, words
from tests.api.test_desk import sent, token_of, went
from tests.events.factory import START, make_account, make_event, make_official, make_participant, make_union, posted
from tests.events.test_people import number

PHONE = "13812345678"
NOWHERE = UUID(int=1)
CODES = ["ah", "hefei", "wuhu"]
FILE = "姓名,性别,出生日期,身份证号,手机号,邮箱,工会\n"


class Federation:
    """A province, two cities, and the registrar of one of them."""

    province: UUID
    hefei: UUID
    wuhu: UUID
    registrar: Actor
    admin: Actor

    async def person(self, name: str = "王芳", union: UUID | None = None, **said: object) -> PersonView:
        """A member, of Hefei unless said otherwise."""
        form = PersonForm(name=name, union=union or self.hefei, **said)  # type: ignore[arg-type]
        return await people.register(SYSTEM, form)


@pytest.fixture
async def federation(database: str) -> Federation:
    made = Federation()
    made.province = await make_union("ah")
    made.hefei = await make_union("hefei", made.province, "city")
    made.wuhu = await make_union("wuhu", made.province, "city")
    made.registrar = await make_official("registrar", union=made.hefei, name="registrar")
    made.admin = await make_official("administrator", name="admin")
    return made


def pages_of_people(one: UUID, other: UUID) -> list[str]:
    return [
        "/desk/people", "/desk/people?q=wang", "/desk/people/new", "/desk/people/import", "/desk/people/duplicates",
        "/desk/people/import/template", f"/desk/people/merge?one={one}&other={other}", f"/desk/people/{one}/merge",
        *(f"/desk/people/{one}{end}" for end in ("", "/edit", "/leave")),
    ]  # fmt: skip


def pages_of_unions(union: UUID) -> list[str]:
    return [
        "/desk/unions", "/desk/unions?q=hefei", "/desk/unions/import", "/desk/unions/import/template",
        "/desk/unions/export", *(f"/desk/unions/{union}{end}" for end in ("", "/edit", "/move", "/remove")),
    ]  # fmt: skip


async def upload(reader: Browser, path: str, data: bytes, do: str = "take") -> httpx.Response:
    """Send a file by the form of a page."""
    page = await reader.look(path)
    token = page.text.partition('name="token" value="')[2].partition('"')[0]
    files = {"file": ("名单.csv", data, "text/csv")}
    return await reader.client.post(path, data={"token": token, "do": do}, files=files, headers=PAGE)


# --- who may --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("lang", ["zh", "en"])
async def test_every_page_answers_who_has_the_right(federation: Federation, lang: str) -> None:
    one, other = await federation.person(phone=PHONE), await federation.person(identity_number=number(), phone=PHONE)
    async with browser(federation.admin, lang) as reader:
        for path in [*pages_of_people(one.id, other.id), *pages_of_unions(federation.hefei)]:
            answer = await reader.look(path)
            assert answer.status_code == 200, (path, answer.status_code)
            assert "style=" not in answer.text


async def test_who_has_no_right_finds_nothing(federation: Federation) -> None:
    one, other = await federation.person(), await federation.person()
    elsewhere = await make_official("registrar", union=federation.wuhu)
    at_one_event = await make_official("registrar", event=await make_event(federation.hefei))
    everything = [*pages_of_people(one.id, other.id), *pages_of_unions(federation.hefei)]
    forbidden = {
        elsewhere: [*pages_of_people(one.id, other.id)[-4:], *pages_of_unions(federation.hefei)],
        at_one_event: everything,
        federation.registrar: pages_of_unions(federation.hefei),
        await make_official("organiser", union=federation.hefei): everything,
        await make_account("stranger"): everything,
    }
    for actor, paths in forbidden.items():
        async with browser(actor) as reader:
            for path in paths:
                assert (await reader.look(path)).status_code == 404, (actor.name, path)
                assert (await reader.send(path, do="save")).status_code in (404, 405), (actor.name, path)
            keeps = actor in (elsewhere, federation.registrar)
            assert (await reader.send("/desk/people/export")).status_code == (200 if keeps else 404), actor.name
    async with browser() as visitor:
        assert (await visitor.send("/desk/people/export")).status_code == 401
        for path in everything:
            assert (await visitor.look(path)).status_code == 401, path
            assert (await visitor.send(path)).status_code in (401, 405), path


async def test_the_desk_leads_to_what_somebody_keeps(federation: Federation) -> None:
    organiser = await make_official("organiser", union=federation.hefei)
    shown = {federation.admin: (True, True), federation.registrar: (True, False), organiser: (False, False)}
    for actor, expected in shown.items():
        async with browser(actor) as reader:
            home = (await reader.look("/desk")).text
        assert ('href="/desk/people"' in home, 'href="/desk/unions"' in home) == expected


# --- finding --------------------------------------------------------------------------------------------------------


async def test_a_name_is_looked_for_by_an_address_and_a_number_by_none(federation: Federation) -> None:
    found = await federation.person("王芳", identity_number=number(), phone=PHONE)
    await federation.person("王强", phone=PHONE)
    await federation.person("李娜", federation.wuhu)
    async with browser(federation.registrar) as reader:
        answer = await reader.send("/desk/people", q="王", union=str(federation.hefei))
        address = unquote(answer.headers["location"])
        assert address == f"/desk/people?q=王&union={federation.hefei}"
        listed = await reader.read(address)
        assert "王芳" in listed
        assert "李娜" not in listed
        both = await reader.send("/desk/people", q="138 1234 5678")
        assert both.status_code == 200  # two have this phone: they are shown at once, under the same address
        assert {"王芳", "王强"} <= set(words(both).split())
        for text in (number(), f"{number()[:6]} {number()[6:]}".lower()):
            answer = await reader.send("/desk/people", q=text)
            assert answer.headers["location"] == f"/desk/people/{found.id}"
        nobody = await reader.send("/desk/people", q="13999999999")
        assert 'value="13999999999"' in nobody.text
        assert (await reader.look(f"/desk/people?q={PHONE}")).status_code == 422


async def test_no_page_links_to_an_address_with_a_number_in_it(federation: Federation) -> None:
    event = await make_event(federation.hefei)
    for name in ("王芳", "王强"):
        await federation.person(name, phone=PHONE)
    steps = (f"/desk/events/{event}/register", f"/events/{event}/register")
    async with browser(federation.registrar) as reader:
        for path in ("/desk/people", *steps):
            shown = await reader.send(path, do="find", q=PHONE)
            assert shown.status_code == 200, path
            assert {"王芳", "王强"} <= set(re.split(r"\W+", words(shown))), path
            assert not re.search(rf'(href|action)="[^"]*{PHONE}', shown.text), path
        for path in ("/desk/people", f"/events/{event}/register"):
            named = await reader.send(path, do="find", q="王芳")
            assert unquote(named.headers["location"]) == f"{path}?q=王芳"


async def test_who_was_found_by_a_number_stays_found_when_the_form_is_refused(federation: Federation) -> None:
    event = await make_event(federation.hefei)
    person = await federation.person(phone=PHONE)
    async with browser(federation.registrar) as reader:
        path = f"/desk/events/{event}/register"
        for status in (303, 409):
            token = token_of(await reader.send(path, do="find", q=PHONE))
            again = await reader.send(path, token=token, person=str(person.id), q=PHONE)
            assert again.status_code == status
        assert f'value="{person.id}" checked' in again.text


async def test_programs_send_numbers_in_a_body(
    federation: Federation, caller: Callable[[Actor], Awaitable[Caller]], anyone: Caller
) -> None:
    person = await federation.person(phone=PHONE)
    asker = await caller(federation.registrar)
    refused = await asker.get(f"/people?q={PHONE}")
    assert (refused.status_code, refused.json()["errors"][0]["code"]) == (422, "number_in_address")
    found = await asker.post("/people/search", {"q": PHONE})
    assert [one["id"] for one in found.json()["items"]] == [str(person.id)]
    assert (await anyone.post("/people/search", {"q": PHONE})).status_code == 401


# --- one person -----------------------------------------------------------------------------------------------------


async def test_a_person_is_registered_once_however_often_it_is_pressed(federation: Federation) -> None:
    fields = {"name": "张䶮", "union": "hefei", "identity_number": number(), "phone": PHONE, "token": "the same"}
    async with browser(federation.registrar) as reader:
        answers = [await reader.send("/desk/people/new", **fields) for _ in range(3)]
        assert len({answer.headers["location"] for answer in answers}) == 1
        shown = await reader.read(answers[0].headers["location"])
    assert await Person.count() == 1
    assert "1990-03-07" in shown
    assert "138****5678" in shown
    assert PHONE not in shown


async def test_every_flaw_stands_at_its_field_and_what_was_typed_is_kept(federation: Federation) -> None:
    wrong = {"name": "王芳1", "union": "union", "identity_number": number()[:-1] + "?", "born": "7.3.90", "phone": "12"}
    async with browser(federation.admin, "en") as reader:
        answer = await sent(reader, "/desk/people/new", **wrong)
        assert answer.status_code == 422
        for name, value in wrong.items():
            assert f'href="#f-{name}"' in answer.text, name
            assert f'value="{value}"' in answer.text, name
        empty = await sent(reader, "/desk/people/new", name="", union="")
        assert {'href="#f-name"', 'href="#f-union"'} <= set(re.findall(r'href="#[^"]*"', empty.text))
    assert await Person.count() == 0


async def test_a_known_number_of_another_unions_member_is_refused(federation: Federation) -> None:
    await federation.person(union=federation.wuhu, identity_number=number())
    async with browser(federation.registrar, "en") as reader:
        answer = await sent(reader, "/desk/people/new", name="王芳", union="hefei", identity_number=number())
        assert answer.status_code == 409
        assert 'href="#f-union"' in answer.text


async def test_a_change_leaves_what_is_masked_and_clears_what_is_ticked(federation: Federation) -> None:
    person = await federation.person(phone=PHONE, mail="wang@example.com")
    async with browser(federation.registrar, "en") as reader:
        path = f"/desk/people/{person.id}"
        form = await reader.look(f"{path}/edit")
        assert "138****5678" in form.text
        assert PHONE not in form.text
        fields = {"name": "王方", "union": "Union hefei", "clear_mail": "yes", "born": "1990-03-07"}
        assert await went(reader, f"{path}/edit", **fields) == path
        refused = await sent(reader, f"{path}/edit", **fields | {"union": "wuhu"})
        assert refused.status_code == 422
    found = await people.look(SYSTEM, person.id)
    assert (found.name, found.phone, found.mail, str(found.born)) == ("王方", "138****5678", "", "1990-03-07")


async def test_a_person_shows_memberships_and_the_registrations_that_one_may_see(federation: Federation) -> None:
    member = await make_participant(federation.hefei)
    for day, (union, zh) in enumerate(((federation.hefei, "本市比武"), (federation.wuhu, "外市比武"))):
        starts = START + timedelta(days=day)
        event = await make_event(
            union, title=both(zh, "").stored(), starts_at=starts, ends_at=starts + timedelta(hours=1)
        )
        await registering.register(member, event, RegistrationForm())
    async with browser(federation.registrar) as reader:
        shown = await reader.read(f"/desk/people/{member.person}")
    assert "本市比武" in shown
    assert "外市比武" not in shown
    assert "2020-01-01 入会" in shown


async def test_ending_a_membership_says_first_what_it_means(federation: Federation) -> None:
    person = await federation.person(identity_number=number())
    async with browser(federation.registrar) as reader:
        path = f"/desk/people/{person.id}/leave"
        assert "不再是工会hefei的会员" in await reader.read(path)
        assert (await people.look(SYSTEM, person.id)).union == federation.hefei
        token = (await reader.look(path)).text.partition('name="token" value="')[2].partition('"')[0]
        answers = [await reader.send(path, token=token, do="leave") for _ in range(2)]
        assert [answer.headers["location"] for answer in answers] == ["/desk/people"] * 2
    assert (await people.look(SYSTEM, person.id)).union is None


# --- one kept twice -------------------------------------------------------------------------------------------------


async def test_two_are_compared_and_the_chosen_one_stays(federation: Federation) -> None:
    older, younger = (
        await federation.person(phone=PHONE),
        await federation.person(identity_number=number(), phone=PHONE),
    )
    async with browser(federation.registrar, "en") as reader:
        listed = (await reader.look("/desk/people/duplicates")).text
        path = f"/desk/people/merge?one={older.id}&other={younger.id}"
        assert path.replace("&", "&amp;") in listed
        assert path.replace("&", "&amp;") in (await reader.look(f"/desk/people/{older.id}")).text
        assert (await sent(reader, path)).status_code == 422  # nobody chose
        assert (await people.look(SYSTEM, older.id)).merged_into is None
        assert await went(reader, path, keep=str(younger.id)) == f"/desk/people/{younger.id}"
        assert (await reader.look(path)).status_code == 404
    assert (await people.look(SYSTEM, older.id)).merged_into == younger.id


async def test_a_merge_begins_at_a_persons_page_with_another_who_is_found(federation: Federation) -> None:
    one, other = await federation.person("王芳", phone=PHONE), await federation.person("王方", identity_number=number())
    async with browser(federation.registrar, "en") as reader:
        start = f"/desk/people/{one.id}/merge"
        assert start in (await reader.look(f"/desk/people/{one.id}")).text
        assert (await reader.send(start, q=" ")).status_code == 422
        assert "Nobody found" in words(await reader.send(start, q="王芳"))  # not the same record once more
        found = await reader.send(start, q="王方")
        path = f"/desk/people/merge?one={one.id}&other={other.id}&found=true"
        assert path.replace("&", "&amp;") in found.text
        assert f'href="{start}"' in (await reader.look(path)).text
        assert await went(reader, path, keep=str(one.id)) == f"/desk/people/{one.id}"
        assert (await reader.look(f"/desk/people/{other.id}/merge")).status_code == 404
    assert (await people.look(SYSTEM, other.id)).merged_into == one.id


async def test_who_cannot_be_merged_is_told_why_before_choosing(federation: Federation) -> None:
    one, other = await federation.person(), await federation.person()
    for person in (one, other):
        await make_account(person=person.id)
    async with browser(federation.registrar, "en") as reader:
        shown = await reader.look(f"/desk/people/merge?one={one.id}&other={other.id}")
        assert "Unlink one" in words(shown)
        assert 'name="keep"' not in shown.text
        assert (await reader.look(f"/desk/people/merge?one={one.id}&other={one.id}")).status_code == 422
        assert (await reader.look(f"/desk/people/merge?one={one.id}&other={NOWHERE}")).status_code == 404


# --- files ----------------------------------------------------------------------------------------------------------


async def test_a_file_is_tried_then_taken_once(federation: Federation) -> None:
    text = f"{FILE}王芳,,,{number()},{PHONE},,ah.hefei\n"
    async with browser(federation.registrar, "en") as reader:
        tried = await upload(reader, "/desk/people/import", text.encode(), "try")
        assert "to be added 1" in words(tried)
        assert await Person.count() == 0
        for told in ("added 1", "was imported before"):
            answer = await upload(reader, "/desk/people/import", text.encode())
            assert told in await reader.read(answer.headers["location"])
    assert await Person.count() == 1


async def test_everything_wrong_in_a_file_is_listed_with_its_place(federation: Federation) -> None:
    text = f"{FILE}王芳,,,{number()},{PHONE},,ah.hefei\n李娜1,狗,,,12,,ah.wuhu\n"
    async with browser(federation.registrar, "en") as reader:
        answer = await upload(reader, "/desk/people/import", text.encode())
        assert answer.status_code == 422
        told = words(answer)
        for column in ("Row 3 name 李娜1", "Row 3 sex 狗", "Row 3 phone 12", "Row 3 union ah.wuhu"):
            assert column in told
        for text, code in (("", "Choose a file"), ("姓名,颜色\n王芳,红\n", "颜色")):
            refused = await upload(reader, "/desk/people/import", text.encode())
            assert refused.status_code == 422
            assert code in words(refused)
    assert await Person.count() == 0


async def test_the_list_is_saved_as_a_file_masked_and_noted(federation: Federation) -> None:
    await federation.person(phone=PHONE)
    await federation.person("李娜", federation.wuhu)
    async with browser(federation.registrar, "en") as reader:
        answer = await reader.send("/desk/people/export", union=str(federation.hefei))
        assert ".xlsx" in answer.headers["content-disposition"]
        (line,) = reading.lines(answer.content, imports.TABLES["people"])
        assert (line.cells["name"], line.cells["phone"]) == ("王芳", "138****5678")
        assert (await reader.send("/desk/people/export", union=str(NOWHERE))).status_code == 404
    (noted,) = [one for one in await posted(public_only=False) if one.kind == "people.exported"]
    assert (noted.account, noted.subject) == (federation.registrar.account, federation.hefei)


# --- the tree -------------------------------------------------------------------------------------------------------


async def test_a_union_is_added_renamed_moved_and_removed(federation: Federation) -> None:
    tree = "/desk/unions"
    async with browser(federation.admin, "en") as reader:
        below = f"{tree}/{federation.hefei}"
        fields = {"name_zh": "庐阳区总工会", "code": "luyang", "level": "county"}
        place = await went(reader, below, **fields)
        assert "庐阳区总工会" in await reader.read(below)
        assert "庐阳区总工会" in await reader.read(f"{tree}?q=庐阳")
        taken = await sent(reader, below, **fields)
        assert (taken.status_code, 'href="#f-code"' in taken.text) == (409, True)
        wrong = await sent(reader, below, **fields | {"code": "LY", "name_zh": ""})
        assert wrong.status_code == 422
        assert {'href="#f-code"', 'href="#f-name_zh"'} & set(re.findall(r'href="#f-[^"]*"', wrong.text))
        assert "lower-case letters" in words(wrong)
        assert await went(reader, f"{place}/edit", name_zh="庐阳", name_en="Luyang", level="county") == place
        preview = await sent(reader, f"{place}/move", parent="wuhu")
        assert "ah.hefei.luyang becomes ah.wuhu.luyang" in words(preview)
        assert (await unions.look(UUID(place.rpartition("/")[2]))).path == "ah.hefei.luyang."
        assert await went(reader, f"{place}/move", parent="wuhu", do="move") == place
        assert (await unions.look(UUID(place.rpartition("/")[2]))).path == "ah.wuhu.luyang."
        assert await went(reader, f"{place}/remove", do="remove") == f"{tree}/{federation.wuhu}"
        kept = await sent(reader, f"{tree}/{federation.province}/remove", do="remove")
        assert kept.status_code == 409
    assert await Union.count() == 3


async def test_a_union_is_not_moved_where_it_cannot_stand(federation: Federation) -> None:
    async with browser(federation.admin, "en") as reader:
        path = f"/desk/unions/{federation.province}/move"
        for fields, status in (({"parent": "hefei"}, 409), ({"parent": "nowhere"}, 422), ({"parent": ""}, 422)):
            answer = await sent(reader, path, **fields)
            assert (answer.status_code, 'href="#f-parent"' in answer.text) == (status, True), fields
        top = await sent(reader, f"/desk/unions/{federation.hefei}/move", top="yes")
        assert "ah.hefei becomes hefei" in words(top)


async def test_unions_are_imported_and_exported(federation: Federation) -> None:
    async with browser(federation.admin, "en") as reader:
        exported = (await reader.look("/desk/unions/export")).content
        assert [line.cells["code"] for line in reading.lines(exported, imports.TABLES["unions"])] == CODES
        answer = await upload(reader, "/desk/unions/import", exported)
        assert "added 0, changed 0, unchanged 3" in await reader.read(answer.headers["location"])
        more = "parent,code,name_zh,name_en,level,city\nah,fuyang,阜阳,,city,\n"
        answer = await upload(reader, "/desk/unions/import", more.encode())
        assert "added 1, changed 0, unchanged 0" in await reader.read(answer.headers["location"])
    assert await Union.count() == 4
