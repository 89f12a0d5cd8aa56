"""What happened, and what is to be done."""

from __future__ import annotations

from piccolo.columns import UUID, BigInt, Boolean, Bytea, Text, Timestamptz
from piccolo.table import Table


class Notice(Table):
    """The outbox: what changed, appended in the transaction that changed it."""

    number = BigInt(primary_key=True)
    txid = BigInt()
    event_id = UUID(null=True, default=None)
    kind = Text()
    subject = UUID(null=True, default=None)
    public = Boolean()
    account = UUID(null=True, default=None)
    at = Timestamptz()
    data = Text()


class Task(Table):
    """Background work; claimed by a lease, tried again, given up in the end."""

    id = UUID(primary_key=True)
    kind = Text()
    payload = Text()
    due_at = Timestamptz()
    leased_until = Timestamptz(null=True, default=None)
    attempts = BigInt()
    state = Text()
    failure = Text(null=True, default=None)
    created_at = Timestamptz()


class Message(Table):
    """What is sent to a person, on their page and by mail."""

    id = UUID(primary_key=True)
    account = UUID(null=True, default=None)
    person = UUID(null=True, default=None)
    event_id = UUID(null=True, default=None)
    kind = Text()
    address = Text(null=True, default=None)
    language = Text()
    params = Text()
    sent_at = Timestamptz(null=True, default=None)
    read_at = Timestamptz(null=True, default=None)
    created_at = Timestamptz()


class IdempotencyKey(Table):
    """The answer once given to a key, so that a repeated request gets the same one."""

    id = UUID(primary_key=True)
    account = UUID()
    key = Text()
    request_digest = Bytea()
    status = BigInt()
    headers = Text()
    body = Bytea()
    created_at = Timestamptz()


class ImportRun(Table):
    """How far a large import has come, so that it can go on after an interruption."""

    id = UUID(primary_key=True)
    kind = Text()
    digest = Bytea()
    rows_done = BigInt()
    rows_left_out = BigInt(default=0)
    finished_at = Timestamptz(null=True, default=None)
    created_at = Timestamptz()
