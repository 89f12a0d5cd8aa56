"""The way from a command to the domain and back."""

import asyncio
import sys
from collections.abc import Coroutine
from typing import Any, TypeVar
from urllib.parse import urlsplit

from api.cli.telling import REFUSED, sentence, stop, t
from events import settings

Answer = TypeVar("Answer")
DATABASES = ("sqlite:", "postgresql:", "postgres:")


def run(work: Coroutine[Any, Any, Answer]) -> Answer:
    """Run a piece of work with the database, and turn what goes wrong into a sentence and an exit code."""
    from events import operating
    from events.errors import Refusal, Unavailable

    try:
        check_settings()
        return asyncio.run(_with_database(work))
    except Unavailable as away:
        stop(t("unreachable", error=away.__cause__))
    except Refusal as refusal:
        stop(*map(sentence, refusal.reasons))
    except BrokenPipeError:  # whoever read our output has read enough
        sys.exit(REFUSED)
    except operating.LacksTables:
        stop(t("migrate_first"))
    except OSError as error:
        stop(t("unreachable", error=error))
    except KeyboardInterrupt:
        stop(t("stopped"))
    finally:
        work.close()


def check_settings() -> None:
    """Stop with the name of the variable that cannot be read."""
    import msgspec

    try:
        url = settings.current().database_url
    except msgspec.ValidationError as error:
        stop(_wrong_setting(str(error)))
    if not url.startswith(DATABASES) or not _is_address(url):
        stop(t("wrong_database_url"))


def _is_address(url: str) -> bool:
    try:
        return urlsplit(url).port != 0
    except ValueError:
        return False


async def _with_database(work: Coroutine[Any, Any, Answer]) -> Answer:
    from events import operating

    try:
        operating.connect()
        return await work
    finally:
        await operating.stop()


def _wrong_setting(error: str) -> str:
    """msgspec says `... - at `$.pool_size``; the variable is what the operator knows."""
    what, _, field = error.partition(" - at `$.")
    return t("wrong_setting", setting=f"MAGPIE_{field.rstrip('`').upper()}", error=what)
