"""Accounts: signing up and in, devices, tokens, links, lost passwords, roles."""

import asyncio
import email
import email.policy
import re
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest
import time_machine

from events import accounts, clock, db, ids, people, settings, tasks
from events.access import ANONYMOUS, SYSTEM, Actor, Right
from events.accounts import (
    DisableForm,
    GrantForm,
    LinkForm,
    Origin,
    PasswordForm,
    ProofForm,
    RecoveryForm,
    SignInForm,
    SignUpForm,
    TokenForm,
    passwords,
    throttle,
)
from events.errors import Conflict, Invalid, NotFound, NotSignedIn
from events.messages.delivering import code_of
from events.people import PersonForm, identity
from events.tables import Account, Notice, Throttle
from events.terms import ContactKind, Role
from tests.events.factory import actor, make_account, make_event, make_official, make_union

PASSWORD = "correct horse battery"
NUMBER = "11010519491231002X"
NOWHERE = Origin()

pytestmark = pytest.mark.usefixtures("database")


async def signed_up(name: str = "wang", **said: str) -> accounts.AccountView:
    return await accounts.sign_up(SignUpForm(name=name, password=PASSWORD, **said))  # type: ignore[arg-type]


async def proven(made: accounts.AccountView) -> Actor:
    """Whoever has just signed up enters the codes that were sent."""
    me = await actor(made.id)
    for row in await db.rows("SELECT kind, code_id FROM claim WHERE account = {}", made.id):
        await accounts.prove(me, ProofForm(kind=ContactKind(row["kind"]), code=code_of(row["code_id"])))
    return me


async def sign_in(login: str = "wang", password: str = PASSWORD, origin: Origin = NOWHERE) -> accounts.SignedIn:
    return await accounts.sign_in(SignInForm(login=login, password=password, device="Firefox"), origin)


# --- signing up -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("said", "login"),
    [
        ({"name": "wang"}, "wang"),
        ({"name": "王 芳"}, " 王  芳 "),
        ({"phone": "138 1234 5678"}, "+8613812345678"),
        ({"mail": "Wang@Example.com"}, "wang@example.COM"),
    ],
)
async def test_whoever_signs_up_can_sign_in(said: dict[str, str], login: str) -> None:
    made = await accounts.sign_up(SignUpForm(password=PASSWORD, **said))  # type: ignore[arg-type]
    entered = await sign_in(login)
    found = await accounts.actor_of_cookie(entered.token)
    assert found is not None
    assert found.account == made.id == entered.account


async def test_what_an_account_shows_is_masked() -> None:
    made = await accounts.sign_up(SignUpForm(password=PASSWORD, phone="13812345678", mail="wang@example.com"))
    assert (made.unproven_phone, made.unproven_mail) == ("138****5678", "w***@example.com")
    assert (made.phone, made.mail) == ("", "")
    assert re.fullmatch(r"m-[2-9a-z]{8}", made.name)


async def test_everything_wrong_with_a_sign_up_is_said_at_once() -> None:
    await proven(await signed_up("wang", phone="13812345678", mail="wang@example.com"))
    form = SignUpForm(name="wang", phone="13812345678", mail="wang@example.com", password="wang")
    with pytest.raises(Invalid) as refused:
        await accounts.sign_up(form)
    assert [reason.code for reason in refused.value.reasons] == [
        "password_short", "password_is_name", "name_taken",
    ]  # fmt: skip
    with pytest.raises(Invalid, match="/name login_missing"):
        await accounts.sign_up(SignUpForm(password=PASSWORD))
    for name in ("13812345678", "a@b.cn", "n" * 51):
        with pytest.raises(Invalid, match="login_name_form"):
            await signed_up(name)


async def test_one_name_goes_to_one_of_many_at_once() -> None:
    answers = await asyncio.gather(*(signed_up() for _ in range(5)), return_exceptions=True)
    assert sum(isinstance(answer, accounts.AccountView) for answer in answers) == 1
    assert [str(answer) for answer in answers if isinstance(answer, Invalid)] == ["/name name_taken"] * 4


@pytest.mark.parametrize(
    ("password", "codes"),
    [
        ("correct horse", []),
        ("八个汉字也是可以", []),
        ("short", ["password_short"]),
        ("Password", ["password_common"]),
        ("woaini1314", ["password_common"]),
        ("88888888", ["password_common"]),
        ("12121212", ["password_common"]),
        ("Wang-Fang", ["password_is_name"]),
        ("wangfang", ["password_is_name"]),
        ("13812345678", ["password_is_name"]),
    ],
)
async def test_passwords_are_long_uncommon_and_no_name(password: str, codes: list[str]) -> None:
    found = passwords.flaws(password, "wang-fang", "13812345678", "wangfang@example.com", None)
    assert [reason.code for reason in found] == codes


# --- signing in and out ---------------------------------------------------------------------------------------------


async def test_a_wrong_password_and_an_unknown_login_look_alike() -> None:
    await signed_up()
    answers = []
    for login, password in (("wang", "wrong password"), ("nobody", PASSWORD), ("13912345678", PASSWORD)):
        with pytest.raises(Invalid) as refused:
            await sign_in(login, password)
        answers.append(refused.value.reasons)
    assert answers[0] == answers[1] == answers[2]


async def test_too_many_wrong_tries_from_one_address_shut_a_login_to_it_for_a_while() -> None:
    await signed_up()
    for login in ("wang", "nobody"):
        for _ in range(10):
            with pytest.raises(Invalid, match="sign_in_failed"):
                await sign_in(login, "wrong password")
        with pytest.raises(Conflict, match="too_many_tries") as refused:
            await sign_in(login)
    assert refused.value.until is not None
    with time_machine.travel(refused.value.until + timedelta(seconds=1)):
        await sign_in()


async def test_strangers_shut_out_nobody_who_comes_from_elsewhere_or_came_before() -> None:
    await signed_up()
    made = await sign_in(origin=Origin("192.0.2.1"))
    for _ in range(throttle.SIGN_IN.tries):
        with pytest.raises(Invalid, match="sign_in_failed"):
            await sign_in(password="a guess", origin=Origin("2001:db8::1"))
    with pytest.raises(Conflict, match="too_many_tries"):
        await sign_in(origin=Origin("2001:db8::2"))  # a subscriber has many addresses of the sixth version
    await sign_in(origin=Origin("192.0.2.1"))
    await sign_in(origin=Origin("2001:db8::2", made.mark))
    stranger = await signed_up("stranger")
    other = await sign_in("stranger", origin=Origin("192.0.2.9"))
    assert stranger.id == other.account
    for forged in (other.mark, made.mark[:-1], "x", "."):
        with pytest.raises(Conflict, match="too_many_tries"):
            await sign_in(origin=Origin("2001:db8::2", forged))
    for _ in range(throttle.KNOWN.tries):
        with pytest.raises(Invalid, match="sign_in_failed"):
            await sign_in(password="a guess", origin=Origin("192.0.2.1", made.mark))
    with pytest.raises(Conflict, match="too_many_tries"):
        await sign_in(origin=Origin("192.0.2.1", made.mark))


async def test_guesses_from_everywhere_are_slow_and_right_passwords_do_not_count(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(throttle, "EVERYWHERE", throttle.EVERYWHERE._replace(tries=5))
    await signed_up()
    made = [await sign_in(origin=Origin(f"192.0.2.{number}")) for number in range(6)]
    for number in range(5):
        with pytest.raises(Invalid, match="sign_in_failed"):
            await sign_in(password="a guess", origin=Origin(f"192.0.2.{number}"))
    with pytest.raises(Conflict, match="too_many_tries") as refused:
        await sign_in(origin=Origin("198.51.100.1"))
    await sign_in(origin=Origin("198.51.100.1", made[0].mark))
    assert refused.value.until is not None
    with time_machine.travel(refused.value.until + timedelta(seconds=1)):
        await sign_in(origin=Origin("198.51.100.1"))


async def test_a_right_password_forgets_the_wrong_ones() -> None:
    await signed_up()
    for _ in range(3):
        for _ in range(9):
            with pytest.raises(Invalid):
                await sign_in(password="wrong password")
        await sign_in()


async def test_tries_at_once_are_counted_too() -> None:
    await signed_up()
    answers = await asyncio.gather(*(sign_in(password="wrong password") for _ in range(20)), return_exceptions=True)
    assert [type(answer) for answer in answers].count(Invalid) == 10


async def test_a_cookie_lasts_thirty_days_and_is_not_kept() -> None:
    await signed_up()
    entered = await sign_in()
    row = await db.row("SELECT * FROM sign_in")
    assert entered.token not in str(row)
    with time_machine.travel(clock.now() + timedelta(days=29)):
        assert await accounts.actor_of_cookie(entered.token) is not None
    with time_machine.travel(clock.now() + timedelta(days=31)):
        assert await accounts.actor_of_cookie(entered.token) is None
    assert await accounts.actor_of_cookie("made up") is None


async def test_devices_are_listed_and_signed_out_one_by_one_or_all() -> None:
    made = await signed_up()
    first, second, third = [await sign_in() for _ in range(3)]
    me = await actor(made.id)
    assert [(device.id, device.current) for device in await accounts.devices(me, token=second.token)] == [
        (third.id, False), (second.id, True), (first.id, False),
    ]  # fmt: skip
    await accounts.sign_out(first.token)
    assert await accounts.actor_of_cookie(first.token) is None
    with pytest.raises(NotFound):
        await accounts.sign_out_device(await make_account(), second.id)
    await accounts.sign_out_device(me, second.id)
    assert await accounts.actor_of_cookie(second.token) is None
    fourth = await sign_in()
    assert await accounts.sign_out_everywhere(me, but=fourth.token) == 1
    assert await accounts.actor_of_cookie(third.token) is None
    assert await accounts.actor_of_cookie(fourth.token) is not None


async def test_a_disabled_account_is_out_and_can_come_back() -> None:
    made = await signed_up()
    entered = await sign_in()
    with pytest.raises(Invalid, match="/reason reason_needed"):
        await accounts.disable(SYSTEM, made.id, DisableForm(reason=" "))
    await accounts.disable(SYSTEM, made.id, DisableForm(reason="离职"))
    assert await accounts.actor_of_cookie(entered.token) is None
    assert (await accounts.look(SYSTEM, made.id)).disabled_reason == "离职"
    with pytest.raises(Invalid, match="sign_in_failed"):
        await sign_in()
    await accounts.enable(SYSTEM, made.id)
    assert await accounts.actor_of_cookie(entered.token) is not None
    with pytest.raises(NotFound):
        await accounts.disable(await make_account(), made.id, DisableForm(reason="离职"))


async def test_an_account_without_a_password_signs_nobody_in() -> None:
    await accounts.add(SYSTEM, "program")
    for password in ("", "nobody", PASSWORD):
        with pytest.raises(Invalid, match="sign_in_failed"):
            await sign_in("program", password)


async def test_changing_ones_password_signs_the_others_out() -> None:
    made = await signed_up()
    here, there = await sign_in(), await sign_in()
    me = await actor(made.id)
    with pytest.raises(Invalid, match="/old password_wrong"):
        await accounts.change_password(me, PasswordForm(old="wrong password", new="another horse"))
    with pytest.raises(Invalid, match="/new password_short"):
        await accounts.change_password(me, PasswordForm(old=PASSWORD, new="short"))
    await accounts.change_password(me, PasswordForm(old=PASSWORD, new="another horse"), token=here.token)
    assert await accounts.actor_of_cookie(here.token) is not None
    assert await accounts.actor_of_cookie(there.token) is None
    await sign_in(password="another horse")


async def test_an_account_is_spoken_to_in_its_language() -> None:
    me = await actor((await signed_up()).id)
    await accounts.set_language(me, "en")
    assert (await accounts.own(me)).language == "en"
    assert (await actor(me.account)).language == "en"


# --- tokens ---------------------------------------------------------------------------------------------------------


async def test_a_token_opens_what_its_owner_may_until_it_ends() -> None:
    me = await make_official("administrator")
    made = await accounts.issue_token(me, TokenForm(name="script", expires_at=clock.now() + timedelta(days=1)))
    found = await accounts.actor_of_token(made.token)
    assert found is not None
    assert found.may(Right.KEEP_ACCOUNTS)
    assert await accounts.actor_of_calendar_token(made.token) is None
    assert await accounts.actor_of_cookie(made.token) is None
    with time_machine.travel(clock.now() + timedelta(days=2)):
        assert await accounts.actor_of_token(made.token) is None


async def test_tokens_are_listed_without_their_secret_and_revoked() -> None:
    me, other = await make_account(), await make_account()
    made = await accounts.issue_token(me, TokenForm(name="script"))
    assert await accounts.tokens(other) == []
    (listed,) = await accounts.tokens(me)
    assert (listed.id, listed.name, listed.used_at) == (made.id, "script", None)
    await accounts.actor_of_token(made.token)
    assert (await accounts.tokens(me))[0].used_at is not None
    with pytest.raises(NotFound):
        await accounts.revoke_token(other, made.id)
    await accounts.revoke_token(me, made.id)
    assert await accounts.actor_of_token(made.token) is None
    with pytest.raises(NotFound):
        await accounts.revoke_token(me, made.id)


async def test_a_token_has_a_name_and_does_not_end_before_it_begins() -> None:
    me = await make_account()
    for form in (TokenForm(name=" "), TokenForm(name="a", expires_at=clock.now())):
        with pytest.raises(Invalid):
            await accounts.issue_token(me, form)
    with pytest.raises(NotSignedIn):
        await accounts.issue_token(ANONYMOUS, TokenForm(name="a"))


async def test_an_account_has_one_calendar_token() -> None:
    me = await make_account()
    assert await accounts.calendar_token(me) is None
    first = await accounts.issue_calendar_token(me)
    second = await accounts.issue_calendar_token(me)
    assert await accounts.actor_of_calendar_token(first.token) is None
    assert await accounts.actor_of_calendar_token(second.token) == me
    shown = await accounts.calendar_token(me)
    assert shown is not None
    assert shown.id == second.id
    await asyncio.gather(*(accounts.issue_calendar_token(me) for _ in range(5)))
    assert await db.rows("SELECT id FROM token WHERE revoked_at IS NULL AND use = 'calendar'") != []
    assert await accounts.tokens(me) == []


# --- links ----------------------------------------------------------------------------------------------------------


async def registered(name: str = "王芳") -> people.PersonView:
    form = PersonForm(name=name, union=await make_union(), identity_number=NUMBER)
    return await people.register(SYSTEM, form)


async def test_a_link_needs_name_and_number_and_never_says_which_was_wrong() -> None:
    person = await registered()
    me = await make_account()
    answers = []
    for name, number in (("李娜", NUMBER), ("王芳", "110105194912310038"), ("王", NUMBER)):
        with pytest.raises(Invalid) as refused:
            await accounts.link(me, LinkForm(name=name, identity_number=number))
        answers.append(refused.value.reasons)
    assert answers[0] == answers[1] == answers[2]
    assert await accounts.link(me, LinkForm(name=" 王芳 ", identity_number=NUMBER.lower())) == person.id
    assert (await actor(me.account)).person == person.id


async def test_a_link_is_tried_five_times_an_hour() -> None:
    await registered()
    me = await make_account()
    for _ in range(5):
        with pytest.raises(Invalid):
            await accounts.link(me, LinkForm(name="李娜", identity_number=NUMBER))
    right = LinkForm(name="王芳", identity_number=NUMBER)
    with pytest.raises(Conflict, match="too_many_tries"):
        await accounts.link(me, right)
    with time_machine.travel(clock.now() + timedelta(minutes=61)):
        await accounts.link(me, right)


async def test_tries_are_counted_within_a_transaction_that_is_undone() -> None:
    await registered()
    me = await make_account()
    for _ in range(5):
        with pytest.raises(Invalid):
            async with db.transaction():
                await accounts.link(me, LinkForm(name="李娜", identity_number=NUMBER))
        await asyncio.gather(*throttle._counting)
    with pytest.raises(Conflict, match="too_many_tries"):
        async with db.transaction():
            await accounts.link(me, LinkForm(name="王芳", identity_number=NUMBER))
    await asyncio.gather(*throttle._counting)


async def test_a_person_has_one_account_and_an_account_one_person() -> None:
    await registered()
    me, other = await make_account(), await make_account()
    form = LinkForm(name="王芳", identity_number=NUMBER)
    await accounts.link(me, form)
    with pytest.raises(Conflict, match="person_linked"):
        await accounts.link(other, form)
    with pytest.raises(Conflict, match="already_linked"):
        await accounts.link(me, form)
    assert me.account is not None
    await accounts.unlink(SYSTEM, me.account)
    await accounts.link(other, form)
    with pytest.raises(NotFound):
        await accounts.unlink(me, me.account)


# --- lost passwords -------------------------------------------------------------------------------------------------


@pytest.fixture
def mail_folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    monkeypatch.setenv("MAGPIE_DATA_DIR", str(tmp_path))
    settings.current.cache_clear()
    monkeypatch.setattr(settings, "current", settings.current.__wrapped__)
    return tmp_path / "mail"


def letters(folder: Path) -> list[Path]:
    return list(folder.glob("*.eml"))


def link_out_of_mail(folder: Path) -> str:
    (path,) = letters(folder)
    letter = email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
    path.unlink()
    found = re.search(r"/recover/(\S+)", letter.get_content())
    assert found
    return found[1]


async def test_a_lost_password_is_set_anew_by_a_link_that_works_once(mail_folder: Path) -> None:
    made = await signed_up()
    entered = await sign_in()
    token = await accounts.issue_token(await actor(made.id), TokenForm(name="script"))
    await accounts.ask_recovery("wang")
    await tasks.run_due()
    secret = link_out_of_mail(mail_folder)
    assert secret not in str(await db.rows("SELECT * FROM message")) + str(await db.rows("SELECT * FROM token"))
    with pytest.raises(Invalid, match="/password password_short"):
        await accounts.recover(RecoveryForm(secret=secret, password="short"))
    await accounts.recover(RecoveryForm(secret=secret, password="another horse"))
    assert await accounts.actor_of_cookie(entered.token) is None
    assert await accounts.actor_of_token(token.token) is None
    await sign_in(password="another horse")
    with pytest.raises(Invalid, match="recovery_expired"):
        await accounts.recover(RecoveryForm(secret=secret, password="third horse!"))


async def test_a_recovery_link_lasts_an_hour(mail_folder: Path) -> None:
    await signed_up()
    await accounts.ask_recovery("wang")
    await tasks.run_due()
    secret = link_out_of_mail(mail_folder)
    with time_machine.travel(clock.now() + timedelta(minutes=61)), pytest.raises(Invalid, match="recovery_expired"):
        await accounts.recover(RecoveryForm(secret=secret, password="another horse"))


async def test_asking_for_an_unknown_account_looks_the_same(mail_folder: Path) -> None:
    await accounts.ask_recovery("nobody")
    assert await tasks.run_due() == 1
    assert letters(mail_folder) == []
    for _ in range(4):
        await accounts.ask_recovery("nobody")
    with pytest.raises(Conflict, match="too_many_tries"):
        await accounts.ask_recovery("nobody")


# --- roles ----------------------------------------------------------------------------------------------------------


async def test_administrators_grant_every_role_in_its_scope() -> None:
    union = await make_union()
    event = await make_event(union)
    account = (await make_account("zhang")).account
    assert account is not None
    for form in (
        GrantForm(account=account, role=Role.ADMINISTRATOR),
        GrantForm(account=account, role=Role.REGISTRAR, union=union),
        GrantForm(account=account, role=Role.JUDGE, event_id=event),
    ):
        made = await accounts.grant_role(SYSTEM, form)
        assert made.account_name == "zhang"
        assert (made.role, made.event_id, made.union) == (form.role, form.event_id, form.union)
        assert (await accounts.grant_role(SYSTEM, form)).id == made.id
    assert len((await actor(account)).grants) == 3
    assert await Notice.count().where(Notice.kind == "account.role_granted") == 3


async def test_a_role_has_the_scope_that_suits_it() -> None:
    union = await make_union()
    event = await make_event(union)
    account = (await make_account()).account or UUID(int=0)
    for form, code in (
        (GrantForm(account=account, role=Role.ADMINISTRATOR, union=union), "scope_none"),
        (GrantForm(account=account, role=Role.JUDGE), "scope_one"),
        (GrantForm(account=account, role=Role.JUDGE, event_id=event, union=union), "scope_one"),
        (GrantForm(account=union, role=Role.JUDGE, event_id=event), "unknown_account"),
        (GrantForm(account=account, role=Role.JUDGE, union=event), "unknown_union"),
    ):
        with pytest.raises(Invalid, match=code):
            await accounts.grant_role(SYSTEM, form)


async def test_an_organiser_hands_out_duties_in_own_events_only() -> None:
    union = await make_union()
    event, other = await make_event(union), await make_event(union)
    organiser = await make_official("organiser", event=event)
    account = (await make_account()).account or UUID(int=0)
    for role in (Role.ORGANISER, Role.REGISTRAR, Role.JUDGE, Role.CHIEF_JUDGE):
        await accounts.grant_role(organiser, GrantForm(account=account, role=role, event_id=event))
    for form in (
        GrantForm(account=account, role=Role.ADMINISTRATOR),
        GrantForm(account=account, role=Role.JUDGE, event_id=other),
        GrantForm(account=account, role=Role.JUDGE, union=union),
        GrantForm(account=account, role=Role.EMPLOYER, event_id=event),
    ):
        with pytest.raises(NotFound):
            await accounts.grant_role(organiser, form)
    with pytest.raises(NotFound):
        judge = await make_official("judge", event=event)
        await accounts.grant_role(judge, GrantForm(account=account, role=Role.JUDGE, event_id=event))
    shown = await accounts.grants_of_event(organiser, event)
    assert {grant.role for grant in shown if grant.account == account} == {
        Role.ORGANISER, Role.REGISTRAR, Role.JUDGE, Role.CHIEF_JUDGE,
    }  # fmt: skip


async def test_a_role_is_taken_away_by_whoever_may_give_it() -> None:
    union = await make_union()
    event = await make_event(union)
    organiser = await make_official("organiser", event=event)
    judge = await make_official("judge", event=event)
    grant = next(grant for grant in await accounts.grants_of_event(organiser, event) if grant.role == Role.JUDGE)
    with pytest.raises(NotFound):
        await accounts.revoke_role(judge, grant.id)
    await accounts.revoke_role(organiser, grant.id)
    assert (await actor(judge.account)).grants == ()
    with pytest.raises(NotFound):
        await accounts.revoke_role(organiser, grant.id)


async def test_the_last_administrator_stays() -> None:
    first, second = [await make_official("administrator") for _ in range(2)]
    held = [(await grants(one))[0].id for one in (first, second)]
    answers = await asyncio.gather(*(accounts.revoke_role(SYSTEM, grant) for grant in held), return_exceptions=True)
    assert [type(answer) for answer in answers].count(Conflict) == 1


async def grants(one: Actor) -> list[accounts.GrantView]:
    assert one.account is not None
    return await accounts.grants_of_account(one, one.account)


async def test_accounts_are_listed_found_and_given_passwords_by_administrators() -> None:
    for name in ("a", "b", "c"):
        await accounts.add(SYSTEM, name)
    page = await accounts.everyone(SYSTEM, limit=2)
    assert page.next is not None
    assert [found.name for found in (await accounts.everyone(SYSTEM, cursor=page.next)).items] == ["a"]
    found = await accounts.find(SYSTEM, "b")
    await accounts.set_password(SYSTEM, found.id, PASSWORD)
    made, other = await sign_in("b"), await actor(found.id)
    token = (await accounts.issue_token(other, TokenForm(name="a program"))).token
    calendar = (await accounts.issue_calendar_token(other)).token
    await accounts.set_password(SYSTEM, found.id, PASSWORD)
    assert await accounts.actor_of_cookie(made.token) is None
    assert await accounts.actor_of_token(token) is None
    assert await accounts.actor_of_calendar_token(calendar) is None
    nobody = await make_account()
    for asked in (
        accounts.everyone(nobody),
        accounts.find(nobody, "b"),
        accounts.set_password(nobody, found.id, PASSWORD),
    ):
        with pytest.raises(NotFound):
            await asked


async def test_what_happened_to_an_account_is_told_newest_first_and_in_pages() -> None:
    admin = await make_official("administrator", name="admin")
    union = await make_union()
    who = (await signed_up("wang-fang")).id
    await sign_in("wang-fang")
    await accounts.set_password(admin, who, PASSWORD)
    held = await accounts.grant_role(admin, GrantForm(account=who, role=Role.REGISTRAR, union=union))
    await accounts.revoke_role(admin, held.id)
    await sign_in("wang-fang")
    found: list[accounts.Happening] = []
    cursor: str | None = ""
    while cursor is not None:
        page = await accounts.history(admin, who, cursor=cursor, limit=2)
        found, cursor = found + page.items, page.next
    assert [one.kind.removeprefix("account.") for one in found] == [
        "signed_in", "role_revoked", "role_granted", "password_set", "signed_in", "made"
    ]  # fmt: skip
    assert {(one.who, one.by) for one in found[1:4]} == {("admin", admin.account)}
    assert (found[1].role, found[1].where and found[1].where.en) == (Role.REGISTRAR, "Union ah")
    for nobody, account in ((await actor(who), who), (admin, ids.new())):
        with pytest.raises(NotFound):
            await accounts.history(nobody, account)


async def test_nothing_personal_is_in_the_notices() -> None:
    await registered()
    me = await actor((await signed_up("wangfang", phone="13812345678", mail="wang@example.com")).id)
    await accounts.link(me, LinkForm(name="王芳", identity_number=NUMBER))
    said = " ".join(row["data"] for row in await Notice.select(Notice.data))
    for secret in ("王芳", "wang", NUMBER, "13812345678", "example"):
        assert secret not in said


async def test_old_counts_are_forgotten() -> None:
    with pytest.raises(Invalid):
        await sign_in("nobody")
    assert await Throttle.count() == 2  # from there, and from everywhere
    with time_machine.travel(clock.now() + timedelta(hours=2)):
        await throttle.forget_old_tries()
    assert await Throttle.count() == 0
    assert await Account.count() == 0
    assert identity.number_flaw(NUMBER, people.keeping.today()) is None
