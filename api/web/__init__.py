"""Pages, rendered on the server, that work without script."""
