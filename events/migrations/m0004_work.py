"""What happened and what is to be done: notices, tasks, messages, remembered answers, imports."""

ID = "0004"
VERSION = "1.38.0"
DESCRIPTION = "Notices, tasks, messages, idempotency keys, imports"

STATEMENTS = (
    """CREATE TABLE notice (
        number {counter},
        txid {txid},
        event_id {uuid} REFERENCES event (id),
        kind {text} NOT NULL,
        subject {uuid},
        public {boolean} NOT NULL,
        account {uuid} REFERENCES account (id),
        at {time} NOT NULL,
        data {text} NOT NULL)""",
    "CREATE INDEX notice_in_order ON notice (txid, number)",
    "CREATE INDEX notice_by_event ON notice (event_id, txid, number)",
    "CREATE INDEX notice_of_account ON notice (subject, number) WHERE kind LIKE 'account.%'",
    "CREATE INDEX notice_of_marks ON notice (event_id, subject, number) WHERE kind = 'marks.entered'",
    """CREATE TABLE task (
        id {uuid} PRIMARY KEY,
        kind {text} NOT NULL,
        payload {text} NOT NULL,
        due_at {time} NOT NULL,
        leased_until {time},
        attempts {integer} NOT NULL,
        state {text} NOT NULL CHECK (state IN ('waiting', 'done', 'given_up')),
        failure {text},
        created_at {time} NOT NULL)""",
    "CREATE INDEX task_due ON task (due_at) WHERE state = 'waiting'",
    """CREATE TABLE message (
        id {uuid} PRIMARY KEY,
        account {uuid} REFERENCES account (id),
        person {uuid} REFERENCES person (id),
        event_id {uuid} REFERENCES event (id),
        kind {text} NOT NULL,
        address {text},
        language {text} NOT NULL CHECK (language IN ('zh', 'en')),
        params {text} NOT NULL,
        sent_at {time},
        read_at {time},
        created_at {time} NOT NULL)""",
    "CREATE INDEX message_by_person ON message (person, created_at)",
    "CREATE INDEX message_by_account ON message (account, created_at) WHERE account IS NOT NULL",
    """CREATE TABLE idempotency_key (
        id {uuid} PRIMARY KEY,
        account {uuid} NOT NULL REFERENCES account (id),
        key {text} NOT NULL,
        request_digest {bytes} NOT NULL,
        status {integer} NOT NULL,
        headers {text} NOT NULL,
        body {bytes} NOT NULL,
        created_at {time} NOT NULL)""",
    """CREATE TABLE import_run (
        id {uuid} PRIMARY KEY,
        kind {text} NOT NULL,
        digest {bytes} NOT NULL,
        rows_done {integer} NOT NULL,
        rows_left_out {integer} NOT NULL DEFAULT 0,
        finished_at {time},
        created_at {time} NOT NULL,
        UNIQUE (kind, digest))""",
)


async def forwards() -> None:
    """Create the tables with their keys, constraints and indexes."""
    from events import db  # Piccolo's command line imports migrations by file name, before our packages

    await db.run_script(STATEMENTS)
