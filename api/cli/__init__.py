"""The command `magpie`: what an operator does at the machine. Heavy imports are inside the commands."""

import asyncio
import sys
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import UUID

import rich_click as click

from api.cli.accounts import account
from api.cli.documents import EXISTING_FILE, NewFile
from api.cli.drawing import draw
from api.cli.importing import import_
from api.cli.running import run
from api.cli.schemes import scheme
from api.cli.scoring import score
from api.cli.tables import table
from api.cli.telling import REFUSED, progress, show_accounts, stop, t, tell
from events import settings

if TYPE_CHECKING:
    from events.demo import DemoAccount


FILE = NewFile(path_type=Path, dir_okay=False)


@click.group(help=t("main_help"), context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="magpie")
def main() -> None:
    """Everything below is one of its commands."""


main.add_command(account)
main.add_command(import_)
main.add_command(score)
main.add_command(scheme)
main.add_command(table)
main.add_command(draw)


@main.command(help=t("serve_help"))
@click.option("--host", default="127.0.0.1", show_default=True, help=t("serve_host"))
@click.option("--port", default=8000, show_default=True, type=click.IntRange(0, 65535), help=t("serve_port"))
@click.option("--workers", default=1, show_default=True, type=click.IntRange(1, 64), help=t("serve_workers"))
def serve(host: str, port: int, workers: int) -> None:
    """Serve until a signal ends it; SQLite is brought up to date first, PostgreSQL has `magpie migrate`."""
    import uvicorn

    run(_made_ready())
    tell(t("serving", address=f"http://{host}:{port}"))
    uvicorn.run(
        "api.app:app",
        host=host,
        port=port,
        workers=workers,
        log_level=settings.current().log_level.lower(),
        access_log=False,  # private calendars have their secret in the address
        server_header=False,
    )


async def _made_ready() -> None:
    from events import operating

    if not operating.writable():
        stop(t("cannot_write", folder=settings.current().data_dir))
    if operating.is_embedded():
        await operating.migrate()
    elif await operating.pending():
        stop(t("migrate_first"))
    if unknown := await operating.newer():
        stop(t("found_database_newer", migrations=", ".join(unknown)))
    if incomplete := await operating.lacking():
        stop(t("found_tables_lacking", tables=", ".join(incomplete)))


@main.command(help=t("work_help"))
def work() -> None:
    """Run tasks until a signal ends it; what is being done is finished first."""
    run(_work())


async def _work() -> None:
    import signal

    from events import operating, working

    ending, loop = asyncio.Event(), asyncio.get_running_loop()
    await _made_ready()
    await operating.start()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, ending.set)
    tell(t("working"))
    await working.work(ending)


@main.command(help=t("migrate_help"))
def migrate() -> None:
    """Bring the database up to date."""
    from events import operating

    done = run(operating.migrate())
    tell(t("migrated", migrations=", ".join(done)) if done else t("nothing_to_migrate"))


@main.command(help=t("demo_help"))
@click.option("--if-empty", is_flag=True, help=t("demo_if_empty"))
def demo(if_empty: bool) -> None:
    """Load the demo federation and list its accounts."""
    show_accounts(run(_demo(if_empty)))


async def _demo(if_empty: bool) -> "list[DemoAccount]":
    from events import demo, operating

    await operating.migrate()
    if if_empty and not await demo.is_empty():
        tell(t("demo_there"))
        return await _demo_accounts()
    with progress() as bar:
        found = await demo.load(lambda step, done, total: bar(t(f"step_{step}"), done, total))
    tell(t("demo_loaded"))
    return found


@main.command(help=t("export_help"))
@click.argument("kind", type=click.Choice(["unions", "people", "registrations"]))
@click.argument("file", type=FILE, required=False)
@click.option("--event", type=click.UUID, help=t("export_event"))
def export(kind: str, file: Path | None, event: UUID | None) -> None:
    """Write a list as csv."""
    if kind == "registrations" and event is None:
        raise click.UsageError(t("event_needed"))
    if file is None:
        run(_export(kind, event, sys.stdout.buffer.write))
        return
    with file.open("wb") as out:
        run(_export(kind, event, out.write))
    tell(t("exported", file=file))


async def _export(kind: str, event: UUID | None, write: Callable[[bytes], object]) -> None:
    from events import exports
    from events.access import SYSTEM

    rows: AsyncIterator[list[str]]
    if kind == "registrations" and event:
        rows = await exports.registrations(SYSTEM, event)
    else:
        rows = exports.unions(SYSTEM) if kind == "unions" else await exports.people(SYSTEM)
    async for line in exports.csv_lines(rows):
        write(line)


@main.command(help=t("doctor_help"))
def doctor() -> None:
    """Say what is sound and what is not; exits with 1 when something is broken."""
    from events import operating

    found = run(operating.doctor())
    for finding in found:
        click.echo(f"{t(finding.health)}\t{t(f'found_{finding.code}', **finding.params)}")
    if any(finding.health == operating.Health.BROKEN for finding in found):
        sys.exit(REFUSED)


@main.command(help=t("backup_help"))
@click.argument("file", type=FILE)
def backup(file: Path) -> None:
    """Write everything into one file."""
    from events import operating

    with progress() as bar:
        made = run(operating.backup(file, progress=_by_table(bar)))
    given = settings.current().secret_key
    path = Path(settings.current().data_dir) / "secret.key"
    key = t("key_in_environment") if given else t("key_in_file", path=path)
    tell(t("backed_up", tables=len(made.tables), rows=_rows(made.tables.values()), file=file, key=key))


@main.command(help=t("restore_help"))
@click.argument("file", type=EXISTING_FILE)
@click.option("--other-key", is_flag=True, help=t("restore_other_key"))
def restore(file: Path, other_key: bool) -> None:
    """Fill an empty database from a backup."""
    from events import operating

    with progress() as bar:
        made = run(operating.restore(file, other_key=other_key, progress=_by_table(bar)))
    rows = _rows(made.tables.values())
    tell(t("restored", tables=len(made.tables), rows=rows, made_at=f"{made.made_at:%Y-%m-%d %H:%M} UTC"))


def _by_table(bar: Callable[..., None]) -> Callable[[str, int], None]:
    return lambda table, rows: bar(t("table_done", table=table, rows=rows), rows)


def _rows(tables: Any) -> int:
    return sum(contents.rows for contents in tables)


async def _demo_accounts() -> "list[DemoAccount]":
    """The accounts of a demo federation that was loaded before, if it was one."""
    from events import accounts
    from events.access import SYSTEM
    from events.demo import logins
    from events.errors import NotFound

    found = logins.shown()
    try:
        await accounts.find(SYSTEM, found[0].name)
    except NotFound:
        return []
    return found
