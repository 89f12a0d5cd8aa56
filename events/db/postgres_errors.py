"""What can go wrong with PostgreSQL, in the words of the domain."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import asyncpg

from events.db.engine import ConstraintViolated, SchemaMismatch, Transaction
from events.errors import Interrupted, Unavailable

KINDS = {"23505": "unique", "23514": "check", "23503": "foreign_key", "23502": "not_null"}
AWAY = (
    OSError,  # refused, cut off, too late
    asyncpg.PostgresConnectionError,
    asyncpg.OperatorInterventionError,  # it is shutting down, or only starting
    asyncpg.TooManyConnectionsError,
    asyncpg.InvalidAuthorizationSpecificationError,
    asyncpg.InvalidCatalogNameError,
    asyncpg.InternalClientError,  # it was cut off in the middle of something
)


@contextmanager
def translated(within: Transaction[Any] | None = None) -> Iterator[None]:
    """Turns those errors of the driver that somebody can do something about into ours."""
    try:
        yield
    except (asyncpg.DeadlockDetectedError, asyncpg.SerializationError) as error:
        if within is not None:
            within.interrupted = True
        raise Interrupted from error
    except AWAY as error:
        raise Unavailable from error
    except asyncpg.InterfaceError as error:
        if "closed" in str(error) or "released" in str(error):  # the connection, meanwhile
            raise Unavailable from error
        raise
    except asyncpg.SyntaxOrAccessError as error:
        raise SchemaMismatch(str(error)) from error
    except asyncpg.IntegrityConstraintViolationError as error:
        name = error.constraint_name or error.column_name or ""
        raise ConstraintViolated(KINDS.get(error.sqlstate or "", "check"), name) from error
