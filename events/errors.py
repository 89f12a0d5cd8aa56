"""What can be said no with: codes and parameters, put into words by whoever speaks to a person."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Never


@dataclass(frozen=True)
class Reason:
    """One thing that is wrong; `pointer` (RFC 6901) names the field of the input it concerns."""

    code: str
    pointer: str = ""
    params: Mapping[str, object] = field(default_factory=dict)


class Refusal(Exception):
    """A verb was refused; nothing was written."""

    def __init__(self, *reasons: Reason, until: datetime | None = None) -> None:
        super().__init__(", ".join(f"{reason.pointer} {reason.code}".strip() for reason in reasons))
        self.reasons = reasons
        self.until = until


class Invalid(Refusal):
    """The input is wrong: each reason names its field."""


class Conflict(Refusal):
    """The input is right, the state of things does not allow it."""


class NotFound(Refusal):
    """Unknown or forbidden: the two look alike on purpose."""


class NotSignedIn(Refusal):
    """Somebody has to sign in first."""


class Stale(Refusal):
    """The thing was changed by another since it was read."""


class Unavailable(Refusal):
    """What everything needs is away for a while: the database. Nothing is wrong with what was asked."""

    def __init__(self) -> None:
        super().__init__(Reason("unavailable"))


class Interrupted(Unavailable):
    """The database undid a transaction that stood in another's way; the same once more may well succeed."""


def refuse(reasons: Iterable[Reason]) -> None:
    """Raise Invalid with every reason at once, if there is any."""
    if found := tuple(reasons):
        raise Invalid(*found)


def invalid(code: str, pointer: str = "", **params: object) -> Never:
    """Raise Invalid for one field."""
    raise Invalid(Reason(code, pointer, params))


def conflict(code: str, pointer: str = "", **params: object) -> Never:
    """Raise Conflict with one reason."""
    raise Conflict(Reason(code, pointer, params))
