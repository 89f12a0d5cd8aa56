"""`magpie draw`: a published draw is made again from its file, without a database."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import rich_click as click

from api.cli.telling import stop, t, tell

if TYPE_CHECKING:
    from scoring.published import Difference, Document

FILE = click.Path(path_type=Path, dir_okay=False, exists=True, allow_dash=True)


@click.command(help=t("draw_help"))
@click.argument("file", type=FILE)
def draw(file: Path) -> None:
    """Print the start list that follows from a draw document, and say whether it is the published one."""
    from scoring import published

    document = _read(file)
    try:
        found = published.again(document)
        wrong = published.differences(document)
    except ValueError:
        stop(t("draw_incomplete"))
    for place in found:
        click.echo(published.line(place))
    if wrong:
        stop(*map(_told, wrong))
    tell(t("draw_equal", n=len(found)))


def _read(file: Path) -> "Document":
    import msgspec

    from scoring.published import Document

    data = sys.stdin.buffer.read() if file == Path("-") else file.read_bytes()
    try:
        return msgspec.json.decode(data, type=Document)
    except msgspec.DecodeError as error:
        stop(t("draw_unreadable", error=error))


def _told(one: "Difference") -> str:
    return t(f"draw_other_{one.what}", published=one.published, found=one.found, position=one.position)
