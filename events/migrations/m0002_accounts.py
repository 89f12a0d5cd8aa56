"""What people and accounts need beyond the foundation.

Tries are counted durably; a token knows when it was last used; an account has one calendar token; a person's rows are
found from the person's side, so that two persons can be made one.
"""

ID = "0002"
VERSION = "1.38.0"
DESCRIPTION = "Counted tries, use of tokens, indexes by person"

STATEMENTS = (
    """CREATE TABLE throttle (
        id {uuid} PRIMARY KEY,
        purpose {text} NOT NULL,
        key {bytes} NOT NULL,
        tries {integer} NOT NULL CHECK (tries > 0),
        since {time} NOT NULL,
        UNIQUE (purpose, key))""",
    "ALTER TABLE token ADD COLUMN used_at {time}",
    "CREATE UNIQUE INDEX token_for_calendar ON token (account) WHERE use = 'calendar' AND revoked_at IS NULL",
    "CREATE INDEX member_by_person ON member (person)",
    "CREATE INDEX entry_by_person ON entry (person)",
    "CREATE INDEX message_by_account ON message (account, created_at)",
    "CREATE INDEX person_by_merged ON person (merged_into)",
    "CREATE INDEX person_by_mail ON person (mail)",
    "CREATE INDEX unions_by_code ON unions (code)",
)


async def forwards() -> None:
    """Add the table, the column and the indexes."""
    from events import db  # Piccolo's command line imports migrations by file name, before our packages

    await db.run_script(STATEMENTS)
