"""The form of a scheme document as JSON Schema 2020-12."""
JSON_SCHEMA: dict[str, object] = {}
