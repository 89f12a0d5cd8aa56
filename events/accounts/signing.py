"""Signing up, in and out; a browser holds a random secret of which only the hash is kept."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from events import access, clock, db, errors, ids, tasks
from events.access import Actor
from events.accounts import claims, logins, passwords, throttle, trying
from events.accounts.forms import AccountView, DeviceView, SignedIn, SignInForm, SignUpForm
from events.accounts.logins import Logins
from events.accounts.trying import Origin
from events.errors import Reason
from events.people import identity, names
from events.terms import ContactKind

LASTS = timedelta(days=30)
NOWHERE = Origin()
VALID = "revoked_at IS NULL AND expires_at > {}"


def flaws_of(form: SignUpForm) -> list[Reason]:
    """All that is wrong with a new login by itself."""
    wanted = _wanted(form)
    return [*logins.flaws(wanted), *passwords.flaws(form.password, wanted.name, wanted.phone, wanted.mail)]


def _wanted(form: SignUpForm) -> Logins:
    return Logins(
        name=names.tidy(form.name or ""),
        phone=identity.plain_phone(form.phone or ""),
        mail=(form.mail or "").strip().lower(),
    )


async def sign_up(form: SignUpForm, *, key: str = "") -> AccountView:
    """Make an account and send codes to its phone and mail, which are claims until then.

    Whether another has that phone or mail is told to who can prove it. `key` is that of a form that is sent once.
    Invalid with login_missing, name_taken, password_short and the like; Conflict signed_up_already.
    """
    wanted = _wanted(form)
    errors.refuse([*flaws_of(form), *await logins.taken(wanted.name)])
    kept = await passwords.hashed(form.password)
    claimed = {ContactKind.PHONE: wanted.phone, ContactKind.MAIL: wanted.mail}
    sendable = [address for address in claimed.values() if address and await throttle.allows(throttle.CODES, address)]
    async with db.transaction():
        if key and not await throttle.first(throttle.FORM, f"{key} {wanted.phone} {wanted.mail}"):
            errors.conflict("signed_up_already")
        account = await logins.insert(wanted.name, password_hash=kept, language=form.language)
        for kind, address in claimed.items():
            if address:
                await claims.put(account, kind, address, send=address in sendable)
    found = await logins.look(account)
    assert found is not None
    return found


async def sign_in(form: SignInForm, origin: Origin = NOWHERE) -> SignedIn:
    """Sign a browser in for 30 days; Invalid sign_in_failed whatever was wrong, Conflict too_many_tries."""
    login = logins.plain(form.login)
    found = await logins.accounts_to_enter(login)
    await trying.admit(login, found, origin)
    account = await _whose(found, form.password)
    if account is None or account["disabled_at"]:
        errors.invalid("sign_in_failed")
    await trying.forget(login, found, origin)
    return await open_browser(account["id"], form.device)


async def _whose(found: list[db.Row], password: str) -> db.Row | None:
    """The account that the password belongs to; as slow when there is none."""
    if not found:
        await passwords.fits(None, password)
    for account in found:
        if await passwords.fits(account["password_hash"], password):
            return account
    return None


async def open_browser(account: UUID, device: str) -> SignedIn:
    """Sign a browser in to an account; whoever calls has made sure that it may."""
    now, secret = clock.now(), ids.secret()
    sign_in = ids.new()
    made = SignedIn(
        id=sign_in, account=account, token=secret, expires_at=now + LASTS, mark=trying.mark_of(account, sign_in)
    )
    await db.rows(
        "INSERT INTO sign_in (id, account, token_hash, device, created_at, expires_at) VALUES ({}, {}, {}, {}, {}, {})",
        made.id, account, ids.digest(secret), device, now, made.expires_at,
    )  # fmt: skip
    return made


async def devices(actor: Actor, *, token: str = "") -> list[DeviceView]:
    """The browsers that are signed in to the actor's account, the newest first; `token` tells which one asks."""
    account, asking = access.signed_in(actor), ids.digest(token)
    sql = f"SELECT * FROM sign_in WHERE account = {{}} AND {VALID} ORDER BY id DESC"  # noqa: S608
    return [_device(row, asking) for row in await db.rows(sql, account, clock.now())]


async def sign_out(token: str) -> None:
    """End the sign-in with this secret; an unknown one is as good as ended."""
    await db.rows("UPDATE sign_in SET revoked_at = {} WHERE token_hash = {}", clock.now(), ids.digest(token))


async def sign_out_device(actor: Actor, sign_in: UUID) -> None:
    """End one of the actor's sign-ins; NotFound when it is none of theirs."""
    account, now = access.signed_in(actor), clock.now()
    sql = f"UPDATE sign_in SET revoked_at = {{}} WHERE id = {{}} AND account = {{}} AND {VALID} RETURNING id"  # noqa: S608
    if not await db.rows(sql, now, sign_in, account, now):
        raise access.not_found()


async def sign_out_everywhere(actor: Actor, *, but: str = "") -> int:
    """End all the actor's sign-ins, except the one with the secret `but`; gives how many."""
    account = access.signed_in(actor)
    return await close_browsers(account, but=but)


async def close_browsers(account: UUID, *, but: str = "") -> int:
    """End all sign-ins to an account, except the one with the secret `but`; gives how many."""
    now = clock.now()
    sql = f"UPDATE sign_in SET revoked_at = {{}} WHERE account = {{}} AND token_hash <> {{}} AND {VALID} RETURNING id"  # noqa: S608
    return len(await db.rows(sql, now, account, ids.digest(but), now))


@tasks.every(3600)
async def forget_ended_sign_ins() -> None:
    """Sign-ins are kept for a month after their end."""
    await db.rows("DELETE FROM sign_in WHERE expires_at < {}", clock.now() - LASTS)


def _device(row: db.Row, asking: bytes) -> DeviceView:
    return DeviceView(
        id=row["id"],
        device=row["device"],
        created_at=row["created_at"],
        expires_at=row["expires_at"],
        current=bytes(row["token_hash"]) == asking,
    )
