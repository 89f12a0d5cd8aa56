"""`magpie table`: a table of delegations made of the results of several contests, out of files."""

import csv
import io
import json
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import rich_click as click

from api.cli.documents import EXISTING_FILE, checked, from_table, language, scheme_document
from api.cli.scoring import FORMATS, aligned, is_number
from api.cli.telling import t
from api.wording import Lang, say

if TYPE_CHECKING:
    from scoring.schemes import Title
    from scoring.tables import Line, Table


@click.command(name="table", help=t("table_help"))
@click.argument("table")
@click.argument("results", type=EXISTING_FILE)
@click.option("--lang", type=click.Choice(["zh", "en"]), callback=language, help=t("score_lang"))
@click.option("--explain-all", is_flag=True, help=t("table_explain_all"))
@click.option("--format", "form", type=click.Choice(FORMATS), default="text", show_default=True, help=t("score_format"))
def table(table: str, results: Path, lang: Lang, explain_all: bool, form: str) -> None:
    """The table in order; what became of every result, if that is wanted."""
    from events import imports
    from events.exports import plain
    from scoring import tables

    given, name = scheme_document(table, lang)
    rules = checked(tables.parse, given, name, lang)
    lines = tables.rank(rules, from_table(imports.results, results, lang))
    rows = [head(rules, lang), *(row(line, rules, lang) for line in lines)]
    if form == "json":
        found = [as_data(line, rules, lang) for line in lines]
        click.echo(json.dumps({"table": rules.key, "lines": found}, ensure_ascii=False, indent=2))
    elif form == "csv":
        made = io.StringIO()
        csv.writer(made).writerows([[cell if is_number(cell) else plain(cell) for cell in one] for one in rows])
        click.echo(b"\xef\xbb\xbf" + made.getvalue().encode(), nl=False)
    else:
        click.echo(titled(rules.title, lang))
        aligned(rows)
        for line in lines if explain_all else ():
            click.echo(f"\n{line.delegation}")
            for sentence in told(line, rules, lang):
                click.echo(f"  {sentence}")


def titled(title: "Title", lang: Lang) -> str:
    """A title in a language."""
    return title.en if lang == "en" else title.zh


def head(rules: "Table", lang: Lang) -> list[str]:
    """What the columns are called."""
    own = [titled(column.title, lang) for column in rules.columns]
    return [say(lang, "cli.score_place"), say(lang, "cli.score_delegation"), *own, say(lang, "cli.score_note")]


def row(line: "Line", rules: "Table", lang: Lang) -> list[str]:
    """A line, cell by cell."""
    values = [shown(line.values[column.key]) for column in rules.columns]
    tied = say(lang, "results.tied") if line.tied else ""
    titles = {column.key: titled(column.title, lang) for column in rules.columns}
    parted = say(lang, "cli.table_parted", column=titles[line.decided_by]) if line.decided_by else ""
    return [str(line.rank), line.delegation, *values, tied or parted]


def shown(value: object) -> str:
    """A number as a cell."""
    return "" if value is None else f"{value:f}"


def told(line: "Line", rules: "Table", lang: Lang) -> Sequence[str]:
    """What became of every result, column by column; each sentence ends in what the column has."""
    found = []
    for column in rules.columns:
        parts = [
            f"{one.contest} {one.entry}".strip() + f" {shown(one.value)}".rstrip() + fate(one.code, lang)
            for one in line.counted
            if one.column == column.key
        ]
        listed = ("、" if lang == "zh" else ", ").join(parts)
        between = "：" if lang == "zh" else ": "
        found.append(f"{titled(column.title, lang)}{between}{listed} = {shown(line.values[column.key]) or '–'}")
    return found


def fate(code: str, lang: Lang) -> str:
    """Why a result does not count; nothing for one that does."""
    words = "" if code == "counted" else say(lang, f"explain.counted_{code}")
    return (f"（{words}）" if lang == "zh" else f" ({words})") if words else ""


def as_data(line: "Line", rules: "Table", lang: Lang) -> dict[str, object]:
    """A line with all that became of its results."""
    counted = [
        {"column": one.column, "contest": one.contest, "entry": one.entry, "value": shown(one.value), "code": one.code}
        for one in line.counted
    ]
    return {
        "delegation": line.delegation,
        "rank": str(line.rank),
        "tied": line.tied,
        "decided_by": line.decided_by,
        "values": {key: None if value is None else f"{value:f}" for key, value in line.values.items()},
        "counted": counted,
        "words": list(told(line, rules, lang)),
    }
