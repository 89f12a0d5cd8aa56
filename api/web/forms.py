"""Forms as they come from pages: what was typed, read into the verbs' forms, and shown again with what is wrong."""

import hashlib
from collections.abc import Awaitable, Callable, Iterable, Mapping
from typing import TypeAlias, TypeVar
from uuid import UUID

from msgspec import Struct

from api.web.pages import Asked
from api.wording import Lang, words
from events import idempotency
from events.access import Actor
from events.errors import Reason, Refusal
from events.idempotency import AlreadyAnswered, Recalled, Remembering

Typed: TypeAlias = dict[str, str]
MOST_FIELDS = 200
Made = TypeVar("Made")


class Form(Struct, frozen=True):
    """A form on a page: what was typed, and a sentence for each field that is wrong ("" for the whole form)."""

    given: Mapping[str, str] = {}
    errors: Mapping[str, str] = {}


class Option(Struct, frozen=True):
    """One of several to choose: a link (chip, tab) or the value of a field."""

    label: str
    url: str = ""
    current: bool = False
    count: int | None = None
    value: str = ""
    note: str = ""
    disabled: bool = False


async def typed(request: Asked) -> Typed:
    """The fields of a posted form, line ends as we store them."""
    fields = await request.form()
    return {
        name: value.replace("\r\n", "\n")
        for name, value in list(fields.items())[:MOST_FIELDS]
        if isinstance(value, str)
    }


def wrong(given: Typed, refusal: Refusal, lang: Lang, fields: Mapping[str, str] | None = None) -> Form:
    """The form once more, each sentence at its field; `fields` are names that differ, the verb's: the page's."""
    return Form(given, sentences(refusal.reasons, lang, given, fields or {}))


def sentences(reasons: Iterable[Reason], lang: Lang, known: Iterable[str], fields: Mapping[str, str]) -> dict[str, str]:
    """Field -> sentence; what belongs to no field that the page has stands under ""."""
    found: dict[str, str] = {}
    here = {*known, *fields.values()}
    for reason in reasons:
        inner_first = reversed(reason.pointer.split("/"))
        field = next((field for part in inner_first if (field := fields.get(part, part)) in here), "")
        found[field] = f"{found[field]} {words(reason, lang)}" if field in found else words(reason, lang)
    return found


async def once(actor: Actor, key: str, work: Callable[[], Awaitable[str]]) -> str:
    """Do the work of a form once for its token and give the address to go on at, the same for every further press."""
    account, name = _named(actor, key)
    if known := await idempotency.recall(account, name):
        return known.body.decode()
    try:
        return await idempotency.again(lambda: _remembered(account, name, work))
    except (AlreadyAnswered, Refusal):
        if known := await idempotency.recall(account, name):
            return known.body.decode()
        raise


async def once_by(
    actor: Actor, key: str, verb: Callable[[Remembering[Made]], Awaitable[Made]], place: Callable[[Made], str]
) -> str:
    """The same for a verb that remembers the answer itself: the `place` of what it makes."""
    account, name = _named(actor, key)
    remembering = Remembering[Made](account, name, b"", lambda made: (303, [], place(made).encode()))
    try:
        return place(await verb(remembering))
    except Recalled as recalled:
        return recalled.answer.body.decode()
    except Refusal:  # because of what the press before has done just now
        if known := await idempotency.recall(account, name):
            return known.body.decode()
        raise


def _named(actor: Actor, key: str) -> tuple[UUID, str]:
    assert actor.account is not None, "only those who are signed in send such forms"
    return actor.account, f"page {hashlib.sha256(key.encode()).hexdigest()}"


async def _remembered(account: UUID, name: str, work: Callable[[], Awaitable[str]]) -> str:
    async with idempotency.attempt() as attempt:
        place = await work()
        await idempotency.remember(account, name, idempotency.Answer(b"", 303, [], place.encode()))
        attempt.keep = True
    return place


def asked(request: Asked) -> Typed:
    """The query of an address; of what is given twice the last counts."""
    return {name: value for name, value in request.query_params.items() if isinstance(value, str)}
