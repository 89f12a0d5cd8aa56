"""Phones and mail addresses of accounts: claimed by anybody, proven by the six figures that are sent there.

Several accounts may claim one address, and whoever proves it has it: the other claims on it end. Until then an address
gets nothing but codes, recovers no password, and finds no account for whoever hands out roles.
"""

from __future__ import annotations

import hmac
from datetime import timedelta
from uuid import UUID

from events import access, clock, crypto, db, errors, ids, messages, notices
from events.access import Actor, Right
from events.accounts import logins, passwords, throttle, tokens
from events.accounts.forms import AccountView, ClaimForm, ProofForm
from events.accounts.logins import ACCOUNTS, Logins
from events.messages.delivering import claim_place, code_of, phone_place
from events.people import identity
from events.terms import ContactKind, TokenUse

LASTS = timedelta(minutes=10)


async def claim(actor: Actor, form: ClaimForm) -> AccountView:
    """Say that a phone or mail is the actor's, in place of another claim, and have a code sent there.

    Invalid password_wrong, contact_form; Conflict too_many_tries. Whether another has it is told to who can prove it.
    """
    account = await _account(access.signed_in(actor))
    kind, address = _read(form.contact)
    await passwords.confirm(account, form.password)
    if address in (account["mail"], logins.phone_of(account)):
        return await drop_claim(actor, kind)  # it is the account's own already
    for whom in (str(account["id"]), address):
        await throttle.count(throttle.CODES, whom)
    async with db.transaction():
        await put(account["id"], kind, address, send=True)
    return logins.view(await _account(account["id"]))


async def send_code(actor: Actor, kind: ContactKind) -> None:
    """Send another code to the actor's claimed phone or mail; the one before it ends. Conflict nothing_claimed."""
    found = await _claim(access.signed_in(actor), kind)
    if found is None:
        errors.conflict("nothing_claimed")
    for whom in (str(found["account"]), _address(found)):
        await throttle.count(throttle.CODES, whom)
    async with db.transaction():
        await _send(found["id"], found["account"])


async def prove(actor: Actor, form: ProofForm) -> AccountView:
    """Make a claimed phone or mail the account's own by the code; a second time is as good as once.

    Invalid code_wrong, code_over (too old, or tried too often); Conflict contact_taken by who proved it before.
    """
    account = await _account(access.signed_in(actor))
    found = await _claim(account["id"], form.kind)
    if found is None and not account["mail" if form.kind == ContactKind.MAIL else "phone_index"]:
        errors.conflict("nothing_claimed")
    if found is not None:
        await _check(found, form.code)
        async with db.transaction():
            await _take(account, found)
            await notices.post("account.contact_proven", subject=account["id"], by=account["id"], contact=form.kind)
    return logins.view(await _account(account["id"]))


async def drop_claim(actor: Actor, kind: ContactKind) -> AccountView:
    """Take the actor's own claim back."""
    account = access.signed_in(actor)
    await db.rows("DELETE FROM claim WHERE account = {} AND kind = {}", account, kind)
    return logins.view(await _account(account))


async def release(actor: Actor, account: UUID, kind: ContactKind) -> None:
    """Take a phone or mail away from an account that it no longer belongs to (Right.KEEP_ACCOUNTS)."""
    access.require(actor, Right.KEEP_ACCOUNTS)
    await _account(account)
    async with db.transaction():
        await db.rows("DELETE FROM claim WHERE account = {} AND kind = {}", account, kind)
        await db.rows(f"UPDATE account SET {_columns(kind)} WHERE id = {{}}", *_nothing(kind), account)  # noqa: S608
        await notices.post("account.contact_released", subject=account, by=actor.account, contact=kind)


async def put(account: UUID, kind: ContactKind, address: str, *, send: bool) -> None:
    """Write a claim within the running transaction, in place of the account's other one of this kind."""
    made = ids.new()
    await db.rows("DELETE FROM claim WHERE account = {} AND kind = {}", account, kind)
    await db.rows(
        "INSERT INTO claim (id, account, kind, address_cipher, address_index, created_at) "
        "VALUES ({}, {}, {}, {}, {}, {})",
        made, account, kind, crypto.seal(address, place=claim_place(made)), logins.claim_index(kind, address),
        clock.now(),
    )  # fmt: skip
    if send:
        await _send(made, account)


def _read(contact: str) -> tuple[ContactKind, str]:
    text = logins.plain(contact)
    kind = logins.contact_kind(text)
    said = Logins(name="", phone=text if kind == ContactKind.PHONE else "", mail=text if "@" in text else "")
    if kind is None or list(logins.flaws(said)):
        errors.invalid("contact_form", "/contact")
    return kind, text


async def _send(claim: UUID, account: UUID) -> None:
    code = ids.new()
    await db.rows("UPDATE claim SET code_id = {}, expires_at = {} WHERE id = {}", code, clock.now() + LASTS, claim)
    await messages.send("account.code", account=account, claim=claim, code_id=code)


async def _check(claim: db.Row, said: str) -> None:
    if claim["code_id"] is None or claim["expires_at"] <= clock.now():
        errors.invalid("code_over", "/code")
    if not await throttle.allows(throttle.PROOF, str(claim["code_id"])):
        errors.invalid("code_over", "/code")
    if not hmac.compare_digest(identity.plain(said).encode(), code_of(claim["code_id"]).encode()):
        errors.invalid("code_wrong", "/code")


async def _take(account: db.Row, claim: db.Row) -> None:
    """The address becomes the account's; links to the one before stop, and who has that one is told."""
    kind, address = ContactKind(claim["kind"]), _address(claim)
    if account["mail" if kind == ContactKind.MAIL else "phone_index"]:
        await messages.send("account.contact_changed", account=account["id"])
    await tokens.revoke_all(account["id"], TokenUse.RECOVERY)
    values = [address] if kind == ContactKind.MAIL else [
        crypto.seal(address, place=phone_place(account["id"])), crypto.blind_index(address, of="phone")
    ]  # fmt: skip
    try:
        async with db.transaction():
            await db.rows(f"UPDATE account SET {_columns(kind)} WHERE id = {{}}", *values, account["id"])  # noqa: S608
    except db.ConstraintViolated:
        errors.conflict("contact_taken")
    await db.rows("DELETE FROM claim WHERE kind = {} AND address_index = {}", kind, claim["address_index"])


def _columns(kind: ContactKind) -> str:
    return "mail = {}" if kind == ContactKind.MAIL else "phone_cipher = {}, phone_index = {}"


def _nothing(kind: ContactKind) -> list[None]:
    return [None] if kind == ContactKind.MAIL else [None, None]


def _address(claim: db.Row) -> str:
    return crypto.unseal(claim["address_cipher"], place=claim_place(claim["id"]))


async def _claim(account: UUID, kind: ContactKind) -> db.Row | None:
    return await db.row("SELECT * FROM claim WHERE account = {} AND kind = {}", account, kind)


async def _account(account: UUID) -> db.Row:
    found = await db.row(f"{ACCOUNTS} WHERE a.id = {{}}", account)
    if found is None:
        raise access.not_found()
    return found
