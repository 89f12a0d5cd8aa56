"""Accounts and their secrets: signing up, tokens for programs, the link to the membership, lost passwords."""

from typing import Annotated, Any
from uuid import UUID

from litestar import Request, delete, get, post, put
from litestar.params import JSONBody, PathParameter, QueryParameter
from msgspec import Struct

from api.auth import origin_of
from api.kinds import Asker, Cursor, Id, Limit
from events import access, accounts, people, settings
from events.accounts import (
    AccountDetail,
    AccountItem,
    AccountView,
    ClaimForm,
    DeviceView,
    DisableForm,
    Ended,
    Happening,
    LinkForm,
    NewToken,
    PasswordForm,
    ProofForm,
    RecoveryForm,
    RecoveryLink,
    SignInForm,
    SignUpForm,
    TokenForm,
    TokenView,
    Which,
)
from events.accounts.forms import Language, Password
from events.paging import Page
from events.people import PersonView
from events.terms import ContactKind
from events.text import Line


class LanguageForm(Struct, frozen=True, forbid_unknown_fields=True):
    """The language in which the asker is spoken to."""

    language: Language


class LoginForm(Struct, frozen=True, forbid_unknown_fields=True):
    """The name, or the proven phone or mail, of an account."""

    login: Line


class KindForm(Struct, frozen=True, forbid_unknown_fields=True):
    """Which of one's claims."""

    kind: ContactKind


class SearchForm(Struct, frozen=True, forbid_unknown_fields=True):
    """What an account is looked for by; in the body, since addresses are written down on the way."""

    text: Line


class NewPasswordForm(Struct, frozen=True, forbid_unknown_fields=True):
    """Another's new password."""

    password: Password


class Linked(Struct, frozen=True):
    """The person that the account is now linked to."""

    person: UUID


class CalendarAddress(Struct, frozen=True):
    """The address of a private calendar: the only time that it is shown."""

    id: UUID
    url: str


class SignedOut(Struct, frozen=True):
    """How many browsers were signed out."""

    count: int


@post("/accounts", operation_id="sign_up")
async def sign_up(data: JSONBody[SignUpForm]) -> AccountView:
    """Make an account for oneself: with a name, phone or mail, and a password."""
    return await accounts.sign_up(data)


@post("/tokens", operation_id="exchange_password_for_token")
async def exchange_password_for_token(request: Request[Any, Any, Any], data: JSONBody[SignInForm]) -> NewToken:
    """A token for a program in exchange for login and password; `device` becomes its name.

    A login may be tried 10 times in 15 minutes from one address, 200 times an hour from all together; right tries do
    not count.
    """
    signed_in = await accounts.sign_in(data, origin_of(request))
    try:
        actor = await accounts.actor_of_cookie(signed_in.token)
        return await accounts.issue_token(actor or access.ANONYMOUS, TokenForm(name=data.device or "API"))
    finally:
        await accounts.sign_out(signed_in.token)


@post("/recovery", operation_id="ask_recovery", status_code=204)
async def ask_recovery(data: JSONBody[LoginForm]) -> None:
    """Have a link sent to replace a lost password. The answer never tells whether there is such an account."""
    await accounts.ask_recovery(data.login)


@post("/recovery/finish", operation_id="finish_recovery", status_code=204)
async def finish_recovery(data: JSONBody[RecoveryForm]) -> None:
    """Set a new password by the secret out of the link; every sign-in and token of the account ends."""
    await accounts.recover(data)


@get("/me", operation_id="get_me")
async def get_me(actor: Asker) -> AccountView:
    """The asker's account."""
    return await accounts.own(actor)


@put("/me/language", operation_id="set_language")
async def set_language(actor: Asker, data: JSONBody[LanguageForm]) -> AccountView:
    """Choose the language in which one is spoken to."""
    await accounts.set_language(actor, data.language)
    return await accounts.own(actor)


@put("/me/password", operation_id="change_password", status_code=204)
async def change_password(actor: Asker, data: JSONBody[PasswordForm]) -> None:
    """Change one's password; every browser is signed out."""
    await accounts.change_password(actor, data)


@get("/me/person", operation_id="get_own_person")
async def get_own_person(actor: Asker) -> PersonView:
    """The person that the asker's account is linked to."""
    access.signed_in(actor)
    return await people.own(actor)


@post("/me/person", operation_id="link_membership", status_code=200)
async def link_membership(actor: Asker, data: JSONBody[LinkForm]) -> Linked:
    """Link the account to the real-name membership with exactly this name and identity number."""
    return Linked(await accounts.link(actor, data))


@get("/me/tokens", operation_id="list_tokens")
async def list_tokens(actor: Asker) -> Page[TokenView]:
    """The asker's tokens for programs, newest first; the secrets are not shown again."""
    return Page(await accounts.tokens(actor))


@post("/me/tokens", operation_id="issue_token")
async def issue_token(actor: Asker, data: JSONBody[TokenForm]) -> NewToken:
    """A new token with which a program acts as the asker."""
    return await accounts.issue_token(actor, data)


@delete("/me/tokens/{token_id:uuid}", operation_id="revoke_token")
async def revoke_token(actor: Asker, token_id: Id) -> None:
    """End a token."""
    await accounts.revoke_token(actor, token_id)


@get("/me/calendar", operation_id="get_calendar_token")
async def get_calendar_token(actor: Asker) -> TokenView:
    """Since when there is an address of one's private calendar; the address itself is not shown again."""
    access.signed_in(actor)
    found = await accounts.calendar_token(actor)
    if found is None:
        raise access.not_found()
    return found


@post("/me/calendar", operation_id="issue_calendar_token")
async def issue_calendar_token(actor: Asker) -> CalendarAddress:
    """A new address for one's private calendar; the one before it ends."""
    made = await accounts.issue_calendar_token(actor)
    return CalendarAddress(made.id, f"{settings.current().base_url.rstrip('/')}/calendars/{made.token}.ics")


@get("/me/devices", operation_id="list_devices")
async def list_devices(actor: Asker) -> Page[DeviceView]:
    """The browsers that are signed in to the asker's account, newest first."""
    return Page(await accounts.devices(actor))


@delete("/me/devices/{device_id:uuid}", operation_id="sign_out_device")
async def sign_out_device(actor: Asker, device_id: Id) -> None:
    """Sign one browser out."""
    await accounts.sign_out_device(actor, device_id)


@post("/me/devices/sign-out", operation_id="sign_out_everywhere", status_code=200)
async def sign_out_everywhere(actor: Asker) -> SignedOut:
    """Sign every browser out."""
    return SignedOut(await accounts.sign_out_everywhere(actor))


@put("/me/contact", operation_id="claim_contact")
async def claim_contact(actor: Asker, data: JSONBody[ClaimForm]) -> AccountView:
    """Say that a phone or mail is one's own; a code is sent there, and counts for ten minutes."""
    return await accounts.claim(actor, data)


@post("/me/contact/code", operation_id="send_code", status_code=204)
async def send_code(actor: Asker, data: JSONBody[KindForm]) -> None:
    """Send another code to a claimed phone or mail; the one before it no longer counts."""
    await accounts.send_code(actor, data.kind)


@post("/me/contact/proof", operation_id="prove_contact", status_code=200)
async def prove_contact(actor: Asker, data: JSONBody[ProofForm]) -> AccountView:
    """Prove a claimed phone or mail by the code that was sent there."""
    return await accounts.prove(actor, data)


@delete("/me/contact", operation_id="drop_claim")
async def drop_claim(actor: Asker, kind: Annotated[ContactKind, QueryParameter()]) -> None:
    """Take back a claim on a phone or mail that is not proven yet."""
    await accounts.drop_claim(actor, kind)


@get("/accounts", operation_id="list_accounts")
async def list_accounts(
    actor: Asker, which: Annotated[Which, QueryParameter()] = "all", cursor: Cursor = "", limit: Limit = 50
) -> Page[AccountItem]:
    """All accounts, or those with roles, or the disabled ones, newest first. Right `keep_accounts`."""
    return await accounts.everyone(actor, which=which, cursor=cursor, limit=limit)


@post("/accounts/search", operation_id="search_accounts", status_code=200)
async def search_accounts(actor: Asker, data: JSONBody[SearchForm]) -> Page[AccountItem]:
    """Up to 20 accounts by name, person, or a whole phone, mail or identity number. Right `keep_accounts`."""
    return Page(await accounts.search(actor, data.text))


@post("/accounts/find", operation_id="find_account", status_code=200)
async def find_account(actor: Asker, data: JSONBody[LoginForm]) -> AccountView:
    """The account with exactly this name, or this proven phone or mail, for those who hand out roles."""
    return await accounts.find(actor, data.login)


@get("/accounts/{account_id:uuid}", operation_id="get_account")
async def get_account(actor: Asker, account_id: Id) -> AccountDetail:
    """One account: whose it is, its roles, when it was used, whether it is shut out. Right `keep_accounts`."""
    return await accounts.look(actor, account_id)


@get("/accounts/{account_id:uuid}/history", operation_id="list_account_history")
async def list_account_history(actor: Asker, account_id: Id, cursor: Cursor = "", limit: Limit = 50) -> Page[Happening]:
    """What has happened to an account: sign-ins, roles, passwords, by whom; newest first. Right `keep_accounts`."""
    return await accounts.history(actor, account_id, cursor=cursor, limit=limit)


@put("/accounts/{account_id:uuid}/password", operation_id="set_password", status_code=204)
async def set_password(actor: Asker, account_id: Id, data: JSONBody[NewPasswordForm]) -> None:
    """Set another's password; every sign-in and token of the account ends, the private calendar's too.

    Right `keep_accounts`.
    """
    await accounts.set_password(actor, account_id, data.password)


@post("/accounts/{account_id:uuid}/recovery", operation_id="issue_recovery_link")
async def issue_recovery_link(actor: Asker, account_id: Id) -> RecoveryLink:
    """A link to set a new password, to be handed over in person; the account is told. Right `keep_accounts`."""
    return await accounts.issue_link(actor, account_id)


@post("/accounts/{account_id:uuid}/sign-out", operation_id="end_sign_ins", status_code=200)
async def end_sign_ins(actor: Asker, account_id: Id) -> Ended:
    """Sign all browsers of an account out and end all its tokens. Right `keep_accounts`."""
    return await accounts.end_sign_ins(actor, account_id)


@post("/accounts/{account_id:uuid}/disable", operation_id="disable_account", status_code=204)
async def disable_account(actor: Asker, account_id: Id, data: JSONBody[DisableForm]) -> None:
    """Shut an account out, with a reason. Right `keep_accounts`."""
    await accounts.disable(actor, account_id, data)


@post("/accounts/{account_id:uuid}/enable", operation_id="enable_account", status_code=204)
async def enable_account(actor: Asker, account_id: Id) -> None:
    """Let an account in again. Right `keep_accounts`."""
    await accounts.enable(actor, account_id)


@delete("/accounts/{account_id:uuid}/contact/{kind:str}", operation_id="release_contact")
async def release_contact(actor: Asker, account_id: Id, kind: Annotated[ContactKind, PathParameter()]) -> None:
    """Take a phone or mail away from an account that it no longer belongs to. Right `keep_accounts`."""
    await accounts.release(actor, account_id, kind)


@delete("/accounts/{account_id:uuid}/person", operation_id="unlink_account")
async def unlink_account(actor: Asker, account_id: Id) -> None:
    """Take the link of an account to a person away. Right `keep_accounts`."""
    await accounts.unlink(actor, account_id)


CONTACTS = [claim_contact, send_code, prove_contact, drop_claim]
KEPT = [
    list_accounts, search_accounts, find_account, get_account, list_account_history, set_password,
    issue_recovery_link, end_sign_ins,
    disable_account, enable_account, unlink_account, release_contact,
]  # fmt: skip
ROUTES = [
    sign_up, exchange_password_for_token, ask_recovery, finish_recovery, get_me, set_language, change_password,
    get_own_person, link_membership, list_tokens, issue_token, revoke_token, get_calendar_token, issue_calendar_token,
    list_devices, sign_out_device, sign_out_everywhere, *CONTACTS, *KEPT,
]  # fmt: skip
