"""A registration that is not sent yet: kept in a cookie, so that nothing typed is lost and nothing is stored."""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from contextlib import suppress
from uuid import UUID

import msgspec
from litestar.datastructures import Cookie
from msgspec import Struct

from api.reading import read
from api.web.pages import Asked, cookie
from events import ids
from events.access import Actor
from events.registering import RegistrationForm

KEPT = 24 * 3600
LONGEST_NOTE = 500


class Draft(Struct, frozen=True):
    """What was chosen and typed so far; `token` makes sending it twice harmless, `account` is whose it is."""

    account: UUID
    token: str
    contest_id: UUID | None = None
    division_id: UUID | None = None
    person: UUID | None = None
    person_name: str = ""
    note: str = ""
    consent: bool = False

    def form(self) -> RegistrationForm:
        """The registration that it would be; Invalid for a cookie that we did not make."""
        fields = {name: getattr(self, name) for name in ("contest_id", "division_id", "person", "note")}
        return read(fields, RegistrationForm)


def read_draft(request: Asked, actor: Actor) -> Draft:
    """The draft of this browser, if it is this account's, or a fresh one."""
    assert actor.account is not None, "drafts begin after sign-in"
    with suppress(ValueError, msgspec.DecodeError):
        found = msgspec.json.decode(urlsafe_b64decode(request.cookies.get("draft", "")), type=Draft)
        if found.account == actor.account:
            return found
    return Draft(actor.account, ids.secret())


def draft_cookie(event_id: UUID, draft: Draft) -> Cookie:
    """The cookie that keeps a draft, for the steps of this event's registration only."""
    value = urlsafe_b64encode(msgspec.json.encode(draft)).decode()
    return cookie("draft", value, max_age=KEPT, path=steps_path(event_id))


def steps_path(event_id: UUID) -> str:
    """Where the steps of registering for an event begin."""
    return f"/events/{event_id}/register"
