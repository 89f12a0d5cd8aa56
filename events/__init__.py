"""The domain and its persistence: everything the federation does, with no word of HTTP."""
