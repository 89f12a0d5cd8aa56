"""What a crowd asks at once, carried out before the router, which would take longer over it than the verb does.

Only where nothing is wrong with how it is asked: the router answers all else, and whatever the verb refuses.
"""

from collections.abc import Awaitable, Callable
from functools import cache
from typing import Any, NamedTuple

import msgspec
from litestar.types import ASGIApp, HTTPScope, Receive, Scope, Send

from api.asgi import body, header, is_http, start
from api.auth import actor_of_scope
from api.conditional import version_header
from api.idempotency import KEY, LARGEST_BODY, digest_of, in_flight, key_of, once, replayed, whole_body
from api.methods import Found
from events.access import Actor
from events.idempotency import Recalled, Remembering

FAILURE = "failure"
JSON = "application/json"
Verb = Callable[..., Awaitable[msgspec.Struct]]


class Direct(NamedTuple):
    """How to do without the handler: who asks, what is in the address, the form and how the answer is remembered."""

    form: type[msgspec.Struct]
    verb: Verb


def directly(form: type[msgspec.Struct], verb: Verb) -> dict[str, Any]:
    """The `opt` of a handler that does nothing but call a verb, which does at once what many ask for."""
    return {"direct": Direct(form, verb)}


def direct(app: ASGIApp, *, found: Callable[[HTTPScope], Found | None]) -> ASGIApp:
    """Carry out what is marked with `directly`; the key of a request, too, is left to the verb."""

    async def wrapped(scope: Scope, receive: Receive, send: Send) -> None:
        here = found(scope) if is_http(scope) and _is_plain(scope) else None
        if not is_http(scope) or here is None or "direct" not in here.handler.opt:
            await app(scope, receive, send)
            return
        content = await whole_body(receive)
        if content is None:
            return
        if len(content) > LARGEST_BODY or not await _carried_out(scope, send, here, content):
            await app(scope, once(content), send)

    return wrapped


@cache
def _decoder(form: type[msgspec.Struct]) -> msgspec.json.Decoder[Any]:
    return msgspec.json.Decoder(form)


def _is_plain(scope: HTTPScope) -> bool:
    return (
        scope["method"] == "POST"
        and not scope["query_string"]
        and actor_of_scope(scope).account is not None
        and header(scope, b"content-type") == JSON
    )


async def _carried_out(scope: HTTPScope, send: Send, here: Found, content: bytes) -> bool:
    """Whether it was answered; if not, the router has to say what is wrong."""
    actor, key, work = actor_of_scope(scope), key_of(scope), here.handler.opt["direct"]
    assert actor.account is not None
    try:
        form = _decoder(work.form).decode(content)
    except (msgspec.DecodeError, RecursionError):
        return False
    if key is None:
        return await _answered(scope, send, here, Asked(actor, form))
    if not KEY.fullmatch(key):
        return False
    with in_flight(actor.account, key) as alone:
        return alone and await _answered(scope, send, here, Asked(actor, form, (key, digest_of(scope, content))))


class Asked(NamedTuple):
    """Who asks what, and the key and the digest under which the answer is to be remembered."""

    actor: Actor
    form: msgspec.Struct
    key: tuple[str, bytes] | None = None


async def _answered(scope: HTTPScope, send: Send, here: Found, asked: Asked) -> bool:
    def written(made: msgspec.Struct) -> tuple[int, list[tuple[str, str]], bytes]:
        headers = [("content-type", JSON), *version_header(made).items()]
        return here.handler.status_code, headers, msgspec.json.encode(made)

    account, work = asked.actor.account, here.handler.opt["direct"]
    remembering = Remembering(account, *asked.key, written) if asked.key and account else None
    try:
        made = await work.verb(asked.actor, *here.parameters.values(), asked.form, remembering=remembering)
    except Recalled as recalled:
        for message in replayed(recalled.answer):
            await send(message)
        return True
    except Exception as failure:
        scope[FAILURE] = failure  # type: ignore[literal-required]
        return False
    status, headers, encoded = written(made)
    sent = [(name.encode(), value.encode()) for name, value in headers]
    await send(start(status, [*sent, (b"content-length", b"%d" % len(encoded))]))
    await send(body(encoded))
    return True
