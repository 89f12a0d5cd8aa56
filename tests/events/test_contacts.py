"""Phones and mail addresses: claimed by anybody, counted once they are proven."""

import asyncio
import email
import email.policy
import re
from collections.abc import Iterator
from datetime import timedelta
from email.message import EmailMessage
from pathlib import Path

import pytest
import time_machine

from events import accounts, clock, db, messages, settings, tasks
from events.access import SYSTEM, Actor
from events.accounts import (
    AccountView,
    ClaimForm,
    ProofForm,
    RecoveryForm,
    SignInForm,
    SignUpForm,
    TokenForm,
    claims,
    throttle,
)
from events.errors import Conflict, Invalid, NotFound, NotSignedIn
from events.messages.delivering import code_of
from events.tables import Claim, Notice
from events.terms import ContactKind, Role
from tests.events.factory import actor, make_account, make_official

PASSWORD = "correct horse battery"
OTHER = "another battery horse"
PHONE, MAIL = "13812345678", "wang@example.com"

pytestmark = pytest.mark.usefixtures("database")


@pytest.fixture
def folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Path]:
    """Where messages are written for want of another way."""
    monkeypatch.setenv("MAGPIE_DATA_DIR", str(tmp_path))
    settings.current.cache_clear()
    yield tmp_path
    settings.current.cache_clear()


def written(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*.*") if path.suffix in (".eml", ".txt"))


def mail(folder: Path) -> list[EmailMessage]:
    letters = [path.read_bytes() for path in written(folder) if path.suffix == ".eml"]
    return [email.message_from_bytes(one, policy=email.policy.default) for one in letters]


async def signed_up(name: str = "wang", password: str = PASSWORD, **contact: str) -> Actor:
    form = SignUpForm(name=name, password=password, **contact)  # type: ignore[arg-type]
    return await actor((await accounts.sign_up(form)).id)


async def code(who: Actor, kind: ContactKind = ContactKind.PHONE) -> str:
    """The code that was sent last, as its message holds it."""
    row = await db.row("SELECT code_id FROM claim WHERE account = {} AND kind = {}", who.account, kind)
    assert row is not None
    return code_of(row["code_id"])


async def prove(who: Actor, kind: ContactKind = ContactKind.PHONE) -> AccountView:
    return await accounts.prove(who, ProofForm(kind=kind, code=await code(who, kind)))


async def wrong_code(who: Actor) -> None:
    right = int(await code(who))
    with pytest.raises(Invalid, match="/code code_wrong"):
        await accounts.prove(who, ProofForm(kind=ContactKind.PHONE, code=f"{(right + 1) % 1_000_000:06d}"))


async def enter(login: str, password: str = PASSWORD) -> Actor | None:
    made = await accounts.sign_in(SignInForm(login=login, password=password))
    return await accounts.actor_of_cookie(made.token)


# --- what an unproven contact may and may not -----------------------------------------------------------------------


async def test_whoever_claims_an_address_signs_in_with_it_by_their_own_password() -> None:
    squatter = await signed_up("squatter", OTHER, phone=PHONE)
    owner = await signed_up("owner", phone=PHONE)
    for password, who in ((PASSWORD, owner), (OTHER, squatter)):
        assert await enter(PHONE, password) == who
    with pytest.raises(Invalid, match="sign_in_failed"):
        await enter(PHONE, "neither of the two")


async def test_many_claims_do_not_keep_the_newest_from_signing_in() -> None:
    for number in range(7):
        await signed_up(f"squatter-{number}", OTHER, phone=PHONE)
    owner = await signed_up("owner", phone=PHONE)
    assert await enter(PHONE) == owner


async def test_an_unproven_address_recovers_nothing_and_finds_nobody(folder: Path) -> None:
    await signed_up(phone=PHONE, mail=MAIL)
    await tasks.run_due()
    before = written(folder)
    for contact in (PHONE, MAIL):
        await accounts.ask_recovery(contact)
        with pytest.raises(NotFound):
            await accounts.find(SYSTEM, contact)
    await tasks.run_due()
    assert written(folder) == before


async def test_an_unproven_mail_gets_nothing_but_its_code(folder: Path) -> None:
    who = await signed_up(mail=MAIL)
    await messages.send("event.cancelled", account=who.account, reason="台风")
    await tasks.run_due()
    letters = mail(folder)
    assert {str(one["To"]): (await code(who, ContactKind.MAIL)) in str(one["Subject"]) for one in letters} == {
        MAIL: True,
        "undisclosed-recipients:;": False,
    }


async def test_the_first_to_prove_an_address_has_it_and_other_claims_end() -> None:
    squatter = await signed_up("squatter", OTHER, phone=PHONE)
    owner = await signed_up("owner", phone=PHONE)
    view = await prove(owner)
    assert (view.phone, view.unproven_phone) == ("138****5678", "")
    assert (await accounts.own(squatter)).unproven_phone == ""
    assert (await accounts.find(SYSTEM, PHONE)).id == owner.account
    with pytest.raises(Invalid, match="sign_in_failed"):
        await enter(PHONE, OTHER)


async def test_who_signs_up_learns_of_nobody_elses_phone_until_it_is_proven() -> None:
    owner = await signed_up("owner", phone=PHONE, mail=MAIL)
    await prove(owner)
    await prove(owner, ContactKind.MAIL)
    late = await signed_up("late", OTHER, phone=PHONE, mail=MAIL)
    never = await signed_up("never", OTHER, phone="13912345678", mail="never@example.com")
    views = [await accounts.own(who) for who in (late, never)]
    assert [(view.phone, bool(view.unproven_phone), bool(view.unproven_mail)) for view in views] == [
        ("", True, True)
    ] * 2
    assert (await enter(PHONE, OTHER), await enter(PHONE, PASSWORD)) == (late, owner)
    with pytest.raises(Conflict, match="contact_taken"):
        await prove(late)


async def test_two_who_prove_one_address_at_once_do_not_both_get_it() -> None:
    both = [await signed_up("one", phone=PHONE), await signed_up("two", phone=PHONE)]
    codes = [await code(who) for who in both]
    forms = [ProofForm(kind=ContactKind.PHONE, code=one) for one in codes]
    answers = await asyncio.gather(*map(accounts.prove, both, forms), return_exceptions=True)
    assert [isinstance(one, AccountView) and one.phone != "" for one in answers].count(True) == 1
    assert await Claim.count() == 0 or any(isinstance(one, Conflict) for one in answers)


async def test_an_address_that_another_has_proven_is_told_of_only_to_who_can_prove_it() -> None:
    await prove(await signed_up("owner", phone=PHONE))
    late = await signed_up("late")
    assert (await accounts.claim(late, ClaimForm(contact=PHONE, password=PASSWORD))).unproven_phone == "138****5678"
    with pytest.raises(Conflict, match="contact_taken"):
        await prove(late)
    assert (await accounts.own(late)).phone == ""


# --- the code -------------------------------------------------------------------------------------------------------


async def test_the_code_goes_to_the_phone_and_lies_nowhere(folder: Path) -> None:
    who = await signed_up(phone=PHONE)
    right = await code(who)
    await tasks.run_due()
    (sent,) = (folder / "sms").glob("*.txt")
    assert re.fullmatch(r"\d{6}", right)
    assert sent.read_text().startswith(f"{PHONE}\n\n")
    assert right in sent.read_text()
    kept = [await db.rows(f"SELECT * FROM {table}") for table in ("claim", "message", "task", "notice", "account")]
    assert right not in str(kept)
    assert PHONE not in str(kept)
    assert (await messages.inbox(who)).items == []


async def test_a_code_may_be_pasted_with_blanks_and_full_width_figures() -> None:
    who = await signed_up(phone=PHONE)
    wide = str.maketrans("0123456789", "０１２３４５６７８９")
    right = (await code(who)).translate(wide)
    assert (await accounts.prove(who, ProofForm(kind=ContactKind.PHONE, code=f" {right[:3]} {right[3:]} "))).phone


async def test_a_code_ends_after_five_tries_and_another_one_begins_anew() -> None:
    who = await signed_up(phone=PHONE)
    for _ in range(throttle.PROOF.tries):
        await wrong_code(who)
    with pytest.raises(Invalid, match="/code code_over"):
        await prove(who)
    await accounts.send_code(who, ContactKind.PHONE)
    await wrong_code(who)
    assert (await prove(who)).phone


async def test_tries_of_a_code_count_within_a_transaction_that_is_undone() -> None:
    who = await signed_up(phone=PHONE)
    for _ in range(throttle.PROOF.tries):
        with pytest.raises(Invalid, match="code_wrong"):
            async with db.transaction():
                await accounts.prove(who, ProofForm(kind=ContactKind.PHONE, code="none"))
        await asyncio.gather(*throttle._counting)
    with pytest.raises(Invalid, match="code_over"):
        await prove(who)


async def test_a_code_lasts_ten_minutes_and_a_new_one_ends_it() -> None:
    who = await signed_up(phone=PHONE)
    first = await code(who)
    await accounts.send_code(who, ContactKind.PHONE)
    if first != await code(who):  # one in a million is drawn twice
        with pytest.raises(Invalid, match="code_wrong"):
            await accounts.prove(who, ProofForm(kind=ContactKind.PHONE, code=first))
    with time_machine.travel(clock.now() + claims.LASTS), pytest.raises(Invalid, match="/code code_over"):
        await prove(who)


async def test_codes_are_sent_only_so_often_to_an_account_and_to_an_address(folder: Path) -> None:
    who = await signed_up(phone=PHONE)
    for _ in range(throttle.CODES.tries - 1):
        await accounts.send_code(who, ContactKind.PHONE)
    with pytest.raises(Conflict, match="too_many_tries"):
        await accounts.send_code(who, ContactKind.PHONE)
    other = await signed_up("other", phone=PHONE)  # is made all the same, but nothing is sent
    await tasks.run_due()
    assert len(list((folder / "sms").glob("*.txt"))) == throttle.CODES.tries
    row = await db.row("SELECT code_id FROM claim WHERE account = {}", other.account)
    assert row == {"code_id": None}
    with pytest.raises(Invalid, match="/code code_over"):
        await accounts.prove(other, ProofForm(kind=ContactKind.PHONE, code="000000"))
    with time_machine.travel(clock.now() + timedelta(minutes=61)):
        await accounts.send_code(other, ContactKind.PHONE)
        assert (await prove(other)).phone


async def test_proving_twice_is_as_good_as_once_and_nothing_is_proven_by_nobody() -> None:
    who = await signed_up(phone=PHONE)
    form = ProofForm(kind=ContactKind.PHONE, code=await code(who))
    assert await accounts.prove(who, form) == await accounts.prove(who, form)
    kinds = [row["kind"] for row in await Notice.select(Notice.kind)]
    assert kinds.count("account.contact_proven") == 1
    with pytest.raises(Conflict, match="nothing_claimed"):
        await accounts.prove(who, ProofForm(kind=ContactKind.MAIL, code="000000"))
    with pytest.raises(Conflict, match="nothing_claimed"):
        await accounts.send_code(who, ContactKind.MAIL)
    with pytest.raises(NotSignedIn):
        await accounts.prove(Actor(), form)


# --- changing it ----------------------------------------------------------------------------------------------------


async def test_another_contact_takes_the_password_and_counts_once_proven(folder: Path) -> None:
    who = await signed_up(mail=MAIL)
    await prove(who, ContactKind.MAIL)
    new = "fang@example.org"
    with pytest.raises(Invalid, match="/password password_wrong"):
        await accounts.claim(who, ClaimForm(contact=new, password=OTHER))
    for contact in ("12345", "@", "a@b", ""):
        with pytest.raises(Invalid, match="/contact contact_form"):
            await accounts.claim(who, ClaimForm(contact=contact, password=PASSWORD))
    assert (await accounts.claim(who, ClaimForm(contact=MAIL.upper(), password=PASSWORD))).unproven_mail == ""
    view = await accounts.claim(who, ClaimForm(contact=new, password=PASSWORD))
    assert (view.mail, view.unproven_mail) == ("w***@example.com", "f***@example.org")
    await tasks.run_due()
    view = await prove(who, ContactKind.MAIL)
    assert (view.mail, view.unproven_mail) == ("f***@example.org", "")
    await tasks.run_due()
    letters = mail(folder)
    assert [str(one["To"]) for one in letters if "已更换" in str(one["Subject"])] == [MAIL]


async def test_links_to_the_contact_before_stop_when_it_is_replaced(folder: Path) -> None:
    who = await signed_up(mail=MAIL)
    await prove(who, ContactKind.MAIL)
    await accounts.ask_recovery(MAIL)
    await tasks.run_due()
    link = next(found[1] for one in mail(folder) if (found := re.search(r"/recover/(\S+)", one.get_content())))
    await accounts.claim(who, ClaimForm(contact="fang@example.org", password=PASSWORD))
    await prove(who, ContactKind.MAIL)
    with pytest.raises(Invalid, match="recovery_expired"):
        await accounts.recover(RecoveryForm(secret=link, password=OTHER))


async def test_a_lost_password_is_recovered_by_a_proven_phone(folder: Path) -> None:
    await prove(await signed_up(phone=PHONE))
    await accounts.ask_recovery(PHONE)
    await tasks.run_due()
    texts = [path.read_text() for path in (folder / "sms").glob("*.txt")]
    (text,) = [text for text in texts if "/recover/" in text]
    assert text.startswith(f"{PHONE}\n\n")
    found = re.search(r"/recover/(\S+)", text)
    assert found
    await accounts.recover(RecoveryForm(secret=found[1], password=OTHER))
    assert await enter(PHONE, OTHER)


async def test_a_claim_can_be_taken_back(folder: Path) -> None:
    who = await signed_up(phone=PHONE)
    assert (await accounts.drop_claim(who, ContactKind.PHONE)).unproven_phone == ""
    await tasks.run_due()
    assert written(folder) == []
    with pytest.raises(Invalid, match="sign_in_failed"):
        await enter(PHONE)


# --- those who keep accounts ----------------------------------------------------------------------------------------


async def test_accounts_are_found_by_whoever_keeps_them_and_by_nobody_else() -> None:
    who = await signed_up("wang-fang", phone=PHONE, mail=MAIL)
    admin = await make_official("administrator")
    for text in ("wang-fang", "wang-", PHONE, f"+86 {PHONE}", MAIL.upper()):
        assert [one.id for one in await accounts.search(admin, text)] == [who.account], text
    for text in ("ang", "1381234567", "wang@", "13912345678"):
        assert await accounts.search(admin, text) == [], text
    own = who.account
    assert own
    for asked in (
        accounts.search(who, "wang-fang"), accounts.look(who, own), accounts.everyone(who),
        accounts.release(who, own, ContactKind.PHONE), accounts.issue_link(who, own), accounts.enable(who, own),
        accounts.end_sign_ins(who, own), accounts.disable(who, own, accounts.DisableForm(reason="重复")),
    ):  # fmt: skip
        with pytest.raises(NotFound):
            await asked


async def test_accounts_with_roles_and_disabled_ones_are_listed_apart() -> None:
    admin = await make_official("administrator", name="admin")
    one, two = await make_account("one"), await make_account("two")
    assert one.account
    assert two.account
    await accounts.disable(admin, two.account, accounts.DisableForm(reason="重复"))
    listed = {
        which: [item.name for item in (await accounts.everyone(admin, which=which)).items]
        for which in ("all", "roles", "disabled")
    }
    assert listed == {"all": ["two", "one", "admin"], "roles": ["admin"], "disabled": ["two"]}
    assert (await accounts.everyone(admin, which="roles")).items[0].roles == [Role.ADMINISTRATOR]


async def test_what_is_seen_of_an_account_is_counted_and_all_of_it_can_be_ended() -> None:
    admin = await make_official("administrator")
    who = await signed_up()
    assert who.account
    assert (await accounts.look(admin, who.account)).signed_in_at is None
    cookies = [await accounts.sign_in(SignInForm(login="wang", password=PASSWORD)) for _ in range(2)]
    token = await accounts.issue_token(who, TokenForm(name="screen"))
    calendar = await accounts.issue_calendar_token(who)
    seen = await accounts.look(admin, who.account)
    assert (seen.browsers, seen.tokens, seen.signed_in_at is not None) == (2, 1, True)
    assert await accounts.end_sign_ins(admin, who.account) == accounts.Ended(browsers=2, tokens=2)
    assert [await accounts.actor_of_cookie(one.token) for one in cookies] == [None, None]
    assert await accounts.actor_of_token(token.token) is None
    assert await accounts.actor_of_calendar_token(calendar.token) is None
    assert (await Notice.select(Notice.kind).order_by(Notice.number, ascending=False).first()) == {
        "kind": "account.signed_out"
    }


async def test_a_link_to_hand_over_works_once_and_the_account_is_told() -> None:
    admin = await make_official("administrator")
    who = await signed_up()
    assert who.account
    link = await accounts.issue_link(admin, who.account)
    secret = link.url.rpartition("/")[2]
    assert secret not in str(await db.rows("SELECT * FROM token")) + str(await db.rows("SELECT * FROM message"))
    assert [one.kind for one in (await messages.inbox(who)).items] == ["account.recovery_issued"]
    await accounts.recover(RecoveryForm(secret=secret, password=OTHER))
    assert await enter("wang", OTHER)
    with pytest.raises(Invalid, match="recovery_expired"):
        await accounts.recover(RecoveryForm(secret=secret, password=PASSWORD))
    await accounts.disable(admin, who.account, accounts.DisableForm(reason="重复"))
    with pytest.raises(Conflict, match="account_disabled"):
        await accounts.issue_link(admin, who.account)


async def test_nobody_shuts_out_themselves_or_the_last_administrator() -> None:
    first, second = await make_official("administrator"), await make_official("administrator")
    assert first.account
    assert second.account
    form = accounts.DisableForm(reason="离任")
    with pytest.raises(Conflict, match="own_account"):
        await accounts.disable(first, first.account, form)
    await accounts.disable(first, second.account, form)
    with pytest.raises(Conflict, match="last_administrator"):
        await accounts.disable(SYSTEM, first.account, form)
    (grant,) = await accounts.grants_of_account(first, first.account)
    with pytest.raises(Conflict, match="last_administrator"):  # the other one holds the role, but is shut out
        await accounts.revoke_role(first, grant.id)


async def test_a_contact_that_belongs_to_another_now_is_released() -> None:
    admin = await make_official("administrator")
    before = await signed_up("before", phone=PHONE)
    await prove(before)
    assert before.account
    await accounts.release(admin, before.account, ContactKind.PHONE)
    now = await signed_up("now", OTHER, phone=PHONE)
    assert (await prove(now)).phone == "138****5678"
    assert (await accounts.own(before)).phone == ""
