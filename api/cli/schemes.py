"""`magpie scheme`: rules of marking as files, looked at, checked, and taken to spreadsheets and back."""

import asyncio
import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import rich_click as click

from api.cli.documents import EXISTING_FILE, NewFile, checked, from_table, language, scheme_document
from api.cli.telling import stop, t, tell
from api.wording import Lang, say

FILE = NewFile(path_type=Path, dir_okay=False)
LANG = click.option("--lang", type=click.Choice(["zh", "en"]), callback=language, help=t("score_lang"))
OF_SUFFIX = {".csv": "csv_lines", ".xlsx": "xlsx"}


@click.group(name="scheme", help=t("scheme_help"))
def scheme() -> None:
    """Commands about rules of marking."""


@scheme.command(name="list", help=t("scheme_list_help"))
@LANG
def list_schemes(lang: Lang) -> None:
    """The ready schemes and tables: key and title, one a line."""
    from events import contests
    from scoring import tables

    for one in contests.library():
        click.echo(f"{one.key}\t{one.title.in_language(lang)}")
    for key, given in contests.ready_tables().items():
        title = tables.parse(given).title
        click.echo(f"{key}\t{title.en if lang == 'en' else title.zh}")


@scheme.command(name="show", help=t("scheme_show_help"))
@click.argument("name", metavar="SCHEME")
@LANG
def show(name: str, lang: Lang) -> None:
    """A document, to begin one's own with."""
    write_json(scheme_document(name, lang)[0])


@scheme.command(name="check", help=t("scheme_check_help"))
@click.argument("name", metavar="SCHEME")
@LANG
def check(name: str, lang: Lang) -> None:
    """Whether a document is a scheme or a table; every problem if it is not."""
    from scoring import schemes, tables

    given, file = scheme_document(name, lang)
    if given.get("format") == tables.FORMAT:
        table = checked(tables.parse, given, file, lang)
        tell(say(lang, "cli.table_sound", file=file, columns=len(table.columns)))
        return
    rules = checked(schemes.parse, given, file, lang)
    tell(say(lang, "cli.scheme_sound", file=file, aspects=len(schemes.aspects(rules)), most=most_of(rules, lang)))


def most_of(rules: Any, lang: Lang) -> str:
    """The most that a score can come to."""
    from scoring.arithmetic import to_decimal
    from scoring.worth import worth

    most = worth(rules).most
    return say(lang, "cli.no_limit") if most is None else f"{to_decimal(most.numerator, most.denominator):f}"


@scheme.command(name="schema", help=t("scheme_schema_help"))
@click.option("--table", is_flag=True, help=t("scheme_schema_table"))
def schema(table: bool) -> None:
    """The published form of documents."""
    from scoring import schemes, tables

    write_json(tables.JSON_SCHEMA if table else schemes.JSON_SCHEMA)


@scheme.command(name="import", help=t("scheme_import_help"))
@click.argument("file", type=EXISTING_FILE)
@click.argument("out", type=FILE, required=False)
@LANG
def import_scheme(file: Path, out: Path | None, lang: Lang) -> None:
    """A document out of a spreadsheet."""
    from events import imports

    found = from_table(imports.scheme, file, lang)
    if out is None:
        write_json(found)
    else:
        out.write_text(written(found), "utf-8")
        tell(t("exported", file=out))


@scheme.command(name="export", help=t("scheme_export_help"))
@click.argument("name", metavar="SCHEME")
@click.argument("out", metavar="FILE", type=FILE)
@LANG
def export_scheme(name: str, out: Path, lang: Lang) -> None:
    """A spreadsheet out of a document."""
    from events import exports
    from scoring import schemes

    made = OF_SUFFIX.get(out.suffix.casefold()) or stop(say(lang, "cli.csv_or_xlsx", file=out.name))
    given, file = scheme_document(name, lang)
    checked(schemes.parse, given, file, lang)
    out.write_bytes(asyncio.run(whole(getattr(exports, made)(exports.scheme(given, lang)))))
    tell(t("exported", file=out))


async def whole(parts: AsyncIterator[bytes]) -> bytes:
    """A file in one piece."""
    return b"".join([part async for part in parts])


def write_json(found: object) -> None:
    """A document on standard output."""
    click.echo(written(found), nl=False)


def written(found: object) -> str:
    """A document as people read it."""
    return json.dumps(found, ensure_ascii=False, indent=2, default="{:f}".format) + "\n"
