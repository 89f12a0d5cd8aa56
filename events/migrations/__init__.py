"""The history of the schema: each file runs forwards once, in the order of its ID, on SQLite and on PostgreSQL."""
