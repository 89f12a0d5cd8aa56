"""Events as bytes. Each is packed once for all who take it, as a piece of deflate that may follow any other.

So watchers share one stream although they came at different times: gzip without an end, and without a memory of what
was sent before.
"""

import zlib
from collections.abc import Sequence
from functools import cached_property

import msgspec

from api.live.changes import Parts, change

PIECE = 32 * 1024
GZIP = b"\x1f\x8b\x08\0\0\0\0\0\0\xff"  # how a packed stream begins (RFC 1952)
WORTH_IT = 2  # a change packs worse than a whole board, in which much comes twice


class Event:
    """What watchers are sent, in pieces between which others get their turn."""

    def __init__(self, plain: bytes) -> None:
        self.plain = plain

    def pieces(self, *, packed: bool) -> Sequence[bytes]:
        """The bytes to be sent one after the other."""
        return self._packed if packed else self._unpacked

    @cached_property
    def _unpacked(self) -> Sequence[bytes]:
        return _pieces(self.plain)

    @cached_property
    def _packed(self) -> Sequence[bytes]:
        packer = zlib.compressobj(level=1, wbits=-zlib.MAX_WBITS)
        return _pieces(packer.compress(self.plain) + packer.flush(zlib.Z_FULL_FLUSH))


class Shown:
    """A board as it is shown: whole, and how it came of the one that was shown before."""

    def __init__(self, tag: str, body: bytes, before: "Shown | None") -> None:
        self.tag = tag
        self.parts = Parts(body)
        self.whole = event("board", tag, body)
        self.before = before.tag if before else ""
        self.change = self._change(before) if before else None

    def since(self, known: str) -> Event:
        """What somebody is sent who knows another board, or none."""
        return self.change if self.change is not None and known == self.before else self.whole

    def _change(self, before: "Shown") -> Event | None:
        found = change(before.parts, self.parts, before=before.tag, after=self.tag)
        if found is None:
            return None
        made = event("change", self.tag, msgspec.json.encode(found))
        return made if len(made.plain) * WORTH_IT < len(self.whole.plain) else None


def event(kind: str, tag: str, data: bytes) -> Event:
    """An event of a stream; JSON has no line breaks."""
    return Event(b"event: %s\nid: %s\ndata: %s\n\n" % (kind.encode(), tag.encode(), data))


def _pieces(content: bytes) -> Sequence[bytes]:
    return [content[start : start + PIECE] for start in range(0, len(content), PIECE)]
