"""Files that scoring commands are given, and what is wrong with them: each fault with its file and place."""

import json
import os
from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any, TypeVar

import rich_click as click

from api.cli.telling import LANG, stop, t
from api.wording import Lang, say, words
from events.errors import Reason, Refusal
from scoring.problems import Problem, ProblemError

Read = TypeVar("Read")
Document = dict[str, object]
MOST_TOLD = 200
EXISTING_FILE = click.Path(path_type=Path, dir_okay=False, exists=True)


class NewFile(click.Path):
    """A file to be written, in a folder that is there."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """The path; refused before the work begins."""
        path = Path(str(super().convert(value, param, ctx)))
        if not os.access(path.parent, os.W_OK):
            self.fail(t("cannot_write", folder=path.parent), param, ctx)
        return path


class TwiceError(ValueError):
    """A field that is there twice: which of them would count?"""


def scheme_document(name: str, lang: Lang) -> tuple[Document, str]:
    """The document in a file, or the one of the library with this key; and what to call it."""
    from events import contests

    file = Path(name)
    if file.is_file():
        return document(file, lang), file.name
    ready = {one.key: one.document for one in contests.library()} | contests.ready_tables()
    if name not in ready:
        stop(say(lang, "cli.no_scheme", name=name, keys=", ".join(ready)))
    return ready[name], name


def document(file: Path, lang: Lang) -> Document:
    """The JSON document in a file; stops with the place where it is none."""
    try:
        found = json.loads(file.read_bytes().decode("utf-8-sig"), parse_float=Decimal, object_pairs_hook=once)
    except TwiceError as error:
        stop(say(lang, "cli.json_twice", file=file.name, field=error))
    except json.JSONDecodeError as error:
        stop(say(lang, "cli.json_broken", file=file.name, row=error.lineno, column=error.colno))
    except UnicodeDecodeError:
        stop(f"{file.name}: {say(lang, 'problem.file_encoding')}")
    except (ValueError, RecursionError):
        stop(f"{file.name}: {say(lang, 'problem.not_json')}")
    return found if isinstance(found, dict) else stop(f"{file.name}: {say(lang, 'problem.not_object')}")


def once(pairs: list[tuple[str, Any]]) -> Document:
    """An object whose fields are all different."""
    found = dict(pairs)
    if len(found) < len(pairs):
        names = [name for name, _ in pairs]
        raise TwiceError(next(name for name in names if names.count(name) > 1))
    return found


def checked(parse: Callable[[Document], Read], given: Document, name: str, lang: Lang) -> Read:
    """What a document describes; stops with every problem."""
    try:
        return parse(given)
    except ProblemError as error:
        stop(*told((f"{name}, {place(one, given)}: {spoken(one, lang)}" for one in error.problems), lang))


def spoken(problem: Problem, lang: Lang) -> str:
    """A problem in words."""
    return words(Reason(problem.code, problem.pointer, problem.params), lang)


def place(problem: Problem, given: object) -> str:
    """Where a problem is: its pointer, and the key of the innermost thing that has one."""
    found, key = given, ""
    for part in problem.pointer.split("/")[1:]:
        found = step(found, part.replace("~1", "/").replace("~0", "~"))
        if isinstance(found, Mapping) and isinstance(found.get("key"), str):
            key = found["key"]
    where = problem.pointer or "/"
    return f"{where} ({key})" if key else where


def step(found: object, part: str) -> object:
    """What lies under a part of a pointer; nothing where it is not there."""
    if isinstance(found, Mapping):
        return found.get(part)
    return found[int(part)] if isinstance(found, list) and part.isdigit() and int(part) < len(found) else None


def told(sentences: Iterable[str], lang: Lang) -> list[str]:
    """Sentences, but not more than anybody reads."""
    found = list(sentences)
    more = [say(lang, "cli.and_more", n=len(found) - MOST_TOLD)] if len(found) > MOST_TOLD else []
    return [*found[:MOST_TOLD], *more]


def from_table(read: Callable[[bytes], Read], file: Path, lang: Lang) -> Read:
    """What a spreadsheet says; stops with every wrong cell: file, row, column."""
    wrong: list[str] = []
    found = tried(read, file, lang, wrong)
    unless_wrong(wrong, lang)
    assert found is not None
    return found


def tried(read: Callable[[bytes], Read], file: Path, lang: Lang, wrong: list[str]) -> Read | None:
    """The same without stopping: what is wrong is added, so that it can be told with what is wrong elsewhere."""
    try:
        return read(file.read_bytes())
    except Refusal as refusal:
        wrong += [cell(reason, file.name, lang) for reason in refusal.reasons]
        return None


def unless_wrong(wrong: Iterable[str], lang: Lang) -> None:
    """Stop when anything is wrong."""
    if found := told(wrong, lang):
        stop(*found)


def cell(reason: Reason, name: str, lang: Lang) -> str:
    """What is wrong with a cell, or with a file as a whole."""
    from events.imports import column_name

    params = reason.params
    if "row" not in params:
        return f"{name}: {words(reason, lang)}"
    where = {"row": params["row"], "column": column_name(str(params["column"]), lang), "value": params["value"]}
    return say(lang, "cli.where_in", file=name, words=words(reason, lang), **where)


def language(_: object, __: object, value: str | None) -> Lang:
    """The language that was asked for, else that of the terminal."""
    return LANG if value is None else "en" if value == "en" else "zh"
