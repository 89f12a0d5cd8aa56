"""The asker's messages."""

from uuid import UUID

from litestar import get, post
from litestar.params import JSONBody
from msgspec import Struct

from api.kinds import Asker, Cursor, Id, Limit
from events import access, messages
from events.messages import MessageView
from events.paging import Page


class Unread(Struct, frozen=True):
    """How many messages have not been read."""

    unread: int


class ReadUpTo(Struct, frozen=True, forbid_unknown_fields=True):
    """The newest message that was shown."""

    newest: UUID


@get("/me/messages", operation_id="list_messages")
async def list_messages(actor: Asker, cursor: Cursor = "", limit: Limit = 50) -> Page[MessageView]:
    """The asker's messages, newest first."""
    access.signed_in(actor)
    return await messages.inbox(actor, cursor=cursor, limit=limit)


@get("/me/messages/unread", operation_id="count_unread")
async def count_unread(actor: Asker) -> Unread:
    """How many messages the asker has not read."""
    access.signed_in(actor)
    return Unread(await messages.unread(actor))


@post("/me/messages/{message_id:uuid}/read", operation_id="mark_message_read", status_code=204)
async def mark_message_read(actor: Asker, message_id: Id) -> None:
    """Note that a message has been read."""
    access.signed_in(actor)
    await messages.mark_read(actor, message_id)


@post("/me/messages/read", operation_id="mark_messages_read", status_code=204)
async def mark_messages_read(actor: Asker, data: JSONBody[ReadUpTo]) -> None:
    """Note that all messages up to the newest that was shown have been read; later ones stay unread."""
    access.signed_in(actor)
    await messages.mark_all_read(actor, newest=data.newest)


ROUTES = [list_messages, count_unread, mark_message_read, mark_messages_read]
