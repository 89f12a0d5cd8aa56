"""What the command line says to an operator, in the language of the terminal; standard output is left to scripts."""

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, NoReturn

import rich_click as click

from api.wording import Lang, say, words
from events import settings
from events.errors import Reason

if TYPE_CHECKING:
    from events.demo import DemoAccount

LANG: Lang = "zh" if settings.terminal_language().startswith("zh") else "en"
PLAIN_EVERY = 10  # seconds between lines that show how far it is
REFUSED = 1  # click exits with 2 when a command is used wrongly


def t(name: str, /, **params: object) -> str:
    """A text of the command line in the language of the terminal."""
    return say(LANG, f"cli.{name}", **params)


def tell(text: str) -> None:
    """Say something to the operator; standard output stays for what a script wants."""
    click.echo(text, err=True)


def stop(*sentences: str) -> NoReturn:
    """Say what was refused and exit."""
    for sentence in sentences:
        tell(sentence)
    sys.exit(REFUSED)


def sentence(reason: Reason) -> str:
    """A reason in words; those of an import say where they are."""
    if "row" not in reason.params:
        return words(reason, LANG)
    where = {name: reason.params[name] for name in ("row", "column", "value")}
    return t("where", words=words(reason, LANG), **where)


def console() -> Any:
    """Where progress and tables go."""
    from rich.console import Console

    return Console(stderr=True)


@contextmanager
def progress() -> Iterator[Callable[..., None]]:
    """A line that shows how far it is: called with a text, what is done and, if it is known, of how much.

    Where there is no terminal, a plain line now and then.
    """
    from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn, TimeRemainingColumn

    shown_at = console()
    if not shown_at.is_terminal:
        yield _now_and_then()
        return
    columns = (
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(),
        TimeElapsedColumn(),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=shown_at, transient=True) as shown:
        task = shown.add_task("", total=None)
        yield lambda text, done, total=None: shown.update(task, description=text, completed=done, total=total)


def _now_and_then() -> Callable[..., None]:
    last = time.monotonic()

    def show(text: str, done: int, total: int | None = None) -> None:
        nonlocal last
        if time.monotonic() - last >= PLAIN_EVERY:
            last = time.monotonic()
            tell(f"{text} ({min(done / total, 1):.0%})" if total else text)

    return show


def show_accounts(found: "list[DemoAccount]") -> None:
    """The demo accounts as a table."""
    from rich.table import Table

    if not found:
        return
    table = Table(t("demo_account"), t("demo_password"), t("demo_title"), box=None)
    for account in found:
        table.add_row(account.name, account.password, account.title.in_language(LANG))
    console().print(table)
