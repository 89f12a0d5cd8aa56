"""Small words for what lies below the router."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Protocol, TypeGuard

from litestar.enums import ScopeType
from litestar.types import HTTPResponseBodyEvent, HTTPResponseStartEvent, HTTPScope, Scope, Send

from events.errors import Refusal

THEMES = ("light", "dark")
Headers = Iterable[tuple[bytes, bytes]]


class Refuse(Protocol):
    """Answers a refusal from outside of the router."""

    async def __call__(
        self, scope: HTTPScope, send: Send, refusal: Refusal, *, headers: Sequence[tuple[bytes, bytes]] = ()
    ) -> None:
        """Send the whole answer."""


def is_http(scope: Scope) -> TypeGuard[HTTPScope]:
    """Whether this is a request, and no start of the server or socket."""
    return scope["type"] == ScopeType.HTTP


def header(scope: HTTPScope, name: bytes) -> str:
    """A header of a request, or nothing."""
    return next((value for one, value in scope["headers"] if one == name), b"").decode("latin-1")


def cookies(headers: Mapping[bytes, bytes]) -> dict[str, str]:
    """The cookies of a request; of two with one name the first."""
    parts = headers.get(b"cookie", b"").decode("latin-1").split(";")
    pairs = [part.strip().partition("=") for part in parts]
    return {name: value for name, _, value in reversed(pairs)}


def theme_in(chosen: Mapping[str, str]) -> str:
    """Light or dark, as it was chosen in this browser; nothing for as the device wants."""
    theme = chosen.get("theme", "")
    return theme if theme in THEMES else ""


def client(scope: Scope) -> str:
    """The network address that a request comes from, or nothing."""
    return (scope["client"] or ("", 0))[0]


def changed(scope: HTTPScope, changes: Mapping[str, object]) -> HTTPScope:
    """The same request but for some keys."""
    return {**scope, **changes}  # type: ignore[typeddict-item]  # the keys are those of a scope


def body(content: bytes = b"", *, more: bool = False) -> HTTPResponseBodyEvent:
    """A part of an answer's body, the last one unless there is more."""
    return {"type": "http.response.body", "body": content, "more_body": more}


def start(status: int, headers: Headers) -> HTTPResponseStartEvent:
    """The beginning of an answer."""
    return {"type": "http.response.start", "status": status, "headers": list(headers)}
