"""`magpie score`: a contest scored from files, without an event and without a database."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import rich_click as click

from api.cli.documents import EXISTING_FILE, checked, language, scheme_document, tried, unless_wrong
from api.cli.telling import stop, t, tell
from api.wording import Lang, say

if TYPE_CHECKING:
    from api.evaluating import Contest, Evaluated, Evaluation, StandingView
    from events.imports import Entries
    from scoring.schemes import Scheme

FORMATS = ("text", "json", "csv")
NOTHING = "–"
COLUMNS = ("place", "entry", "name", "score", "scaled", "points", "awards", "advances", "promotions", "note")


@click.command(help=t("score_help"))
@click.argument("scheme")
@click.argument("marks", type=EXISTING_FILE)
@click.option("--entries", type=EXISTING_FILE, help=t("score_entries"))
@click.option("--lang", type=click.Choice(["zh", "en"]), callback=language, help=t("score_lang"))
@click.option("--explain", multiple=True, metavar="ENTRY", help=t("score_explain"))
@click.option("--explain-all", is_flag=True, help=t("score_explain_all"))
@click.option("--format", "form", type=click.Choice(FORMATS), default="text", show_default=True, help=t("score_format"))
def score(
    scheme: str, marks: Path, entries: Path | None, lang: Lang, explain: Sequence[str], explain_all: bool, form: str
) -> None:
    """Standings, awards and explanations from a scheme and a file of marks."""
    from api.evaluating import Evaluated
    from scoring import schemes

    given, name = scheme_document(scheme, lang)
    rules = checked(schemes.parse, given, name, lang)
    contest, people = contest_of(rules, marks, entries, lang)
    wanted = contest.entries if explain_all else list(dict.fromkeys(explain))
    if unknown := [entry for entry in wanted if entry not in contest.entries]:
        stop(say(lang, "cli.no_such_entry", entries=", ".join(unknown)))
    WRITERS[form](Evaluated(contest, wanted, lang, people.names if people else {}))


def contest_of(rules: "Scheme", marks: Path, entries: Path | None, lang: Lang) -> "tuple[Contest, Entries | None]":
    """The contest in the files."""
    from api.evaluating import Contest
    from events import imports
    from scoring.outcomes import Known

    wrong: list[str] = []
    people = tried(imports.entries, entries, lang, wrong) if entries else None
    found = tried(lambda data: imports.marks(data, rules), marks, lang, wrong)
    unless_wrong(wrong, lang)
    assert found is not None
    marked = list(dict.fromkeys(mark.entry for mark in found.marks))
    if found.aside:
        tell(say(lang, "cli.columns_aside", file=marks.name, columns=", ".join(found.aside)))
    if found.empty:
        tell(say(lang, "cli.rows_empty", file=marks.name, n=found.empty))
    if people and (unlisted := [entry for entry in marked if entry not in people.rows]):
        tell(say(lang, "cli.not_listed", file=marks.name, entries=", ".join(unlisted)))
    competing = list(dict.fromkeys([*(people.rows if people else ()), *marked]))
    if not competing:
        stop(say(lang, "cli.nobody", file=marks.name))
    return Contest(rules, found.marks, competing, people.known() if people else Known()), people


def write_json(found: "Evaluated") -> None:
    """Everything, as the API gives it."""
    import msgspec

    click.echo(msgspec.json.format(msgspec.json.encode(found.view()), indent=2))


def write_csv(found: "Evaluated") -> None:
    """The board as a spreadsheet reads it, with the explanation of each entry in a last column if wanted."""
    import csv
    import io

    from events.exports import plain

    view = found.view()
    explained = {one.entry: "\n".join(explanation(found, one.entry)) for one in view.explanations}
    columns = [*COLUMNS, *(["explanation"] if explained else [])]
    made = io.StringIO()
    writer = csv.writer(made)
    writer.writerow([found.teller.say(f"cli.score_{column}") for column in columns])
    for line in view.standings:
        row = cells(line, found)
        told = [explained.get(line.entry, "")] if explained else []
        writer.writerow([cell if is_number(cell) else plain(cell) for cell in [*(row[one] for one in COLUMNS), *told]])
    click.echo(b"\xef\xbb\xbf" + made.getvalue().encode(), nl=False)


def is_number(cell: str) -> bool:
    """Whether a cell is nothing but a number, which no spreadsheet takes for more."""
    return cell.removeprefix("-").replace(".", "", 1).isdecimal()


def write_text(found: "Evaluated") -> None:
    """The board as a table, then the explanations."""
    view = found.view()
    rows = [cells(line, found) for line in view.standings]
    used = [column for column in COLUMNS if column in ("place", "entry", "score") or any(row[column] for row in rows)]
    click.echo(found.teller.in_language(found.contest.scheme.title))
    aligned(
        [
            [found.teller.say(f"cli.score_{column}") for column in used],
            *([row[one] or blank(one) for one in used] for row in rows),
        ]
    )
    for line in vacant(view):
        click.echo(line)
    for one in view.explanations:
        click.echo(f"\n{found.teller.entry(one.entry)}")
        for line in explanation(found, one.entry):
            click.echo(f"  {line}")


def blank(column: str) -> str:
    """What stands where there is nothing."""
    return NOTHING if column in ("place", "score") else ""


def vacant(view: "Evaluation") -> list[str]:
    """What is given to nobody."""
    return [one.words for one in (*view.awards, *view.advance) if one.entry is None]


def explanation(found: "Evaluated", entry: str) -> list[str]:
    """Everything about one entry; the last line ends in its score."""
    from api.explaining import lines, scale, sections

    why = found.why[entry]
    told = [*found.place(entry), *found.given.get(entry, []), *sections(why, found.teller)]
    told += scale(why.scale, found.teller)
    told += [f"{'  ' * line.depth}{line.words}" for one in why.aside for line in lines(one, found.teller)]
    return [*told, *(f"{'  ' * line.depth}{line.words}" for line in lines(why.score, found.teller))]


def cells(line: "StandingView", found: "Evaluated") -> dict[str, str]:
    """A line of the board, cell by cell."""
    teller = found.teller
    return {
        "place": line.rank or "",
        "entry": line.entry,
        "name": found.names.get(line.entry, ""),
        "score": line.score or (teller.value(line.status) if line.status else ""),
        "scaled": line.scaled or "",
        "points": line.points or "",
        "awards": teller.listed([found.awards[key] for key in line.awards]),
        "advances": teller.say("rulings.advances") if line.advances else "",
        "promotions": teller.listed([found.levels[key] for key in line.promotions]),
        "note": teller.then(notes(line, found)),
    }


def notes(line: "StandingView", found: "Evaluated") -> list[str]:
    """What has to be known of a line."""
    teller = found.teller
    decided = ""
    if line.decided_by:
        by = teller.title(line.decided_by)
        is_node = line.decided_by in teller.nodes
        decided = teller.say("results.by_node", node=by) if is_node else teller.say("results.by_lot")
    said = [
        teller.say("results.out") if line.out_of_competition else "",
        teller.say("results.tied") if line.tied else "",
        decided,
        teller.say("explain.not_final", n=len(line.missing)) if line.missing and not line.status else "",
    ]
    return [one for one in said if one]


def aligned(rows: Sequence[Sequence[str]]) -> None:
    """Columns that stand below each other; a Chinese character is as wide as two others."""
    from rich.cells import cell_len

    widths = [max(cell_len(row[column]) for row in rows) for column in range(len(rows[0]))]
    for row in rows:
        padded = [cell + " " * (width - cell_len(cell)) for cell, width in zip(row, widths, strict=True)]
        click.echo("  ".join(padded).rstrip())


WRITERS = {"text": write_text, "json": write_json, "csv": write_csv}
