"""The time: the only reader of the clock."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime

_moment: ContextVar[datetime | None] = ContextVar("moment", default=None)


def now() -> datetime:
    """This moment, aware, in UTC."""
    return _moment.get() or datetime.now(UTC)


@contextmanager
def at(moment: datetime) -> Iterator[None]:
    """Within it, and for nobody else, it is `moment`: so that the demo federation can have a past."""
    token = _moment.set(moment)
    try:
        yield
    finally:
        _moment.reset(token)
