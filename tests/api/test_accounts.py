"""Accounts over the API and on pages: contacts proven, accounts kept, people found for one event, nothing leaking."""

import asyncio
import logging
import re
from collections.abc import Awaitable, Callable

import httpx
import pytest

from events import accounts, db, people, registering
from events.access import SYSTEM, Actor
from events.accounts import SignInForm, SignUpForm, throttle
from events.messages.delivering import code_of
from events.people import PersonForm
from events.registering import RegistrationQuery
from events.terms import ContactKind
from tests.api.conftest import Caller
from tests.api.pages import browser, words
from tests.events.factory import actor, make_account, make_event, make_official, make_union

PASSWORD, PHONE, MAIL = "correct horse battery", "13812345678", "wang@example.com"
Calling = Callable[[Actor], Awaitable[Caller]]


async def signed_up(name: str = "wang", **contact: str) -> Actor:
    form = SignUpForm(name=name, password=PASSWORD, **contact)  # type: ignore[arg-type]
    return await actor((await accounts.sign_up(form)).id)


async def code(who: Actor) -> str:
    row = await db.row("SELECT code_id FROM claim WHERE account = {}", who.account)
    assert row is not None
    return code_of(row["code_id"])


def codes(answer: httpx.Response) -> list[str]:
    return [f"{error['pointer']} {error['code']}".strip() for error in answer.json()["errors"]]


# --- contacts -------------------------------------------------------------------------------------------------------


async def test_a_contact_is_claimed_and_proven_over_the_api(caller: Calling) -> None:
    who = await signed_up()
    me = await caller(who)
    wrong = await me.ask("PUT", "/me/contact", {"contact": PHONE, "password": "no"})
    assert (wrong.status_code, codes(wrong)) == (422, ["/password password_wrong"])
    malformed = await me.ask("PUT", "/me/contact", {"contact": "12", "password": PASSWORD})
    assert (malformed.status_code, codes(malformed)) == (422, ["/contact contact_form"])
    claimed = await me.ask("PUT", "/me/contact", {"contact": PHONE, "password": PASSWORD})
    assert (claimed.json()["phone"], claimed.json()["unproven_phone"]) == ("", "138****5678")
    bad = await me.post("/me/contact/proof", {"kind": "phone", "code": "abc"})
    assert (bad.status_code, codes(bad)) == (422, ["/code code_wrong"])
    assert (await me.post("/me/contact/code", {"kind": "phone"})).status_code == 204
    proven = await me.post("/me/contact/proof", {"kind": "phone", "code": await code(who)})
    assert (proven.json()["phone"], proven.json()["unproven_phone"]) == ("138****5678", "")
    assert (await me.post("/me/contact/code", {"kind": "phone"})).status_code == 409
    assert (await me.post("/me/contact/code", {"kind": "pigeon"})).status_code == 422
    assert (await me.ask("PUT", "/me/contact", {"contact": MAIL, "password": PASSWORD})).json()["unproven_mail"]
    assert (await me.ask("DELETE", "/me/contact?kind=mail")).status_code == 204
    assert (await me.get("/me")).json()["unproven_mail"] == ""


async def test_tries_and_codes_are_counted_even_with_an_idempotency_key(caller: Calling) -> None:
    who = await signed_up(phone=PHONE)
    me = await caller(who)
    for number in range(throttle.PROOF.tries):
        said = {"kind": "phone", "code": f"wrong {number}"}
        answer = await me.post("/me/contact/proof", said, Idempotency_Key=f"try-{number}")
        assert codes(answer) == ["/code code_wrong"]
    over = await me.post("/me/contact/proof", {"kind": "phone", "code": await code(who)}, Idempotency_Key="right")
    assert codes(over) == ["/code code_over"]
    for _ in range(throttle.CODES.tries - 1):
        assert (await me.post("/me/contact/code", {"kind": "phone"})).status_code == 204
    refused = await me.post("/me/contact/code", {"kind": "phone"})
    assert (refused.status_code, codes(refused)) == (409, ["too_many_tries"])
    assert refused.json()["until"]


async def test_a_newcomer_goes_on_at_once_and_proves_later(database: str) -> None:
    union = await make_union()
    event = await make_event(union)
    fields = {"contact": PHONE, "password": PASSWORD, "terms": "yes", "next": f"/events/{event}/register"}
    async with browser(lang="en") as visitor:
        made = await visitor.send("/sign-up", **fields)
        assert made.headers["location"] == fields["next"]
        assert "138****5678" in await visitor.read("/me/account")
        page = await visitor.look("/me/contact")
        assert 'autocomplete="one-time-code"' in page.text
        assert "cannot send text messages yet" in words(page)
        found = await db.row("SELECT account FROM claim")
        assert found is not None
        who = await actor(found["account"])
        wrong = await visitor.send("/me/contact", do="prove phone", code_phone="123")
        assert wrong.status_code == 422
        assert 'href="#f-code_phone"' in wrong.text
        assert 'value="123"' in wrong.text
        right = await code(who)
        proven = await visitor.send("/me/contact", do="prove phone", code_phone=f"{right[:3]} {right[3:]}", next="/me")
        assert proven.headers["location"] == "/me"
        refused = await visitor.send("/me/contact", do="claim", contact=MAIL, password="wrong password")
        assert refused.status_code == 422
        assert f'value="{MAIL}"' in refused.text
        assert "wrong password" not in refused.text
        await visitor.send("/me/contact", do="claim", contact=MAIL, password=PASSWORD)
        assert "w***@example.com" in await visitor.read("/me/contact")
        await visitor.send("/me/contact", do="drop mail")
        assert "w***@example.com" not in await visitor.read("/me/contact")
        assert (await visitor.send("/me/contact", do="prove pigeon")).status_code == 422


async def test_who_signs_up_twice_has_one_account_and_strangers_tries_keep_nobody_out(database: str) -> None:
    fields = {"contact": PHONE, "password": PASSWORD, "terms": "yes", "next": "/calendar"}
    async with browser() as visitor:
        for _ in range(throttle.SIGN_IN.tries + 1):
            await visitor.send("/sign-in", login=PHONE, password="a stranger's guess")
        assert (await visitor.send("/sign-up", **fields)).headers["location"] == "/calendar"
        assert "138****5678" in await visitor.read("/me/account")
    await db.rows("DELETE FROM throttle")
    async with browser() as visitor:
        assert (await visitor.send("/sign-up", **fields)).headers["location"] == "/calendar"
    assert len((await accounts.everyone(SYSTEM)).items) == 1


async def test_a_form_sent_twice_in_one_instant_makes_one_account(database: str) -> None:
    async with browser() as visitor:
        key = re.search(r'name="key" value="([^"]+)"', (await visitor.look("/sign-up")).text)
        assert key is not None
        fields = {"contact": PHONE, "password": PASSWORD, "terms": "yes", "next": "/calendar", "key": key[1]}
        answers = await asyncio.gather(*(visitor.send("/sign-up", **fields) for _ in range(4)))
        assert {answer.headers.get("location") for answer in answers} == {"/calendar"}
        assert "138****5678" in await visitor.read("/me/account")
        other = await visitor.send("/sign-up", **(fields | {"password": "another one altogether"}))
        assert other.status_code == 409
    assert len((await accounts.everyone(SYSTEM)).items) == 1


async def test_a_browser_that_was_signed_in_is_known_when_strangers_have_tried(database: str) -> None:
    await signed_up()
    async with browser() as owner:
        right = {"login": "wang", "password": PASSWORD}
        assert (await owner.send("/sign-in", **right)).status_code == 303
        await owner.send("/sign-out")
        async with browser() as stranger:  # of the same network
            for _ in range(throttle.SIGN_IN.tries):
                assert (await stranger.send("/sign-in", login="wang", password="a guess")).status_code == 422
            assert (await stranger.send("/sign-in", **right)).status_code == 409
        assert (await owner.send("/sign-in", **right)).status_code == 303


async def test_whoever_gets_mail_is_asked_for_the_code_after_signing_up(
    database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("events.messages.reaches", lambda kind: kind == ContactKind.MAIL)
    async with browser(lang="en") as visitor:
        made = await visitor.send("/sign-up", contact=MAIL, password=PASSWORD, terms="yes", next="/")
        assert made.headers["location"] == "/me/contact?next=/"
        assert "is not confirmed yet" in await visitor.read("/me")
    async with browser() as visitor:
        made = await visitor.send("/sign-up", contact=PHONE, password=PASSWORD, terms="yes", next="/")
        assert made.headers["location"] == "/"


async def test_the_language_of_messages_is_chosen_on_the_page(database: str) -> None:
    who = await signed_up()
    async with browser(who) as reader:
        assert (await reader.send("/me/account", do="language", language="en")).status_code == 303
        assert (await accounts.own(who)).language == "en"
        assert (await reader.send("/me/account", do="language", language="fr")).status_code == 422


# --- accounts on the desk -------------------------------------------------------------------------------------------


async def test_only_those_who_keep_accounts_find_the_pages(database: str) -> None:
    union = await make_union()
    event = await make_event(union)
    one = f"/desk/accounts/{(await make_account()).account}"
    paths = ["/desk/accounts", one, f"{one}/role"]
    officials = [await make_official("organiser", union=union), await make_official("registrar", event=event)]
    for one_of_them in officials:
        async with browser(one_of_them) as official:
            for path in paths:
                assert (await official.look(path)).status_code == 404, path
                assert (await official.send(path, do="sign_out")).status_code == 404, path
    async with browser() as nobody:
        assert [(await nobody.look(path)).status_code for path in paths] == [401] * 3


async def test_an_account_is_found_given_a_role_and_shut_out(database: str) -> None:
    admin = await make_official("administrator", name="admin")
    union = await make_union()
    event = await make_event(union)
    who = await signed_up("wang-fang", phone=PHONE)
    async with browser(admin, "en") as desk:
        assert "/desk/accounts" in (await desk.look("/desk")).text
        found = await desk.send("/desk/accounts", q=PHONE)
        assert found.headers["location"] == f"/desk/accounts/{who.account}"
        assert "Nothing was found" in words(await desk.send("/desk/accounts", q="nobody"))
        path = f"/desk/accounts/{who.account}"
        assert "138****5678 not confirmed" in await desk.read(path)
        assert "Registers others" in await desk.read(f"{path}/role")
        assert "Union ah" in await desk.read(f"{path}/role?role=registrar&q=ah")
        preview = await desk.read(f"{path}/role?role=registrar&event={event}")
        assert "register others" in preview
        assert "register of members" not in preview  # belongs to unions, not to one event
        given = await desk.send(f"{path}/role?role=registrar&event={event}", token="a")
        assert given.headers["location"] == path
        assert [grant.role for grant in (await actor(who.account)).grants] == ["registrar"]
        assert "Registrar" in await desk.read(path)
        (grant,) = await accounts.grants_of_account(admin, who.account or event)
        ending = f"{path}/roles/{grant.id}/end"
        assert f'href="{ending}"' in (await desk.look(path)).text
        assert "The rights of this role end there at once" in await desk.read(ending)
        assert (await desk.send(ending, do="end", token="b")).headers["location"] == path
        assert (await desk.look(ending)).status_code == 404
        assert (await actor(who.account)).grants == ()
        refused = await desk.send(path, do="disable", reason=" ", token="c")
        assert refused.status_code == 422
        assert 'id="e-reason"' in refused.text
        assert (await desk.send(path, do="disable", reason="Left", token="d")).status_code == 303
        assert "Reason: Left" in await desk.read(path)
        assert (await desk.send(path, do="enable", token="e")).status_code == 303
        made = await desk.send(path, do="recovery")
        link = re.search(r"http://\S+/recover/([^\"]+)\"", made.text)
        assert link
        assert "svg" in made.text
        for action in ("sign_out", "release phone", "unlink"):
            assert (await desk.send(path, do=action, token=action)).status_code == 303
        assert (await accounts.own(who)).unproven_phone == ""
        past = await desk.read(path)
        for part in ("Link to set a new password made by admin", "Role granted Registrar", "Account made"):
            assert part in past
        own = await desk.send(f"/desk/accounts/{admin.account}", do="disable", reason="x", token="f")
        assert own.status_code == 409


async def test_roles_that_do_not_fit_are_refused_on_the_page(database: str) -> None:
    admin = await make_official("administrator")
    who = await make_account()
    path = f"/desk/accounts/{who.account}/role"
    async with browser(admin) as desk:
        assert (await desk.send(f"{path}?role=organiser")).status_code == 422
        assert (await desk.look(f"{path}?role=king")).status_code == 422
        assert (await desk.send(f"{path}?role=administrator&event={who.account}", token="a")).status_code == 303
    assert [grant.role for grant in (await actor(who.account)).grants] == ["administrator"]


async def test_what_roles_allow_is_told_to_programs(anyone: Caller) -> None:
    roles = {one["role"]: one for one in (await anyone.get("/roles")).json()["items"]}
    assert "keep_people" in roles["registrar"]["rights"]
    assert "keep_people" not in roles["registrar"]["rights_in_event"]
    assert roles["judge"]["rights"] == ["mark"]


# --- a duty in one event --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("role", ["registrar", "organiser"])
async def test_a_duty_in_one_event_registers_others(database: str, role: str) -> None:
    union = await make_union()
    event = await make_event(union)
    await people.register(SYSTEM, PersonForm(name="王芳", union=union, phone=PHONE))
    official = await make_official(role, event=event)
    path = f"/desk/events/{event}/register"
    async with browser(official, "en") as desk:
        assert path in (await desk.look(f"/desk/events/{event}/registrations")).text
        assert "王芳" not in await desk.read(path)
        vague = await desk.send(path, do="find", q="王芳")
        assert "give the union as well" in words(vague)
        unclear = await desk.send(path, do="find", q="王芳", union="nowhere")
        assert 'id="e-union"' in unclear.text
        assert "王芳" in words(await desk.send(path, do="find", q="王芳", union="Union ah"))
        found = await desk.send(path, do="find", q=PHONE)
        assert "138****5678" in found.text
        person = re.search(r'name="person" value="([^"]+)" checked', found.text)
        assert person
        assert (await desk.send(path, person=person[1], q=PHONE)).status_code == 303
        again = await desk.send(path, person=person[1], q=PHONE)
        assert again.status_code == 409
        assert person[1] in again.text  # still there to choose from
    listed = await registering.list_registrations(official, event, RegistrationQuery())
    assert [one.person_name for one in listed.items] == ["王芳"]


async def test_the_api_finds_people_for_one_event_as_the_page_does(caller: Calling) -> None:
    union = await make_union()
    event = await make_event(union)
    await people.register(SYSTEM, PersonForm(name="王芳", union=union, phone=PHONE))
    official = await caller(await make_official("registrar", event=event))
    found = await official.post(f"/events/{event}/people", {"text": PHONE})
    assert [(one["name"], one["phone"]) for one in found.json()["items"]] == [("王芳", "138****5678")]
    vague = await official.post(f"/events/{event}/people", {"text": "王"})
    assert (vague.status_code, codes(vague)) == (422, ["/union union_needed"])
    judge = await caller(await make_official("judge", event=event))
    assert (await judge.post(f"/events/{event}/people", {"text": PHONE})).status_code == 404


# --- nothing personal on the way ------------------------------------------------------------------------------------


async def test_nothing_personal_is_in_addresses_and_logs(
    database: str, caplog: pytest.LogCaptureFixture, capsys: pytest.CaptureFixture[str]
) -> None:
    asked: list[str] = []
    union = await make_union()
    event = await make_event(union)
    admin = await make_official("administrator")
    caplog.set_level(logging.DEBUG)

    async def noted(request: httpx.Request) -> None:
        asked.append(str(request.url))

    async def placed(response: httpx.Response) -> None:
        asked.append(response.headers.get("location", ""))

    fields = {"contact": PHONE, "password": PASSWORD, "terms": "yes", "name": "王芳"}
    fields["identity_number"] = "11010519491231002X"
    async with browser() as visitor, browser(admin) as desk:
        for one in (visitor, desk):
            one.client.event_hooks = {"request": [noted], "response": [placed]}
        assert (await visitor.send("/sign-up", **fields)).status_code == 422  # the account is there, the link is not
        await visitor.send("/me/contact", do="claim", contact=MAIL, password=PASSWORD)
        await visitor.send("/recover", contact=MAIL)
        await visitor.send("/sign-in", login=PHONE, password=PASSWORD)
        await desk.send("/desk/accounts", q=MAIL)
        await desk.send(f"/desk/events/{event}/register", do="find", q=PHONE)
    said = " ".join(asked) + caplog.text + "".join(capsys.readouterr())
    for secret in (PHONE, MAIL, "wang%40", "%E7%8E%8B%E8%8A%B3", "王芳", "11010519491231002X", PASSWORD):
        assert secret not in said


async def test_a_wrong_membership_is_asked_for_again_without_a_name_in_the_address(database: str) -> None:
    fields = {"contact": MAIL, "password": PASSWORD, "terms": "yes", "name": "王芳", "next": "/calendar"}
    async with browser() as visitor:
        asked = await visitor.send("/sign-up", **fields, identity_number="34010119900101123X")
        assert asked.status_code == 422
        assert 'value="王芳"' in asked.text
        assert 'value="34010119900101123X"' not in asked.text
        assert 'role="alert"' in asked.text
        assert 'value="/calendar"' in asked.text
        assert "m-" in await visitor.read("/me/account")  # signed in all the same
    assert await accounts.sign_in(SignInForm(login=MAIL, password=PASSWORD))
