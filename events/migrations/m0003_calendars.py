"""Sessions get a version and a calendar entry in each language; indexes for feeds."""

ID = "0003"
VERSION = "1.38.0"
DESCRIPTION = "Calendar entries in both languages, versions of sessions"

STATEMENTS = (
    "ALTER TABLE session ADD COLUMN vevent_en {text} NOT NULL DEFAULT ''",
    "ALTER TABLE session ADD COLUMN vevent_digest {text} NOT NULL DEFAULT ''",
    "ALTER TABLE session ADD COLUMN version {integer} NOT NULL DEFAULT 1 CHECK (version > 0)",
    "CREATE INDEX session_by_end ON session (ends_at, id)",
    "CREATE INDEX session_by_change ON session (updated_at)",
    "CREATE INDEX event_by_change ON event (updated_at)",
)


async def forwards() -> None:
    """Add the columns and the indexes."""
    from events import db  # Piccolo's command line imports migrations by file name, before our packages

    await db.run_script(STATEMENTS)
