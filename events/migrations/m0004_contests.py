"""What contests, draws and marking need beyond the foundation.

A contest counts the numbers it has given to entries; a stage keeps the list that was announced for its draw and where
the key was said to come from; a confirmation that is taken back and a result that is corrected keep why;
marks are read in the order they came.
"""

ID = "0004"
VERSION = "1.38.0"
DESCRIPTION = "Numbers of entries, announced draws, reasons of withdrawn sign-offs and corrections"

STATEMENTS = (
    "ALTER TABLE contest ADD COLUMN last_number {integer} NOT NULL DEFAULT 0",
    "ALTER TABLE stage ADD COLUMN draw_list {text}",
    "ALTER TABLE stage ADD COLUMN draw_source {text}",
    "ALTER TABLE sign_off ADD COLUMN reason {text}",
    "ALTER TABLE board ADD COLUMN reason {text}",
    "CREATE INDEX mark_by_time ON mark (event_id, stage_id, entered_at, id)",
)


async def forwards() -> None:
    """Add the columns and the index."""
    from events import db  # Piccolo's command line imports migrations by file name, before our packages

    await db.run_script(STATEMENTS)
