"""What is logged: method, route and status, traces without the values in them; never bodies, cookies or secrets."""

import logging
import sys

import structlog

from events import settings


def configure() -> None:
    """Log lines as text to standard error, from the level of the settings on."""
    level = logging.getLevelNamesMapping().get(settings.current().log_level.upper(), logging.INFO)
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso"),
            structlog.dev.ConsoleRenderer(
                colors=sys.stderr.isatty(), exception_formatter=structlog.dev.plain_traceback
            ),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=False,
    )
