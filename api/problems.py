"""Problem documents (RFC 9457): every refusal as JSON that names each field, in the reader's language."""

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec
from litestar.types import Scope

from api.asgi import cookies
from api.wording import Lang, language, say, words
from events.errors import Conflict, Interrupted, Invalid, NotFound, NotSignedIn, Reason, Refusal, Stale, Unavailable

MEDIA_TYPE = "application/problem+json"
STATUS: dict[type[Refusal], int] = {
    Invalid: 422, Conflict: 409, NotFound: 404, NotSignedIn: 401, Stale: 412, Unavailable: 503, Interrupted: 503,
}  # fmt: skip
LONGEST = 200  # of an Accept-Language header: what it wishes for is remembered
SLUGS = {
    400: "malformed", 401: "not-signed-in", 403: "forbidden", 404: "not-found", 405: "method-not-allowed",
    406: "not-acceptable", 409: "conflict", 412: "stale", 413: "too-large", 415: "media-type", 422: "invalid",
    429: "too-many-requests", 500: "internal", 503: "unavailable",
}  # fmt: skip


class FieldError(msgspec.Struct, frozen=True):
    """One thing that is wrong: `pointer` (RFC 6901) names the field, `code` is stable, `message` is for people."""

    pointer: str
    code: str
    message: str
    params: dict[str, Any] = {}


class Problem(msgspec.Struct, frozen=True, omit_defaults=True):
    """A problem document; `until` tells when waiting would help."""

    type: str
    title: str
    status: int
    detail: str = ""
    errors: list[FieldError] = []
    until: str = ""


def problem(status: int, reasons: Sequence[Reason], lang: Lang, *, until: str = "") -> Problem:
    """The document for some reasons."""
    slug = SLUGS.get(status, "problem")
    errors = field_errors(reasons, lang)
    detail = " ".join(error.message for error in errors)
    return Problem(
        f"/problems/{slug}", say(lang, f"problem.title_{slug.replace('-', '_')}"), status, detail, errors, until
    )


def field_errors(reasons: Sequence[Reason], lang: str) -> list[FieldError]:
    """Reasons as data with a sentence each."""
    spoken: Lang = "en" if lang == "en" else "zh"
    return [FieldError(reason.pointer, reason.code, words(reason, spoken), dict(reason.params)) for reason in reasons]


def of_refusal(refusal: Refusal, lang: Lang) -> Problem:
    """The document for a verb that was refused."""
    until = refusal.until.isoformat() if refusal.until else ""
    return problem(status_of(refusal), refusal.reasons, lang, until=until)


def status_of(refusal: Refusal) -> int:
    """The status for a refusal; one of a way in, which the verbs do not know, names its own."""
    return getattr(refusal, "status", None) or STATUS[type(refusal)]


def headers_of(status: int) -> dict[str, str]:
    """What is told beside a refusal: how to sign in, when to ask again."""
    return {401: {"WWW-Authenticate": 'Bearer realm="magpie"'}, 503: {"Retry-After": "5"}}.get(status, {})


def lang_of(scope: Scope) -> Lang:
    """The reader's language: the one chosen on the page, else the browser's or program's."""
    headers = dict(scope["headers"])
    return lang_in(cookies(headers), headers.get(b"accept-language", b""))


def lang_in(chosen: Mapping[str, str], accepted: bytes) -> Lang:
    """The same by cookies and an Accept-Language header."""
    known: dict[str, Lang] = {"zh": "zh", "en": "en"}
    return known.get(chosen.get("lang", "")) or language(accepted[:LONGEST].decode("latin-1"))
