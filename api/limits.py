"""Rate limits: so many requests a minute for each account or address, told in headers (RateLimit-*, Retry-After).

What lies ready for everybody (api/ready) is handed out before anybody is counted: it costs less than the counting.

A token or cookie that opens nothing counts for the address, or who makes up a new one each time would have no limit.

A bucket in the memory of each process; what must hold across processes and restarts, such as tries to sign in, is kept
by the accounts themselves.
"""

import math
import time
from collections import OrderedDict
from collections.abc import Callable
from hashlib import sha256

from litestar.types import ASGIApp, HTTPScope, Message, Receive, Scope, Send

from api.asgi import Refuse, client, is_http
from api.auth import actor_of_scope
from events import settings
from events.errors import Reason, Refusal

MOST_KEPT = 100_000
MINUTE = 60.0
Header = tuple[bytes, bytes]


class TooMany(Refusal):
    """The share of this minute is used up."""

    status = 429


class Buckets:
    """Buckets that hold `limit` requests and fill again within a minute; the oldest ones are forgotten."""

    def __init__(self, limit: int, clock: Callable[[], float] = time.monotonic) -> None:
        self.limit, self.clock = limit, clock
        self.rate = limit / MINUTE
        self._kept: OrderedDict[bytes, tuple[float, float]] = OrderedDict()

    def take(self, key: bytes) -> float:
        """How many requests are left after this one; negative when there was none."""
        now = self.clock()
        left, at = self._kept.pop(key, (float(self.limit), now))
        left = min(float(self.limit), left + (now - at) * self.rate) - 1
        self._kept[key] = (max(left, 0.0) if left >= 0 else left + 1, now)
        if len(self._kept) > MOST_KEPT:
            self._kept.popitem(last=False)
        return left

    def headers(self, left: float) -> list[Header]:
        """What is told of a bucket with so much left."""
        full = math.ceil((self.limit - max(left, 0)) / self.rate)
        return [
            (b"ratelimit-limit", str(self.limit).encode()),
            (b"ratelimit-remaining", str(max(0, math.floor(left))).encode()),
            (b"ratelimit-reset", str(full).encode()),
        ]

    def wait(self, left: float) -> int:
        """After how many seconds there is one again."""
        return max(1, math.ceil(-left / self.rate))


def limited(app: ASGIApp, refuse: Refuse) -> ASGIApp:
    """Refuse what is too much, and tell everybody how much is left; 0 requests a minute are no limit at all."""
    limit = settings.current().rate_limit
    return with_buckets(app, Buckets(limit), refuse) if limit else app


def with_buckets(app: ASGIApp, buckets: Buckets, refuse: Refuse) -> ASGIApp:
    """The same with buckets that are given."""

    async def wrapped(scope: Scope, receive: Receive, send: Send) -> None:
        if not is_http(scope) or scope["path"].startswith("/static/"):
            await app(scope, receive, send)
            return
        left = buckets.take(_asker(scope))
        headers = buckets.headers(left)
        if left < 0:
            headers.append((b"retry-after", str(buckets.wait(left)).encode()))
            await refuse(scope, send, TooMany(Reason("too_many_requests")), headers=headers)
            return

        async def sending(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*message["headers"], *headers]
            await send(message)

        await app(scope, receive, sending)

    return wrapped


def _asker(scope: HTTPScope) -> bytes:
    """Whoever asks, as a short key that tells nobody who it is."""
    account = actor_of_scope(scope).account
    return account.bytes if account else sha256(client(scope).encode()).digest()[:12]
